//! Exports: the customers of a segment, and columns of definitions.

use serde_json::json;

use super::shop;

#[tokio::test]
async fn an_export_has_the_customers_of_a_segment_and_columns_of_definitions() {
    let client = shop(json!({})).await;
    let list = json!([
        {"type": "aggregate", "id": "a-spent"},
        {"type": "property", "property": "city"},
        {"type": "id", "id": "registered"},
        {"type": "segmentation", "id": "s-city"}]);
    let columns = json!({"type": "some", "list": list});
    let segment = |index: i64| json!({"type": "segment", "segmentation_id": "s-city", "segment_index": index});
    for (asked, rows) in [
        (
            json!({}),
            json!([
                ["ada", "Brno", 7, "Brno"],
                ["bob", "Praha", 0, "Praha"],
                ["eve", null, 0, null]
            ]),
        ),
        (
            json!({"filter": segment(0)}),
            json!([["ada", "Brno", 7, "Brno"]]),
        ),
        (
            json!({"filter": segment(-1), "timezone": "Europe/Prague"}),
            json!([["eve", null, 0, null]]),
        ),
        (
            json!({"filter": segment(0), "execution_time": 10}),
            json!([["ada", "Brno", 3, "Brno"]]),
        ),
    ] {
        let mut asked = asked;
        asked["attributes"] = columns.clone();
        let (status, reply) = client.post(&client.data("/export"), asked.clone()).await;
        assert_eq!((status, &reply["data"]), (200, &rows), "{asked}");
    }
    let asked = json!({"attributes": columns, "filter": segment(0), "format": "csv"});
    let (_, csv) = client.post(&client.data("/export"), asked).await;
    assert_eq!(
        csv,
        json!("a-spent,city,registered,s-city\r\n7,Brno,ada,Brno\r\n")
    );
}
