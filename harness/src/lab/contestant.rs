//! Who can be compared: the real engine with each of its readings, every strategy of the ledger, and the truth.

use twinfold_engine::{
    ContestedSoftId, HardIdConflict, Label, PropertyConflict, Switches,
    ledger::{LedgerStrategy, PropertyRule, Switch},
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

    /// Every one that has a name without switches behind it: those of [`Self::all`], then variants and vendors' presets.
    pub fn named() -> Vec<Self> {
        let mut named = Self::all();
        let presets = LedgerStrategy::presets().skip(LedgerStrategy::ALL.len());
        named.extend(presets.map(|preset| Self::Ledger(preset.strategy)));
        named
    }

    /// The switches as they stand, each with its choices; of Engagement those that decide about identities and
    /// properties.
    pub fn switches(self) -> Vec<Switch> {
        match self {
            Self::Oracle => Vec::new(),
            Self::Engagement(switches) => of_engagement(switches),
            Self::Ledger(strategy) => strategy.switches(),
        }
    }

    /// As it is written at the command line, such as `engagement:contested_soft_id=newer_customer`.
    pub fn name(self) -> String {
        match self {
            Self::Oracle => "oracle".into(),
            Self::Ledger(strategy) => strategy.name(),
            Self::Engagement(switches) => {
                let own = of_engagement(switches).into_iter();
                let pairs = own.zip(of_engagement(Switches::default()));
                let changed = pairs.filter(|(one, usual)| one != usual);
                let written = changed.map(|(one, _)| format!(":{}={}", one.name, one.chosen));
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

    /// Whether it believes one source more than another.
    pub fn asks_for_sources(self) -> bool {
        matches!(self, Self::Ledger(strategy) if strategy.properties().rule == PropertyRule::SourceOrder)
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

fn of_engagement(switches: Switches) -> Vec<Switch> {
    let switch = |name, chosen, choices| Switch {
        name,
        chosen,
        choices,
    };
    let slugs = (
        HardIdConflict::ALL.iter().map(|one| one.slug()),
        ContestedSoftId::ALL.iter().map(|one| one.slug()),
        PropertyConflict::ALL.iter().map(|one| one.slug()),
    );
    vec![
        switch(
            "hard_id_conflict",
            switches.hard_id_conflict.slug(),
            slugs.0.collect(),
        ),
        switch(
            "contested_soft_id",
            switches.contested_soft_id.slug(),
            slugs.1.collect(),
        ),
        switch(
            "property_conflict",
            switches.property_conflict.slug(),
            slugs.2.collect(),
        ),
    ]
}
