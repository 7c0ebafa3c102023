//! Shadow runs of a traffic: the same commands answered by another strategy, and the differences in words.
//! What is compared, and how, is the engine's.

use serde_json::{Value, json};
use twinfold_engine::{Settings, shadow::Shadow};

use crate::{
    fixup::counted,
    scenario::{decision_told, shown_id},
    traffic::{Sent, Traffic},
};

/// Replays a traffic beside a shadow with these settings.
pub fn run(traffic: &Traffic, settings: Settings) -> Shadow {
    let mut shadow = Shadow::new(traffic.settings.clone(), settings);
    let known = |sent: &&Sent| traffic.folded == 0 || !sent.is_by_number();
    for sent in traffic.commands.iter().filter(known) {
        sent.with_command(sent.at, |command| shadow.apply(sent.seq, command));
    }
    shadow
}

/// How many commands name a customer by a number that is another one's, because the journal has forgotten its beginning.
pub fn left_out(traffic: &Traffic) -> usize {
    let by_number = traffic.commands.iter().filter(|sent| sent.is_by_number());
    if traffic.folded > 0 {
        by_number.count()
    } else {
        0
    }
}

/// Where the command of this number came from, as the control API shows it.
pub fn command(traffic: &Traffic, number: u64) -> Value {
    let found = traffic
        .commands
        .binary_search_by_key(&number, |one| one.seq);
    let Some(sent) = found.ok().and_then(|at| traffic.commands.get(at)) else {
        return json!({});
    };
    let mut shown =
        json!({"at": sent.at.seconds(), "source": sent.source, "request": sent.request});
    if let Some(item) = sent.item {
        shown["item"] = json!(item);
    }
    shown
}

/// Whether any shadow differs, or differed for a while; `shown` is what the control API answers.
pub fn diverges(shown: &Value) -> bool {
    let mut shadows = list(&shown["shadows"]);
    shadows.any(|shadow| list(&shadow["divergences"]).next().is_some())
}

/// The same in words.
pub fn text(shown: &Value) -> String {
    let answers = word(&shown["answers"]);
    let mut text = String::new();
    for shadow in list(&shown["shadows"]) {
        let divergences: Vec<&Value> = list(&shadow["divergences"]).collect();
        let healed = divergences.iter().filter(|one| one["healed"].is_u64());
        let (count, healed) = (divergences.len(), healed.count());
        let customers =
            |side: &str| shadow[side]["customers"].as_u64().unwrap_or_default() as usize;
        let commands = shadow["commands"].as_u64().unwrap_or_default() as usize;
        text += &format!(
            "{} beside {answers}: {}, {} here, {} there; ",
            word(&shadow["strategy"]),
            counted(commands, "command"),
            counted(customers("here"), "customer"),
            customers("there"),
        );
        text += &match count {
            0 => "no divergence\n".to_owned(),
            _ => format!("{}, {healed} healed\n", counted(count, "divergence")),
        };
        for cause in list(&shadow["causes"]) {
            text += &cause_told(cause);
            let of_it = divergences
                .iter()
                .filter(|one| one["since"] == cause["seq"]);
            of_it.for_each(|one| text += &divergence_told(one));
        }
        let told: Vec<&Value> = list(&shadow["causes"]).map(|cause| &cause["seq"]).collect();
        let bare = divergences
            .iter()
            .filter(|one| !told.contains(&&one["since"]));
        bare.for_each(|one| text += &divergence_told(one));
        if let Some(untold) = shadow["untold"].as_u64().filter(|untold| *untold > 0) {
            text += &format!("  and {untold} more that are not told\n");
        }
    }
    for limit in list(&shown["limits"]) {
        text += &format!("mind: {}\n", word(limit));
    }
    text
}

fn cause_told(cause: &Value) -> String {
    let item = cause["item"].as_u64();
    let item = item.map_or_else(String::new, |item| format!(" item {item}"));
    let answer = |side: &str| {
        let mut entry = cause[side].clone();
        entry["command"] = json!({"customer_ids": cause["customer_ids"]});
        decision_told(&entry, &[]).unwrap_or_default()
    };
    let ((ids, here), (_, there)) = (answer("here"), answer("there"));
    format!(
        "  {} {} {}{item}: {ids}\n      here   {here}\n      there  {there}\n",
        cause["seq"],
        word(&cause["source"]),
        word(&cause["request"]),
    )
}

fn divergence_told(one: &Value) -> String {
    let (together, apart) = match word(&one["kind"]) {
        "together-here" => ("here", "there"),
        _ => ("there", "here"),
    };
    let parts: Vec<String> = list(&one["apart"]).map(part_told).collect();
    let healed = one["healed"].as_u64();
    let healed = healed.map_or_else(String::new, |by| format!("; healed by command {by}"));
    format!(
        "    together {together} as {}, apart {apart}: {}{healed}\n",
        who(&one["together"]),
        parts.join(" | ")
    )
}

fn part_told(part: &Value) -> String {
    let ids = part["ids"].as_object().into_iter().flatten();
    let ids = ids.flat_map(|(id_type, values)| {
        list(values).map(move |value| format!("{id_type}={}", shown_id(word(value))))
    });
    let ids: Vec<String> = ids.collect();
    let more = part["more"].as_u64().filter(|more| *more > 0);
    let more = more.map_or_else(String::new, |more| format!(" and {more} more"));
    format!("{} {}{more}", who(&part["customer"]), ids.join(" "))
}

fn who(customer: &Value) -> String {
    customer
        .as_u64()
        .map_or_else(|| "nobody".into(), |number| format!("#{number}"))
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
