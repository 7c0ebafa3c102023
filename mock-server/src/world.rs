//! The world of one project: its state, its clock, its fresh cookies and its journal.
//! Every write passes through here: read the clock, apply, journal, then react.

use std::{borrow::Cow, sync::Arc};

use twinfold_engine::{Outcome, Project, Rejection, Timestamp};

use crate::{
    clock::Clock,
    consents::default_categories,
    definitions::Definitions,
    double_opt_in,
    fresh::FreshIds,
    journal::{self, Journal, NewEntry, Origin, Recorded, Route, State, Step},
    settings::{ConsentCategory, DoubleOptInSetting, ProjectSettings, UnknownDefinition},
    wire::given::Id,
};

/// One project with all that belongs to it.
#[derive(Clone, Debug)]
pub(crate) struct World {
    state: State,
    clock: Clock,
    fresh: FreshIds,
    journal: Journal,
    double_opt_in: Option<DoubleOptInSetting>,
    unknown_definition: UnknownDefinition,
    consent_categories: Arc<[ConsentCategory]>,
    rejected: u64,
}

impl World {
    pub(crate) fn new(project: Project, settings: &ProjectSettings) -> Self {
        let state = State {
            project,
            outbox: Default::default(),
            imports: Default::default(),
            catalogs: Default::default(),
            definitions: Arc::new(settings.definitions.clone()),
        };
        let categories = settings.consent_categories.clone();
        let bytes_max = settings
            .journal_bytes_max
            .unwrap_or(journal::BYTES_MAX_DEFAULT);
        Self {
            journal: Journal::new(state.clone(), bytes_max),
            state,
            clock: Clock::new(settings.clock),
            // A project whose clock repeats itself repeats its cookies too.
            fresh: match settings.clock {
                None => FreshIds::random(),
                Some(_) => FreshIds::seeded(0),
            },
            double_opt_in: settings.double_opt_in,
            unknown_definition: settings.unknown_definition,
            consent_categories: categories.unwrap_or_else(default_categories).into(),
            rejected: 0,
        }
    }

    pub(crate) fn project(&self) -> &Project {
        &self.state.project
    }

    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    pub(crate) fn journal(&self) -> &Journal {
        &self.journal
    }

    pub(crate) fn definitions(&self) -> &Definitions {
        &self.state.definitions
    }

    pub(crate) fn unknown_definition(&self) -> UnknownDefinition {
        self.unknown_definition
    }

    pub(crate) fn consent_categories(&self) -> Arc<[ConsentCategory]> {
        self.consent_categories.clone()
    }

    /// How many writes were rejected.
    pub(crate) fn rejected(&self) -> u64 {
        self.rejected
    }

    pub(crate) fn now(&mut self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn advance_clock(&mut self, seconds: f64) {
        self.clock.advance(seconds);
    }

    pub(crate) fn fresh_id(&mut self) -> String {
        self.fresh.next()
    }

    /// Carries out one write and whatever the project does in answer to it.
    pub(crate) fn write(
        &mut self,
        origin: Origin<'_>,
        step: &Step<'_>,
    ) -> Result<Option<Outcome>, Rejection> {
        let at = self.clock.tick();
        let result = self.record(at, origin, step);
        if result.is_ok() {
            self.react(at, step);
        }
        result
    }

    /// Carries out one write; the project does nothing in answer to it.
    pub(crate) fn write_unanswered(
        &mut self,
        origin: Origin<'_>,
        step: &Step<'_>,
    ) -> Result<Option<Outcome>, Rejection> {
        let at = self.clock.tick();
        self.record(at, origin, step)
    }

    /// Notes what the engine has no part in, and what moves no clock.
    pub(crate) fn note(&mut self, origin: Origin<'_>, step: &Step<'_>) {
        let at = self.clock.now();
        // The engine has no part in it, so nothing can be rejected.
        let _noted = self.record(at, origin, step);
    }

    /// Opens a link of a mail: identity transfer as the mail says, then the consents it confirms. Where it leads.
    pub(crate) fn open_link(
        &mut self,
        mail: u32,
        link: u32,
        cookie: Option<&str>,
    ) -> Option<String> {
        let found = self.state.outbox.find(mail)?;
        let opened = found.links.get(link as usize)?;
        let target = opened.target.clone();
        let mut ids = Vec::new();
        if let Some(cookie) = cookie.filter(|_| found.transfers(opened)) {
            ids = recipient(&found.customer_ids);
            let device = self.state.project.schema().device_type();
            ids.extend(device.map(|device| Id::text(&device.name, cookie)));
        }
        let confirms = opened.name == "confirm" && opened.clicks == 0;
        let consents = if confirms {
            found.confirms.clone()
        } else {
            Vec::new()
        };
        let customer_ids = found.customer_ids.clone();
        let origin = |route| Origin {
            source: Cow::Borrowed("link"),
            route,
            item: None,
        };
        // A transfer that the project rejects still leads to the page.
        let _transferred = self.write(origin(Route::Link), &Step::OpenLink { mail, link, ids });
        for properties in consents {
            let step = Step::Event {
                ids: recipient(&customer_ids),
                event_type: Some(Cow::Borrowed("consent")),
                timestamp: None,
                properties: Some(Cow::Owned(properties)),
            };
            let _tracked = self.write(origin(Route::DoubleOptIn), &step);
        }
        Some(target)
    }

    fn record(
        &mut self,
        at: Timestamp,
        origin: Origin<'_>,
        step: &Step<'_>,
    ) -> Result<Option<Outcome>, Rejection> {
        let result = self.state.apply(at, step);
        self.rejected += u64::from(result.is_err());
        let entry = NewEntry {
            at: at.seconds(),
            origin: &origin,
            step,
            result: &Recorded::of(&result),
        };
        self.journal.append(&entry, &self.state);
        result
    }

    fn react(&mut self, at: Timestamp, step: &Step<'_>) {
        let Some(setting) = self.double_opt_in else {
            return;
        };
        let (schema, id) = (self.state.project.schema(), self.state.outbox.next_id());
        let Some(mail) = double_opt_in::confirmation(setting, schema, step, id, at) else {
            return;
        };
        let origin = Origin {
            source: Cow::Borrowed("double-opt-in"),
            route: Route::DoubleOptIn,
            item: None,
        };
        // Sending a mail is never rejected.
        let _sent = self.record(at, origin, &Step::SendMail(Box::new(mail)));
    }
}

/// The IDs of a mail's recipient, as a command takes them.
pub(crate) fn recipient(customer_ids: &[(String, String)]) -> Vec<Id<'static>> {
    let ids = customer_ids.iter();
    ids.map(|(id_type, value)| Id::text(id_type, value))
        .collect()
}
