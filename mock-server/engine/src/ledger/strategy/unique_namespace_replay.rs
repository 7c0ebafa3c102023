//! A graph holds one value of each unique type. A link that would break that makes the graph be put together anew:
//! the newest call's links first, then by strength, and what would break the rule is cut.

use alloc::vec::Vec;
use core::cmp::Reverse;

use super::super::{Because, LedgerId, Link, Owner, ProfileNumber, Verdict, View};

pub(super) fn decide(view: &View<'_>, ids: &[LedgerId]) -> Verdict {
    let Some(first) = ids.first().copied() else {
        return Verdict::new(Owner::Nobody, Because::Missing);
    };
    if has_two_of_a_unique(view, ids) {
        return Verdict::new(Owner::Nobody, Because::MergeRefused).without(ids.iter().copied());
    }
    let reached = view.reached(ids);
    let mut links = known_links(view, &reached);
    add(&mut links, ids, view.books.calls());
    let now = view.books.calls();
    links.sort_by_key(|link| order(link, now));
    let mut groups = alone(view, &reached, ids);
    let (mut kept, mut cut) = (Vec::new(), Vec::new());
    for link in links {
        if join(view, &mut groups, &link) {
            kept.push(link);
        } else {
            cut.push((link.one, link.other));
        }
    }
    // The call belongs to its strongest ID, and the graph of that comes first.
    groups.sort_by_key(|group| !group.contains(&first));
    let is_rebuilt = groups.len() > 1 || !cut.is_empty();
    let because = match reached.len() {
        _ if is_rebuilt => Because::Rebuilt,
        0 | 1 => Because::OneKnown,
        _ => Because::Merged,
    };
    let known = view
        .holder(first)
        .or_else(|| own(view, groups.first(), &reached));
    let mut verdict = Verdict::found_or_created(known, because);
    verdict.filed_under = Some(first);
    if !is_rebuilt {
        let gone = reached
            .iter()
            .copied()
            .filter(|profile| Some(*profile) != known);
        verdict = verdict.absorbing(gone);
    }
    verdict.regrouped = groups;
    verdict.links = kept;
    verdict.unlinked = cut;
    verdict
}

/// The profile that an ID of the graph has now, if its strongest ID is in the graph: it is that one's.
fn own(
    view: &View<'_>,
    group: Option<&Vec<LedgerId>>,
    reached: &[ProfileNumber],
) -> Option<ProfileNumber> {
    let group = group?;
    let holders = group.iter().filter_map(|id| view.holder(*id));
    let goes_along = |holder: &ProfileNumber| {
        let strongest = view.ids_of(*holder).iter().min_by_key(|id| id.id_type);
        strongest.is_some_and(|id| group.contains(id))
    };
    let holders = holders.filter(|holder| reached.contains(holder));
    holders.filter(goes_along).min()
}

fn is_unique(view: &View<'_>, id: LedgerId) -> bool {
    view.is_hard(id) && view.kind(id).limit == 1
}

fn has_two_of_a_unique(view: &View<'_>, ids: &[LedgerId]) -> bool {
    ids.windows(2)
        .any(|pair| pair[0].id_type == pair[1].id_type && is_unique(view, pair[0]))
}

fn known_links(view: &View<'_>, reached: &[ProfileNumber]) -> Vec<Link> {
    let links = reached
        .iter()
        .flat_map(|profile| view.books.links_of(*profile));
    links.copied().collect()
}

/// Every two IDs of a call are a link; one that was seen before has the newer time.
fn add(links: &mut Vec<Link>, ids: &[LedgerId], at: u32) {
    for (place, one) in ids.iter().enumerate() {
        for other in &ids[place + 1..] {
            let (one, other) = (*one, *other);
            links.retain(|link| (link.one, link.other) != (one, other));
            links.push(Link { one, other, at });
        }
    }
}

/// This call's links first, then the stronger, then the newer.
fn order(link: &Link, now: u32) -> (bool, u32, Reverse<u32>) {
    let strength = u32::from(link.one.id_type) + u32::from(link.other.id_type);
    (link.at != now, strength, Reverse(link.at))
}

fn alone(view: &View<'_>, reached: &[ProfileNumber], ids: &[LedgerId]) -> Vec<Vec<LedgerId>> {
    let held = reached.iter().flat_map(|profile| view.ids_of(*profile));
    let mut all: Vec<LedgerId> = held.chain(ids).copied().collect();
    all.sort_unstable();
    all.dedup();
    all.into_iter().map(|id| alloc::vec![id]).collect()
}

/// Whether the link fits; if so, its two graphs are one.
fn join(view: &View<'_>, groups: &mut Vec<Vec<LedgerId>>, link: &Link) -> bool {
    let place = |id: LedgerId| groups.iter().position(|group| group.contains(&id));
    let (Some(one), Some(other)) = (place(link.one), place(link.other)) else {
        return false;
    };
    if one == other {
        return true;
    }
    let clashes = groups[one].iter().any(|mine| {
        let is_another = |its: &LedgerId| its.id_type == mine.id_type && its != mine;
        is_unique(view, *mine) && groups[other].iter().any(is_another)
    });
    if clashes {
        return false;
    }
    let (keep, gone) = (one.min(other), one.max(other));
    let mut moved = groups.swap_remove(gone);
    groups[keep].append(&mut moved);
    true
}
