//! Catalogs and items, as the clients of `api.md` call them, with every refusal.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, Raw};

async fn call(client: &Client, method: &str, rest: &str, body: Value) -> (u16, Value) {
    let path = format!("/data/v2/projects/{}/catalogs{rest}", client.project.token);
    let key = client.basic();
    let headers = [("authorization", key.as_str())];
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let (status, text) = client
        .raw(Raw {
            method,
            path,
            headers: &headers,
            body: body.as_bytes(),
        })
        .await;
    (status, serde_json::from_str(&text).unwrap())
}

async fn with_catalog() -> (Client, String) {
    let client = Client::start().await;
    let fields = json!([{"name": "title"}, {"name": "price", "type": "number"}]);
    let (status, created) = call(
        &client,
        "POST",
        "",
        json!({"name": "shop", "fields": fields}),
    )
    .await;
    assert_eq!((status, &created["success"]), (200, &json!(true)));
    let id = created["id"].as_str().unwrap().to_owned();
    (client, id)
}

#[tokio::test]
async fn a_catalog_lives_and_goes() {
    let (client, id) = with_catalog().await;
    let done = json!({"success": true});
    let item = |title: &str, price: Value| json!({"properties": {"title": title, "price": price}});
    let shown = |properties: Value| {
        json!({"success": true,
        "data": {"catalog_id": id, "item_id": "1", "properties": properties}})
    };
    let missing = json!({"success": false, "errors": {"_global": ["Item does not exist"]}});
    for (method, rest, body, reply) in [
        (
            "GET",
            "",
            Value::Null,
            json!({"success": true, "data": [{"id": id, "name": "shop"}]}),
        ),
        (
            "GET",
            "/{id}",
            Value::Null,
            json!({"success": true, "data": {"id": id, "name": "shop"}}),
        ),
        ("PUT", "/{id}", json!({"name": "renamed"}), done.clone()),
        (
            "GET",
            "/{id}",
            Value::Null,
            json!({"success": true, "data": {"id": id, "name": "renamed"}}),
        ),
        (
            "PUT",
            "/{id}/items/1",
            item("Shoe", json!(20)),
            done.clone(),
        ),
        (
            "GET",
            "/{id}/items/1",
            Value::Null,
            shown(json!({"title": "Shoe", "price": 20})),
        ),
        (
            "POST",
            "/{id}/items/1/partial-update",
            json!({"properties": {"price": 15}}),
            done.clone(),
        ),
        (
            "GET",
            "/{id}/items/1",
            Value::Null,
            shown(json!({"title": "Shoe", "price": 15})),
        ),
        (
            "PUT",
            "/{id}/items/1",
            json!({"properties": {"title": "Hat"}}),
            done.clone(),
        ),
        (
            "GET",
            "/{id}/items/1",
            Value::Null,
            shown(json!({"title": "Hat"})),
        ),
        (
            "POST",
            "/{id}/items/2/partial-update",
            item("Hat", json!(9)),
            missing.clone(),
        ),
        (
            "POST",
            "/{id}/items/2/partial-update",
            json!({"properties": {}, "upsert": true}),
            done.clone(),
        ),
        ("DELETE", "/{id}/items/2", Value::Null, done.clone()),
        ("DELETE", "/{id}/items/2", Value::Null, missing.clone()),
        ("DELETE", "/{id}/items", Value::Null, done.clone()),
        (
            "GET",
            "/{id}/items",
            Value::Null,
            json!({"success": true, "data": [], "limit": 20, "skip": 0,
            "matched": 0, "matched_limited": false, "total": 0}),
        ),
        ("DELETE", "/{id}", Value::Null, done.clone()),
        ("GET", "", Value::Null, json!({"success": true, "data": []})),
    ] {
        let (status, body) = call(&client, method, &rest.replace("{id}", &id), body).await;
        let ok = if reply == missing { 404 } else { 200 };
        assert_eq!((status, body), (ok, reply), "{method} {rest}");
    }
    assert_eq!(client.of_project("/replayed").await["agrees"], json!(true));
    let journal = client.of_project("/journal").await;
    assert_eq!(
        journal["entries"][0]["command"]["change"]["create"]["name"],
        json!("shop")
    );
}

#[tokio::test]
async fn bulks_answer_by_position_with_bare_lists() {
    let (client, id) = with_catalog().await;
    let done = json!({"success": true, "queued": true});
    let failed = |field: &str, says: &str| json!({"success": false, "queued": false, "errors": {field: [says]}});
    let undefined = failed(
        "properties",
        "Fields ['shoe', 'size'] are not properly defined.",
    );
    let malformed = failed("_global", "Malformed item id. Item id should be a string");
    let good = |item_id: &str| json!({"item_id": item_id, "properties": {"title": "a"}});
    for (method, rest, body, reply) in [
        (
            "PUT",
            "/items",
            json!([good("1"), {"item_id": "2", "properties": {"shoe": 1, "size": 2}}]),
            json!([done, undefined]),
        ),
        (
            "PUT",
            "/items",
            json!([{"item_id": 3}, 7, {"item_id": "3", "properties": [1]}]),
            json!([
                malformed,
                failed("_global", "Malformed item. Item should be an object"),
                failed("properties", "Must be an object")
            ]),
        ),
        (
            "POST",
            "/items/partial-update",
            json!([good("1"), good("9"), {"item_id": "8", "upsert": true}]),
            json!([done, failed("_global", "Item does not exist"), done]),
        ),
        (
            "DELETE",
            "/items/bulk-delete",
            json!(["1", 2, "none"]),
            json!([done, malformed, done]),
        ),
        ("DELETE", "/items/bulk-delete", json!([]), json!([])),
    ] {
        let answer = call(&client, method, &format!("/{id}{rest}"), body).await;
        assert_eq!(answer, (200, reply), "{method} {rest}");
    }
    let (_, items) = call(&client, "GET", &format!("/{id}/items"), Value::Null).await;
    assert_eq!(items["data"][0]["item_id"], json!("8"));
    assert_eq!(items["total"], json!(1));
}

#[tokio::test]
async fn items_are_found_by_query_and_page() {
    let (client, id) = with_catalog().await;
    let items: Vec<Value> = (0..30)
        .map(|n| json!({"item_id": format!("i{n:02}"), "properties": {"title": format!("T{}", n % 3), "price": n}}))
        .collect();
    assert_eq!(
        call(&client, "PUT", &format!("/{id}/items"), json!(items))
            .await
            .0,
        200
    );
    for (query, matched, found) in [
        ("", 30, 20),
        ("?count=50", 30, 30),
        ("?query=t1&count=5", 10, 5),
        ("?query=t1&skip=8", 10, 2),
        ("?query=29&field=price", 1, 1),
        ("?query=29&field=title", 0, 0),
    ] {
        let (status, page) =
            call(&client, "GET", &format!("/{id}/items{query}"), Value::Null).await;
        let data = page["data"].as_array().unwrap().len();
        assert_eq!(
            (status, &page["matched"], data),
            (200, &json!(matched), found),
            "{query}"
        );
        assert_eq!(page["total"], json!(30));
    }
    let (_, page) = call(
        &client,
        "GET",
        &format!("/{id}/items?order=price,%20desc&count=1"),
        Value::Null,
    )
    .await;
    assert_eq!(page["data"][0]["item_id"], json!("i29"));
}

#[tokio::test]
async fn what_is_wrong_with_a_catalog_is_said() {
    let (client, id) = with_catalog().await;
    let global = |says: &str| json!({"success": false, "errors": {"_global": [says]}});
    let of_field = |field: &str, says: &str| json!({"success": false, "errors": {field: [says]}});
    let none = global("Catalog does not exist");
    for (method, rest, body, status, reply) in [
        (
            "POST",
            "",
            json!({}),
            400,
            of_field("name", "Field 'name' is required: a string"),
        ),
        (
            "POST",
            "",
            json!({"name": 1}),
            400,
            of_field("name", "Must be a string"),
        ),
        (
            "POST",
            "",
            json!({"name": "a", "fields": ["b"]}),
            400,
            of_field("fields", "Must be a list of {name}"),
        ),
        ("GET", "/none", Value::Null, 404, none.clone()),
        ("PUT", "/none", json!({"name": "a"}), 404, none.clone()),
        ("DELETE", "/none", Value::Null, 404, none.clone()),
        ("GET", "/none/items", Value::Null, 404, none.clone()),
        ("PUT", "/none/items", json!([]), 404, none.clone()),
        ("DELETE", "/none/items", Value::Null, 404, none.clone()),
        (
            "PUT",
            "/{id}/items",
            json!({}),
            400,
            json!({"success": false, "message": "Invalid JSON"}),
        ),
        (
            "PUT",
            "/{id}/items/1",
            json!({}),
            400,
            of_field("properties", "Field 'properties' is required: an object"),
        ),
        (
            "PUT",
            "/{id}/items/1",
            json!({"properties": []}),
            400,
            of_field("properties", "Must be an object"),
        ),
        (
            "PUT",
            "/{id}/items/1",
            json!({"properties": {"shoe": 1}}),
            400,
            of_field("properties", "Fields ['shoe'] are not properly defined."),
        ),
        (
            "GET",
            "/{id}/items?count=1000&skip=2",
            Value::Null,
            400,
            of_field(
                "count",
                "count and skip must not be more than 1001 together",
            ),
        ),
        (
            "GET",
            "/{id}/items?skip=-1",
            Value::Null,
            400,
            of_field("skip", "Must be a whole number that is not negative"),
        ),
        (
            "GET",
            "/{id}/items/1",
            Value::Null,
            404,
            global("Item does not exist"),
        ),
    ] {
        let answer = call(&client, method, &rest.replace("{id}", &id), body).await;
        assert_eq!(answer, (status, reply), "{method} {rest}");
    }
}
