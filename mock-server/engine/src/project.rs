//! One project: apply a command and get its outcome or rejection.
//! First everything is checked and decided, then it is carried out; a rejection changes nothing.

use alloc::vec::Vec;

use crate::{
    command::{Action, Command, Happened, Outcome, PropertiesGiven, Rejection, Who},
    decision::{Decision, Effect, InternalId},
    ids::{GivenId, IdKind, IdSchema, ReadIds, read},
    rule::{Rule, Rules},
    settings::{Settings, UnknownIdType},
    store::{Counts, Json, Store, UpdateRule, internal},
    strategy::{Call, View},
    time::Timestamp,
};

/// An isolated world: ID schema, switches, customers, events.
///
/// The same commands with the same times give the same state, decisions and outcomes on every run.
#[derive(Clone, Debug)]
pub struct Project {
    pub(crate) settings: Settings,
    pub(crate) store: Store,
    commands: u64,
    duplicates_dropped: u64,
    pub(crate) merges: u64,
}

/// How many commands a stream is looked at ahead.
const LOOK_AHEAD: usize = 32;

/// What a command does once identities are settled; decided before anything changes.
enum Then<'a> {
    SetProperties {
        properties: &'a [(&'a str, Json<'a>)],
        at: Timestamp,
        rule: UpdateRule,
    },
    TrackEvent {
        event_type: &'a str,
        at: Timestamp,
        properties: Json<'a>,
    },
    OpenLink,
}

impl Project {
    /// An empty project.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            store: Store::default(),
            commands: 0,
            duplicates_dropped: 0,
            merges: 0,
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
        let read = self.read(command);
        self.apply_read(command, read)
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
        let mut ahead: Vec<Result<ReadIds<'c>, Rejection>> = Vec::with_capacity(LOOK_AHEAD);
        for (window, commands) in commands.chunks(LOOK_AHEAD).enumerate() {
            let types = self.schema().types().len();
            ahead.extend(commands.iter().map(|command| self.read(command)));
            let read = ahead.iter().flatten().flat_map(|read| &read.ids);
            core::hint::black_box(self.store.look_ahead(read.map(|id| id.key.hash)));
            for (position, (command, read)) in commands.iter().zip(ahead.drain(..)).enumerate() {
                // What was read ahead is stale once a command has declared a type.
                let stale = self.settings.schema.types().len() != types;
                let read = if stale { self.read(command) } else { read };
                each(
                    window * LOOK_AHEAD + position,
                    self.apply_read(command, read),
                );
            }
        }
    }

    fn apply_read<'a>(
        &mut self,
        command: &Command<'a>,
        read: Result<ReadIds<'a>, Rejection>,
    ) -> Result<Outcome, Rejection> {
        let at = command.at;
        let outcome = match command.action {
            Action::SetProperties {
                properties,
                update_timestamp,
                ..
            } => self.resolve(at, read?, || then_set(at, properties, update_timestamp)),
            Action::TrackEvent {
                event_type,
                timestamp,
                properties,
                ..
            } => {
                let event_at = timestamp.unwrap_or(at);
                self.resolve(at, read?, || then_track(event_type, event_at, properties))
            }
            Action::OpenLink { .. } => self.resolve(at, read?, || Ok(Then::OpenLink)),
            Action::Anonymize { who, fresh } => self.anonymize(who, fresh),
        }?;
        self.commands += 1;
        Ok(outcome)
    }

    /// Reads the IDs that a command resolves; anonymizing resolves none.
    fn read<'a>(&self, command: &Command<'a>) -> Result<ReadIds<'a>, Rejection> {
        match command.action {
            Action::SetProperties { ids, .. }
            | Action::TrackEvent { ids, .. }
            | Action::OpenLink { ids } => {
                read(self.schema(), self.settings.switches.unknown_id_type, ids)
            }
            Action::Anonymize { .. } => Ok(ReadIds::default()),
        }
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
            .find_map(|id| self.store.ids.find(id.id_type, &id.key));
        Ok(found.map(|at| internal(self.store.owner(at))))
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

    fn resolve<'a>(
        &mut self,
        at: Timestamp,
        read: ReadIds<'_>,
        then: impl FnOnce() -> Result<Then<'a>, Rejection>,
    ) -> Result<Outcome, Rejection> {
        let then = then()?;
        let call = Call::look_up(&read, &self.store);
        let mut decision = self.settings.strategy.decide(self.view(), &call)?;
        let found = call.found;
        decision.because.add_all(read.because);
        decision
            .effects
            .insert_many(0, read.dropped.iter().cloned());

        self.store.next_tick();
        let mut because = self.carry_out(&decision, &read, &found, at);
        because.add_all(decision.because);
        let survivor = decision.survivor.index();
        let (happened, more) = self.carry_out_then(survivor, then);
        because.add_all(more);
        Ok(Outcome {
            decision,
            happened,
            because,
        })
    }

    fn view(&self) -> View<'_> {
        View {
            store: &self.store,
            schema: &self.settings.schema,
            switches: self.settings.switches,
        }
    }

    /// Follows a decision.
    fn carry_out(
        &mut self,
        decision: &Decision,
        read: &ReadIds<'_>,
        found: &crate::strategy::Found,
        at: Timestamp,
    ) -> Rules {
        for name in &read.declared {
            self.settings.schema.declare_soft(name);
        }
        let survivor = decision.survivor.index();
        if decision.created {
            self.store.create();
        }
        let mut because = Rules::default();
        let rule = self.settings.switches.property_conflict;
        for absorbed in &decision.absorbed {
            because.add_all(self.store.absorb(survivor, absorbed.index(), rule));
        }
        if !decision.absorbed.is_empty() {
            self.track_merge(decision, read, found, at);
        }
        for (id, found) in read.ids.iter().zip(found) {
            if let Some((at, _)) = found {
                self.store.touch(*at);
            }
            let effect = decision.effects.iter().find(|effect| match effect {
                Effect::Added { given } | Effect::Moved { given, .. } => *given == id.given,
                _ => false,
            });
            match (effect, found) {
                (Some(Effect::Added { .. }), _) => self.store.add_id(id, survivor),
                (Some(Effect::Moved { .. }), Some((at, _))) => self.store.move_id(*at, survivor),
                _ => {}
            }
        }
        for effect in &decision.effects {
            if let Effect::Displaced(displaced) = effect {
                self.forget(&displaced.id_type, &displaced.value);
            }
        }
        because
    }

    fn forget(&mut self, id_type: &str, value: &str) {
        let position = self.schema().position(id_type);
        if let Some(at) = position.and_then(|position| self.store.find(position, value)) {
            self.store.forget_soft(at);
        }
    }

    fn carry_out_then(&mut self, customer: u32, then: Then<'_>) -> (Happened, Rules) {
        let Store {
            customers,
            properties: stored,
            events,
            names,
            ..
        } = &mut self.store;
        match then {
            Then::SetProperties {
                properties,
                at,
                rule,
            } => {
                let mut set = 0;
                for (name, value) in properties {
                    let name = names.intern(name);
                    set += u32::from(stored.set(customers, customer, name, *value, at, rule));
                }
                let kept = properties.len() as u32 - set;
                let because = (kept > 0).then_some(Rule::OlderUpdateIgnored);
                let happened = Happened::PropertiesSet { stored: set, kept };
                (happened, because.into_iter().collect())
            }
            Then::TrackEvent {
                event_type,
                at,
                properties,
            } => {
                let event_type = names.intern(event_type);
                if events.add(customers, customer, event_type, at, properties) {
                    return (Happened::EventStored, Rules::default());
                }
                self.duplicates_dropped += 1;
                let because = Rule::DuplicateEventDropped.into();
                (Happened::DuplicateEventDropped, because)
            }
            Then::OpenLink => (Happened::LinkOpened, Rule::IdentityTransferred.into()),
        }
    }

    fn track_merge(
        &mut self,
        decision: &Decision,
        read: &ReadIds<'_>,
        found: &crate::strategy::Found,
        at: Timestamp,
    ) {
        let linked = read
            .ids
            .iter()
            .zip(found)
            .filter(|(id, found)| found.is_some() && !decision.drops(id.given));
        let linked: Vec<(&str, &str)> = linked
            .map(|(id, _)| {
                (
                    self.settings.schema.at(id.id_type).name.as_str(),
                    &*id.key.text,
                )
            })
            .collect();
        let properties = crate::profile::merge_properties(decision, &linked);
        let Store {
            customers,
            events,
            names,
            ..
        } = &mut self.store;
        let merge = names.intern("merge");
        events.push(
            customers,
            decision.survivor.index(),
            merge,
            at,
            Json(&properties),
        );
        self.merges += 1;
    }

    fn anonymize(&mut self, who: Who<'_>, fresh: &str) -> Result<Outcome, Rejection> {
        let found = match who {
            Who::Ids(ids) => self.find(ids)?,
            Who::Internal(id) => Some(id).filter(|id| self.store.customers.exists(id.index())),
        };
        let customer = found.ok_or(Rejection::CustomerNotFound)?;
        let types = self.schema().types();
        let soft = types.iter().find(|id_type| id_type.kind == IdKind::Soft);
        let name = soft.ok_or(Rejection::NoSoftType)?.name.clone();
        let given = [GivenId::text(&name, fresh)];
        let fresh = read(self.schema(), UnknownIdType::Reject, &given)
            .map_err(|_| Rejection::FreshIdTaken)?;
        let id = fresh.ids.first().ok_or(Rejection::FreshIdTaken)?;
        if self.store.ids.find(id.id_type, &id.key).is_some() {
            return Err(Rejection::FreshIdTaken);
        }

        self.store.next_tick();
        self.store.forget_all_ids(customer.index());
        self.store.add_id(id, customer.index());
        self.forget_private(customer.index());
        let because = Rules::from(Rule::Anonymized);
        Ok(Outcome {
            decision: Decision {
                survivor: customer,
                created: false,
                absorbed: Default::default(),
                effects: Default::default(),
                because,
            },
            happened: Happened::Anonymized,
            because,
        })
    }

    fn forget_private(&mut self, customer: u32) {
        let Store {
            customers,
            properties,
            names,
            ..
        } = &mut self.store;
        for name in &self.settings.private_properties {
            if let Some(name) = names.find(name) {
                properties.remove(customers, customer, name);
            }
        }
    }
}

fn then_set<'a>(
    at: Timestamp,
    properties: PropertiesGiven<&'a [(&'a str, Json<'a>)]>,
    update_timestamp: Option<Timestamp>,
) -> Result<Then<'a>, Rejection> {
    let PropertiesGiven::Object(properties) = properties else {
        return Err(Rejection::PropertiesNotAnObject);
    };
    Ok(Then::SetProperties {
        properties,
        at: update_timestamp.unwrap_or(at),
        rule: match update_timestamp {
            Some(_) => UpdateRule::IfStoredOlder,
            None => UpdateRule::Always,
        },
    })
}

fn then_track<'a>(
    event_type: Option<&'a str>,
    at: Timestamp,
    properties: PropertiesGiven<Json<'a>>,
) -> Result<Then<'a>, Rejection> {
    let event_type = event_type.filter(|event_type| !event_type.is_empty());
    let event_type = event_type.ok_or(Rejection::EventTypeMissing)?;
    let PropertiesGiven::Object(properties) = properties else {
        return Err(Rejection::PropertiesNotAnObject);
    };
    Ok(Then::TrackEvent {
        event_type,
        at,
        properties,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn apply(project: &mut Project, at: f64, ids: &[(&str, &str)]) -> Result<Outcome, Rejection> {
        let ids: Vec<_> = ids.iter().map(|(t, v)| GivenId::text(t, v)).collect();
        let outcome = project.apply(&Command {
            at: Timestamp::new(at).unwrap(),
            action: Action::SetProperties {
                ids: &ids,
                properties: PropertiesGiven::Object(&[]),
                update_timestamp: None,
            },
        });
        project.check().unwrap();
        outcome
    }

    #[test]
    fn uses_are_renumbered_before_they_wrap() {
        let mut project = Project::new(Settings::default());
        for cookie in 0..64 {
            let cookie = alloc::format!("cookie-{cookie}");
            apply(
                &mut project,
                1.0,
                &[("registered", "ada"), ("cookie", &cookie)],
            )
            .unwrap();
        }
        project.store.tick = u32::MAX;
        apply(&mut project, 2.0, &[("cookie", "cookie-0")]).unwrap();
        assert!(project.store.tick < 100);
        let outcome = apply(
            &mut project,
            3.0,
            &[("registered", "ada"), ("cookie", "new")],
        )
        .unwrap();
        let displaced = Effect::Displaced(alloc::boxed::Box::new(crate::Displaced {
            id_type: "cookie".into(),
            value: "cookie-1".into(),
        }));
        assert!(outcome.decision.effects.contains(&displaced));
    }

    #[test]
    fn properties_of_any_length_and_number_are_read_back() {
        let mut project = Project::new(Settings::default());
        let ids = [GivenId::text("registered", "ada")];
        for length in [1, 70_000, 3, 65_535, 65_536, 200_000, 0] {
            for number in 0..40_000_u32.min(if length == 1 { 40_000 } else { 20 }) {
                let name = alloc::format!("property {number}");
                let value = alloc::format!("\"{}\"", "x".repeat(length));
                let properties = [(name.as_str(), Json(value.as_str()))];
                let set = Action::SetProperties {
                    ids: &ids,
                    properties: PropertiesGiven::Object(&properties),
                    update_timestamp: None,
                };
                let at = Timestamp::new(f64::from(number)).unwrap();
                let outcome = project.apply(&Command { at, action: set }).unwrap();
                let stored = project.property(outcome.decision.survivor, &name).unwrap();
                assert_eq!((stored.value, stored.at), (value, at));
            }
        }
    }

    #[test]
    fn long_chains_of_merges_find_their_survivor() {
        let mut project = Project::new(Settings::default());
        let names: Vec<_> = (0..200).map(|n| alloc::format!("cookie-{n}")).collect();
        for name in &names {
            apply(&mut project, 1.0, &[("cookie", name)]).unwrap();
        }
        // From the youngest pair down, so that each survivor is absorbed by the next older one.
        let mut types = vec![];
        for pair in names.windows(2).rev() {
            let ids: Vec<_> = pair.iter().map(|name| ("cookie", name.as_str())).collect();
            types.push(
                apply(&mut project, 2.0, &ids)
                    .unwrap()
                    .decision
                    .survivor
                    .number(),
            );
        }
        assert_eq!(project.counts().customers, 1);
        assert_eq!(types.last(), Some(&1));
    }
}
