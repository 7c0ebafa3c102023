//! Sign-ups and consents: double opt-in with its link, text messages, and what is withdrawn later.
//! A consent is an event, so it belongs to the profile whose IDs its call carries (facts 8.1 to 8.6).

use serde_json::{Value, json};

use super::{DAY_SECONDS, Fields, household::Stage};

/// Signs up for the newsletter where the person is logged in; the link names the account.
pub(super) fn sign_up(stage: &mut Stage<'_>, device: usize) {
    let cookie = stage.cookie_of(device);
    let ids = Fields::from([
        ("cookie", json!(cookie.text())),
        ("registered", json!(stage.address())),
    ]);
    double_opt_in(stage, 0, &ids);
}

/// The sign-up, and if its link is opened the consent, on whoever signed up.
pub(super) fn double_opt_in(stage: &mut Stage<'_>, after: u64, ids: &Fields) {
    let email = stage.profile_address();
    let signed_up = [
        ("action", json!("new")),
        ("email", json!(email)),
        ("consent_list", json!(["newsletter"])),
    ];
    stage.track((after, "js-sdk"), ids.clone(), "double_opt_in", signed_up);
    let confirms = stage.rates.confirms;
    if stage.chance().happens(confirms) {
        let opened = after + 60 + stage.chance().below(DAY_SECONDS);
        consent(stage, (opened, "link"), ids, "newsletter");
    }
}

/// Accepts text messages where the person is logged in, which tells its telephone number.
pub(super) fn accept_sms(stage: &mut Stage<'_>, device: usize) {
    let source = stage.household.devices[device].source;
    let ids = Fields::from([
        ("registered", json!(stage.address())),
        ("phone", json!(stage.person().phone())),
    ]);
    consent(stage, (0, source), &ids, "sms");
}

fn consent(stage: &mut Stage<'_>, call: (u64, &'static str), ids: &Fields, category: &str) {
    let said = |action: &str, more: Option<(&'static str, Value)>| {
        let mut said = Fields::from([("action", json!(action)), ("category", json!(category))]);
        if let Some((name, value)) = more {
            said.push(name, value);
        }
        said
    };
    let until = Some(("valid_until", json!("unlimited")));
    stage.track(call, ids.clone(), "consent", said("accept", until));
    let withdraws = stage.rates.withdraws;
    if stage.chance().happens(withdraws) {
        let later = call.0 + DAY_SECONDS + stage.chance().below(20 * DAY_SECONDS);
        stage.track(
            (later, "link"),
            ids.clone(),
            "consent",
            said("reject", None),
        );
    }
}
