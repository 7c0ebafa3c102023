//! What a shadow run found: each divergence with the command that caused it, and those that healed.
//! A value; how it is shown is for others to say.

use alloc::{collections::BTreeMap, vec::Vec};

use super::{
    Shadow, TOLD_MAX,
    comparison::{Comparison, Healed, Owner, Side},
};
use crate::{
    command::{Outcome, Rejection},
    decision::Displaced,
    store::{Counts, internal},
};

/// Of so many IDs of a part the names are told.
const IDS_TOLD_MAX: usize = 20;

/// On which side some IDs are one customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Together where the project answers, apart in the shadow.
    TogetherHere,
    /// Apart where the project answers, together in the shadow.
    ApartHere,
}

/// Some IDs of one customer; those of nobody are alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The customer's number in the order of creation; nobody if the ID leads nowhere.
    pub customer: Option<u32>,
    /// The IDs, or the first of them.
    pub ids: Vec<Displaced>,
    /// How many more there are.
    pub more: usize,
}

/// IDs that are together on one side and apart on the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// On which side they are together.
    pub kind: Kind,
    /// The number of the customer who has them all there.
    pub together: Option<u32>,
    /// The two parts in which they are on the other side.
    pub apart: [Part; 2],
    /// The command that caused it.
    pub since: u64,
    /// The command since which both sides agree again.
    pub healed: Option<u64>,
}

/// A command that caused a divergence.
#[derive(Clone, Debug, PartialEq)]
pub struct Cause {
    /// Its IDs as they were sent.
    pub ids: Vec<Displaced>,
    /// What the project decided.
    pub here: Result<Outcome, Rejection>,
    /// What the shadow decided.
    pub there: Result<Outcome, Rejection>,
}

/// What a shadow run found.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// How many commands were replayed.
    pub commands: u64,
    /// What the project holds.
    pub here: Counts,
    /// What the shadow holds.
    pub there: Counts,
    /// The divergences, by the command that caused them.
    pub divergences: Vec<Divergence>,
    /// How many more there were than are told.
    pub untold: u64,
    /// The commands that caused them, by number.
    pub causes: BTreeMap<u64, Cause>,
}

pub(super) fn report(shadow: &Shadow) -> Report {
    let comparison = &shadow.comparison;
    let mut divergences: Vec<Divergence> = comparison
        .healed
        .iter()
        .map(|healed| healed_one(comparison, healed))
        .collect();
    for side in [Side::Here, Side::There] {
        for (center, fan) in &comparison.fans[side.place()] {
            let open = fan.edges.iter();
            divergences.extend(open.map(|edge| Divergence {
                kind: kind(side),
                together: customer(*center),
                apart: in_order(edge.ends.map(|end| part(comparison, side, *center, end))),
                since: edge.since,
                healed: None,
            }));
        }
    }
    let place = |one: &Divergence| (one.since, one.kind, one.together, one.apart[1].customer);
    divergences.sort_by_key(|one| (place(one), one.apart[0].customer, one.healed));
    let beyond = divergences.len().saturating_sub(TOLD_MAX) as u64;
    divergences.truncate(TOLD_MAX);
    let mut causes = shadow.causes.clone();
    causes.retain(|number, _| {
        let found = divergences.binary_search_by_key(number, |one| one.since);
        found.is_ok()
    });
    Report {
        commands: shadow.commands,
        here: shadow.here.counts(),
        there: shadow.there.counts(),
        divergences,
        untold: beyond + comparison.healed_untold,
        causes,
    }
}

fn kind(side: Side) -> Kind {
    match side {
        Side::Here => Kind::TogetherHere,
        Side::There => Kind::ApartHere,
    }
}

fn customer(owner: Owner) -> Option<u32> {
    match owner {
        Owner::Customer(customer) => Some(internal(customer).number()),
        Owner::Nobody(_) => None,
    }
}

fn part(comparison: &Comparison, side: Side, center: Owner, end: Owner) -> Part {
    let ids = comparison.cells.get(&side.cell(center, end));
    let ids = ids.map_or(&[][..], |ids| ids);
    let mut names: Vec<Displaced> = ids
        .iter()
        .map(|id| comparison.names[*id as usize].clone())
        .collect();
    names.sort_unstable();
    names.truncate(IDS_TOLD_MAX);
    Part {
        customer: customer(end),
        more: ids.len() - names.len(),
        ids: names,
    }
}

/// The older customer first, nobody last.
fn in_order(mut parts: [Part; 2]) -> [Part; 2] {
    parts.sort_by_key(|part| (part.customer.is_none(), part.customer));
    parts
}

fn healed_one(comparison: &Comparison, healed: &Healed) -> Divergence {
    let [one, other] = [0, 1].map(|place| Part {
        customer: customer(healed.ends[place]),
        ids: alloc::vec![comparison.names[healed.witness[place] as usize].clone()],
        more: 0,
    });
    Divergence {
        kind: kind(healed.side),
        together: customer(healed.center),
        apart: in_order([one, other]),
        since: healed.since,
        healed: Some(healed.at),
    }
}
