//! Which column is what: identifiers, properties, the time of a row, and what a row becomes.
//! The same mapping comes from the command line, from a YAML file and from a scenario.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::problem::nearest;

/// A mapping of the columns of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    /// What the import is called.
    pub name: String,
    /// ID type and column.
    pub ids: Vec<(String, String)>,
    /// Properties with their columns.
    pub properties: Vec<PropertyColumn>,
    /// The column with the time of each row, of an import of customers.
    pub update_timestamp: Option<String>,
    /// If rows are events: which, and when.
    pub events: Option<Events>,
    /// An empty cell writes nothing, instead of an empty value.
    pub skip_empty: bool,
}

/// A column that is a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PropertyColumn {
    /// The property's name.
    pub name: String,
    /// The column's name.
    pub column: String,
    /// `string`, `number`, `boolean`, `list`, `date` or `datetime`.
    pub kind: String,
}

/// Rows that are events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Events {
    /// The type of every one.
    pub event_type: String,
    /// The column with their time.
    pub timestamp: String,
}

impl Mapping {
    /// The body of `POST /imports/v1/{token}` that imports this content at once.
    pub fn definition(&self, content: &str) -> Value {
        let ids = self.ids.iter();
        let ids = ids.map(|(id_type, column)| json!({"from_column": column, "to_id": id_type}));
        let properties = self.properties.iter().map(|property| {
            json!({"from_column": property.column, "to_column": property.name, "type": property.kind})
        });
        let time = self.update_timestamp.iter();
        let time = time.map(
            |column| json!({"from_column": column, "to_column": "update_timestamp", "type": "number"}),
        );
        json!({
            "name": if self.name.is_empty() { "import" } else { self.name.as_str() },
            "trigger": {"trigger_type": "now"},
            "active": true,
            "source": {"source_type": "inline", "content": content},
            "destination": self.destination(),
            "mapping": {"tz_info": "UTC", "column_mapping": {
                "id_mappings": ids.collect::<Value>(),
                "property_mappings": properties.chain(time).collect::<Value>(),
            }},
            "timestamp_column": self.events.as_ref().map(|events| &events.timestamp),
            "skip_empty": self.skip_empty,
        })
    }

    fn destination(&self) -> Value {
        match &self.events {
            None => json!({"customer_destination": {}}),
            Some(Events { event_type, .. }) => json!({
                "event_destination": {"event_type": event_type, "event_triggers": false},
            }),
        }
    }

    /// Every column that is mapped.
    fn columns(&self) -> impl Iterator<Item = &str> {
        let ids = self.ids.iter().map(|(_, column)| column);
        let properties = self.properties.iter().map(|property| &property.column);
        let times = self.update_timestamp.iter();
        let times = times.chain(self.events.iter().map(|events| &events.timestamp));
        ids.chain(properties).chain(times).map(String::as_str)
    }

    /// The columns of a file that are mapped to nothing.
    pub fn unmapped(&self, columns: &[String]) -> Vec<String> {
        let mapped: HashSet<&str> = self.columns().collect();
        let unmapped = columns.iter().filter(|column| !mapped.contains(column.as_str()));
        unmapped.cloned().collect()
    }

    /// What a file with these columns lacks, or what the mapping itself does.
    pub fn check(&self, columns: &[String]) -> Result<(), String> {
        if self.ids.is_empty() {
            return Err(
                "no column is paired with an identifier; say which one is, such as --id registered=email"
                    .into(),
            );
        }
        let there: HashSet<&str> = columns.iter().map(String::as_str).collect();
        let missing = self.columns().find(|column| !there.contains(column));
        let Some(missing) = missing else {
            return Ok(());
        };
        let names: Vec<&str> = columns.iter().map(String::as_str).collect();
        let meant = nearest(missing, &names);
        let meant = meant.map_or(String::new(), |name| format!("; did you mean `{name}`?"));
        let has = names.join(", ");
        Err(format!(
            "the file has no column `{missing}`{meant} It has: {has}"
        ))
    }
}
