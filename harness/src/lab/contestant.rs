//! Who can be compared: the real engine with each of its readings, every strategy of the ledger, and the truth.

use twinfold_engine::{
    ContestedSoftId, HardIdConflict, Label, PropertyConflict, Switches, ledger::LedgerStrategy,
};

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

    /// The contestant of this name; a strategy's switches stand behind it, such as
    /// `engagement:property_conflict=survivor_keeps`.
    pub fn from_name(name: &str) -> Option<Self> {
        let mut parts = name.split(':');
        match parts.next()? {
            "oracle" if name == "oracle" => Some(Self::Oracle),
            ENGAGEMENT => {
                let switches = parts.try_fold(Switches::default(), |switches, part| {
                    let (switch, choice) = part.split_once('=')?;
                    with(switches, switch, choice)
                });
                switches.map(Self::Engagement)
            }
            _ => LedgerStrategy::from_name(name).map(Self::Ledger),
        }
    }

    /// As it is written at the command line, such as `engagement:contested_soft_id=newer_customer`.
    pub fn name(self) -> String {
        match self {
            Self::Oracle => "oracle".into(),
            Self::Ledger(strategy) => strategy.name(),
            Self::Engagement(switches) => {
                let pairs = chosen(switches)
                    .into_iter()
                    .zip(chosen(Switches::default()));
                let changed = pairs.filter(|(one, usual)| one != usual);
                let written = changed.map(|((switch, choice), _)| format!(":{switch}={choice}"));
                ENGAGEMENT.to_owned() + &written.collect::<String>()
            }
        }
    }

    /// Whether it puts calls together by a batch run, for which somebody has to ask.
    pub(super) fn runs_batches(self) -> bool {
        matches!(self, Self::Ledger(strategy) if strategy.runs_batches())
    }

    /// Whether it joins profiles only when it is told to.
    pub(super) fn merges_when_asked(self) -> bool {
        matches!(self, Self::Ledger(LedgerStrategy::ExplicitFill(_)))
    }

    /// Whether it may put calls on other profiles later.
    pub(super) fn moves_calls(self) -> bool {
        matches!(self, Self::Ledger(strategy) if strategy.moves_calls())
    }

    /// As published by whom, how sure the model of it is, and what it leaves out.
    pub fn about(self) -> (&'static str, Label, String) {
        let all_there = String::new();
        match self {
            Self::Oracle => ("nobody: the truth", Label::Documented, all_there),
            Self::Engagement(switches) if switches == Switches::default() => {
                ("Bloomreach Engagement", Label::Documented, all_there)
            }
            Self::Engagement(_) => (
                "Bloomreach Engagement, another reading",
                Label::Assumed,
                all_there,
            ),
            Self::Ledger(strategy) => {
                let published = strategy.published();
                let mut leaves_out = published.leaves_out.to_owned();
                if self.merges_when_asked() {
                    leaves_out = format!("{MERGES}; {leaves_out}");
                }
                (published.by, published.label, leaves_out)
            }
        }
    }
}

/// Whence merges come in a comparison, for strategies that merge when they are told to.
const MERGES: &str = "merges that somebody asks for by hand; a comparison asks for one in the shop's place, when a call brings a \
     hard ID beside a soft one whose profile has no hard ID";

/// The name of the engine that the mock server runs.
const ENGAGEMENT: &str = "engagement";

/// The switches that decide about identities and properties, as they stand.
fn chosen(switches: Switches) -> [(&'static str, &'static str); 3] {
    [
        ("hard_id_conflict", switches.hard_id_conflict.slug()),
        ("contested_soft_id", switches.contested_soft_id.slug()),
        ("property_conflict", switches.property_conflict.slug()),
    ]
}

/// With one switch set; nothing if there is no such switch or choice.
fn with(mut switches: Switches, switch: &str, choice: &str) -> Option<Switches> {
    match switch {
        "hard_id_conflict" => switches.hard_id_conflict = HardIdConflict::from_slug(choice)?,
        "contested_soft_id" => switches.contested_soft_id = ContestedSoftId::from_slug(choice)?,
        "property_conflict" => switches.property_conflict = PropertyConflict::from_slug(choice)?,
        _ => return None,
    }
    Some(switches)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_contestant_has_a_name_that_leads_to_it() {
        for contestant in Contestant::all() {
            assert_eq!(Contestant::from_name(&contestant.name()), Some(contestant));
        }
        let both =
            "engagement:hard_id_conflict=first_hard_type_wins:property_conflict=survivor_keeps";
        assert_eq!(Contestant::from_name(both).unwrap().name(), both);
        for wrong in [
            "engagement:shoes=1",
            "engagement:property_conflict=x",
            "oracle:a=b",
            "",
        ] {
            assert_eq!(Contestant::from_name(wrong), None, "{wrong}");
        }
    }
}
