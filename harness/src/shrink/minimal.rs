//! Delta debugging: a list is reduced until no single item can be taken away.
//! Large pieces are tried first, so that a hundred thousand items take few tries.

/// The items that are left when nothing more can be taken away; `holds` is true of `items` already.
pub(crate) fn minimal<T: Clone>(items: Vec<T>, mut holds: impl FnMut(&[T]) -> bool) -> Vec<T> {
    let mut items = items;
    let mut piece = items.len().div_ceil(2);
    while piece > 0 {
        let shorter = without_pieces(&mut items, piece, &mut holds);
        piece = match (piece, shorter) {
            // What was needed before may be superfluous now, so single items are tried until none goes.
            (1, true) => 1,
            (1, false) => 0,
            _ => piece.div_ceil(2).min(items.len()),
        };
    }
    items
}

/// Takes every piece away that is not needed, the last first; whether any was.
fn without_pieces<T: Clone>(
    items: &mut Vec<T>,
    piece: usize,
    holds: &mut impl FnMut(&[T]) -> bool,
) -> bool {
    let mut shorter = false;
    let mut end = items.len();
    while end > 0 {
        let start = end.saturating_sub(piece);
        let left = [&items[..start], &items[end..]].concat();
        if holds(&left) {
            *items = left;
            shorter = true;
        }
        end = start;
    }
    shorter
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_is_left_with_few_tries() {
        for needed in [&[][..], &[0], &[99_999], &[5, 6, 7], &[0, 50_000, 99_999]] {
            let mut tries = 0;
            let left = minimal((0..100_000).collect(), |items: &[u32]| {
                tries += 1;
                needed.iter().all(|one| items.binary_search(one).is_ok())
            });
            assert_eq!(left, needed);
            assert!(tries < 150, "{tries} tries for {needed:?}");
        }
    }

    #[test]
    fn what_goes_only_after_another_goes_too() {
        // 3 is needed while 5 is there.
        let holds = |items: &[u32]| items.contains(&3) || !items.contains(&5);
        assert!(minimal((0..9).collect(), holds).is_empty());
    }
}
