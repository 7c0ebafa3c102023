//! Who can be compared: the real engine with each of its readings, every strategy of the ledger, and the truth.

use twinfold_engine::{ContestedSoftId, HardIdConflict, Label, Switches, ledger::LedgerStrategy};

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
}
