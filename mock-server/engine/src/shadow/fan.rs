//! The owners of one side that an owner of the other side has, as a tree: an edge says that two of them are one over there,
//! and since when. Between any two, the newest edge on the way says since when those two differ.

use alloc::vec::Vec;

use super::comparison::Owner;

/// Two owners that are one on the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) ends: [Owner; 2],
    /// The command since which they differ.
    pub(super) since: u64,
}

/// A tree of owners; with a single one nothing differs.
#[derive(Clone, Debug, Default)]
pub(super) struct Fan {
    pub(super) nodes: Vec<Owner>,
    pub(super) edges: Vec<Edge>,
}

impl Edge {
    fn other_end(&self, end: Owner) -> Option<Owner> {
        match self.ends {
            [one, other] if one == end => Some(other),
            [other, one] if one == end => Some(other),
            _ => None,
        }
    }
}

impl Fan {
    /// One more owner; how many edges came.
    pub(super) fn add(&mut self, node: Owner, now: u64) -> usize {
        let first = self.nodes.first().copied();
        self.nodes.push(node);
        self.edges.extend(first.map(|first| Edge {
            ends: [first, node],
            since: now,
        }));
        usize::from(first.is_some())
    }

    /// An owner is called otherwise.
    pub(super) fn rename(&mut self, from: Owner, to: Owner) {
        let nodes = self.nodes.iter_mut();
        let ends = self.edges.iter_mut().flat_map(|edge| &mut edge.ends);
        for one in nodes.chain(ends).filter(|one| **one == from) {
            *one = to;
        }
    }

    /// One owner less; the oldest of its edges goes, and its neighbours are joined in their order, so that between any two
    /// of them the newest edge is what it was.
    pub(super) fn remove(&mut self, node: Owner) -> Option<Edge> {
        self.nodes.retain(|one| *one != node);
        let (mut own, kept): (Vec<Edge>, Vec<Edge>) = core::mem::take(&mut self.edges)
            .into_iter()
            .partition(|edge| edge.ends.contains(&node));
        self.edges = kept;
        own.sort_by_key(|edge| edge.since);
        for pair in own.windows(2) {
            let ends = [pair[0].other_end(node)?, pair[1].other_end(node)?];
            self.edges.push(Edge {
                ends,
                since: pair[1].since,
            });
        }
        own.first().copied()
    }

    /// Two owners become one, the first; the newest edge between them goes.
    pub(super) fn contract(&mut self, one: Owner, other: Owner) -> Option<Edge> {
        let way = self.way(one, other)?;
        let newest = way
            .into_iter()
            .max_by_key(|place| self.edges[*place].since)?;
        let gone = self.edges.swap_remove(newest);
        self.nodes.retain(|node| *node != other);
        self.rename(other, one);
        Some(gone)
    }

    /// Takes in another tree, with which it shares these owners; how many edges of now came and went.
    pub(super) fn absorb(&mut self, mut other: Self, shared: &[Owner], now: u64) -> (usize, usize) {
        if other.nodes.len() > self.nodes.len() {
            core::mem::swap(self, &mut other);
        }
        let link = match (self.nodes.first(), other.nodes.first()) {
            (Some(one), Some(two)) if shared.is_empty() => Some([*one, *two]),
            _ => None,
        };
        self.edges.append(&mut other.edges);
        self.edges
            .extend(link.map(|ends| Edge { ends, since: now }));
        let is_new = |node: &Owner| !shared.contains(node);
        self.nodes.extend(other.nodes.into_iter().filter(is_new));
        let closed = match shared.len() {
            0 | 1 => 0,
            _ => self.cut_circles(now),
        };
        (usize::from(link.is_some()), closed)
    }

    /// Keeps the oldest edges that make a tree; how many of now went.
    fn cut_circles(&mut self, now: u64) -> usize {
        self.edges.sort_by_key(|edge| edge.since);
        let mut groups: Vec<usize> = (0..self.nodes.len()).collect();
        let nodes = &self.nodes;
        let mut closed = 0;
        self.edges.retain(|edge| {
            let place = |end| {
                nodes
                    .iter()
                    .position(|node| *node == end)
                    .unwrap_or_default()
            };
            let [one, other] = edge.ends.map(|end| groups[place(end)]);
            if one == other {
                closed += usize::from(edge.since == now);
                return false;
            }
            for group in groups.iter_mut().filter(|group| **group == other) {
                *group = one;
            }
            true
        });
        closed
    }

    /// The edges between two owners, by their places.
    fn way(&self, from: Owner, to: Owner) -> Option<Vec<usize>> {
        let mut ways: Vec<(Owner, Vec<usize>)> = alloc::vec![(from, Vec::new())];
        while let Some((end, way)) = ways.pop() {
            if end == to {
                return Some(way);
            }
            for (place, edge) in self.edges.iter().enumerate() {
                let came_by = way.last() == Some(&place);
                if let Some(next) = edge.other_end(end).filter(|_| !came_by) {
                    let mut on = way.clone();
                    on.push(place);
                    ways.push((next, on));
                }
            }
        }
        None
    }
}
