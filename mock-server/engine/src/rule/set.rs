//! A set of rules: what one decision rests on, in two words.
//! Listed in the order of the rules, so that equal sets read the same.

use super::{Label, Rule};

/// A set of rules; listed in the order of [`Rule::ALL`].
// Two words and not one of 128 bits, which would be aligned to 16 bytes and pad every decision. Which word a rule is in is
// known where the rule is: adding one stays one instruction.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Rules([u64; 2]);

const BITS_A_WORD: usize = u64::BITS as usize;

/// Every rule has its bit.
const _: () = assert!(Rule::ALL.len() < 2 * BITS_A_WORD);

fn place(rule: Rule) -> (usize, u64) {
    let place = rule as usize;
    (place / BITS_A_WORD, 1 << (place % BITS_A_WORD))
}

impl Rules {
    /// Adds one rule.
    pub fn add(&mut self, rule: Rule) {
        let (word, bit) = place(rule);
        self.0[word] |= bit;
    }

    /// Adds all rules of another set.
    pub fn add_all(&mut self, other: Self) {
        self.0[0] |= other.0[0];
        self.0[1] |= other.0[1];
    }

    /// Whether the rule is in the set.
    pub fn contains(self, rule: Rule) -> bool {
        let (word, bit) = place(rule);
        self.0[word] & bit != 0
    }

    /// The rules in their order.
    pub fn iter(self) -> impl Iterator<Item = Rule> {
        let mut left = self.bits();
        core::iter::from_fn(move || {
            let rule = Rule::ALL.get(left.trailing_zeros() as usize)?;
            left &= left - 1;
            Some(*rule)
        })
    }

    /// The weakest label among them: what a result that rests on all of them is worth.
    pub fn weakest_label(self) -> Option<Label> {
        self.iter().map(Rule::label).max()
    }

    /// The set as bits, for storing; the bit of a rule is its position in [`Rule::ALL`].
    pub fn bits(self) -> u128 {
        u128::from(self.0[1]) << BITS_A_WORD | u128::from(self.0[0])
    }

    /// The set that [`Self::bits`] gave.
    pub fn from_bits(bits: u128) -> Self {
        let is_in = |rule: &&Rule| bits & (1 << **rule as u8) != 0;
        Rule::ALL.iter().filter(is_in).copied().collect()
    }
}

impl From<Rule> for Rules {
    fn from(rule: Rule) -> Self {
        let mut set = Self::default();
        set.add(rule);
        set
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

#[cfg(test)]
mod tests {
    use super::{Rule, Rules};

    /// Every pair of rules, so that both words and both their ends are met.
    #[test]
    fn a_set_is_what_was_added() {
        for (place, one) in Rule::ALL.iter().enumerate() {
            for other in &Rule::ALL[place..] {
                let set: Rules = [*other, *one].into_iter().collect();
                let mut listed = alloc::vec![*one, *other];
                listed.dedup();
                assert_eq!(set.iter().collect::<alloc::vec::Vec<_>>(), listed);
                assert_eq!(Rules::from_bits(set.bits()), set);
                for rule in Rule::ALL {
                    assert_eq!(set.contains(*rule), listed.contains(rule));
                }
                let mut sum = Rules::from(*one);
                sum.add_all(Rules::from(*other));
                assert_eq!(sum, set);
            }
        }
    }

    /// A journal of a later version may have rules that this one has not.
    #[test]
    fn bits_of_no_rule_are_left_out() {
        let all: Rules = Rule::ALL.iter().copied().collect();
        assert_eq!(Rules::from_bits(u128::MAX), all);
        assert_eq!(Rules::from_bits(1 << Rule::ALL.len()), Rules::default());
    }
}
