//! The commands without which two IDs would be apart: found by leaving commands out and replaying the rest.
//! All sets of one, then of two, then of three are tried while it is affordable; else a set that has nothing to spare.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use crate::{
    history::{History, Id, holder},
    traffic::{Sent, SentAction, SentId, SentWho, replay},
};

/// So many commands may be replayed in all; it takes about a second.
const REPLAYED_MAX: usize = 1_000_000;
/// The largest sets that are tried one by one.
const SIZE_MAX: usize = 3;

/// A set of commands without which two IDs would be apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Without {
    /// Their numbers in the journal.
    pub commands: Vec<u64>,
    /// How small the set is known to be.
    pub proof: Proof,
    /// How often the history was replayed to find it.
    pub replays: usize,
}

/// How small a set is known to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// Every smaller set was tried, and with it left out the two are still joined.
    Smallest,
    /// With any one of its commands the two are joined again; a smaller set of others may exist.
    NothingToSpare,
}

pub(super) fn find(history: &History<'_>, one: &Id, other: &Id) -> Without {
    let mut trial = Trial::new(history, one, other);
    let smallest = (1..=SIZE_MAX).find_map(|size| trial.sets_of(size));
    let (set, proof) = match smallest {
        Some(Tried::Found(set)) => (set, Proof::Smallest),
        Some(Tried::TooMany) | None => (trial.nothing_to_spare(), Proof::NothingToSpare),
    };
    let commands = set.into_iter().map(|position| trial.commands[position].seq);
    Without {
        commands: commands.collect(),
        proof,
        replays: trial.replays,
    }
}

enum Tried {
    Found(Vec<usize>),
    TooMany,
}

/// The commands that can have to do with two IDs, also rejected ones: without others they might be accepted.
struct Trial<'h> {
    history: &'h History<'h>,
    one: &'h Id,
    other: &'h Id,
    commands: Vec<Sent>,
    replays: usize,
}

impl<'h> Trial<'h> {
    fn new(history: &'h History<'h>, one: &'h Id, other: &'h Id) -> Self {
        let touching = touching(history, one);
        let commands = touching.into_iter().map(|at| by_ids(history, at));
        Self {
            history,
            one,
            other,
            commands: commands.collect(),
            replays: 0,
        }
    }

    /// Whether the two are apart without these.
    fn are_apart_without(&mut self, left_out: &[usize]) -> bool {
        self.replays += 1;
        let left_out: HashSet<usize> = left_out.iter().copied().collect();
        let kept = self.commands.iter().enumerate();
        let kept = kept.filter(|(position, _)| !left_out.contains(position));
        let kept = kept.map(|(_, command)| command);
        let project = replay(&self.history.traffic.settings, kept);
        let holders = [self.one, self.other].map(|id| holder(&project, id));
        holders[0].is_none() || holders[0] != holders[1]
    }

    /// The first set of this size that does it, in the order of the journal.
    fn sets_of(&mut self, size: usize) -> Option<Tried> {
        let count = self.commands.len();
        if size > count {
            return None;
        }
        let mut chosen: Vec<usize> = (0..size).collect();
        loop {
            if (self.replays + 1).saturating_mul(count) > REPLAYED_MAX {
                return Some(Tried::TooMany);
            }
            if self.are_apart_without(&chosen) {
                return Some(Tried::Found(chosen));
            }
            // The next set: the last command that can still move does, and the rest follow it.
            let last = (0..size).rfind(|place| chosen[*place] + size - place < count)?;
            chosen[last] += 1;
            for place in last + 1..size {
                chosen[place] = chosen[place - 1] + 1;
            }
        }
    }

    /// Leaves everything out, then takes back whatever can be taken back, in halves first.
    fn nothing_to_spare(&mut self) -> Vec<usize> {
        let mut left_out: Vec<usize> = (0..self.commands.len()).collect();
        let mut part = left_out.len().div_ceil(2);
        while part > 0 {
            let before = left_out.len();
            let mut at = 0;
            while at < left_out.len() {
                let mut fewer = left_out.clone();
                fewer.drain(at..(at + part).min(left_out.len()));
                if self.are_apart_without(&fewer) {
                    left_out = fewer;
                } else {
                    at += part;
                }
            }
            // What one command needs another may have needed, so single ones are tried until none goes.
            part = match part {
                1 if left_out.len() < before => 1,
                part => part / 2,
            };
        }
        left_out
    }
}

/// The commands that share IDs with the one, or with those that do, and so on; in order.
fn touching(history: &History<'_>, one: &Id) -> Vec<usize> {
    let mut of_id = HashMap::<&Id, Vec<usize>>::new();
    let ids = |position: usize| {
        let step = &history.steps[position];
        let carried = step.ids.iter().map(|carried| &carried.id);
        carried.chain(&step.forgotten).chain(&step.fresh)
    };
    for position in 0..history.steps.len() {
        for id in ids(position) {
            of_id.entry(id).or_default().push(position);
        }
    }
    let mut is_reached = vec![false; history.steps.len()];
    let mut queue = vec![one];
    let mut seen = HashSet::from([one]);
    while let Some(id) = queue.pop() {
        for position in of_id.get(id).into_iter().flatten().copied() {
            if !std::mem::replace(&mut is_reached[position], true) {
                queue.extend(ids(position).filter(|id| seen.insert(id)));
            }
        }
    }
    let all = 0..history.steps.len();
    all.filter(|position| is_reached[*position]).collect()
}

/// The command with its customer named by IDs: an internal number means somebody else where others are left out.
fn by_ids(history: &History<'_>, position: usize) -> Sent {
    let step = &history.steps[position];
    let mut sent = step.sent.clone();
    if let SentAction::Anonymize { who, .. } = &mut sent.action
        && let (SentWho::Internal(_), Some(id)) = (&*who, step.forgotten.first())
    {
        *who = SentWho::Ids(vec![SentId::text(&id.id_type, &id.value)]);
    }
    sent
}
