//! The block `journal`: what was written since the last such block, one line a command.
//! Source, request, IDs and what came of it, in the words of the server's journal.

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::{
    block::Block,
    cell,
    decisions::{labelled, shown_ids},
    difference, schema, table,
    world::{self, World},
};
use crate::problem::Problem;

const PAGE: usize = 1_000;

/// A command of the journal, as far as a reader wants to see it in one line.
#[derive(Debug, Deserialize)]
struct Written {
    source: String,
    request: String,
    item: Option<u64>,
    command: Command,
    decision: Option<Decision>,
    outcome: Option<String>,
    rejection: Option<Rejection>,
    reply: Option<Value>,
}

#[derive(Debug, Deserialize)]
struct Command {
    kind: String,
    #[serde(default)]
    customer_ids: Map<String, Value>,
    event_type: Option<String>,
    to: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Decision {
    survivor: u64,
    #[serde(default)]
    created: bool,
    #[serde(default)]
    absorbed: Vec<u64>,
    label: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Rejection {
    kind: String,
    label: Option<String>,
}

/// Compares what was written since the last such block with this one.
pub(crate) async fn compare(block: &Block, world: &mut World) -> Result<(), Problem> {
    let (written, last) = after::<Written>(block, world, world.journal_shown).await?;
    world.journal_shown = last;
    let id_types = schema::names(&world.schema);
    let rows = written.iter().map(|one| one.cells(&id_types));
    let seen = table::columns(&rows.collect::<Vec<_>>());
    if let Some(problem) = difference::of_lines(block, &seen) {
        world.fails(block, problem, &seen);
    }
    Ok(())
}

/// Takes what the journal holds as shown.
pub(crate) async fn skip(block: &Block, world: &mut World) -> Result<(), Problem> {
    let (_, last) = after::<Value>(block, world, world.journal_shown).await?;
    world.journal_shown = last;
    Ok(())
}

/// The entries of the journal behind a number, and the number of the last one.
pub(super) async fn after<T: DeserializeOwned>(
    block: &Block,
    world: &World,
    number: u64,
) -> Result<(Vec<T>, u64), Problem> {
    #[derive(Deserialize)]
    struct Page {
        entries: Vec<Value>,
        #[serde(default)]
        last: u64,
    }
    let (mut entries, mut shown) = (Vec::new(), number);
    loop {
        let path = format!("/journal?after={shown}&limit={PAGE}");
        let page: Page = world::understood(block, world.control(block, &path).await?)?;
        let reached = page
            .entries
            .iter()
            .filter_map(|entry| entry["seq"].as_u64());
        let reached = reached.max().unwrap_or(shown).max(shown);
        let is_end = reached == shown || reached >= page.last;
        shown = reached;
        for entry in page.entries {
            entries.push(world::understood(block, entry)?);
        }
        if is_end {
            return Ok((entries, shown));
        }
    }
}

impl Written {
    fn cells(&self, id_types: &[String]) -> Vec<String> {
        let ids = shown_ids(&self.command.customer_ids, id_types);
        let place = [self.request(), self.command.what()];
        let place = place.into_iter().filter(|part| !part.is_empty());
        let place = place.collect::<Vec<_>>().join(" ");
        vec![self.source.clone(), place, ids, "->".into(), self.came()]
    }

    /// The end of the request's path, and the number of the command in it, counted from 1.
    fn request(&self) -> String {
        let path = self.request.rsplit(' ').next().unwrap_or_default();
        let plain = |path: &str| {
            let parts = path.split('/');
            let parts = parts.filter(|part| !part.is_empty() && !part.starts_with('{'));
            parts.map(str::to_owned).collect::<Vec<_>>()
        };
        let (before, behind) = path.split_once("{token}").unwrap_or((path, ""));
        let name = match (plain(before).first(), plain(behind).as_slice()) {
            (first, []) => first.cloned().unwrap_or_default(),
            (Some(first), [only]) if only == "sync" => format!("{first}/sync"),
            (_, behind) => behind.join("/"),
        };
        match self.item {
            // The rows of an import are counted from 1 already.
            Some(item) if name == "imports" => format!("{name} {item}"),
            Some(item) => format!("{name} {}", item + 1),
            None => name,
        }
    }

    fn came(&self) -> String {
        if let Some(rejection) = &self.rejection {
            let label = labelled(rejection.label.as_ref());
            return format!("rejected {}{label}", rejection.kind);
        }
        if self.command.kind == "refused" {
            return format!("refused: {}", self.errors());
        }
        let outcome = self.outcome.as_deref().unwrap_or("done");
        match &self.decision {
            None => outcome.to_owned(),
            Some(decision) => {
                let label = labelled(decision.label.as_ref());
                format!("{} {outcome}{label}", decision.who())
            }
        }
    }

    /// What the client was told, if it was told that something is wrong.
    fn errors(&self) -> String {
        let body = self.reply.as_ref().map(|reply| &reply["body"]);
        let body = body.cloned().unwrap_or_default();
        let said = ["errors", "error", "message"].map(|name| &body[name]);
        let said = said.into_iter().find(|said| !said.is_null());
        match said {
            Some(Value::String(says)) => says.clone(),
            Some(Value::Array(list)) if list.len() == 1 => list[0]
                .as_str()
                .map_or_else(|| list[0].to_string(), str::to_owned),
            Some(says) => says.to_string(),
            None => "no reason".into(),
        }
    }
}

impl Decision {
    fn who(&self) -> String {
        let new = if self.created { "new " } else { "" };
        let absorbed = self.absorbed.iter().map(|number| format!(" #{number}"));
        match absorbed.collect::<String>() {
            none if none.is_empty() => format!("{new}#{}", self.survivor),
            absorbed => format!("#{} absorbed{absorbed},", self.survivor),
        }
    }
}

impl Command {
    fn what(&self) -> String {
        let shown = |value: &Option<String>| value.as_deref().map_or(String::new(), cell::id);
        match self.kind.as_str() {
            "event" => shown(&self.event_type),
            "mail" => format!("mail to {}", shown(&self.to)),
            // The request says it all.
            "customers" | "anonymize" | "link" | "refused" | "catalog" | "definitions" => {
                String::new()
            }
            other => other.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn line(entry: Value) -> String {
        let written: Written = serde_json::from_value(entry).unwrap();
        written.cells(&["registered".to_owned()]).join("  ")
    }

    #[test]
    fn a_command_is_a_line() {
        let decision = json!({"survivor": 1, "created": true, "label": "documented"});
        let batch = "POST /track/v2/projects/{token}/batch";
        let event = json!({"kind": "event", "customer_ids": {"registered": "ada"}, "event_type": "purchase"});
        for (entry, expected) in [
            (
                json!({"source": "api", "request": batch, "item": 1, "command": event,
                    "decision": decision, "outcome": "event stored"}),
                "api  batch 2 purchase  registered=ada  ->  new #1 event stored (documented)",
            ),
            (
                json!({"source": "api", "request": batch, "item": 0, "command": {"kind": "refused"},
                    "reply": {"status": 200, "body": {"errors": ["Internal error"]}}}),
                "api  batch 1    ->  refused: Internal error",
            ),
            (
                json!({"source": "repair", "request": "POST /track/v2/projects/{token}/customers",
                    "command": {"kind": "customers", "customer_ids": {"registered": "ada"}},
                    "decision": {"survivor": 1, "absorbed": [2, 3]}, "outcome": "properties set"}),
                "repair  customers  registered=ada  ->  #1 absorbed #2 #3, properties set",
            ),
            (
                json!({"source": "link", "request": "GET /link/{token}/{mail}/{link}",
                    "command": {"kind": "link", "customer_ids": {}},
                    "rejection": {"kind": "no-id", "label": "documented"}}),
                "link  link    ->  rejected no-id (documented)",
            ),
            (
                json!({"source": "api", "request": "POST /email/v2/projects/{token}/sync",
                    "command": {"kind": "mail", "mail": 1, "to": "a@x.cz"}}),
                "api  email/sync mail to a@x.cz    ->  done",
            ),
        ] {
            assert_eq!(line(entry), expected);
        }
    }
}
