//! The first call that names a user binds the device to that user for ever, with what it did before.
//! A user wins over the device wherever both stand in a call; two users never merge.

use super::super::{Because, DroppedBy, LedgerId, Verdict, verdict::Dropped, view::View};

pub(super) fn decide(view: &View<'_>, ids: &[LedgerId]) -> Verdict {
    let Some((first, others)) = ids.split_first() else {
        return Verdict::nobody(Because::Missing);
    };
    let has_user = view.is_hard(*first);
    let users = ids.iter().take_while(|id| view.is_hard(**id));
    let known = users.filter_map(|id| view.holder(*id)).next();
    let owner = known.or_else(|| if has_user { None } else { view.holder(*first) });
    let mut verdict = Verdict::found_or_created(owner, Because::OneKnown);
    // The user of another device may be known by a weaker log-in only: then the stronger is new.
    if view.is_free(*first) {
        verdict.attached.push(*first);
    }
    for id in others {
        match view.holder(*id) {
            None => verdict.attached.push(*id),
            Some(holder) if Some(holder) == owner || verdict.absorbed.contains(&holder) => {}
            Some(holder) if !view.has_hard(holder) => {
                verdict.absorbed.push(holder);
                verdict.because = Because::Merged;
            }
            Some(_) => {
                let by = DroppedBy::AnotherPersons;
                verdict.dropped.push(Dropped { id: *id, by });
            }
        }
    }
    verdict
}
