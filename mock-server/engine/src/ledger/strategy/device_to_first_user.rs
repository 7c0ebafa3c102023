//! The first call that names a user binds the device to that user for ever, with what it did before.
//! A user wins over the device wherever both stand in a call; two users never merge.

use super::super::{
    Because, DroppedBy, LedgerId, ProfileNumber, Verdict, verdict::Dropped, view::View,
};

pub(super) fn decide(view: &View<'_>, ids: &[LedgerId]) -> Verdict {
    let Some((first, others)) = ids.split_first() else {
        return Verdict::nobody(Because::Missing);
    };
    let has_user = view.is_hard(*first);
    let users = ids.iter().take_while(|id| view.is_hard(**id));
    let mut users = users.filter_map(|id| view.holder(*id));
    let known = view.holder(*first).filter(|_| has_user);
    let known = known.or_else(|| users.find(|user| !is_another(view, *user, *first)));
    let owner = known.or_else(|| if has_user { None } else { view.holder(*first) });
    let mut verdict = Verdict::found_or_created(owner, Because::OneKnown);
    // A user who is known by a weaker log-in only gets the stronger.
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

/// Whether the profile has another value of the strongest log-in.
fn is_another(view: &View<'_>, user: ProfileNumber, first: LedgerId) -> bool {
    view.of_type(user, first.id_type).any(|held| held != first)
}
