//! Random histories over HTTP: the same commands as requests, one by one or in batches, against the same model.
//! Every reply is compared, and at the end every customer.

use std::{collections::BTreeMap, fmt::Write};

use proptest::{
    collection::vec,
    prelude::{Just, Strategy, any},
    test_runner::TestRunner,
};
use serde_json::{Value, json};
use twinfold::{
    model::Model,
    target::{CONTROL, HttpTarget, ProjectClient, Request, Target},
};
use twinfold_engine::{GivenId, GivenValue, IdKind, Profile, Rejection, Settings};
use twinfold_server::{Projects, Server};

use crate::{
    generate, machine,
    step::{Asks, Step},
};

/// Histories per run unless `PROPTEST_CASES` says otherwise.
const CASES_DEFAULT: u32 = 400;

/// Clock of the project at its first write; it moves a second with each.
const START: f64 = 1.0;

type History = (Settings, Vec<Step>, bool);

fn histories() -> impl Strategy<Value = History> {
    generate::settings().prop_flat_map(|settings| {
        let steps = vec(generate::step(&settings.schema), 1..30);
        (Just(settings), steps, any::<bool>())
    })
}

#[test]
fn the_server_agrees_with_the_model() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = Server::start([127, 0, 0, 1].into(), 0, Projects::new());
    let server = runtime.block_on(server).unwrap();
    let target = Target::Http(HttpTarget::new(&server.base_url()).unwrap());
    let mut runner = TestRunner::new(machine::config(CASES_DEFAULT));
    let result = runner.run(&histories(), |history| {
        runtime.block_on(agrees(target.clone(), history));
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
}

async fn agrees(target: Target, (settings, steps, in_batches): History) {
    let client = create(target, &settings).await;
    let mut model = Model::new(settings);
    // Opened links have no request of their own; what they do is an ordinary resolution.
    let steps = steps
        .into_iter()
        .filter(|step| !matches!(step.asks, Asks::Open { .. }));
    let mut clock = START;
    for mut step in steps {
        step.at = clock;
        clock += 1.0;
        let (status, found) = send(&client, &step, in_batches).await;
        let nobody = step.ids().is_empty();
        if let Asks::Anonymize { fresh, .. } = &mut step.asks {
            if nobody {
                // Refused before it is a write, so the clock did not move.
                assert_eq!(status, 400, "{found}");
                clock -= 1.0;
                continue;
            }
            *fresh = fresh_id(&client).await.leak();
        }
        if let Asks::Set {
            properties: Some(properties),
            ..
        } = &mut step.asks
        {
            // The server takes them in the order of their names.
            properties.sort_unstable();
        }
        // Which of several clashes is named is left open.
        let clashes = model.conflicts(step.ids());
        let named = clashes
            .into_iter()
            .find(|clash| found["errors"][0] == clash.to_string());
        let expected = step.with(|command| model.apply(command)).map(|_| ());
        let expected = expected.map_err(|rejection| match rejection {
            Rejection::HardIdConflict { .. } => named.unwrap_or(rejection),
            other => other,
        });
        let (expected_status, expected) = reply(&step, expected, in_batches);
        assert_eq!((status, &found), (expected_status, &expected), "{step:?}");
    }
    let listed = client
        .accepted(Request::get(client.control_path("/customers")))
        .await
        .unwrap();
    let listed: Vec<Value> = listed["customers"].as_array().unwrap().clone();
    let expected: Vec<Value> = model.profiles().iter().map(customer).collect();
    assert_eq!(
        listed.iter().map(without_consents).collect::<Vec<_>>(),
        expected
    );
    let replayed = client
        .accepted(Request::get(client.control_path("/replayed")))
        .await
        .unwrap();
    assert_eq!(replayed["agrees"], true);
}

async fn create(target: Target, settings: &Settings) -> ProjectClient {
    let mut types = String::new();
    for id_type in settings.schema.types() {
        let kind = match id_type.kind {
            IdKind::Hard => "hard",
            IdKind::Soft => "soft",
        };
        let comma = if types.is_empty() { "" } else { "," };
        let (trim, lowercase, cap) = (id_type.trim, id_type.lowercase, id_type.values_max);
        let name = &id_type.name;
        write!(types, r#"{comma}"{name}":{{"kind":"{kind}","trim":{trim},"lowercase":{lowercase},"values_max":{cap}}}"#).unwrap();
    }
    let switches = json!({
        "unknown_id_type": settings.switches.unknown_id_type.slug(),
        "hard_id_conflict": settings.switches.hard_id_conflict.slug(),
        "contested_soft_id": settings.switches.contested_soft_id.slug(),
        "property_conflict": settings.switches.property_conflict.slug(),
    });
    let attributes_max = settings.customer_attributes_max;
    let body = format!(
        r#"{{"id_types":{{{types}}},"switches":{switches},"customer_attributes_max":{attributes_max},"clock":{{"start":{START},"step":1}}}}"#
    );
    let mut request = Request::post(format!("{CONTROL}/projects"), &Value::Null);
    request.body = body.into_bytes();
    let created = target.send(request).await.unwrap().json().unwrap();
    ProjectClient::new(target, serde_json::from_value(created).unwrap())
}

async fn send(client: &ProjectClient, step: &Step, in_batches: bool) -> (u16, Value) {
    let (path, name, body) = request(client, step);
    let anonymizes = matches!(step.asks, Asks::Anonymize { .. });
    let mut request = Request::post(path, &Value::Null);
    request.body = body.clone().into_bytes();
    if in_batches && !anonymizes {
        request.path = client.track_path("/batch");
        request.body =
            format!(r#"{{"commands":[{{"name":"{name}","data":{body}}}]}}"#).into_bytes();
    }
    let reply = client.send(request).await.unwrap();
    let body = reply.json().unwrap();
    match in_batches && !anonymizes {
        true => (reply.status, body["results"][0].clone()),
        false => (reply.status, body),
    }
}

fn request(client: &ProjectClient, step: &Step) -> (String, &'static str, String) {
    let ids = ids_json(step.ids());
    match &step.asks {
        Asks::Set {
            properties,
            update_timestamp,
            ..
        } => {
            let properties = properties.as_ref().map_or("[]".into(), |properties| {
                let members = properties
                    .iter()
                    .map(|(name, value)| format!("\"{name}\": {value}"));
                format!("{{{}}}", members.collect::<Vec<_>>().join(" , "))
            });
            let at = json!(update_timestamp);
            let body = format!(
                r#"{{"customer_ids":{ids},"properties":{properties},"update_timestamp":{at}}}"#
            );
            (client.track_path("/customers"), "customers", body)
        }
        Asks::Track {
            event_type,
            timestamp,
            properties,
            ..
        } => {
            let (event_type, timestamp) = (json!(event_type), json!(timestamp));
            let properties = properties.unwrap_or("7");
            let body = format!(
                r#"{{"timestamp":{timestamp},"customer_ids":{ids},"event_type":{event_type},"properties":{properties}}}"#
            );
            (
                client.track_path("/customers/events"),
                "customers/events",
                body,
            )
        }
        Asks::Open { .. } | Asks::Anonymize { .. } => (
            client.data_path("/customers/anonymize"),
            "",
            format!(r#"{{"customer_ids":{ids}}}"#),
        ),
    }
}

fn ids_json(ids: &[GivenId<'_>]) -> String {
    let members = ids.iter().map(|id| {
        let value = match id.value {
            GivenValue::Null => "null".to_owned(),
            GivenValue::Text(text) => json!(text).to_string(),
            GivenValue::Number(number) => number.to_owned(),
            GivenValue::Other => "[true]".to_owned(),
        };
        format!("{}:{value}", json!(id.id_type))
    });
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

/// The fresh ID that the server drew for the last anonymizing; any text if nobody was anonymized.
async fn fresh_id(client: &ProjectClient) -> String {
    let journal = client
        .accepted(Request::get(client.control_path("/journal")))
        .await
        .unwrap();
    let last = journal["entries"]
        .as_array()
        .unwrap()
        .last()
        .cloned()
        .unwrap_or_default();
    last["command"]["fresh"]
        .as_str()
        .unwrap_or("nobody")
        .to_owned()
}

/// What the vendor answers to this result.
fn reply(step: &Step, result: Result<(), Rejection>, in_batches: bool) -> (u16, Value) {
    let anonymizes = matches!(step.asks, Asks::Anonymize { .. });
    match result {
        Ok(()) if anonymizes => (200, json!({"success": true})),
        Ok(()) if in_batches => (200, json!({"success": true})),
        Ok(()) => (200, json!({"success": true, "errors": []})),
        Err(rejection) if anonymizes => data_reply(&rejection),
        Err(rejection) => {
            let status = if in_batches { 200 } else { 400 };
            (
                status,
                json!({"success": false, "errors": [rejection.to_string()]}),
            )
        }
    }
}

fn data_reply(rejection: &Rejection) -> (u16, Value) {
    let (status, errors) = match rejection {
        Rejection::NoId | Rejection::NoValidId => (
            400,
            json!({"customer_ids": ["Must specify at least one customer ID"]}),
        ),
        Rejection::UnknownIdType { .. } => (400, json!({"customer_ids": [rejection.to_string()]})),
        Rejection::CustomerNotFound => (404, json!({"_global": [rejection.to_string()]})),
        _ => (400, json!({"_global": [rejection.to_string()]})),
    };
    (status, json!({"success": false, "errors": errors}))
}

/// A profile of the model as the control API shows it.
fn customer(profile: &Profile) -> Value {
    let json_of = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let ids = profile.ids.iter().filter(|(_, values)| !values.is_empty());
    let properties = profile.properties.iter().map(|(name, stored)| {
        (
            name.clone(),
            json!({"value": json_of(&stored.value), "at": stored.at.seconds()}),
        )
    });
    let events = profile.events.iter().map(|event| {
        json!({"type": event.event_type, "timestamp": event.at.seconds(), "properties": json_of(&event.properties)})
    });
    json!({
        "internal_id": profile.internal_id.to_string(),
        "number": profile.internal_id.number(),
        "ids": ids.cloned().collect::<BTreeMap<String, Vec<String>>>(),
        "properties": properties.collect::<BTreeMap<String, Value>>(),
        "events": events.collect::<Vec<_>>(),
    })
}

fn without_consents(listed: &Value) -> Value {
    let mut listed = listed.clone();
    listed.as_object_mut().unwrap().remove("consents");
    listed
}
