//! Who could be one person with whom, judged by the hard types other than the e-mail's: connected
//! components of "compatible", found by grouping equal signatures and never by listing pairs.

use std::collections::{BTreeMap, HashMap};

/// A member's values of the other hard types, by position in the schema.
pub(super) type Signature<'a> = Vec<Option<&'a str>>;

/// A connected component of the compatible relation.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Component {
    /// Positions in the list of signatures, ascending.
    pub(super) members: Vec<usize>,
    /// Whether all pairs in it are compatible: it is one person.
    pub(super) is_one_person: bool,
}

/// The components, in the order of their first members.
pub(super) fn components(signatures: &[Signature<'_>]) -> Vec<Component> {
    let mut forest = Forest::new(signatures.len());
    let distinct = join_equal(signatures, &mut forest);
    let by_mask = by_mask(signatures, &distinct);
    let masks: Vec<_> = by_mask.iter().collect();
    for (at, (mask, some)) in masks.iter().enumerate() {
        for (other_mask, others) in &masks[at + 1..] {
            let shared = shared(mask, other_mask);
            join_agreeing(signatures, &shared, (some, others), &mut forest);
        }
    }
    let mut members = BTreeMap::<usize, Vec<usize>>::new();
    for at in 0..signatures.len() {
        members.entry(forest.root(at)).or_default().push(at);
    }
    let mut components: Vec<_> = members
        .into_values()
        .map(|members| Component {
            is_one_person: all_agree(signatures, &members),
            members,
        })
        .collect();
    components.sort_by_key(|component| component.members[0]);
    components
}

/// Members with the same signature are compatible; one of each stands for all of them.
fn join_equal(signatures: &[Signature<'_>], forest: &mut Forest) -> Vec<usize> {
    let mut first = HashMap::<&Signature<'_>, usize>::new();
    let mut distinct = Vec::new();
    for (at, signature) in signatures.iter().enumerate() {
        let seen = *first.entry(signature).or_insert(at);
        if seen == at {
            distinct.push(at);
        } else {
            forest.join(seen, at);
        }
    }
    distinct
}

/// Distinct signatures by which types they have. Two of the same mask are never compatible.
fn by_mask(signatures: &[Signature<'_>], distinct: &[usize]) -> BTreeMap<Vec<bool>, Vec<usize>> {
    let mut by_mask = BTreeMap::<Vec<bool>, Vec<usize>>::new();
    for &at in distinct {
        let mask = signatures[at].iter().map(Option::is_some).collect();
        by_mask.entry(mask).or_default().push(at);
    }
    by_mask
}

fn shared(mask: &[bool], other: &[bool]) -> Vec<usize> {
    (0..mask.len())
        .filter(|&at| mask[at] && other[at])
        .collect()
}

/// Those of two masks that have the same values where both have one are all compatible across.
fn join_agreeing(
    signatures: &[Signature<'_>],
    shared: &[usize],
    (some, others): (&[usize], &[usize]),
    forest: &mut Forest,
) {
    let projected = |at: usize| -> Vec<_> { shared.iter().map(|&t| signatures[at][t]).collect() };
    let first = |list: &[usize]| {
        let mut first = HashMap::new();
        for &at in list {
            first.entry(projected(at)).or_insert(at);
        }
        first
    };
    let (first_some, first_other) = (first(some), first(others));
    for (list, across) in [(some, &first_other), (others, &first_some)] {
        for &at in list {
            if let Some(&other) = across.get(&projected(at)) {
                forest.join(at, other);
            }
        }
    }
}

/// No type has two values among the members; then, and only then, all pairs are compatible.
fn all_agree(signatures: &[Signature<'_>], members: &[usize]) -> bool {
    let types = signatures[members[0]].len();
    (0..types).all(|t| {
        let mut values = members.iter().filter_map(|&at| signatures[at][t]);
        let first = values.next();
        values.all(|value| Some(value) == first)
    })
}

/// Disjoint sets.
struct Forest {
    parents: Vec<usize>,
}

impl Forest {
    fn new(len: usize) -> Self {
        Self {
            parents: (0..len).collect(),
        }
    }

    fn root(&mut self, at: usize) -> usize {
        let mut at = at;
        while self.parents[at] != at {
            self.parents[at] = self.parents[self.parents[at]];
            at = self.parents[at];
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.parents[one.max(other)] = one.min(other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{generator::Generator, naive};

    fn check(rows: &[&[&str]], expected: &[(&[usize], bool)]) {
        let signatures: Vec<Signature<'_>> = rows
            .iter()
            .map(|row| row.iter().map(|v| (*v != "-").then_some(*v)).collect())
            .collect();
        let found = components(&signatures);
        let found: Vec<_> = found
            .iter()
            .map(|c| (c.members.as_slice(), c.is_one_person))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn nobody_without_other_hard_ids_is_a_stranger_to_anybody() {
        check(&[&["-"], &["-"], &["1"]], &[(&[0, 1, 2], true)]);
        check(&[&["1"], &["-"], &["2"]], &[(&[0, 1, 2], false)]);
    }

    #[test]
    fn two_values_of_one_type_part_two_components() {
        check(&[&["1"], &["2"]], &[(&[0], true), (&[1], true)]);
        check(
            &[&["1", "-"], &["2", "-"], &["-", "a"]],
            &[(&[0, 1, 2], false)],
        );
        check(
            &[&["1", "a"], &["5", "-"], &["-", "b"]],
            &[(&[0], true), (&[1, 2], true)],
        );
    }

    #[test]
    fn components_equal_those_of_listing_all_pairs() {
        let mut random = Generator::new(7);
        for _ in 0..20_000 {
            let (len, types) = (random.below(9), random.below(4));
            let values = ["-", "a", "b", "c"];
            let signatures: Vec<Signature<'_>> = (0..len)
                .map(|_| {
                    let value = |_| Some(values[random.below(4)]).filter(|v| *v != "-");
                    (0..types).map(value).collect()
                })
                .collect();
            assert_eq!(
                components(&signatures),
                naive::components(&signatures),
                "{signatures:?}"
            );
        }
    }

    #[test]
    fn a_hundred_thousand_members_take_no_pairs() {
        let values: Vec<String> = (0..100_000).map(|n| n.to_string()).collect();
        let parted: Vec<Signature<'_>> = values.iter().map(|v| vec![Some(&**v), None]).collect();
        assert_eq!(components(&parted).len(), 100_000);
        let halves: Vec<Signature<'_>> = values
            .iter()
            .enumerate()
            .map(|(n, v)| {
                if n % 2 == 0 {
                    vec![Some(&**v), None]
                } else {
                    vec![None, Some(&**v)]
                }
            })
            .collect();
        assert_eq!(components(&halves).len(), 1);
    }
}
