//! Components by listing pairs: slow, and plainly the words of the law.

use crate::compat::{Component, Signature};

pub(crate) fn compatible(one: &Signature<'_>, other: &Signature<'_>) -> bool {
    let pairs = one.iter().zip(other);
    let mut both = pairs.filter_map(|(one, other)| one.zip(*other));
    both.all(|(one, other)| one == other)
}

pub(crate) fn components(signatures: &[Signature<'_>]) -> Vec<Component> {
    let mut left: Vec<usize> = (0..signatures.len()).collect();
    let mut components = Vec::new();
    while !left.is_empty() {
        let mut members = vec![left.remove(0)];
        let mut at = 0;
        while at < members.len() {
            let from = members[at];
            let is_near = |other: &usize| compatible(&signatures[from], &signatures[*other]);
            members.extend(left.iter().copied().filter(is_near));
            left.retain(|other| !members.contains(other));
            at += 1;
        }
        members.sort_unstable();
        let pairs = members
            .iter()
            .flat_map(|a| members.iter().map(move |b| (a, b)));
        let is_one_person = pairs
            .clone()
            .all(|(a, b)| compatible(&signatures[*a], &signatures[*b]));
        components.push(Component {
            members,
            is_one_person,
        });
    }
    components
}
