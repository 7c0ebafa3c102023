//! How far one wrong call reaches: a device of one person with a hard ID of another, and what is then together.

use std::collections::BTreeSet;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use twinfold_engine::ledger::LedgerId;

use super::{
    super::{
        contingency::Table,
        running::Ready,
        traffic::{Given, Traffic},
    },
    World, ended, together,
};

/// How many wrong calls are tried in a world, one at a time.
const WRONG_CALLS: usize = 4;

/// What changes if one person's call also carries a hard ID of somebody else.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BlastRadius {
    /// Wrong calls that were tried.
    pub tried: u64,
    /// Profiles that hold other calls than without the wrong one, the mean.
    pub profiles: f64,
    /// Calls that are together with other calls than without it, the mean.
    pub events: f64,
    /// The most calls that one wrong call reached.
    pub events_max: u64,
    /// Segments that the profile of some call enters or leaves, the mean.
    pub segments: f64,
}

#[derive(Default)]
pub(super) struct Blasts {
    tried: u64,
    profiles: u64,
    events: u64,
    events_max: u64,
    segments: u64,
}

impl Blasts {
    pub(super) fn look(&mut self, ready: &Ready<'_>, world: &World, chance: &mut ChaCha8Rng) {
        let order: Vec<usize> = (0..world.len()).collect();
        let without = together(&ended(ready, world, &order));
        let says: Vec<Vec<u32>> = world
            .iter()
            .map(|call| ready.traffic.says(*call as usize).collect())
            .collect();
        for _ in 0..WRONG_CALLS {
            let Some((place, ids)) = wrong_call(ready.traffic, world, chance) else {
                continue;
            };
            let mut running = ready.start();
            for (taken, call) in world.iter().enumerate() {
                let call = ready.traffic.call(*call as usize);
                running.take(&call);
                if taken == place {
                    running.take(&Given {
                        ids: &ids,
                        sets: &[],
                        ..call
                    });
                }
            }
            running.end();
            let behind = |taken: usize| taken + usize::from(taken > place);
            let profiles = (0..world.len()).map(|taken| running.profile_of(behind(taken) as u32));
            let with = together(&profiles.collect::<Vec<_>>());
            self.segments += changed_segments(&without, &with, &says);
            self.compare(&without, &with);
        }
    }

    fn compare(&mut self, without: &[usize], with: &[usize]) {
        let (before, after) = (groups(without), groups(with));
        let changed = before.iter().filter(|group| !after.contains(*group));
        let (mut profiles, mut events) = (0, 0);
        for group in changed {
            profiles += 1;
            events += group.len() as u64;
        }
        self.tried += 1;
        self.profiles += profiles;
        self.events += events;
        self.events_max = self.events_max.max(events);
    }

    pub(super) fn read(self) -> BlastRadius {
        let mean = |sum: u64| sum as f64 / self.tried.max(1) as f64;
        BlastRadius {
            tried: self.tried,
            profiles: mean(self.profiles),
            events: mean(self.events),
            events_max: self.events_max,
            segments: mean(self.segments),
        }
    }
}

/// How many segments have other members. There is one for each type of event, of whoever has such an event, and one for
/// each property, of whoever has set it; members are told apart by their calls.
fn changed_segments(without: &[usize], with: &[usize], says: &[Vec<u32>]) -> u64 {
    let (before, after) = (said(without, says), said(with, says));
    let mut changed: BTreeSet<u32> = BTreeSet::new();
    for (was, is) in without.iter().zip(with) {
        changed.extend(before[was].symmetric_difference(&after[is]));
    }
    changed.len() as u64
}

/// What was said on each profile.
fn said(together: &[usize], says: &[Vec<u32>]) -> Table<usize, BTreeSet<u32>> {
    let mut said: Table<usize, BTreeSet<u32>> = Table::default();
    for (profile, says) in together.iter().zip(says) {
        said.entry(*profile).or_default().extend(says);
    }
    said
}

fn groups(together: &[usize]) -> BTreeSet<Vec<usize>> {
    let mut groups: Table<usize, Vec<usize>> = Table::default();
    for (place, first) in together.iter().enumerate() {
        groups.entry(*first).or_default().push(place);
    }
    groups.into_values().collect()
}

/// A device of one person and a hard ID of another, right behind a call of the first: a log-in with the wrong account, or a
/// log-out that was forgotten.
fn wrong_call(
    traffic: &Traffic,
    world: &World,
    chance: &mut ChaCha8Rng,
) -> Option<(usize, Vec<LedgerId>)> {
    let of_kind = |hard: bool| {
        let calls = world.iter().enumerate();
        let ids = calls.flat_map(move |(place, call)| {
            let call = traffic.call(*call as usize);
            let ids = call.ids.iter().copied();
            ids.map(move |id| (place, call.person, id))
        });
        ids.filter(move |(.., id)| traffic.type_of(*id).is_hard == hard)
            .collect::<Vec<_>>()
    };
    let devices = of_kind(false);
    if devices.is_empty() {
        return None;
    }
    let (place, person, device) = devices[chance.random_range(0..devices.len())];
    let mut strangers = of_kind(true);
    strangers.retain(|(_, stranger, _)| *stranger != person);
    if strangers.is_empty() {
        return None;
    }
    let (.., account) = strangers[chance.random_range(0..strangers.len())];
    Some((place, vec![account, device]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Calls 0 and 1 are one person's, who buys in the second; 2 is another's, who only reads.
    #[test]
    fn segments_are_counted_by_who_enters_or_leaves() {
        let [reads, buys, email] = [1, 2, 300];
        let says = [vec![reads, email], vec![buys], vec![reads]];
        for (with, changed) in [
            ([0, 0, 2], 0),
            // The reader becomes a buyer with an address.
            ([0, 0, 0], 2),
            // The buyer has no address any more and never read; who read never bought.
            ([0, 1, 2], 3),
            // The purchase goes over to the other, who has no address.
            ([0, 1, 1], 2),
        ] {
            assert_eq!(
                changed_segments(&[0, 0, 2], &with, &says),
                changed,
                "{with:?}"
            );
        }
    }
}
