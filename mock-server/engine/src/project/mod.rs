//! One project: apply a command and get its outcome or rejection.
//! First everything is checked and decided, then it is carried out; a rejection changes nothing.

mod anonymize;
mod carry_out;
mod published;
#[cfg(test)]
mod tests;
mod then;

use alloc::{boxed::Box, vec::Vec};

use crate::{
    command::{Action, Command, Outcome, Rejection},
    decision::InternalId,
    ids::{GivenId, IdKind, IdSchema, ReadId, ReadIds, read},
    settings::{Settings, UnknownIdType},
    store::{Ahead, Counts, Goal, Store, internal},
    strategy::{Strategy, View, engagement, published::Published},
    time::Timestamp,
};
use then::Then;

/// An isolated world: ID schema, switches, customers, events.
///
/// The same commands with the same times give the same state, decisions and outcomes on every run.
#[derive(Clone, Debug)]
pub struct Project {
    pub(crate) settings: Settings,
    pub(crate) store: Store,
    /// The strategy that answers in the place of Engagement.
    pub(crate) published: Option<Box<Published>>,
    commands: u64,
    duplicates_dropped: u64,
}

/// How many commands a stream is looked at ahead.
const LOOK_AHEAD: usize = 64;

/// What a command reads besides its IDs.
fn goal(action: &Action<'_>) -> Goal {
    match action {
        Action::SetProperties { .. } => Goal::Properties,
        Action::TrackEvent { .. } => Goal::Events,
        Action::OpenLink { .. } | Action::Anonymize { .. } => Goal::Nothing,
    }
}

impl Project {
    /// An empty project.
    pub fn new(settings: Settings) -> Self {
        let published = match settings.strategy {
            Strategy::Engagement => None,
            Strategy::Published(strategy) => {
                Some(Box::new(Published::new(strategy, &settings.schema)))
            }
        };
        Self {
            settings,
            published,
            store: Store::default(),
            commands: 0,
            duplicates_dropped: 0,
        }
    }

    /// What was chosen when it was created; declared soft types are in the schema.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The ID types, in order of precedence.
    pub fn schema(&self) -> &IdSchema {
        &self.settings.schema
    }

    /// Whether a customer property of this name was ever stored.
    pub fn has_attribute(&self, name: &str) -> bool {
        self.store.attributes.find(name).is_some()
    }

    /// Whether an event of this type was ever stored.
    pub fn has_event_type(&self, event_type: &str) -> bool {
        self.store.event_types.find(event_type).is_some()
    }

    /// How much it holds.
    pub fn counts(&self) -> Counts {
        let absorbed = u64::from(self.store.customers.absorbed());
        Counts {
            customers: u64::from(self.store.customers.created()) - absorbed,
            absorbed,
            ids: self.store.ids.len() as u64,
            events: self.store.events.len() as u64,
            duplicates_dropped: self.duplicates_dropped,
            commands: self.commands,
        }
    }

    /// Applies one command; a rejected one changes nothing.
    pub fn apply(&mut self, command: &Command<'_>) -> Result<Outcome, Rejection> {
        let mut read = ReadIds::default();
        self.read(command, &mut read)?;
        self.apply_read(command, &mut read)
    }

    /// Applies a stream of commands in order, handing on each result with its position.
    ///
    /// The results are those of [`Self::apply`], one by one; but the IDs of the next commands are looked up ahead, so
    /// that the machine waits for many places in memory at once instead of for each in turn.
    pub fn apply_all<'c>(
        &mut self,
        commands: &[Command<'c>],
        mut each: impl FnMut(usize, Result<Outcome, Rejection>),
    ) {
        // Used again for each window: what is read is written where it stays.
        let mut reads: Vec<(ReadIds<'c>, bool)> = Vec::new();
        reads.resize_with(LOOK_AHEAD.min(commands.len()), Default::default);
        let mut ahead = Ahead::default();
        for (window, commands) in commands.chunks(LOOK_AHEAD).enumerate() {
            let types = self.schema().types().len();
            ahead.clear();
            for (command, (read, is_read)) in commands.iter().zip(&mut reads) {
                *is_read = self.read(command, read).is_ok();
                let hashes = read.ids.iter().map(|id| id.key.hash);
                ahead.ask(goal(&command.action), hashes);
            }
            self.store.look_ahead(&mut ahead);
            for (position, (command, (read, is_read))) in
                commands.iter().zip(&mut reads).enumerate()
            {
                // What was read ahead is stale once a command has declared a type.
                let stale = self.settings.schema.types().len() != types;
                let result = if *is_read && !stale {
                    self.apply_read(command, read)
                } else {
                    self.apply(command)
                };
                each(window * LOOK_AHEAD + position, result);
            }
        }
    }

    fn apply_read(
        &mut self,
        command: &Command<'_>,
        read: &mut ReadIds<'_>,
    ) -> Result<Outcome, Rejection> {
        let at = command.at;
        let then = match command.action {
            Action::SetProperties {
                properties,
                update_timestamp,
                ..
            } => Then::set(at, properties, update_timestamp)?,
            Action::TrackEvent {
                event_type,
                timestamp,
                properties,
                ..
            } => Then::track(event_type, timestamp.unwrap_or(at), properties)?,
            Action::OpenLink { .. } => Then::OpenLink,
            Action::Anonymize { who, fresh } => return self.anonymize(at, who, fresh),
        };
        self.resolve(at, read, then)
    }

    /// Reads the IDs that a command resolves; anonymizing resolves none.
    fn read<'a>(&self, command: &Command<'a>, read: &mut ReadIds<'a>) -> Result<(), Rejection> {
        let ids = match command.action {
            Action::SetProperties { ids, .. }
            | Action::TrackEvent { ids, .. }
            | Action::OpenLink { ids } => ids,
            Action::Anonymize { .. } => {
                read.clear();
                return Ok(());
            }
        };
        read.fill(self.schema(), self.settings.switches.unknown_id_type, ids)
    }

    /// The customer that a read of the Data API means: the owner of the first known ID, hard types before soft ones.
    pub fn find(&self, given: &[GivenId<'_>]) -> Result<Option<InternalId>, Rejection> {
        let unknown = match self.settings.switches.unknown_id_type {
            UnknownIdType::Reject => UnknownIdType::Reject,
            UnknownIdType::Ignore | UnknownIdType::DeclareSoft => UnknownIdType::Ignore,
        };
        let read = read(self.schema(), unknown, given)?;
        let of_kind = |kind| read.ids.iter().filter(move |id| id.kind == kind);
        let found = of_kind(IdKind::Hard)
            .chain(of_kind(IdKind::Soft))
            .find_map(|id| self.meant_by(id));
        Ok(found.map(internal))
    }

    /// Whom an ID means: who holds it, unless it points to several people.
    fn meant_by(&self, id: &ReadId<'_>) -> Option<u32> {
        let published = self.published.as_ref();
        let ambiguous = published.and_then(|published| published.ambiguous(id));
        ambiguous.unwrap_or_else(|| {
            let at = self.store.ids.find(id.id_type, &id.key)?;
            Some(self.store.owner(at))
        })
    }

    /// The customer into which this one was folded in the end, itself if it still exists; `None` if it never did.
    pub fn survivor_of(&self, customer: InternalId) -> Option<InternalId> {
        let created = customer.index() < self.store.customers.created();
        created.then(|| internal(self.store.customers.survivor_of(customer.index())))
    }

    /// The customers that exist, in order of creation.
    pub fn customers(&self) -> impl Iterator<Item = InternalId> + '_ {
        self.store.customers.existing().map(internal)
    }

    fn resolve(
        &mut self,
        at: Timestamp,
        read: &mut ReadIds<'_>,
        then: Then<'_>,
    ) -> Result<Outcome, Rejection> {
        read.look_up(&self.store);
        let read = &*read;
        if self.published.is_some() {
            return self.resolve_published(at, read, then);
        }
        let mut decision = engagement::decide(self.view(), read)?;
        decision.because.add_all(read.because);
        if !read.dropped.is_empty() {
            let dropped = read.dropped.iter().cloned();
            decision.effects.insert_many(0, dropped);
        }

        self.next_command();
        let mut because = decision.because;
        self.carry_out(&decision, read, at, &mut because);
        let survivor = decision.survivor.index();
        let happened = self.carry_out_then(survivor, then, &mut because);
        Ok(Outcome {
            decision,
            happened,
            because,
        })
    }

    /// Nothing refuses the command from here on.
    fn next_command(&mut self) {
        self.commands += 1;
        self.store.next_tick();
    }

    fn view(&self) -> View<'_> {
        View {
            store: &self.store,
            schema: &self.settings.schema,
            switches: self.settings.switches,
        }
    }
}
