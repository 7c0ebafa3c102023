//! A call is compared with whole profiles. A device or address that two people are seen with turns out generic: it says
//! nothing from then on, and what was joined by it is looked at again, so that profiles part by themselves.

use alloc::{collections::BTreeMap, vec::Vec};

use super::super::{Because, DroppedBy, Group, LedgerId, Owner, Unlinked, Verdict, view::View};
use super::closure;

pub(super) fn decide(view: &View<'_>, ids: &[LedgerId]) -> Verdict {
    if ids.is_empty() {
        return Verdict::nobody(Because::Missing);
    }
    let (generic, clear): (Vec<LedgerId>, Vec<LedgerId>) = ids
        .iter()
        .copied()
        .partition(|id| view.books.is_generic(*id));
    let turned: Vec<LedgerId> = clear
        .iter()
        .copied()
        .filter(|id| turns_generic(view, ids, *id))
        .collect();
    if !turned.is_empty() {
        return revised(view, ids, &turned);
    }
    if clear.is_empty() {
        return of_generic(view, &generic);
    }
    closure::all_together(view, &clear).without(generic, DroppedBy::Generic)
}

/// A call with nothing but generic IDs is like every other call with the same one, and like nobody else.
fn of_generic(view: &View<'_>, generic: &[LedgerId]) -> Verdict {
    let Some(strongest) = generic.first().copied() else {
        return Verdict::nobody(Because::Missing);
    };
    let mut verdict =
        Verdict::found_or_created(view.books.placeholder(strongest), Because::Ambiguous);
    verdict.stands_for = Some(strongest);
    verdict.ambiguous = generic.to_vec();
    verdict
}

/// Whether two values of a unique type were seen together with it, in this call and those before.
fn turns_generic(view: &View<'_>, ids: &[LedgerId], id: LedgerId) -> bool {
    let Some(holder) = view.holder(id).filter(|_| !view.is_hard(id)) else {
        return false;
    };
    let people = ids.iter().copied();
    let people: Vec<LedgerId> = people
        .filter(|one| view.is_hard(*one) && view.is_unique(*one))
        .collect();
    let is_another = |held: LedgerId| {
        people
            .iter()
            .any(|own| own.id_type == held.id_type && *own != held)
    };
    // Most calls end here: nobody else is on the profile, so nobody else can have been seen with the ID.
    if !view.ids_of(holder).any(is_another) {
        return false;
    }
    let log = view.books.log();
    let calls = view.books.calls_of(holder).iter();
    let mut with_it = calls
        .map(|call| log.ids(*call))
        .filter(|ids| ids.contains(&id));
    with_it.any(|ids| ids.iter().any(|one| is_another(*one)))
}

/// All calls of the profiles that the call touches, put together anew without what has turned generic.
fn revised(view: &View<'_>, ids: &[LedgerId], turned: &[LedgerId]) -> Verdict {
    let is_generic = |id: LedgerId| turned.contains(&id) || view.books.is_generic(id);
    let clear = ids.iter().copied().filter(|id| !view.books.is_generic(*id));
    let clear: Vec<LedgerId> = clear.collect();
    let touched = view.reached(&clear);
    let this_call = view.books.log().len();
    let mut calls: Vec<u32> = touched
        .iter()
        .flat_map(|profile| view.books.calls_of(*profile).iter().copied())
        .collect();
    for id in turned {
        let stands = view.books.placeholder(*id);
        calls.extend(stands.into_iter().flat_map(|one| view.books.calls_of(one)));
    }
    calls.sort_unstable();
    calls.dedup();
    calls.push(this_call);
    let ids_of = |call: u32| {
        if call == this_call {
            ids
        } else {
            view.books.log().ids(call)
        }
    };
    let clusters = clusters(&calls, ids_of, is_generic);
    let groups = grouped(view, clusters, this_call);
    let owner = groups.first().map_or(Owner::Nobody, |group| group.owner);
    let mut verdict = Verdict::new(owner, Because::Rebuilt);
    verdict.regrouped = groups;
    verdict.turned_generic = turned.to_vec();
    let cut = turned
        .iter()
        .filter_map(|id| Some((*id, view.holder(*id)?)));
    verdict.unlinked = cut.map(|(id, from)| Unlinked::Taken(id, from)).collect();
    verdict
}

/// What holds calls together: an ID that says something, or the generic one that is all they have.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Clear(LedgerId),
    OnlyGeneric(LedgerId),
}

fn clusters<'c>(
    calls: &[u32],
    ids_of: impl Fn(u32) -> &'c [LedgerId],
    is_generic: impl Fn(LedgerId) -> bool,
) -> Vec<(Vec<u32>, Vec<Key>)> {
    let mut clusters: Vec<(Vec<u32>, Vec<Key>)> = Vec::new();
    let mut places: BTreeMap<Key, usize> = BTreeMap::new();
    for call in calls {
        let clear = ids_of(*call).iter().copied().filter(|id| !is_generic(*id));
        let mut keys: Vec<Key> = clear.map(Key::Clear).collect();
        if keys.is_empty() {
            let strongest = ids_of(*call).iter().copied().min_by_key(|id| id.id_type);
            keys.extend(strongest.map(Key::OnlyGeneric));
        }
        let mut reached: Vec<usize> = keys
            .iter()
            .filter_map(|key| places.get(key))
            .copied()
            .collect();
        reached.sort_unstable();
        reached.dedup();
        let place = reached.first().copied().unwrap_or_else(|| {
            clusters.push(Default::default());
            clusters.len() - 1
        });
        for gone in reached.iter().skip(1) {
            let (calls, keys) = core::mem::take(&mut clusters[*gone]);
            for key in &keys {
                places.insert(*key, place);
            }
            clusters[place].0.extend(calls);
            clusters[place].1.extend(keys);
        }
        clusters[place].0.push(*call);
        for key in keys {
            if places.insert(key, place).is_none() {
                clusters[place].1.push(key);
            }
        }
    }
    clusters.retain(|(calls, _)| !calls.is_empty());
    clusters
}

/// That of the call first.
fn grouped(view: &View<'_>, mut clusters: Vec<(Vec<u32>, Vec<Key>)>, this_call: u32) -> Vec<Group> {
    clusters.sort_by_key(|(calls, _)| !calls.contains(&this_call));
    let clear = |keys: &[Key]| {
        let clear = keys.iter().filter_map(|key| match key {
            Key::Clear(id) => Some(*id),
            Key::OnlyGeneric(_) => None,
        });
        clear.collect::<Vec<LedgerId>>()
    };
    let ids: Vec<Vec<LedgerId>> = clusters.iter().map(|(_, keys)| clear(keys)).collect();
    let owners = view.heirs(&ids);
    let grouped = clusters.into_iter().zip(ids).zip(owners);
    let grouped = grouped.map(|(((mut calls, keys), ids), owner)| {
        calls.sort_unstable();
        let stands_for = keys.iter().find_map(|key| match key {
            Key::OnlyGeneric(id) => Some(*id),
            Key::Clear(_) => None,
        });
        let placeholder = stands_for.and_then(|id| view.books.placeholder(id));
        Group {
            owner: placeholder.map_or(owner, Owner::Found),
            ids,
            links: Vec::new(),
            calls,
            stands_for,
        }
    });
    grouped.collect()
}
