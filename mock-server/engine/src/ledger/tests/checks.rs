//! Which invariants a strategy breaks in a history: the slow way, by looking at everything after every command.

use alloc::{borrow::ToOwned, collections::BTreeSet, string::String, vec::Vec};

use super::{
    super::{
        GivenProperty, Ledger, LedgerAction, LedgerCommand, LedgerId, LedgerInvariant,
        LedgerSettings, LedgerStrategy, ProfileNumber, PropertyWrite, Verdict,
    },
    history::{Step, TYPES},
};
use crate::{store::Json, time::Timestamp};

/// Between two commands, so that windows of a week and of thirty days pass within a history.
const FIVE_DAYS: f64 = 5.0 * 86_400.0;

/// A history as it runs.
struct Run {
    ledger: Ledger,
    seconds: f64,
    events: u32,
    /// The value that each call set.
    values: Vec<Option<String>>,
    broken: BTreeSet<LedgerInvariant>,
}

/// The invariants that the strategy breaks somewhere in the history.
pub(super) fn broken(strategy: LedgerStrategy, history: &[Step]) -> BTreeSet<LedgerInvariant> {
    let mut run = Run::new(strategy);
    for step in history {
        run.step(step);
    }
    run.settle_all();
    run.check_ids(history);
    run.check_calls(history);
    run.check_order(strategy, history);
    run.check_repetition(strategy, history);
    run.broken
}

impl Run {
    fn new(strategy: LedgerStrategy) -> Self {
        let settings = LedgerSettings::of_types(TYPES.to_vec());
        Self {
            ledger: Ledger::new(strategy, settings),
            seconds: 0.0,
            events: 0,
            values: Vec::new(),
            broken: BTreeSet::new(),
        }
    }

    fn step(&mut self, step: &Step) -> Verdict {
        self.seconds += FIVE_DAYS;
        let at = Timestamp::new(self.seconds).unwrap();
        let json;
        let mut properties = Vec::new();
        let action = match step {
            Step::Call(ids, given) => {
                json = given.json(self.seconds);
                properties.extend(json.as_deref().map(|json| GivenProperty {
                    name: "city",
                    value: Json(json),
                    write: PropertyWrite::Replaces,
                    rank: 0,
                    set_at: at,
                }));
                self.values.push(json.clone());
                self.events += 1;
                LedgerAction::Call {
                    ids,
                    properties: &properties,
                    event: Some(self.events - 1),
                }
            }
            Step::Merge(source, target) => LedgerAction::Merge {
                source: *source,
                target: *target,
            },
            Step::Copy(source, target) => LedgerAction::Copy {
                source: *source,
                target: *target,
                since: Timestamp::default(),
                until: at,
            },
            Step::Modify(whose, to) => LedgerAction::Modify {
                whose: *whose,
                to: *to,
            },
        };
        self.apply(&LedgerCommand { at, action })
    }

    fn settle_all(&mut self) {
        while let Some(waiting) = self.ledger.waiting().first().copied() {
            let at = Timestamp::new(self.seconds).unwrap();
            let action = LedgerAction::Settle(waiting.number);
            self.apply(&LedgerCommand { at, action });
        }
    }

    fn apply(&mut self, command: &LedgerCommand<'_>) -> Verdict {
        let before = self.owners();
        let verdict = self.ledger.apply(command);
        let after = self.owners();
        let found = verdict.found();
        let oldest = verdict.absorbed.iter().min();
        if oldest.is_some_and(|oldest| found.is_none_or(|found| *oldest < found)) {
            self.breaks(LedgerInvariant::OldestGoesOn);
        }
        for (one, (was, is)) in before.iter().zip(&after).enumerate() {
            let is_absorbed = was.is_some_and(|was| verdict.absorbed.contains(&was));
            let follows = is_absorbed && (found.is_none() || *is == found);
            if was.is_some() && was != is && !follows {
                self.breaks(LedgerInvariant::EventsStayWithTheirProfile);
            }
            let parts = |other: usize| before[other] == *was && after[other] != *is;
            if (0..one).any(parts) && was.is_some() {
                self.breaks(LedgerInvariant::TogetherForGood);
            }
        }
        verdict
    }

    fn owners(&self) -> Vec<Option<ProfileNumber>> {
        let events = 0..self.events;
        events
            .map(|event| self.ledger.owner_of_event(event))
            .collect()
    }

    fn breaks(&mut self, invariant: LedgerInvariant) {
        self.broken.insert(invariant);
    }

    fn check_ids(&mut self, history: &[Step]) {
        let mut held: Vec<(ProfileNumber, LedgerId)> = Vec::new();
        for id in ids() {
            let profiles = self.ledger.profiles_of(id);
            if profiles.len() > 1 {
                self.breaks(LedgerInvariant::OneProfilePerId);
            }
            held.extend(profiles.into_iter().map(|profile| (profile, id)));
        }
        for (profile, id) in &held {
            let same = held
                .iter()
                .filter(|(one, other)| one == profile && other.id_type == id.id_type);
            let limit = TYPES[usize::from(id.id_type)].limit as usize;
            if same.count() > limit {
                self.breaks(LedgerInvariant::LimitsAreKept);
                if limit == 1 {
                    self.breaks(LedgerInvariant::UniqueTypesAreUnique);
                }
            }
        }
        for ids in history.iter().filter_map(Step::ids) {
            let profiles: BTreeSet<_> = ids.iter().map(|id| self.ledger.profile_of(*id)).collect();
            if profiles.contains(&None) {
                self.breaks(LedgerInvariant::EveryIdLeadsSomewhere);
            }
            if profiles.len() > 1 {
                self.breaks(LedgerInvariant::JoinsAllThatIsNamed);
            }
        }
    }

    fn check_calls(&mut self, history: &[Step]) {
        let owners = self.owners();
        let calls: Vec<&Vec<LedgerId>> = history.iter().filter_map(Step::ids).collect();
        for (one, ids) in calls.iter().enumerate() {
            let Some(owner) = owners[one] else {
                self.breaks(LedgerInvariant::EveryCallIsSomebodys);
                continue;
            };
            let others = calls.iter().zip(&owners).skip(one + 1);
            for (its, _) in others.filter(|(_, its)| **its == Some(owner)) {
                if strangers(ids, its) {
                    self.breaks(LedgerInvariant::StrangersStayApart);
                }
                if !linked(history, ids, its) {
                    self.breaks(LedgerInvariant::JoinsOnlyWhatIsLinked);
                }
            }
            self.check_value(owner, &owners);
        }
    }

    fn check_value(&mut self, owner: ProfileNumber, owners: &[Option<ProfileNumber>]) {
        let values = self.values.iter().zip(owners);
        let mut own = values.filter(|(_, its)| **its == Some(owner));
        let newest = own.rfind(|(value, _)| value.is_some());
        let newest = newest.and_then(|(value, _)| value.clone());
        let mut properties = self.ledger.properties_of(owner);
        let value = properties.next().map(|(_, value)| value.0.to_owned());
        drop(properties);
        if newest.is_some() && value.is_none() {
            self.breaks(LedgerInvariant::PropertiesAreKept);
        }
        if newest.is_some() && value != newest {
            self.breaks(LedgerInvariant::NewestValueStays);
        }
    }

    /// Only of calls: whether a merge finds its source is a matter of order, whoever merges.
    fn check_order(&mut self, strategy: LedgerStrategy, history: &[Step]) {
        let calls: Vec<&Step> = history.iter().filter(|step| step.ids().is_some()).collect();
        let run = |order: &[usize]| {
            let mut run = Self::new(strategy);
            for place in order {
                run.step(calls[*place]);
            }
            let owners = run.owners();
            let owner = |call: usize| {
                let at = order.iter().position(|place| *place == call).unwrap();
                // A refused call is alone.
                owners[at].ok_or(call)
            };
            let all: Vec<_> = (0..calls.len()).map(owner).collect();
            let first = |one: &_| all.iter().position(|other| other == one);
            all.iter().map(first).collect::<Vec<_>>()
        };
        let natural: Vec<usize> = (0..calls.len()).collect();
        let backwards: Vec<usize> = natural.iter().rev().copied().collect();
        let mut turned = natural.clone();
        turned.rotate_left(calls.len() / 2);
        let usual = run(&natural);
        if run(&backwards) != usual || run(&turned) != usual {
            self.breaks(LedgerInvariant::OrderIsHarmless);
        }
    }

    fn check_repetition(&mut self, strategy: LedgerStrategy, history: &[Step]) {
        let Some(last @ Step::Call(..)) = history.last() else {
            return;
        };
        let mut run = Self::new(strategy);
        for step in history {
            run.step(step);
        }
        let (owners, held) = (run.owners(), run.holders());
        // At the same time: later, a window may have passed.
        run.seconds -= FIVE_DAYS;
        run.step(last);
        let again = run.owners();
        let is_same = again.last() == owners.last() && again[..owners.len()] == owners[..];
        if !is_same || run.holders() != held {
            self.breaks(LedgerInvariant::RepetitionIsHarmless);
        }
    }

    fn holders(&self) -> Vec<Vec<ProfileNumber>> {
        ids().map(|id| self.ledger.profiles_of(id)).collect()
    }
}

/// Every ID that may occur.
fn ids() -> impl Iterator<Item = LedgerId> {
    (0..3).flat_map(|id_type| (0..4).map(move |value| LedgerId { id_type, value }))
}

fn strangers(one: &[LedgerId], other: &[LedgerId]) -> bool {
    let is_unique = |id: &&LedgerId| TYPES[usize::from(id.id_type)].is_hard;
    one.iter().filter(is_unique).any(|id| {
        let mut same = other
            .iter()
            .filter(|its| its.id_type == id.id_type)
            .peekable();
        same.peek().is_some() && same.all(|its| its != id)
    })
}

/// The slow model: go on adding whole commands until nothing is added.
fn linked(history: &[Step], one: &[LedgerId], other: &[LedgerId]) -> bool {
    let mut reached: BTreeSet<LedgerId> = one.iter().copied().collect();
    loop {
        let before = reached.len();
        for step in history {
            let ids = step.links();
            if ids.iter().any(|id| reached.contains(id)) {
                reached.extend(ids);
            }
        }
        if reached.len() == before {
            return other.iter().any(|id| reached.contains(id));
        }
    }
}
