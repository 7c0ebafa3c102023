//! Imports (facts, section 7): definitions with their mapping, files from a URL or inline, rows as ordinary commands.
//! Definitions and finished runs are steps of the journal, as every row is.

mod columns;
mod definition;
mod fetch;
mod report;
mod rows;
mod run;
mod source;
mod values;

use std::sync::Arc;

use serde_json::Value;

pub(crate) use definition::{Definition, ImportBody};
pub(crate) use report::Run;
pub(crate) use rows::File;
pub(crate) use run::{check, fail, run};
pub(crate) use source::{Source, load};

/// How many runs of an import are remembered.
const RUNS_MAX: usize = 100;

/// The imports of a project, in the order in which they were defined.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Imports {
    defined: Vec<Import>,
    last: u32,
}

/// One import with what became of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Import {
    pub(crate) id: String,
    /// The definition as it came, without the content.
    definition: String,
    /// The content of an inline source; shared between copies of the project.
    pub(crate) content: Option<Arc<str>>,
    runs: Vec<Run>,
}

impl Imports {
    /// The ID that the next import gets: 24 hex digits, as the vendor's sample has.
    pub(crate) fn next_id(&self) -> String {
        format!("{:024x}", self.last + 1)
    }

    pub(crate) fn all(&self) -> &[Import] {
        &self.defined
    }

    pub(crate) fn find(&self, id: &str) -> Option<&Import> {
        self.defined.iter().find(|import| import.id == id)
    }

    pub(crate) fn define(&mut self, id: &str, definition: &str, content: Option<&str>) {
        self.last += 1;
        self.defined.push(Import {
            id: id.to_owned(),
            definition: definition.to_owned(),
            content: content.map(Arc::from),
            runs: Vec::new(),
        });
    }

    pub(crate) fn remove(&mut self, id: &str) {
        self.defined.retain(|import| import.id != id);
    }

    /// Notes a finished run, unless the import was deleted meanwhile.
    pub(crate) fn finish(&mut self, id: &str, run: &Run) {
        let Some(import) = self.defined.iter_mut().find(|import| import.id == id) else {
            return;
        };
        import.runs.push(run.clone());
        if import.runs.len() > RUNS_MAX {
            import.runs.remove(0);
        }
    }
}

impl Import {
    /// The definition as it was sent, without secrets and content.
    pub(crate) fn definition(&self) -> Value {
        let mut shown: Value = serde_json::from_str(&self.definition).unwrap_or_default();
        if let Some(auth) = shown.pointer_mut("/source/auth/password") {
            *auth = Value::from("***");
        }
        shown
    }

    /// The definition as the import's own mapping.
    pub(crate) fn body(&self) -> &str {
        &self.definition
    }

    pub(crate) fn runs(&self) -> &[Run] {
        &self.runs
    }
}
