//! Merge strategies: each reads the project and the IDs of a call and returns a decision.
//! Engagement's rules are written here; the published ones keep a ledger, whose verdicts are told as decisions.

pub(crate) mod engagement;
mod person;
pub(crate) mod published;

use alloc::{format, string::String, vec::Vec};

use crate::{
    ids::IdSchema,
    ledger::{LedgerStrategy, NameError},
    settings::Switches,
    store::Store,
};

/// How many ID types a ledger tells apart.
const LEDGER_TYPES_MAX: usize = u8::MAX as usize;

/// How calls are turned into decisions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Strategy {
    /// Bloomreach Engagement as documented (`semantics.md`, section 3).
    #[default]
    Engagement,
    /// Another one, as published.
    Published(LedgerStrategy),
}

impl Strategy {
    /// Every choice with its usual switches, the default first; some of them cannot answer for a project.
    pub const ALL: &[Self] = &{
        let mut all = [Self::Engagement; LedgerStrategy::ALL.len() + 1];
        let mut place = 0;
        while place < LedgerStrategy::ALL.len() {
            all[place + 1] = Self::Published(LedgerStrategy::ALL[place]);
            place += 1;
        }
        all
    };

    /// Those of [`Self::ALL`] by which a project can answer.
    pub fn answering() -> impl Iterator<Item = Self> {
        let all = Self::ALL.iter().copied();
        all.filter(|one| one.cannot().is_none())
    }

    /// The names by which a project can answer: also presets that differ from one of [`Self::ALL`] by switches only.
    pub fn names() -> impl Iterator<Item = &'static str> {
        let presets = LedgerStrategy::presets();
        let answering = presets.filter(|one| Self::Published(one.strategy).cannot().is_none());
        let published = answering.map(|preset| preset.slug);
        core::iter::once(Self::Engagement.slug()).chain(published)
    }

    /// The name without switches.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Engagement => "engagement",
            Self::Published(strategy) => strategy.slug(),
        }
    }

    /// The choice as it is written in settings: `demote-and-retry`, `guarded-identify:guard=off`.
    pub fn name(self) -> String {
        match self {
            Self::Engagement => self.slug().into(),
            Self::Published(strategy) => strategy.name(),
        }
    }

    /// The choice that is written so, or what is wrong with it.
    pub fn from_name(name: &str) -> Result<Self, String> {
        let engagement = Self::Engagement.slug();
        if name == engagement {
            return Ok(Self::Engagement);
        }
        if name.split(':').next() == Some(engagement) {
            return Err(format!(
                "the switches of `{engagement}` are the project's own: set them in `switches`"
            ));
        }
        let named = LedgerStrategy::from_name(name).map_err(|wrong| match wrong {
            NameError::Strategy(slug) => {
                let known: Vec<_> = Self::names().collect();
                format!("`{slug}` is none of {}", known.join(", "))
            }
            NameError::Switches(says) => says,
        });
        named.map(Self::Published)
    }

    /// Whether a project with these ID types can answer by it; if not, why.
    pub fn takes(self, schema: &IdSchema) -> Result<(), String> {
        if let Some(why) = self.cannot() {
            return Err(format!(
                "a project cannot answer by `{}`: {why}; `twinfold compare` has it",
                self.name()
            ));
        }
        let (types, most) = (schema.types().len(), LEDGER_TYPES_MAX);
        match self {
            Self::Published(strategy) if types > most => Err(format!(
                "`{}` tells at most {most} ID types apart, the project has {types}; leave some out",
                strategy.name()
            )),
            _ => Ok(()),
        }
    }

    /// Why no project can answer by it.
    fn cannot(self) -> Option<&'static str> {
        match self {
            Self::Published(LedgerStrategy::EntityCentricRevision) => Some(
                "it takes back single calls when a value turns out generic, and a project keeps events by customer",
            ),
            Self::Published(LedgerStrategy::ReplayRebuild(_)) => Some(
                "it makes a profile from a part of the past of others, and a project has no place for the rest",
            ),
            Self::Published(strategy) if strategy.properties().rule.asks_who_gave() => Some(
                "it asks how often or by which source a value was given, and a project does not remember that",
            ),
            Self::Published(strategy) if strategy.runs_batches() => {
                Some("its batch run puts all calls together anew, and no request runs one")
            }
            _ => None,
        }
    }
}

/// What a strategy may read of a project.
#[derive(Clone, Copy)]
pub(crate) struct View<'p> {
    pub(crate) store: &'p Store,
    pub(crate) schema: &'p IdSchema,
    pub(crate) switches: Switches,
}
