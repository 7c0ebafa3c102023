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
}

#[derive(Default)]
pub(super) struct Blasts {
    tried: u64,
    profiles: u64,
    events: u64,
    events_max: u64,
}

impl Blasts {
    pub(super) fn look(&mut self, ready: &Ready<'_>, world: &World, chance: &mut ChaCha8Rng) {
        let order: Vec<usize> = (0..world.len()).collect();
        let without = together(&ended(ready, world, &order));
        for _ in 0..WRONG_CALLS {
            let Some((place, ids)) = wrong_call(ready.traffic, world, chance) else {
                return;
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
            let behind = |taken: usize| taken + usize::from(taken > place);
            let profiles = (0..world.len()).map(|taken| running.profile_of(behind(taken) as u32));
            self.compare(&without, &together(&profiles.collect::<Vec<_>>()));
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
        }
    }
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
