//! Everything of a project that its steps change: the engine's project, the outbox, imports, catalogs, definitions.
//! `apply` is the only way, for a request now as for a replay later.

use std::sync::Arc;

use twinfold_engine::{Command, Outcome, Project, Rejection, Timestamp};

use super::{
    Entry, Step,
    asked::{ask_again, asked},
};
use crate::{
    catalogs::Catalogs,
    definitions::Definitions,
    imports::Imports,
    outbox::{Mail, Outbox},
};

/// Entries that are replayed at a time.
const RUN: usize = 256;

/// What steps change.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) project: Project,
    pub(crate) outbox: Outbox,
    pub(crate) imports: Imports,
    pub(crate) catalogs: Catalogs,
    pub(crate) definitions: Arc<Definitions>,
}

impl State {
    /// How many things it holds, each about as dear to copy as an event.
    pub(crate) fn held(&self) -> u64 {
        let counts = self.project.counts();
        let of_project = counts.customers + counts.absorbed + counts.ids + counts.events;
        let items = self.catalogs.all().map(|(_, catalog)| catalog.items.len());
        let besides = items.sum::<usize>() + self.outbox.mails().len();
        of_project + besides as u64
    }

    /// Applies one step; the outcome if it concerned the engine.
    pub(crate) fn apply(
        &mut self,
        at: Timestamp,
        step: &Step<'_>,
    ) -> Result<Option<Outcome>, Rejection> {
        if let Step::AnonymizeInternal { customer: 0, .. } = step {
            return Err(Rejection::CustomerNotFound);
        }
        self.apply_besides(step);
        let project = &mut self.project;
        asked(step, |action| project.apply(&Command { at, action })).transpose()
    }

    /// Applies entries in their order, as they were applied when they were written.
    pub(super) fn replay<'e>(&mut self, entries: impl Iterator<Item = Entry<'e>>) {
        let mut entries = entries;
        loop {
            let run: Vec<Entry<'_>> = entries.by_ref().take(RUN).collect();
            if run.is_empty() {
                return;
            }
            run.iter().for_each(|entry| self.apply_besides(&entry.step));
            ask_again(&mut self.project, &run);
        }
    }

    /// What a step changes outside the engine, which neither reads nor is read by what it changes there.
    fn apply_besides(&mut self, step: &Step<'_>) {
        match step {
            Step::Catalog(change) => self.catalogs.apply(change),
            Step::Define(definitions) => {
                // They were read from this text before they became a step.
                self.definitions = Arc::new(serde_json::from_str(definitions).unwrap_or_default());
            }
            Step::SendMail(mail) => self.outbox.send(Mail::clone(mail)),
            Step::OpenLink { mail, link, .. } => self.outbox.open(*mail, *link),
            Step::DefineImport {
                id,
                definition,
                content,
            } => self.imports.define(id, definition, content.as_deref()),
            Step::RemoveImport { id } => self.imports.remove(id),
            Step::FinishImport { id, run } => self.imports.finish(id, run),
            Step::Customers { .. }
            | Step::Event { .. }
            | Step::Anonymize { .. }
            | Step::AnonymizeInternal { .. }
            | Step::Refused { .. } => {}
        }
    }
}
