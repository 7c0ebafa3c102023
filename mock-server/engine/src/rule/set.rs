//! A set of rules: what one decision rests on, in one word.
//! Listed in the order of the rules, so that equal sets read the same.

use super::{Label, Rule};

/// A set of rules; listed in the order of [`Rule::ALL`].
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Rules(u64);

impl Rules {
    /// Adds one rule.
    pub fn add(&mut self, rule: Rule) {
        self.0 |= 1 << rule as u8;
    }

    /// Adds all rules of another set.
    pub fn add_all(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Whether the rule is in the set.
    pub fn contains(self, rule: Rule) -> bool {
        self.0 & (1 << rule as u8) != 0
    }

    /// The rules in their order.
    pub fn iter(self) -> impl Iterator<Item = Rule> {
        Rule::ALL
            .iter()
            .copied()
            .filter(move |rule| self.contains(*rule))
    }

    /// The weakest label among them: what a result that rests on all of them is worth.
    pub fn weakest_label(self) -> Option<Label> {
        self.iter().map(Rule::label).max()
    }

    /// The set as bits, for storing; the bit of a rule is its position in [`Rule::ALL`].
    pub fn bits(self) -> u64 {
        self.0
    }

    /// The set that [`Self::bits`] gave.
    pub fn from_bits(bits: u64) -> Self {
        Self(bits & ((1 << Rule::ALL.len()) - 1))
    }
}

impl From<Rule> for Rules {
    fn from(rule: Rule) -> Self {
        Self(1 << rule as u8)
    }
}

impl FromIterator<Rule> for Rules {
    fn from_iter<I: IntoIterator<Item = Rule>>(rules: I) -> Self {
        let mut set = Self::default();
        for rule in rules {
            set.add(rule);
        }
        set
    }
}

impl core::fmt::Debug for Rules {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_set().entries(self.iter().map(Rule::slug)).finish()
    }
}
