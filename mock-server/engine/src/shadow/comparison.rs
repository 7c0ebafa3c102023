//! Who is who on two sides at once. A cell is the IDs that one customer here and one customer there have in common;
//! a customer with several cells is several customers on the other side, and that is all that can differ.

use alloc::vec::Vec;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::{
    TOLD_MAX,
    fan::{Edge, Fan},
};
use crate::decision::Displaced;

/// One of the two that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Here,
    There,
}

/// To whom an ID leads on one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Owner {
    Customer(u32),
    /// To nobody: the ID of this number is alone.
    Nobody(u32),
}

/// An owner here and one there.
pub(super) type Cell = [Owner; 2];

/// An ID that goes from one cell to another.
pub(super) struct Move {
    id: u32,
    from: Option<Cell>,
    to: Option<Cell>,
}

/// A divergence that is gone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Healed {
    /// On which side they were one customer, or are one now.
    pub(super) side: Side,
    pub(super) center: Owner,
    pub(super) ends: [Owner; 2],
    /// An ID of each end.
    pub(super) witness: [u32; 2],
    pub(super) since: u64,
    pub(super) at: u64,
}

type Map<K, V> = HashMap<K, V, FixedState>;

/// Both sides and how they lie over each other.
#[derive(Clone, Debug, Default)]
pub(super) struct Comparison {
    numbers: Map<Displaced, u32>,
    pub(super) names: Vec<Displaced>,
    /// The cell of each ID when it was put there; its owners may have been absorbed since.
    places: Vec<Option<Cell>>,
    pub(super) cells: Map<Cell, Vec<u32>>,
    /// The owners there of each owner here, and the other way round.
    pub(super) fans: [Map<Owner, Fan>; 2],
    pub(super) healed: Vec<Healed>,
    pub(super) healed_untold: u64,
    now: u64,
    /// How many divergences began with the command of now.
    opened: usize,
}

impl Side {
    pub(super) fn place(self) -> usize {
        match self {
            Self::Here => 0,
            Self::There => 1,
        }
    }

    pub(super) fn other(self) -> Self {
        match self {
            Self::Here => Self::There,
            Self::There => Self::Here,
        }
    }

    /// The cell of an owner on this side and one on the other.
    pub(super) fn cell(self, own: Owner, other: Owner) -> Cell {
        match self {
            Self::Here => [own, other],
            Self::There => [other, own],
        }
    }
}

impl Comparison {
    /// What follows comes from this command.
    pub(super) fn begin(&mut self, now: u64) {
        self.now = now;
        self.opened = 0;
    }

    /// Whether something differs since this command that did not before.
    pub(super) fn has_opened(&self) -> bool {
        self.opened > 0
    }

    /// One owner of a side becomes part of another.
    pub(super) fn fold(&mut self, side: Side, absorbed: Owner, survivor: Owner) {
        let Some(fan) = self.fans[side.place()].remove(&absorbed) else {
            return;
        };
        let partners = fan.nodes.clone();
        let is_shared = |partner: &Owner| self.cells.contains_key(&side.cell(survivor, *partner));
        let shared: Vec<Owner> = partners.iter().copied().filter(is_shared).collect();
        let own = self.fans[side.place()].entry(survivor).or_default();
        let (opened, closed) = own.absorb(fan, &shared, self.now);
        self.opened = self.opened + opened - closed;
        for partner in partners {
            let ends = [survivor, absorbed];
            if shared.contains(&partner) {
                let gone = self.fan(side.other(), partner).contract(survivor, absorbed);
                self.heal(side.other(), partner, ends, gone);
            } else {
                self.fan(side.other(), partner).rename(absorbed, survivor);
            }
            let mut ids = self
                .cells
                .remove(&side.cell(absorbed, partner))
                .unwrap_or_default();
            let cell = self.cells.entry(side.cell(survivor, partner)).or_default();
            if cell.len() < ids.len() {
                core::mem::swap(cell, &mut ids);
            }
            cell.append(&mut ids);
        }
    }

    /// Moves each of these IDs to where its owners are now. Folding comes first.
    pub(super) fn settle(
        &mut self,
        ids: impl Iterator<Item = (Displaced, [Option<u32>; 2])>,
        root: impl Fn(Side, Owner) -> Owner,
    ) {
        let mut moves = Vec::new();
        for (name, owners) in ids {
            let id = self.number(name);
            let from = self.places[id as usize];
            let from = from.map(|[here, there]| [root(Side::Here, here), root(Side::There, there)]);
            let is_held = owners.iter().any(Option::is_some);
            let to = owners.map(|owner| owner.map_or(Owner::Nobody(id), Owner::Customer));
            let to = is_held.then_some(to);
            if from != to {
                moves.push(Move { id, from, to });
            }
        }
        moves.sort_unstable_by_key(|one| (one.from, one.to, one.id));
        for run in moves.chunk_by(|a, b| (a.from, a.to) == (b.from, b.to)) {
            self.carry_out(run);
        }
    }

    /// Moves IDs that go the same way. A whole cell that moves stays what it was, under another name.
    fn carry_out(&mut self, run: &[Move]) {
        let Some(Move { from, to, .. }) = run.first() else {
            return;
        };
        if let (Some(from), Some(to)) = (*from, *to)
            && self
                .cells
                .get(&from)
                .is_some_and(|ids| ids.len() == run.len())
            && !self.cells.contains_key(&to)
        {
            self.rename(from, to);
        } else {
            for one in run {
                self.take_out(one);
                self.put(one);
            }
        }
        for one in run {
            self.places[one.id as usize] = one.to;
        }
    }

    fn rename(&mut self, from: Cell, to: Cell) {
        for side in [Side::Here, Side::There] {
            let (own, other) = (side.place(), side.other().place());
            if from[own] == to[own] {
                self.fan(side, to[own]).rename(from[other], to[other]);
            } else {
                self.remove_partner(side, from[own], from[other]);
                let now = self.now;
                let opened = self.fan(side, to[own]).add(to[other], now);
                self.opened += opened;
            }
        }
        let ids = self.cells.remove(&from).unwrap_or_default();
        self.cells.insert(to, ids);
    }

    fn take_out(&mut self, one: &Move) {
        let Some(cell) = one.from else { return };
        let Some(ids) = self.cells.get_mut(&cell) else {
            return;
        };
        ids.retain(|id| *id != one.id);
        if !ids.is_empty() {
            return;
        }
        // The last one still speaks for the cell while it is told what is healed.
        ids.push(one.id);
        for side in [Side::Here, Side::There] {
            let (own, other) = (cell[side.place()], cell[side.other().place()]);
            self.remove_partner(side, own, other);
        }
        self.cells.remove(&cell);
    }

    fn put(&mut self, one: &Move) {
        let Some(cell) = one.to else { return };
        let is_new = !self.cells.contains_key(&cell);
        self.cells.entry(cell).or_default().push(one.id);
        if !is_new {
            return;
        }
        for side in [Side::Here, Side::There] {
            let (own, other) = (cell[side.place()], cell[side.other().place()]);
            let now = self.now;
            let opened = self.fan(side, own).add(other, now);
            self.opened += opened;
        }
    }

    fn remove_partner(&mut self, side: Side, own: Owner, partner: Owner) {
        let fan = self.fan(side, own);
        let gone = fan.remove(partner);
        let is_empty = fan.nodes.is_empty();
        if let Some(gone) = gone {
            self.heal(side, own, gone.ends, Some(gone));
        }
        if is_empty {
            self.fans[side.place()].remove(&own);
        }
    }

    /// Notes that a divergence is gone; one that began with the same command never was.
    fn heal(&mut self, side: Side, center: Owner, ends: [Owner; 2], gone: Option<Edge>) {
        let Some(gone) = gone else { return };
        if gone.since == self.now {
            self.opened -= 1;
            return;
        }
        if self.healed.len() >= TOLD_MAX {
            self.healed_untold += 1;
            return;
        }
        let speaks = |end: Owner| {
            let ids = self.cells.get(&side.cell(center, end));
            ids.and_then(|ids| ids.first()).copied().unwrap_or_default()
        };
        self.healed.push(Healed {
            side,
            center,
            ends,
            witness: ends.map(speaks),
            since: gone.since,
            at: self.now,
        });
    }

    fn fan(&mut self, side: Side, owner: Owner) -> &mut Fan {
        self.fans[side.place()].entry(owner).or_default()
    }

    fn number(&mut self, name: Displaced) -> u32 {
        if let Some(number) = self.numbers.get(&name) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(name.clone());
        self.places.push(None);
        self.numbers.insert(name, number);
        number
    }
}
