//! The block `decisions`: what the project decided and why, since the last such block.
//! Its lines are compared but for white space.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{block::Block, cell, difference, journal, table, world::World};
use crate::{fixup::counted, problem::Problem};

/// An entry of the journal, as far as a decision is concerned.
#[derive(Debug, Deserialize)]
struct Entry {
    #[serde(default)]
    command: Command,
    decision: Option<Decision>,
    rejection: Option<Rejection>,
}

#[derive(Debug, Default, Deserialize)]
struct Command {
    #[serde(default)]
    customer_ids: Map<String, Value>,
}

#[derive(Debug, Deserialize)]
struct Decision {
    survivor: u64,
    #[serde(default)]
    created: bool,
    #[serde(default)]
    absorbed: Vec<u64>,
    #[serde(default)]
    effects: Vec<Effect>,
    #[serde(default)]
    because: Vec<Reason>,
    label: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Effect {
    effect: String,
    #[serde(default)]
    id_type: String,
    #[serde(default)]
    value: String,
    from: Option<u64>,
    to: Option<u64>,
    with: Option<u64>,
    events: Option<u64>,
    other: Option<OtherEnd>,
}

/// The other end of a link that is cut.
#[derive(Debug, Deserialize)]
struct OtherEnd {
    id_type: String,
    value: String,
}

#[derive(Debug, Deserialize)]
struct Reason {
    rule: String,
}

#[derive(Debug, Deserialize)]
struct Rejection {
    kind: String,
    label: Option<String>,
}

/// Compares the decisions since the last such block with this one.
pub(crate) async fn compare(block: &Block, world: &mut World) -> Result<(), Problem> {
    let entries = news(block, world).await?;
    let id_types = super::schema::names(&world.schema);
    let rows = entries.iter().filter_map(|entry| entry.cells(&id_types));
    let seen = table::columns(&rows.collect::<Vec<_>>());
    if let Some(problem) = difference::of_lines(block, &seen) {
        world.fails(block, problem, &seen);
    }
    Ok(())
}

/// The IDs of a journal entry and what was decided, as a `decisions` block says it; nothing if no rule decided.
pub(crate) fn told(entry: &Value, id_types: &[String]) -> Option<(String, String)> {
    let entry = Entry::deserialize(entry).ok()?;
    let [ids, _, outcome]: [String; 3] = entry.cells(id_types)?.try_into().ok()?;
    Some((ids, outcome))
}

/// Takes what the journal holds as shown.
pub(crate) async fn skip(block: &Block, world: &mut World) -> Result<(), Problem> {
    news(block, world).await.map(drop)
}

/// The journal since the last `decisions` block.
async fn news(block: &Block, world: &mut World) -> Result<Vec<Entry>, Problem> {
    let (entries, last) = journal::after(block, world, world.decisions_shown).await?;
    world.decisions_shown = last;
    Ok(entries)
}

impl Entry {
    /// IDs, arrow and outcome; nothing for a request that no rule decided.
    fn cells(&self, id_types: &[String]) -> Option<Vec<String>> {
        let outcome = match (&self.rejection, &self.decision) {
            (Some(rejection), _) => rejection.text(),
            (None, Some(decision)) => decision.text(),
            (None, None) => return None,
        };
        let ids = shown_ids(&self.command.customer_ids, id_types);
        Some(vec![ids, "->".into(), outcome])
    }
}

/// The IDs of a command, in schema order, then the types that the schema lacks.
pub(super) fn shown_ids(ids: &Map<String, Value>, id_types: &[String]) -> String {
    let known = id_types.iter().filter_map(|name| ids.get_key_value(name));
    let unknown = ids.iter().filter(|(name, _)| !id_types.contains(name));
    let shown = known.chain(unknown).flat_map(|(name, value)| {
        let values = value
            .as_array()
            .map_or(std::slice::from_ref(value), Vec::as_slice);
        values
            .iter()
            .map(move |value| format!("{name}={}", shown_id(value)))
    });
    shown.collect::<Vec<_>>().join(" ")
}

fn shown_id(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), cell::id)
}

impl Decision {
    fn text(&self) -> String {
        let who = if self.created { "new " } else { "" };
        let mut clauses = Vec::new();
        if !self.absorbed.is_empty() {
            let numbers = self.absorbed.iter().map(|number| format!(" #{number}"));
            clauses.push(format!("absorbed{}", numbers.collect::<String>()));
        }
        // The IDs of a new customer are those of the command: they stand at the beginning of the line.
        let told = self
            .effects
            .iter()
            .filter(|effect| !(self.created && effect.effect == "added"));
        clauses.extend(told.map(Effect::text));
        let subject = format!("{who}#{}", self.survivor);
        let changes = clauses.join(", ");
        format!("{subject} {changes}").trim_end().to_owned() + &self.reasons()
    }

    fn reasons(&self) -> String {
        let rules: Vec<&str> = self
            .because
            .iter()
            .map(|reason| reason.rule.as_str())
            .collect();
        if rules.is_empty() {
            return String::new();
        }
        format!(
            "; because {}{}",
            rules.join(" "),
            labelled(self.label.as_ref())
        )
    }
}

impl Effect {
    fn text(&self) -> String {
        let shown = |id_type: &str, value: &str| format!("{id_type}={}", cell::id(value));
        let number = |of: Option<u64>| of.map_or_else(String::new, |number| format!("#{number}"));
        let (id, from, to) = (
            shown(&self.id_type, &self.value),
            number(self.from),
            number(self.to),
        );
        match (self.effect.as_str(), &self.other) {
            ("kept", _) => format!("kept {id} at {from}"),
            ("shared", _) => format!("shared {id} with {}", number(self.with)),
            ("regrouped", _) => format!("regrouped {id} from {from} to {to}"),
            ("reattributed", _) => {
                let events = counted(self.events.unwrap_or_default() as usize, "event");
                format!("reattributed {events} of {id} from {from} to {to}")
            }
            ("split", _) => format!("split off {to}"),
            ("unlinked", Some(other)) => {
                format!("unlinked {id} and {}", shown(&other.id_type, &other.value))
            }
            (effect, _) if self.from.is_some() => format!("{effect} {id} from {from}"),
            (effect, _) => format!("{effect} {id}"),
        }
    }
}

impl Rejection {
    fn text(&self) -> String {
        format!("rejected {}{}", self.kind, labelled(self.label.as_ref()))
    }
}

pub(super) fn labelled(label: Option<&String>) -> String {
    label.map_or(String::new(), |label| format!(" ({label})"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn line(entry: Value) -> String {
        let entry: Entry = serde_json::from_value(entry).unwrap();
        let id_types = ["registered".to_owned(), "cookie".to_owned()];
        entry
            .cells(&id_types)
            .map(|cells| cells.join("  "))
            .unwrap_or_default()
    }

    #[test]
    fn decisions_read_as_sentences() {
        let ids = json!({"cookie": "laptop", "registered": "ada"});
        let because = json!([{"rule": "shared-id-merges"}, {"rule": "oldest-survives"}]);
        let merged = json!({"seq": 1, "command": {"kind": "customers", "customer_ids": ids}, "decision": {
            "survivor": 1, "created": false, "absorbed": [2], "effects": [
                {"effect": "added", "id_type": "cookie", "value": "laptop"},
                {"effect": "moved", "id_type": "cookie", "value": "x", "from": 3}],
            "because": because, "label": "documented"}});
        assert_eq!(
            line(merged),
            "registered=ada cookie=laptop  ->  #1 absorbed #2, added cookie=laptop, \
            moved cookie=x from #3; because shared-id-merges oldest-survives (documented)"
        );
        let created = json!({"seq": 1, "command": {"customer_ids": {"cookie": "two words"}}, "decision": {
            "survivor": 2, "created": true, "effects": [{"effect": "added", "id_type": "cookie", "value": "a"}],
            "because": [{"rule": "nobody-found"}], "label": "documented"}});
        assert_eq!(
            line(created),
            "cookie=\"two words\"  ->  new #2; because nobody-found (documented)"
        );
        let rejected = json!({"seq": 1, "command": {"customer_ids": ids},
            "rejection": {"kind": "hard-id-conflict", "message": "no", "label": "assumed"}});
        assert_eq!(
            line(rejected),
            "registered=ada cookie=laptop  ->  rejected hard-id-conflict (assumed)"
        );
        assert_eq!(line(json!({"seq": 1})), "");
    }
}
