//! Records become import rows with the IDs that are asked for, and the truth column goes nowhere else.

use serde_json::json;

use crate::population::{RecordId, RecordIds, Records, Traffic};

const SET: &str =
    "rec_id, given_name, surname, street_number, address_1, postcode, date_of_birth, soc_sec_id
rec-7-org, Ada, Byron, 1, mill lane, 4011, 18151210, 100
rec-7-dup-0, ada, byron, , mill lane, 4011, 18151210,
somebody else, , byron, 1, Mill Lane, 4011, , 100
";

#[test]
fn a_record_has_an_id_where_its_columns_are_filled() {
    let mut records = Records::new(RecordIds::of_febrl());
    records.read(SET.as_bytes()).unwrap();
    assert_eq!((records.len(), records.people()), (3, 2));
    let ids: Vec<_> = records
        .by_ref()
        .map(|call| json!(call.customer_ids))
        .collect();
    let expected = [
        json!({"soc_sec_id": "100", "name_and_birth": "ada byron 18151210", "surname_and_address": "byron 1 mill lane 4011", "record": "1"}),
        json!({"name_and_birth": "ada byron 18151210", "record": "2"}),
        json!({"soc_sec_id": "100", "surname_and_address": "byron 1 mill lane 4011", "record": "3"}),
    ];
    assert_eq!(ids, expected);
    let departed = records.departed();
    let people: Vec<_> = departed.iter().map(|truth| truth.person).collect();
    assert_eq!(people, [7, 1 << 32]);
    let of_ada = &departed[0].ids;
    let record = of_ada.iter().find(|(name, _)| name == "record").unwrap();
    assert_eq!(record.1, ["1", "2"]);
}

#[test]
fn properties_are_the_columns_that_are_filled_but_not_the_truth() {
    let ids = RecordIds {
        person: "rec_id".to_owned(),
        types: vec![RecordId {
            name: "name".to_owned(),
            is_hard: false,
            columns: vec!["surname".to_owned()],
        }],
    };
    let project = serde_json::to_string(&ids.project()).unwrap();
    let types = r#"{"id_types":{"name":"soft","record":"soft"},"#;
    assert!(project.starts_with(types), "{project}");
    let mut records = Records::new(ids);
    records.read(SET.as_bytes()).unwrap();
    let last = records.last().unwrap();
    assert_eq!(
        last.body()["properties"],
        json!({"surname": "byron", "street_number": "1", "address_1": "Mill Lane", "postcode": "4011", "soc_sec_id": "100"})
    );
}

#[test]
fn a_missing_column_is_named_with_those_that_there_are() {
    let mut records = Records::new(RecordIds::of_febrl());
    let error = records.read("rec_id, surname\n".as_bytes()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no column `soc_sec_id`; the columns are rec_id, surname"
    );
}

/// What would lose an ID or make two people one is refused.
#[test]
fn types_have_names_of_their_own_and_records_a_person() {
    let id = |name: &str| RecordId {
        name: name.to_owned(),
        is_hard: true,
        columns: vec!["surname".to_owned()],
    };
    let set = "rec_id,surname\nrec-1-org,\"two\nlines\"\n ,byron\n";
    for (types, csv, says) in [
        (
            vec![id("record")],
            SET,
            "every record has an ID type `record` to itself; give the one that is asked for another name",
        ),
        (
            vec![id("name"), id("name")],
            SET,
            "there are two ID types `name`; give one of them another name",
        ),
        (
            vec![id("name")],
            set,
            "line 4 has nothing in the column `rec_id`, which says who it is; fill it in or leave the line out",
        ),
    ] {
        let person = "rec_id".to_owned();
        let mut records = Records::new(RecordIds { person, types });
        assert_eq!(records.read(csv.as_bytes()).unwrap_err().to_string(), says);
    }
}
