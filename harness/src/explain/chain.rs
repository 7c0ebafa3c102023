//! The chain of commands that joined two IDs. Each command ties the IDs that its customer holds because of it; an ID
//! that moved or was forgotten is another knot from then on, so that no broken tie is part of a chain.

use std::collections::{HashMap, VecDeque};

use serde::Serialize;
use twinfold_engine::InternalId;

use super::{
    effects,
    told::{self, Told},
    without::{self, Without},
};
use crate::history::{History, Id};

/// Two IDs of one customer and what joined them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Joined {
    /// The two IDs.
    pub ids: [Id; 2],
    /// Their customer, by number.
    pub customer: u32,
    /// The shortest chain of commands from the first ID to the second.
    pub chain: Vec<Link>,
    /// The commands without which the two would be apart; nothing if both are the same ID.
    pub without: Option<Without>,
}

/// One link: a command that ties two IDs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Link {
    /// The ID at which the link begins.
    pub from: Id,
    /// The ID at which it ends.
    pub to: Id,
    /// The command.
    pub by: Told,
}

pub(super) fn joined(history: &History<'_>, one: Id, other: Id, customer: InternalId) -> Joined {
    Joined {
        customer: customer.number(),
        chain: shortest(history, &one, &other),
        without: (one != other).then(|| without::find(history, &one, &other)),
        ids: [one, other],
    }
}

/// An ID between two of its moves.
type Knot<'h> = (&'h Id, usize);

/// The ties of a history: which knots each step ties, and which steps tie each knot.
struct Ties<'h> {
    of_step: Vec<Vec<Knot<'h>>>,
    of_knot: HashMap<Knot<'h>, Vec<usize>>,
    now: HashMap<Id, usize>,
}

impl<'h> Ties<'h> {
    fn of(history: &'h History<'_>) -> Self {
        let mut ties = Self {
            of_step: Vec::with_capacity(history.steps.len()),
            of_knot: HashMap::new(),
            now: HashMap::new(),
        };
        for (position, step) in history.steps.iter().enumerate() {
            let elsewhere = effects::regrouped(step);
            for id in step.moved().map(|(id, _)| id).chain(&elsewhere) {
                *ties.now.entry(id.clone()).or_default() += 1;
            }
            let held = step.survivor().map(|_| step.survivors_ids());
            let knots = held.into_iter().flatten();
            let knots = knots.filter(|id| !elsewhere.contains(id));
            let knots: Vec<Knot<'h>> = knots.map(|id| ties.knot(id)).collect();
            for knot in &knots {
                ties.of_knot.entry(*knot).or_default().push(position);
            }
            ties.of_step.push(knots);
            for id in &step.forgotten {
                *ties.now.entry(id.clone()).or_default() += 1;
            }
        }
        ties
    }

    fn knot(&self, id: &'h Id) -> Knot<'h> {
        (id, self.now.get(id).copied().unwrap_or_default())
    }
}

fn shortest(history: &History<'_>, one: &Id, other: &Id) -> Vec<Link> {
    let ties = Ties::of(history);
    let (start, end) = (ties.knot(one), ties.knot(other));
    let mut came_by = HashMap::<Knot<'_>, (Knot<'_>, usize)>::new();
    let mut is_used = vec![false; history.steps.len()];
    let mut queue = VecDeque::from([start]);
    while let Some(knot) = queue.pop_front().filter(|knot| *knot != end) {
        for position in ties.of_knot.get(&knot).into_iter().flatten().copied() {
            if std::mem::replace(&mut is_used[position], true) {
                continue;
            }
            for next in &ties.of_step[position] {
                if *next != start && !came_by.contains_key(next) {
                    came_by.insert(*next, (knot, position));
                    queue.push_back(*next);
                }
            }
        }
    }
    let mut links = Vec::new();
    let mut at = end;
    while let Some((from, position)) = came_by.get(&at) {
        links.push(Link {
            from: from.0.clone(),
            to: at.0.clone(),
            by: told::tell(history, &history.steps[*position]),
        });
        at = *from;
    }
    links.reverse();
    links
}
