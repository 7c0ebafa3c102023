//! Who can be compared: the real engine with each of its readings, every strategy of the ledger, and the truth.

use twinfold_engine::{
    Action, Command, ContestedSoftId, GivenId, HardIdConflict, IdSchema, IdType, InternalId, Label,
    Project, PropertiesGiven, Settings, Switches, Timestamp,
    ledger::{Ledger, LedgerCommand, LedgerSettings, LedgerStrategy, LedgerType},
};

use super::traffic::{Batch, TYPES};

/// One that takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contestant {
    /// Who it really was.
    Oracle,
    /// The rules of Engagement with these readings of open questions.
    Engagement(Switches),
    /// Another strategy.
    Ledger(LedgerStrategy),
}

impl Contestant {
    /// Every one: the truth, Engagement as usual and with one reading changed, the others.
    pub fn all() -> Vec<Self> {
        let usual = Switches::default();
        let conflicts = HardIdConflict::ALL
            .iter()
            .copied()
            .map(|hard_id_conflict| Switches {
                hard_id_conflict,
                ..usual
            });
        let contested = ContestedSoftId::ALL
            .iter()
            .copied()
            .map(|contested_soft_id| Switches {
                contested_soft_id,
                ..usual
            });
        let mut all = vec![Self::Oracle, Self::Engagement(usual)];
        let changed = conflicts.chain(contested).filter(|one| *one != usual);
        all.extend(changed.map(Self::Engagement));
        all.extend(LedgerStrategy::ALL.map(Self::Ledger));
        all
    }

    /// The contestant of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        let known = Self::all().into_iter().find(|one| one.name() == name);
        known.or_else(|| LedgerStrategy::from_name(name).map(Self::Ledger))
    }

    /// As it is written at the command line, such as `engagement:contested_soft_id=newer_customer`.
    pub fn name(self) -> String {
        match self {
            Self::Oracle => "oracle".into(),
            Self::Ledger(strategy) => strategy.name(),
            Self::Engagement(switches) => {
                let usual = Switches::default();
                let mut name = "engagement".to_owned();
                if switches.hard_id_conflict != usual.hard_id_conflict {
                    name += ":hard_id_conflict=";
                    name += switches.hard_id_conflict.slug();
                }
                if switches.contested_soft_id != usual.contested_soft_id {
                    name += ":contested_soft_id=";
                    name += switches.contested_soft_id.slug();
                }
                name
            }
        }
    }

    /// As published by whom, how sure the model of it is, and what it leaves out.
    pub fn about(self) -> (&'static str, Label, &'static str) {
        match self {
            Self::Oracle => ("nobody: the truth", Label::Documented, ""),
            Self::Engagement(switches) if switches == Switches::default() => {
                ("Bloomreach Engagement", Label::Documented, "")
            }
            Self::Engagement(_) => ("Bloomreach Engagement, another reading", Label::Assumed, ""),
            Self::Ledger(strategy) => {
                let published = strategy.published();
                (published.by, published.label, published.leaves_out)
            }
        }
    }

    pub(super) fn start(self) -> Running {
        match self {
            Self::Oracle => Running::Oracle,
            Self::Engagement(switches) => Running::Engagement(Box::new(Engagement::new(switches))),
            Self::Ledger(strategy) => Running::Ledger(Box::new(Other::new(strategy))),
        }
    }
}

/// A contestant with what it knows by now.
pub(super) enum Running {
    Oracle,
    Engagement(Box<Engagement>),
    Ledger(Box<Other>),
}

impl Running {
    pub(super) fn take(&mut self, batch: &Batch) {
        match self {
            Self::Oracle => {}
            Self::Engagement(engagement) => engagement.take(batch),
            Self::Ledger(other) => other.take(batch),
        }
    }

    /// On whose profile a call is in the end; each refused call is alone.
    pub(super) fn profile_of(&self, call: u32, person: u64) -> u64 {
        let alone = (1 << 32) + u64::from(call);
        match self {
            Self::Oracle => person,
            Self::Engagement(engagement) => engagement.profile_of(call).unwrap_or(alone),
            Self::Ledger(other) => {
                let owner = other.ledger.owner_of_event(call);
                owner.map_or(alone, |profile| u64::from(profile.0))
            }
        }
    }
}

/// The engine that the mock server runs, fed without a server.
pub(super) struct Engagement {
    project: Project,
    owners: Vec<Option<InternalId>>,
}

impl Engagement {
    fn new(switches: Switches) -> Self {
        let types = TYPES.map(|(name, is_hard)| {
            if is_hard {
                IdType::hard(name)
            } else {
                IdType::soft(name)
            }
        });
        let settings = Settings {
            schema: IdSchema::new(types.to_vec()).unwrap_or_default(),
            switches,
            ..Settings::default()
        };
        Self {
            project: Project::new(settings),
            owners: Vec::new(),
        }
    }

    fn take(&mut self, batch: &Batch) {
        for call in &batch.calls {
            let ids: Vec<GivenId<'_>> = call
                .ids
                .iter()
                .zip(&call.texts)
                .map(|(id, text)| GivenId::text(TYPES[usize::from(id.id_type)].0, text))
                .collect();
            let action = Action::SetProperties {
                ids: &ids,
                properties: PropertiesGiven::Object(&[]),
                update_timestamp: None,
            };
            let at = Timestamp::new(call.at as f64).unwrap_or_default();
            let outcome = self.project.apply(&Command { at, action });
            let survivor = outcome.ok().map(|outcome| outcome.decision.survivor);
            self.owners.push(survivor);
        }
    }

    fn profile_of(&self, call: u32) -> Option<u64> {
        let owner = (*self.owners.get(call as usize)?)?;
        let survivor = self.project.survivor_of(owner)?;
        Some(u64::from(survivor.number()))
    }
}

/// A ledger with the IDs of a population.
pub(super) struct Other {
    ledger: Ledger,
}

/// How many values of a soft type a profile may hold where a strategy limits that.
const SOFT_LIMIT: u32 = 5;

impl Other {
    fn new(strategy: LedgerStrategy) -> Self {
        let types = TYPES.map(|(_, is_hard)| LedgerType {
            is_hard,
            limit: if is_hard { 1 } else { SOFT_LIMIT },
        });
        let settings = LedgerSettings::of_types(types.to_vec());
        Self {
            ledger: Ledger::new(strategy, settings),
        }
    }

    fn take(&mut self, batch: &Batch) {
        for (id, text) in &batch.fresh {
            self.ledger.introduce(*id, text);
        }
        for (place, call) in batch.calls.iter().enumerate() {
            let event = Some(batch.first + place as u32);
            let at = Timestamp::new(call.at as f64).unwrap_or_default();
            self.ledger
                .apply(&LedgerCommand::call(at, &call.ids, event));
        }
    }
}
