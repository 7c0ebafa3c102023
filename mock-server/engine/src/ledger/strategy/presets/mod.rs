//! Strategies as somebody published them: a name, the switches, by whom, how sure the model is, and what it leaves out.
//! They are named after what they do; vendors' presets of the explicit merge, which all do the same, after the vendor.

mod published;
mod vendors;

use super::LedgerStrategy;
use crate::rule::Label;
use published::{MAIN, VARIANTS};
use vendors::VENDORS;

/// A strategy with its switches set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// As it is written at the command line.
    pub slug: &'static str,
    /// The strategy with its switches.
    pub strategy: LedgerStrategy,
    /// By whom, and how sure.
    pub published: Published,
}

/// By whom a strategy is published, and how sure the model of it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// The product, or that it is nobody's.
    pub by: &'static str,
    /// How sure its rules are.
    pub label: Label,
    /// What the model leaves out.
    pub leaves_out: &'static str,
}

const fn preset(
    slug: &'static str,
    strategy: LedgerStrategy,
    by: &'static str,
    label: Label,
    leaves_out: &'static str,
) -> Preset {
    let published = Published {
        by,
        label,
        leaves_out,
    };
    Preset {
        slug,
        strategy,
        published,
    }
}

impl LedgerStrategy {
    /// One for each strategy and each of its published modes.
    pub const ALL: [Self; MAIN.len()] = {
        let mut all = [Self::NeverMerge; MAIN.len()];
        let mut place = 0;
        while place < MAIN.len() {
            all[place] = MAIN[place].strategy;
            place += 1;
        }
        all
    };

    /// Every preset, those of [`Self::ALL`] first.
    pub fn presets() -> impl Iterator<Item = &'static Preset> {
        const ALL: &[&[Preset]] = &[&MAIN, &VARIANTS, &VENDORS];
        ALL.iter().copied().flatten()
    }

    /// The preset that it is, or that of the same strategy from which it differs least.
    pub fn preset(self) -> &'static Preset {
        let own = self.switches();
        let differs = |preset: &&Preset| {
            let is_another =
                core::mem::discriminant(&preset.strategy) != core::mem::discriminant(&self);
            let its = preset.strategy.switches();
            let switches = its.iter().zip(&own);
            (is_another, switches.filter(|(its, own)| its != own).count())
        };
        Self::presets().min_by_key(differs).unwrap_or(&MAIN[0])
    }

    /// The name of its preset.
    pub fn slug(self) -> &'static str {
        self.preset().slug
    }

    /// By whom it is published, and what the model of it leaves out. A choice of switches that no preset has is a guess.
    pub fn published(self) -> Published {
        let preset = self.preset();
        let label = match preset.strategy == self {
            true => preset.published.label,
            false => Label::Assumed,
        };
        Published {
            label,
            ..preset.published
        }
    }
}
