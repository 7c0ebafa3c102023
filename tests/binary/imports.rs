//! Imports at the command line: a file previewed, then sent, and what is said of its mapping.

use serde_json::Value;

use super::{code, twinfold};

/// A preview writes nothing and finds what the import then does.
#[tokio::test]
async fn an_import_is_previewed_then_done() {
    let projects = twinfold_server::Projects::with_default_project();
    let server = twinfold_server::Server::start([127, 0, 0, 1].into(), 0, projects);
    let server = server.await.unwrap();
    let url = server.base_url();
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = directory.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let first = write("first.csv", "email,city\nada@x.cz,Brno\nbob@x.cz,Praha\n");
    let second = write(
        "second.csv",
        "card,email,city\n77,ada@x.cz,\n,carol@x.cz,Brno\n",
    );
    let blank = write(
        "blank.csv",
        "email,city,note\nada@x.cz,,hi\neve@x.cz,Wien,\n",
    );
    let orders = write(
        "orders.csv",
        "email,at,total\nada@x.cz,1000,7\nada@x.cz,soon,8\n",
    );
    let map = write(
        "map.yaml",
        "ids: {registered: email}\nproperties: [city]\nskip_empty: true\n",
    );
    let by_email = "--id registered=email --property city";
    let by_card = "--id cookie=card --property email --property city";
    let events = "--id registered=email --event purchase --timestamp at --property total:number";
    for (file, arguments, expected, says) in [
        (
            &first,
            format!("{by_email} --dry-run"),
            0,
            "would create     2 profiles",
        ),
        (&first, by_email.to_owned(), 0, "created    2 profiles"),
        (
            &first,
            format!("{by_email} --dry-run"),
            0,
            "would create     0 profiles",
        ),
        (
            &second,
            format!("{by_card} --dry-run"),
            1,
            "would duplicate  1 e-mail address\n    ada@x.cz",
        ),
        (
            &second,
            format!("{by_card} --dry-run"),
            1,
            "`email` looks like e-mail addresses and is mapped to a property only",
        ),
        (
            &second,
            format!("{by_card} --dry-run"),
            1,
            "rejected   1 row\n    row 2: At least one id",
        ),
        (
            &blank,
            format!("{by_email} --dry-run"),
            1,
            "would blank      1 value\n    city of 1 profile",
        ),
        (
            &blank,
            format!("{by_email} --dry-run"),
            1,
            "not mapped: note",
        ),
        (
            &blank,
            format!("--map {map} --dry-run"),
            0,
            "would blank      0 values",
        ),
        (
            &blank,
            format!("--map {map} --print json --dry-run"),
            0,
            "\"created\":1",
        ),
        (
            &orders,
            events.to_owned(),
            1,
            "column `at`: `soon` is neither",
        ),
        (&orders, events.to_owned(), 1, "dropped    1 event"),
        (
            &orders,
            "--id registered=mail".to_owned(),
            2,
            "did you mean `email`?",
        ),
        (
            &orders,
            "--id crm=email".to_owned(),
            2,
            "the project has no ID type `crm`",
        ),
        (
            &orders,
            "--property total".to_owned(),
            2,
            "no column is paired with an identifier",
        ),
        (
            &orders,
            "--id registered".to_owned(),
            2,
            "write TYPE=COLUMN",
        ),
        (
            &orders,
            "--id registered=email --project nobody".to_owned(),
            3,
            "Invalid project id",
        ),
        (
            &orders,
            "--id registered=email --project nobody --dry-run".to_owned(),
            3,
            "there is no project `nobody`",
        ),
        (
            &orders,
            "--id registered=email --url http://shop.example".to_owned(),
            2,
            "add --remote",
        ),
    ] {
        let mut command = twinfold();
        command.args(["import", file]);
        if !arguments.contains("--url") {
            command.args(["--url", &url]);
        }
        command.args(arguments.split(' '));
        let (found, text) = tokio::task::spawn_blocking(move || code(&mut command))
            .await
            .unwrap();
        assert_eq!(found, Some(expected), "{file} {arguments}: {text}");
        assert!(text.contains(says), "{file} {arguments}: {text}");
    }
    let shown: Value = reqwest::get(format!("{url}/_twinfold/projects"))
        .await
        .unwrap()
        .text()
        .await
        .map(|text| serde_json::from_str(&text).unwrap())
        .unwrap();
    assert_eq!(
        shown["projects"].as_array().unwrap().len(),
        1,
        "no copy is left"
    );
}
