//! What policy `resolve` does where joining needs a guess: the oldest candidate takes whoever fits.
//! A component is parted into people, each of whom agrees in every hard type.

use super::compat::{Component, Signature};

/// The parts of a component; whoever fits more than one goes to the first. `members` stand in the order of age, so that
/// the oldest candidate comes first; who has no hard ID fits everybody and follows it, however old.
pub(super) fn parted(members: &[usize], signatures: &[Signature<'_>]) -> Vec<Component> {
    let mut parts: Vec<(Signature<'_>, Vec<usize>)> = Vec::new();
    for &at in members {
        let signature = &signatures[at];
        match parts.iter_mut().find(|(part, _)| agree(part, signature)) {
            Some((part, people)) => {
                add(part, signature);
                people.push(at);
            }
            None => parts.push((signature.clone(), vec![at])),
        }
    }
    let parts = parts.into_iter().map(|(_, members)| Component {
        members,
        is_one_person: true,
    });
    parts.collect()
}

fn agree(one: &Signature<'_>, other: &Signature<'_>) -> bool {
    let mut pairs = one.iter().zip(other);
    pairs.all(|(one, other)| one.is_none() || other.is_none() || one == other)
}

fn add<'a>(part: &mut Signature<'a>, signature: &Signature<'a>) {
    for (known, value) in part.iter_mut().zip(signature) {
        *known = known.or(*value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `1 -` is a member with `1` in the first type and nothing in the second.
    fn check(rows: &[&str], expected: &[&[usize]]) {
        let value = |word: &'static str| Some(word).filter(|word| *word != "-");
        let rows: Vec<&'static str> = rows.iter().map(|row| &*row.to_string().leak()).collect();
        let signatures: Vec<Signature<'_>> = rows
            .iter()
            .map(|row| row.split(' ').map(value).collect())
            .collect();
        let members: Vec<usize> = (0..rows.len()).collect();
        let parts = parted(&members, &signatures);
        let found: Vec<_> = parts.iter().map(|part| part.members.as_slice()).collect();
        assert_eq!(found, expected, "{rows:?}");
    }

    #[test]
    fn the_oldest_candidate_takes_whoever_fits() {
        check(&["1 -", "2 -", "- -"], &[&[0, 2], &[1]]);
        check(&["- -", "2 -", "1 -"], &[&[0, 1], &[2]]);
        check(&["1 -", "2 -", "- x", "- y"], &[&[0, 2], &[1, 3]]);
        check(&["a -", "A 2", "- 1"], &[&[0, 2], &[1]]);
    }
}
