//! The decision of an entry, as the control API shows it.

use serde_json::{Value, json};
use twinfold_engine::{GivenId, GivenValue, IdSchema, Rule, Rules};

use crate::{
    journal::{RecordedDecision, RecordedEffect, rule},
    wire::{given::Id, view::rule_shown},
};

/// A decision as the journal shows it; the IDs are those of its command.
pub(crate) fn decision(schema: &IdSchema, ids: &[Id<'_>], recorded: &RecordedDecision) -> Value {
    let because = Rules::from_bits(recorded.because);
    json!({
        "survivor": recorded.survivor,
        "created": recorded.created,
        "absorbed": recorded.absorbed,
        "effects": recorded.effects.iter().map(|e| effect(schema, ids, e)).collect::<Vec<_>>(),
        "because": because.iter().map(rule_shown).collect::<Vec<_>>(),
        "label": because.weakest_label().map(|label| label.name()),
    })
}

fn effect(schema: &IdSchema, ids: &[Id<'_>], effect: &RecordedEffect) -> Value {
    let named = |name: &str, given: u16| {
        let id = ids.get(usize::from(given)).map(Id::given);
        let (id_type, value) = id.map_or_else(Default::default, |id| normalised(schema, id));
        json!({"effect": name, "id_type": id_type, "value": value})
    };
    let slug = |number: u8| rule(number).map(Rule::slug);
    match effect {
        RecordedEffect::Added { given } => named("added", *given),
        RecordedEffect::Moved { given, from, rule } => {
            let mut shown = named("moved", *given);
            shown["from"] = json!(from);
            shown["rule"] = json!(slug(*rule));
            shown
        }
        RecordedEffect::Kept { given, by } => {
            let mut shown = named("kept", *given);
            shown["from"] = json!(by);
            shown
        }
        RecordedEffect::Dropped { given, rule } => {
            let mut shown = named("dropped", *given);
            shown["rule"] = json!(slug(*rule));
            shown
        }
        RecordedEffect::Displaced { id_type, value } => {
            json!({"effect": "displaced", "id_type": id_type, "value": value})
        }
        RecordedEffect::Released { given, from, rule } => {
            let mut shown = named("released", *given);
            shown["from"] = json!(from);
            shown["rule"] = json!(slug(*rule));
            shown
        }
        RecordedEffect::Shared { given, with } => {
            let mut shown = named("shared", *given);
            shown["with"] = json!(with);
            shown
        }
        RecordedEffect::Ambiguous { given } => named("ambiguous", *given),
        RecordedEffect::Regrouped {
            id: (id_type, value),
            from,
            to,
            rule,
        } => {
            json!({"effect": "regrouped", "id_type": id_type, "value": value, "from": from, "to": to,
                "rule": slug(*rule)})
        }
        RecordedEffect::Unlinked {
            one: (id_type, value),
            other: (other_type, other),
        } => {
            json!({"effect": "unlinked", "id_type": id_type, "value": value,
                "other": {"id_type": other_type, "value": other}})
        }
        RecordedEffect::Split { customer } => json!({"effect": "split", "to": customer}),
        RecordedEffect::Reattributed {
            id: (id_type, value),
            from,
            to,
            events,
        } => {
            json!({"effect": "reattributed", "id_type": id_type, "value": value, "from": from, "to": to,
                "events": events})
        }
    }
}

fn normalised(schema: &IdSchema, id: GivenId<'_>) -> (String, String) {
    let value = match id.value {
        GivenValue::Text(text) | GivenValue::Number(text) => text,
        GivenValue::Null | GivenValue::Other => "",
    };
    let normal = schema
        .get(id.id_type)
        .map(|id_type| id_type.normalise(value).into_owned());
    (
        id.id_type.to_owned(),
        normal.unwrap_or_else(|| value.to_owned()),
    )
}
