//! The journal of our own server, as far as a diagnosis reads it: which command of which source
//! wrote what to which customer, followed through merges.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Who sent a command, as the header `twinfold-source` said. The order is that of the documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The web SDK.
    JsSdk,
    /// A mobile SDK.
    AppSdk,
    /// A server that calls the API.
    Api,
    /// An import.
    Import,
    /// A link in an e-mail.
    Link,
    /// A repair.
    Repair,
    /// Nothing says who.
    #[serde(other)]
    Unknown,
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::JsSdk => "js-sdk",
            Self::AppSdk => "app-sdk",
            Self::Api => "api",
            Self::Import => "import",
            Self::Link => "link",
            Self::Repair => "repair",
            Self::Unknown => "unknown source",
        })
    }
}

/// One page of `GET /projects/{t}/journal`.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct JournalPage {
    /// The entries in order.
    #[serde(default)]
    pub entries: Vec<JournalEntry>,
    /// How many of the oldest entries are no longer held one by one.
    #[serde(default)]
    pub folded: u64,
    /// The number of the newest entry.
    #[serde(default)]
    pub last: u64,
}

/// One command and what came of it; what a diagnosis does not read is left out.
#[derive(Clone, Debug, Deserialize)]
pub struct JournalEntry {
    /// Its place in the journal.
    pub seq: u64,
    /// When it arrived, in seconds.
    #[serde(default)]
    pub at: f64,
    /// Who sent it.
    #[serde(default = "unknown_source")]
    pub source: Source,
    /// Method and path with `{token}`.
    #[serde(default)]
    pub request: String,
    /// Position in the batch, or row of the import.
    #[serde(default)]
    pub item: Option<u32>,
    /// What was asked.
    #[serde(default)]
    pub command: Command,
    /// What was decided; absent if it was rejected.
    #[serde(default)]
    pub decision: Option<Decision>,
}

/// What was asked.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Command {
    /// `customers`, `event`, and so on.
    #[serde(default)]
    pub kind: String,
    /// The IDs as they came.
    #[serde(default)]
    pub customer_ids: Option<BTreeMap<String, Value>>,
    /// The properties as they came.
    #[serde(default)]
    pub properties: Option<BTreeMap<String, Value>>,
    /// The event type, of an event.
    #[serde(default)]
    pub event_type: Option<String>,
    /// Which import, where one is defined or has run.
    #[serde(default)]
    pub import_id: Option<String>,
    /// How the columns of an import are mapped, where one is defined.
    #[serde(default)]
    pub column_mapping: Option<ColumnMapping>,
}

/// How an import maps the columns of its file.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct ColumnMapping {
    /// Columns that are paired with an ID type.
    #[serde(default)]
    pub id_mappings: Vec<MappedColumn>,
    /// Columns that become properties.
    #[serde(default)]
    pub property_mappings: Vec<MappedColumn>,
}

/// One column of an import.
#[derive(Clone, Debug, Deserialize)]
pub struct MappedColumn {
    /// The column's name in the file.
    pub from_column: String,
    /// The ID type or the property; a column may keep its own name.
    #[serde(default, alias = "to_id", alias = "to_column")]
    pub to: Option<String>,
}

impl MappedColumn {
    /// The ID type or the property.
    pub fn to(&self) -> &str {
        self.to.as_deref().unwrap_or(&self.from_column)
    }
}

impl Command {
    /// The text of an ID, if the command carried one.
    pub fn id(&self, id_type: &str) -> Option<&str> {
        self.customer_ids.as_ref()?.get(id_type)?.as_str()
    }

    /// The text of a property, if the command sets properties and this one is a text.
    pub fn sets(&self, property: &str) -> Option<&str> {
        let sets = self.event_type.is_none();
        self.properties
            .as_ref()
            .filter(|_| sets)?
            .get(property)?
            .as_str()
    }
}

/// Who a command was for, by creation number.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Decision {
    /// The customer that it was carried out on.
    #[serde(default)]
    pub survivor: Option<u64>,
    /// Customers that were folded into it.
    #[serde(default)]
    pub absorbed: Vec<u64>,
}

/// A journal whose commands can be found by the customer they ended on.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    entries: Vec<JournalEntry>,
    by_customer: HashMap<u64, Vec<usize>>,
    is_complete: bool,
    last: u64,
}

impl Journal {
    /// A journal read page by page.
    pub fn new(pages: impl IntoIterator<Item = JournalPage>) -> Self {
        let mut journal = Self {
            is_complete: true,
            ..Self::default()
        };
        for page in pages {
            journal.is_complete &= page.folded == 0;
            journal.last = page.last.max(journal.last);
            journal.entries.extend(page.entries);
        }
        journal.by_customer = by_customer(&journal.entries);
        journal
    }

    /// Whether every command since the beginning is in it.
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// The number of the newest entry when it was read; 0 if there was none.
    pub fn last(&self) -> u64 {
        self.last
    }

    /// Every command, in order.
    pub fn entries(&self) -> &[JournalEntry] {
        &self.entries
    }

    /// The mapping of the import that a row came by: of the first import that finished after it.
    pub fn mapping_of_row(&self, seq: u64) -> Option<&ColumnMapping> {
        let after = self.entries.partition_point(|entry| entry.seq <= seq);
        let mut after = self.entries[after..].iter();
        let finished = after.find(|entry| entry.command.kind == "import-finished")?;
        let is_its = |entry: &&JournalEntry| {
            entry.command.kind == "import-defined"
                && entry.command.import_id == finished.command.import_id
        };
        let defined = self.entries.iter().rev().find(is_its)?;
        defined.command.column_mapping.as_ref()
    }

    /// The commands that were carried out on a customer, or on one that was absorbed into it, in
    /// order.
    pub fn commands_of(&self, number: u64) -> impl Iterator<Item = &JournalEntry> {
        let positions = self.by_customer.get(&number).map_or(&[][..], Vec::as_slice);
        positions.iter().map(|&at| &self.entries[at])
    }
}

fn unknown_source() -> Source {
    Source::Unknown
}

/// Read from the end, so that the last survivor of each customer is known before its commands.
fn by_customer(entries: &[JournalEntry]) -> HashMap<u64, Vec<usize>> {
    let mut ended_on = HashMap::<u64, u64>::new();
    let mut by_customer = HashMap::<u64, Vec<usize>>::new();
    for (at, entry) in entries.iter().enumerate().rev() {
        let Some(decision) = &entry.decision else {
            continue;
        };
        let Some(survivor) = decision.survivor else {
            continue;
        };
        let last = ended_on.get(&survivor).copied().unwrap_or(survivor);
        for absorbed in &decision.absorbed {
            ended_on.insert(*absorbed, last);
        }
        by_customer.entry(last).or_default().push(at);
    }
    for positions in by_customer.values_mut() {
        positions.reverse();
    }
    by_customer
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn commands_follow_their_customer_through_merges() {
        let entry = |seq: u64, survivor: u64, absorbed: &[u64]| {
            json!({"seq": seq, "source": "js-sdk", "at": 1.0, "command": {"kind": "customers", "customer_ids": {"cookie": "a"}},
                "decision": {"survivor": survivor, "absorbed": absorbed, "created": false}, "outcome": "properties set"})
        };
        let page = json!({"folded": 0, "last": 6, "entries": [
            entry(1, 1, &[]), entry(2, 3, &[]), entry(3, 2, &[]), entry(4, 2, &[3]), entry(5, 1, &[2]),
            {"seq": 6, "source": "smoke-signal", "command": {}, "rejection": {"kind": "x", "message": "y"}},
            entry(7, 4, &[]),
        ]});
        let page: JournalPage = serde_json::from_value(page).expect("the journal's shape");
        assert_eq!(page.entries[5].source, Source::Unknown);
        let journal = Journal::new([page]);
        let seqs = |number| {
            journal
                .commands_of(number)
                .map(|e| e.seq)
                .collect::<Vec<_>>()
        };
        assert_eq!(seqs(1), [1, 2, 3, 4, 5]);
        assert_eq!(seqs(4), [7]);
        assert!(seqs(2).is_empty());
        assert!(journal.is_complete());
    }
}
