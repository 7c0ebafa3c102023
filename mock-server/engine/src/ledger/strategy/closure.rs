//! Connected components: what a call names together is one profile, the oldest going on.
//! With limits, a link is refused that would put too many values of one type into a profile.

use alloc::vec::Vec;

use super::super::{Because, LedgerId, Owner, ProfileNumber, Verdict, View};

pub(super) fn decide(view: &View<'_>, ids: &[LedgerId], with_limits: bool) -> Verdict {
    let Some(first) = ids.first() else {
        return Verdict::new(Owner::Nobody, Because::Missing);
    };
    let mut joined = Joined::default();
    let mut dropped = Vec::new();
    for id in ids {
        if id != first && with_limits && joined.breaks_a_limit(view, *id) {
            dropped.push(*id);
        } else {
            joined.add(view, *id);
        }
    }
    joined.profiles.sort_unstable();
    let mut profiles = joined.profiles.into_iter();
    let oldest = profiles.next();
    let because = match (profiles.len(), dropped.len()) {
        (0, 0) => Because::OneKnown,
        (_, 0) => Because::Merged,
        _ => Because::MergeRefused,
    };
    Verdict::found_or_created(oldest, because)
        .absorbing(profiles)
        .with(joined.fresh)
        .without(dropped)
}

/// What the links taken so far come to.
#[derive(Default)]
struct Joined {
    profiles: Vec<ProfileNumber>,
    fresh: Vec<LedgerId>,
}

impl Joined {
    fn add(&mut self, view: &View<'_>, id: LedgerId) {
        match view.holder(id) {
            None => self.fresh.push(id),
            Some(profile) if self.profiles.contains(&profile) => {}
            Some(profile) => self.profiles.push(profile),
        }
    }

    fn breaks_a_limit(&self, view: &View<'_>, id: LedgerId) -> bool {
        let comes: Vec<LedgerId> = match view.holder(id) {
            None => alloc::vec![id],
            Some(profile) if self.profiles.contains(&profile) => return false,
            Some(profile) => view.ids_of(profile).to_vec(),
        };
        let own = self
            .profiles
            .iter()
            .flat_map(|profile| view.ids_of(*profile));
        let own: Vec<LedgerId> = own.chain(&self.fresh).copied().collect();
        too_many(view, own.iter().chain(&comes).copied())
    }
}

/// Whether these IDs, each once, are more of some type than a profile may hold.
pub(super) fn too_many(view: &View<'_>, ids: impl Iterator<Item = LedgerId>) -> bool {
    let mut counts = [0_u32; 256];
    ids.into_iter().any(|id| {
        let count = &mut counts[usize::from(id.id_type)];
        *count += 1;
        *count > view.kind(id).limit
    })
}
