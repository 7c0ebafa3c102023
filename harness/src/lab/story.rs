//! The story of a few people's calls: what each call did, also to IDs and calls other than its own. A strategy that puts a
//! graph together anew moves both without a word about a merge.

use std::collections::{BTreeMap, BTreeSet};

use twinfold_engine::ledger::LedgerId;

use super::{
    running::{NOBODYS, Ready, Running},
    told::{CallsMoved, Effect, Happened, Told},
};

/// What changed identities when these calls were taken, without anybody else's; at most so many of them are told.
pub(super) fn story(ready: &Ready<'_>, calls: &[usize], how_many: usize) -> Vec<Told> {
    let mut running = ready.start();
    let mut watched = Watched::of(ready, calls);
    let mut story = Vec::new();
    for number in calls {
        let mut told = Told::take(&mut running, ready.traffic, *number);
        watched.look(ready, &running, Some(*number), &mut told);
        story.push(told);
    }
    if let (true, Some(last)) = (ready.contestant.runs_batches(), story.last()) {
        let mut told = Told::batch(last);
        running.end();
        watched.look(ready, &running, None, &mut told);
        story.push(told);
    }
    story.retain(Told::changed_identities);
    chosen(story, how_many)
}

/// What brought people together or parted them before all others, then what made the profiles that this touched.
fn chosen(mut story: Vec<Told>, how_many: usize) -> Vec<Told> {
    let stirring = story.iter().filter(|told| told.stirs()).take(how_many);
    let touched: BTreeSet<u64> = stirring.flat_map(Told::profiles).collect();
    let is_touched = |told: &Told| told.profiles().any(|profile| touched.contains(&profile));
    let mut order: Vec<&Told> = story.iter().collect();
    order.sort_by_key(|told| (!told.stirs(), !is_touched(told)));
    let order = order.into_iter().take(how_many);
    let chosen: BTreeSet<u64> = order.map(|told| told.call).collect();
    story.retain(|told| chosen.contains(&told.call));
    story
}

/// With more people a call is not followed.
const BESIDE_MAX: usize = 3;

/// All IDs of a story and who holds each, and of each call so far the profile and the person.
struct Watched {
    ids: Vec<LedgerId>,
    holders: Vec<Option<u64>>,
    profiles: Vec<u64>,
    people: Vec<u64>,
}

impl Watched {
    fn of(ready: &Ready<'_>, calls: &[usize]) -> Self {
        let ids = calls.iter().flat_map(|call| ready.traffic.call(*call).ids);
        let ids: Vec<LedgerId> = BTreeSet::from_iter(ids).into_iter().copied().collect();
        Self {
            holders: vec![None; ids.len()],
            ids,
            profiles: Vec::new(),
            people: Vec::new(),
        }
    }

    /// Adds to a call's decision what it did besides.
    fn look(
        &mut self,
        ready: &Ready<'_>,
        running: &Running<'_>,
        number: Option<usize>,
        told: &mut Told,
    ) {
        let holders: Vec<Option<u64>> = self.ids.iter().map(|id| running.holder(*id)).collect();
        let own = number.map_or(&[][..], |number| ready.traffic.call(number).ids);
        let changes = self.holders.iter().zip(&holders).zip(&self.ids);
        for ((before, after), id) in changes.filter(|(_, id)| !own.contains(id)) {
            let Some((says, from, to)) = happened(told, *before, *after) else {
                continue;
            };
            told.effects.push(Effect {
                says,
                id_type: ready.traffic.type_of(*id).name.clone(),
                value: ready.traffic.text(*id).to_owned(),
                from,
                to,
            });
        }
        let taken = self.profiles.len() as u32 + u32::from(number.is_some());
        let profiles: Vec<u64> = (0..taken).map(|call| running.profile_of(call)).collect();
        told.calls_moved = moved(told, &self.profiles, &profiles);
        (self.holders, self.profiles) = (holders, profiles);
        if number.is_some() {
            told.beside = self.beside(told);
            self.people.push(told.person);
        }
    }

    /// Who else is on the profile, if the person was not there before.
    fn beside(&self, told: &Told) -> Vec<u64> {
        let calls = self.profiles.iter().zip(&self.people);
        let there = calls.filter(|(profile, _)| Some(**profile) == told.owner);
        let people: BTreeSet<u64> = there.map(|(_, person)| *person).collect();
        if people.contains(&told.person) {
            return Vec::new();
        }
        people.into_iter().take(BESIDE_MAX).collect()
    }
}

/// What happened to an ID that the call does not name; that it became the owner's with its profile is told already.
fn happened(
    told: &Told,
    before: Option<u64>,
    after: Option<u64>,
) -> Option<(Happened, Option<u64>, Option<u64>)> {
    let to = after.filter(|_| after != told.owner);
    match (before, after) {
        _ if before == after => None,
        (Some(before), _) if told.absorbed.contains(&before) && after == told.owner => None,
        (Some(_), None) => Some((Happened::LetGo, before, None)),
        (Some(_), Some(_)) => Some((Happened::Moved, before, to)),
        (None, _) => Some((Happened::Added, None, to)),
    }
}

/// Calls that are on another profile than before, though theirs did not become part of the owner.
fn moved(told: &Told, before: &[u64], after: &[u64]) -> Vec<CallsMoved> {
    let mut moved: BTreeMap<(u64, u64), u64> = BTreeMap::new();
    for (from, to) in before.iter().zip(after).filter(|(from, to)| from != to) {
        let with_theirs = told.absorbed.contains(from) && Some(*to) == told.owner;
        if !with_theirs && *from < NOBODYS && *to < NOBODYS {
            *moved.entry((*from, *to)).or_default() += 1;
        }
    }
    let moved = moved.into_iter();
    moved
        .map(|((from, to), calls)| CallsMoved { calls, from, to })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{super::experiment::traffic, *};
    use crate::lab::Contestant;

    /// What is told of the last call of each story.
    #[test]
    fn what_moves_besides_is_told() {
        let log_out_forgotten: &[_] = &[
            (Some("anna"), "c1", 1),
            (None, "c1", 1),
            (Some("otto"), "c1", 2),
        ];
        for (strategy, says) in [
            (
                "engagement",
                "to #2, added registered=otto, moved cookie=c1 from #1",
            ),
            (
                "unique-namespace-replay",
                "to #1, added registered=otto, moved cookie=c1 from #0, 1 earlier call from #0 to #1, beside person 1 (rebuilt)",
            ),
            (
                "entity-centric-revision",
                "to #1, added registered=otto, left out cookie=c1, which #2 holds, 1 earlier call from #0 to #2 (rebuilt)",
            ),
            (
                "plain-closure",
                "to #0, added registered=otto, beside person 1 (one-known)",
            ),
        ] {
            let traffic = traffic(log_out_forgotten);
            let ready = Ready::new(Contestant::from_name(strategy).unwrap(), &traffic);
            let story = story(&ready, &[0, 1, 2], 10);
            let last = story.last().unwrap();
            assert_eq!(last.call, 3, "{strategy}");
            assert!(
                last.decided().starts_with(says),
                "{strategy}: {}",
                last.decided()
            );
        }
    }

    /// Ten log-ins, and then somebody else on the first one's device: the story is about the last call, not the first three.
    #[test]
    fn what_stirs_is_told_before_what_only_adds() {
        let devices = ["c1", "c2", "c3", "c4", "c5"];
        let own = devices.map(|device| (None, device, 1));
        let calls = [&own[..], &[(Some("anna"), "c1", 1), (None, "c1", 2)]].concat();
        let traffic = traffic(&calls);
        let ready = Ready::new(Contestant::from_name("engagement").unwrap(), &traffic);
        let story = story(&ready, &[0, 1, 2, 3, 4, 5, 6], 3);
        let told = story.iter().map(|told| (told.call, told.decided()));
        let decided = Vec::from_iter(told);
        assert_eq!(decided[0].0, 1);
        assert_eq!(decided[1].0, 6);
        assert_eq!(
            decided[2],
            (7, "to #1, beside person 1 (found-by-id)".to_owned())
        );
    }

    /// The ends of an arrow are lanes of the drawing.
    #[test]
    fn an_entry_says_whence_and_whither() {
        let calls: &[_] = &[
            (Some("anna"), "c1", 1),
            (None, "c1", 1),
            (Some("otto"), "c1", 2),
        ];
        let traffic = traffic(calls);
        let replay = Contestant::from_name("unique-namespace-replay").unwrap();
        let story = story(&Ready::new(replay, &traffic), &[0, 1, 2], 10);
        let entry = story.last().unwrap().entry();
        let effects = entry["decision"]["effects"].as_array().unwrap();
        let calls = effects.iter().find(|one| one["id_type"].is_null());
        let calls = calls.unwrap();
        assert_eq!(
            (&calls["effect"], &calls["from"], &calls["to"]),
            (&"1 earlier call".into(), &0.into(), &1.into())
        );
    }

    /// Two people on one device, whom the batch parts.
    #[test]
    fn a_story_ends_with_the_batch_run() {
        let calls: &[_] = &[
            (Some("anna"), "c1", 1),
            (Some("otto"), "c1", 2),
            (Some("anna"), "c2", 1),
            (Some("otto"), "c3", 2),
        ];
        let traffic = traffic(calls);
        let waterfall = Contestant::from_name("closure-waterfall").unwrap();
        let story = story(&Ready::new(waterfall, &traffic), &[0, 1, 2, 3], 10);
        let told = story.last().unwrap();
        assert_eq!(
            (told.says().as_str(), told.decided().as_str()),
            (
                "the batch run behind this call",
                "put together anew, moved registered=otto from #0 to #1, moved cookie=c1 from #0 to #2, moved cookie=c2 from #0 to #3, moved cookie=c3 from #0 to #4, 2 earlier calls from #0 to #1 (batch run)"
            )
        );
        assert_eq!(told.entry()["decision"]["survivor"], 0);
    }
}
