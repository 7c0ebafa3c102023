//! A contestant at work: it takes one call after the other, says what it decided, and knows whose each call is.
//! The engine that the mock server runs and the ledger of the other strategies answer alike.

use std::borrow::Cow;

use twinfold_engine::{
    IdSchema, IdType, InternalId, Project, Settings, Switches, Timestamp,
    ledger::{
        Ledger, LedgerAction, LedgerCommand, LedgerId, LedgerSettings, LedgerStrategy, LedgerType,
        ProfileNumber,
    },
};

use super::{
    contestant::Contestant,
    step::{self, Step},
    traffic::{Given, Traffic},
};

/// How many values of a soft type a profile may hold where a strategy limits that.
const SOFT_LIMIT: u32 = 5;

/// From here on the profiles of refused calls are numbered, each of which is alone.
pub(super) const NOBODYS: u64 = 1 << 32;

/// A contestant and what it makes of the IDs of a traffic before any call; from it every run starts.
#[derive(Clone, Debug)]
pub(super) struct Ready<'t> {
    pub(super) contestant: Contestant,
    pub(super) traffic: &'t Traffic,
    /// What the strategy takes for no ID because of how it is written.
    refused: Vec<LedgerId>,
}

impl<'t> Ready<'t> {
    pub(super) fn new(contestant: Contestant, traffic: &'t Traffic) -> Self {
        let refused = match contestant {
            Contestant::Oracle | Contestant::Engagement(_) => Vec::new(),
            Contestant::Ledger(strategy) => {
                let ids = traffic.all_ids();
                ids.filter(|id| strategy.refuses(traffic.text(*id)))
                    .collect()
            }
        };
        Self {
            contestant,
            traffic,
            refused,
        }
    }

    /// Nothing has come yet.
    pub(super) fn start(&self) -> Running<'_> {
        let books = match self.contestant {
            Contestant::Oracle => Books::Oracle(Vec::new()),
            Contestant::Engagement(switches) => {
                Books::Engagement(Box::new(project(self.traffic, switches)), Vec::new())
            }
            Contestant::Ledger(strategy) => Books::Ledger(Box::new(self.ledger(strategy))),
        };
        Running {
            ready: self,
            books,
            taken: 0,
        }
    }

    fn ledger(&self, strategy: LedgerStrategy) -> Ledger {
        let types = self.traffic.types().iter();
        let types = types.map(|one| LedgerType {
            is_hard: one.is_hard,
            limit: if one.is_hard { 1 } else { SOFT_LIMIT },
        });
        let mut ledger = Ledger::new(strategy, LedgerSettings::of_types(types.collect()));
        for id in &self.refused {
            ledger.introduce(*id, self.traffic.text(*id));
        }
        ledger
    }
}

fn project(traffic: &Traffic, switches: Switches) -> Project {
    let types = traffic.types().iter().map(|one| {
        let id_type = match one.is_hard {
            true => IdType::hard(&one.name),
            false => IdType::soft(&one.name),
        };
        IdType {
            trim: one.trims,
            ..id_type
        }
    });
    Project::new(Settings {
        schema: IdSchema::new(types.collect()).unwrap_or_default(),
        switches,
        ..Settings::default()
    })
}

/// A contestant with what it knows by now.
#[derive(Clone, Debug)]
pub(super) struct Running<'r> {
    ready: &'r Ready<'r>,
    books: Books,
    taken: u32,
}

#[derive(Clone, Debug)]
enum Books {
    /// The person of each call.
    Oracle(Vec<u64>),
    /// The project, and the customer whom each call reached.
    Engagement(Box<Project>, Vec<Option<InternalId>>),
    Ledger(Box<Ledger>),
}

impl Running<'_> {
    /// Takes the next call.
    pub(super) fn take(&mut self, given: &Given<'_>) -> Step {
        self.taken += 1;
        let traffic = self.ready.traffic;
        match &mut self.books {
            Books::Oracle(people) => {
                people.push(u64::from(given.person));
                Step::of_truth(given.person)
            }
            Books::Engagement(project, owners) => {
                let outcome = step::set(project, traffic, given);
                owners.push(outcome.as_ref().ok().map(|one| one.decision.survivor));
                step::told(outcome)
            }
            Books::Ledger(ledger) => {
                let event = self.taken - 1;
                let verdict = step::call(ledger, traffic, given, event);
                let mut asked = Vec::new();
                if self.ready.contestant.merges_when_asked() {
                    asked = step::log_in(ledger, traffic, given);
                }
                step::judged(&verdict, &asked, ledger.owner_of_event(event))
            }
        }
    }

    /// All calls have come: a strategy that puts them together in a batch does so now.
    pub(super) fn end(&mut self) {
        if let Books::Ledger(ledger) = &mut self.books
            && self.ready.contestant.runs_batches()
        {
            ledger.apply(&LedgerCommand {
                at: Timestamp::default(),
                action: LedgerAction::Run,
            });
        }
    }

    /// As it would be if no other call came.
    pub(super) fn as_if_ended(&self) -> Cow<'_, Self> {
        if !self.ready.contestant.runs_batches() {
            return Cow::Borrowed(self);
        }
        let mut ended = self.clone();
        ended.end();
        Cow::Owned(ended)
    }

    /// On whose profile a call is by now, by its place among those taken; each refused call is alone.
    pub(super) fn profile_of(&self, taken: u32) -> u64 {
        let owner = match &self.books {
            Books::Oracle(people) => people.get(taken as usize).copied(),
            Books::Engagement(project, owners) => {
                let owner = owners.get(taken as usize).copied().flatten();
                let survivor = owner.and_then(|owner| project.survivor_of(owner));
                survivor.map(|survivor| u64::from(survivor.number()))
            }
            Books::Ledger(ledger) => {
                let owner = ledger.owner_of_event(taken);
                owner.map(|profile| u64::from(profile.0))
            }
        };
        owner.unwrap_or(NOBODYS + u64::from(taken))
    }

    /// The profile to which an ID leads now; the truth knows no IDs.
    pub(super) fn holder(&self, id: LedgerId) -> Option<u64> {
        match &self.books {
            Books::Oracle(_) => None,
            Books::Engagement(project, _) => {
                let found = project.find(&[self.ready.traffic.given_id(id)]);
                found.ok().flatten().map(|one| u64::from(one.number()))
            }
            Books::Ledger(ledger) => ledger.profile_of(id).map(|one| u64::from(one.0)),
        }
    }

    /// Whether its profiles are people.
    pub(super) fn is_the_truth(&self) -> bool {
        matches!(self.books, Books::Oracle(_))
    }

    /// Whether it may put calls on other profiles later.
    pub(super) fn moves_calls(&self) -> bool {
        self.ready.contestant.moves_calls()
    }

    /// A property of a profile as JSON, the way the strategy keeps it; the truth keeps none.
    pub(super) fn property(&self, profile: u64, name: &str) -> Option<String> {
        let number = u32::try_from(profile).ok()?;
        match &self.books {
            Books::Oracle(_) => None,
            Books::Engagement(project, _) => {
                let customer = InternalId::from_number(number)?;
                project.property(customer, name).map(|stored| stored.value)
            }
            Books::Ledger(ledger) => {
                let mut kept = ledger.properties_of(ProfileNumber(number));
                let kept = kept.find(|(known, _)| *known == name);
                kept.map(|(_, value)| value.0.to_owned())
            }
        }
    }

    /// The project, of those who have one.
    pub(super) fn project(&self) -> Option<&Project> {
        match &self.books {
            Books::Engagement(project, _) => Some(project),
            Books::Oracle(_) | Books::Ledger(_) => None,
        }
    }
}
