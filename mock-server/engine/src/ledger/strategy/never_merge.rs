//! Nothing is ever joined. With the truth as the only ID of a call it is the other end: the oracle.

use super::super::{Because, DroppedBy, LedgerId, Verdict, view::View};

pub(super) fn decide(view: &View<'_>, ids: &[LedgerId]) -> Verdict {
    let Some((strongest, others)) = ids.split_first() else {
        return Verdict::nobody(Because::Missing);
    };
    Verdict::found_or_created(view.holder(*strongest), Because::OneKnown)
        .with([*strongest])
        .without(others.iter().copied(), DroppedBy::NoJoin)
}
