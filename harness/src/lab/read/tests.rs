//! Files as they are written, and what is said of those that are not.

use super::*;

const CALLS: &str = r#"{"time":5,"source":"import","path":"/track/v2/projects/{token}/customers","body":{"customer_ids":{"record":"1","soc_sec_id":"77"},"properties":{"surname":"byron"},"update_timestamp":4}}
{"time":6,"source":"web","path":"/track/v2/projects/{token}/customers/events","body":{"customer_ids":{"record":"2"},"event_type":"purchase","properties":{},"timestamp":6}}
"#;
const TRUTH: &str = r#"{"person":7,"household":null,"ids":{},"slips":[],"calls":[1]}
{"person":9,"household":null,"ids":{},"slips":[],"calls":[2]}
"#;

fn read(calls: &str, truth: &str) -> Result<Traffic, LineError> {
    let people = TrueCalls::read(truth.as_bytes())?;
    TrafficFile::read(calls.as_bytes(), people, IdTypes::named(&[], &[]))
}

#[test]
fn calls_are_read_with_the_people_behind_them() {
    let traffic = read(CALLS, TRUTH).unwrap();
    assert_eq!((traffic.calls(), traffic.people()), (2, 2));
    let types = traffic.types().iter().map(|one| (&*one.name, one.is_hard));
    assert_eq!(
        Vec::from_iter(types),
        [("soc_sec_id", true), ("record", false)]
    );
    let call = traffic.call(0);
    assert_eq!(
        (call.at, call.happened_at, traffic.number_of(call.person)),
        (5, 4, 7)
    );
    let ids = call.ids.iter().map(|id| traffic.written(*id));
    assert_eq!(Vec::from_iter(ids), ["soc_sec_id=77", "record=1"]);
    assert_eq!(traffic.kind(1), "purchase");
    // A null is no ID, a number is one.
    let traffic = read(&CALLS.replace("\"77\"", "null"), TRUTH).unwrap();
    assert_eq!(traffic.types().len(), 1);
    let traffic = read(&CALLS.replace("\"77\"", "77"), TRUTH).unwrap();
    assert_eq!(traffic.written(traffic.call(0).ids[0]), "soc_sec_id=77");
}

/// What is replaced in the calls or in the truth, and what is said then.
#[test]
fn what_is_wrong_is_said_with_its_line() {
    let with_person = CALLS.replace("\"path\"", "\"person\":7,\"path\"");
    for (calls, truth, says) in [
        (
            CALLS.replace(":6,", ":4,"),
            TRUTH.into(),
            "line 2 arrives at 4, before the line above it; sort the lines by `time`",
        ),
        (
            CALLS.replace(":6,", ":1767225601000,"),
            TRUTH.into(),
            "line 2 arrives at 1767225601000, which is no time in seconds since 1970; write `time` in seconds",
        ),
        (
            CALLS.replace("soc_sec_id", "shoe"),
            TRUTH.into(),
            "line 1 has an ID of the type `shoe`; say what that is with `--hard shoe` or `--soft shoe`",
        ),
        (
            CALLS.replace("/customers/events", "/consents"),
            TRUTH.into(),
            "line 2 goes to `/track/v2/projects/{token}/consents`; only `customers` and `customers/events` can be compared",
        ),
        (
            CALLS.into(),
            TRUTH.replace("[2]", "[]"),
            "nobody is behind line 2; give the truth that was written with these calls, or write the calls with `--with-person`",
        ),
        (
            CALLS.into(),
            TRUTH.replace("[2]", "[1]"),
            "line 2 has the call 1, which is that of person 7 as well; a call is one person's",
        ),
        (
            CALLS.into(),
            TRUTH.replace("[2]", "[2,3]"),
            "it ends with line 2, and the truth has the call 3; give the truth that was written with these calls",
        ),
        (
            CALLS.replace("\"timestamp\":6", "\"timestamp\":1767225601000"),
            TRUTH.into(),
            "line 2 has the `timestamp` 1767225601000, which is no time in seconds since 1970; write `timestamp` in seconds",
        ),
        (
            CALLS.replace("\"update_timestamp\":4", "\"update_timestamp\":4294967296"),
            TRUTH.into(),
            "line 1 has the `update_timestamp` 4294967296, which is no time in seconds since 1970; write `update_timestamp` in seconds",
        ),
        (
            CALLS.replace("\"event_type\":\"purchase\",", ""),
            TRUTH.into(),
            "line 2 is an event without `event_type`; say which event it is",
        ),
        (
            CALLS.replace("customers/events", "customers"),
            TRUTH.into(),
            "line 2 is a property update and has the `event_type` `purchase`; send events to `customers/events`",
        ),
        (
            CALLS.replace("\"2\"", "null"),
            TRUTH.into(),
            "line 2 has no ID; name at least one in `customer_ids`, or leave the call out",
        ),
        (
            CALLS.replace("\"77\"", "true"),
            TRUTH.into(),
            "line 1 has a boolean as its `soc_sec_id`; an ID is a text or a number",
        ),
        (
            CALLS.replace("\"77\"", "{\"id\":77}"),
            TRUTH.into(),
            "line 1 has an object as its `soc_sec_id`; an ID is a text or a number",
        ),
        (
            CALLS.into(),
            TRUTH.replace("[2]", "[2,0]"),
            "line 2 has the call 0; calls are lines of the traffic, counted from 1",
        ),
        (
            with_person,
            TRUTH.into(),
            "line 2 is the call of person 7 there and of person 9 in the truth; give the truth that was written with these calls",
        ),
        (String::new(), String::new(), "there is no call in it"),
    ] {
        assert_eq!(read(&calls, &truth).unwrap_err().to_string(), says);
    }
    for (calls, truth, says) in [
        (&CALLS[..99], TRUTH, "line 1 is no call: EOF"),
        (CALLS, "{}", "line 1 is no person: missing field `person`"),
    ] {
        let error = read(calls, truth).unwrap_err().to_string();
        assert!(error.starts_with(says), "{error}");
    }
}

#[test]
fn more_kinds_than_are_counted_are_refused() {
    let line = |number: u32| {
        format!(
            r#"{{"time":{number},"source":"web","path":"/customers/events","person":1,"body":{{"customer_ids":{{"cookie":"a"}},"event_type":"e{number}"}}}}"#
        )
    };
    let lines = |count: u32| Vec::from_iter((1..=count).map(line)).join("\n");
    assert_eq!(read(&lines(255), "").unwrap().kind(254), "e255");
    assert_eq!(
        read(&lines(256), "").unwrap_err().to_string(),
        "line 256 is of one kind too many; leave out types of events, sources or properties until there are 255 types of events"
    );
}
