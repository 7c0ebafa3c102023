//! The closure with limits per pair of types: an ID may be linked with so many IDs of a type, whatever else its profile holds.
//! The limit of a type says with how many of its values one ID may be linked; the earlier link stays.

use alloc::{vec, vec::Vec};

use super::super::{
    Because, DroppedBy, LedgerId, Link, ProfileNumber, Verdict, verdict::Dropped, view::View,
};
use super::demote_and_retry::free;

/// The call is its strongest ID's, with whatever hangs together with that by the links of the call that have room.
/// Links among what is left out are not taken either.
pub(super) fn decide(view: &View<'_>, ids: &[LedgerId]) -> Verdict {
    let links = links_with_room(view, ids);
    let own = hanging_together(view, ids, &links);
    let left_out = ids.iter().filter(|id| !own.contains(id));
    let dropped: Vec<Dropped> = left_out
        .map(|id| Dropped {
            id: *id,
            by: DroppedBy::Limit,
        })
        .collect();
    let mut reached = view.reached(&own).into_iter();
    let oldest = reached.next();
    let because = match (reached.len(), dropped.len()) {
        (0, 0) => Because::OneKnown,
        (_, 0) => Because::Merged,
        _ => Because::MergeRefused,
    };
    let mut verdict = Verdict::found_or_created(oldest, because)
        .absorbing(reached)
        .with(free(view, &own));
    let of_own = links.into_iter().filter(|link| own.contains(&link.one));
    verdict.linked = of_own.filter(|link| !is_known(view, *link)).collect();
    verdict.dropped = dropped;
    verdict
}

/// Every two IDs of the call are a link, the stronger first, if both ends have room for it.
fn links_with_room(view: &View<'_>, ids: &[LedgerId]) -> Vec<Link> {
    let at = view.books.calls();
    let mut taken = Vec::new();
    for (place, one) in ids.iter().enumerate() {
        for other in &ids[place + 1..] {
            let (one, other) = (*one, *other);
            let link = Link { one, other, at };
            let both_have_room =
                || has_room(view, &taken, one, other) && has_room(view, &taken, other, one);
            if is_known(view, link) || both_have_room() {
                taken.push(link);
            }
        }
    }
    taken
}

/// Whether an ID may be linked with one more value of the other's type. It counts as one of its own type.
fn has_room(view: &View<'_>, taken: &[Link], id: LedgerId, other: LedgerId) -> bool {
    let is_more = |link: &&Link| !is_known(view, **link);
    let links = known(view, id).iter().chain(taken.iter().filter(is_more));
    let linked = links.filter_map(|link| other_end(link, id));
    let of_type = linked.filter(|end| end.id_type == other.id_type).count();
    let own = usize::from(id.id_type == other.id_type);
    of_type + own < view.kind(other).limit as usize
}

/// The links of the profile that holds an ID.
fn known<'v>(view: &View<'v>, id: LedgerId) -> &'v [Link] {
    let holder: Option<ProfileNumber> = view.holder(id);
    holder.map_or(&[], |profile| view.books.links_of(profile))
}

fn is_known(view: &View<'_>, link: Link) -> bool {
    let mut known = known(view, link.one).iter();
    known.any(|one| other_end(one, link.one) == Some(link.other))
}

fn other_end(link: &Link, id: LedgerId) -> Option<LedgerId> {
    match (link.one == id, link.other == id) {
        (true, _) => Some(link.other),
        (_, true) => Some(link.one),
        _ => None,
    }
}

/// The strongest ID and all that a link or a profile ties to it.
fn hanging_together(view: &View<'_>, ids: &[LedgerId], links: &[Link]) -> Vec<LedgerId> {
    let tied = |one: LedgerId, other: LedgerId| {
        let holder = view.holder(one);
        let is_linked = |link: &Link| other_end(link, one) == Some(other);
        holder.is_some() && holder == view.holder(other) || links.iter().any(is_linked)
    };
    let mut own = vec![ids[0]];
    loop {
        let next = ids.iter().copied().find(|id| {
            let is_tied = own.iter().any(|one| tied(*one, *id));
            is_tied && !own.contains(id)
        });
        let Some(next) = next else {
            return own;
        };
        own.push(next);
    }
}
