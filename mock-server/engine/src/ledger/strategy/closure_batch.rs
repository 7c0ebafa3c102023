//! A batch run of the closure: all calls and all their IDs, link by link in the chosen order, within the limits.
//! Whom a limit refuses depends on that order; where only the order of equals decided, the verdict says so.

use alloc::{collections::BTreeMap, vec, vec::Vec};

use super::super::{Because, Flag, Group, LedgerId, Unlinked, Verdict, view::View};
use super::closure::{ClosureWithLimits, Limits, LinkOrder, Matching, Rounds, Run};

/// A link between a call and one of its IDs.
#[derive(Clone, Copy)]
struct Edge {
    call: u32,
    id: LedgerId,
}

const ROUNDS: usize = 3;

impl ClosureWithLimits {
    pub(super) fn run_batch(self, view: &View<'_>) -> Verdict {
        // Its links are of a call and an ID, and no pair of IDs stands there to be counted.
        if self.run != Run::Batch || self.limits == Limits::PerPair {
            return Verdict::nobody(Because::NotApplicable);
        }
        let edges = self.edges(view);
        if edges.is_empty() {
            return Verdict::nobody(Because::Missing);
        }
        let mut nodes = Nodes::new(view, &edges);
        let (taken, refused) = self.take(view, &mut nodes, &edges);
        let mut verdict = Verdict::nobody(Because::Rebuilt);
        if self.rounds == Rounds::Three && !nodes.spread(&taken, ROUNDS) {
            verdict.flagged.push(Flag::ClosureNotReached);
        }
        if self.order == LinkOrder::KeyPriority {
            verdict.flagged.extend(ties(&taken, &refused));
        }
        let refused = refused.iter();
        verdict.unlinked = refused
            .map(|edge| Unlinked::OfCall(edge.call, edge.id))
            .collect();
        verdict.regrouped = nodes.groups(view);
        verdict
    }

    fn edges(self, view: &View<'_>) -> Vec<Edge> {
        let log = view.books.log();
        let mut edges: Vec<Edge> = (0..log.len())
            .flat_map(|call| log.ids(call).iter().map(move |id| Edge { call, id: *id }))
            .collect();
        if self.order == LinkOrder::KeyPriority || self.matching == Matching::Waterfall {
            edges.sort_by_key(|edge| edge.id.id_type);
        }
        edges
    }

    fn take(self, view: &View<'_>, nodes: &mut Nodes, edges: &[Edge]) -> (Vec<Edge>, Vec<Edge>) {
        let (mut taken, mut refused) = (Vec::new(), Vec::new());
        let mut matched_at: BTreeMap<u32, u8> = BTreeMap::new();
        let holders = holders(edges);
        for edge in edges {
            let level = edge.id.id_type;
            if self.matching == Matching::Waterfall {
                let left = matched_at.get(&edge.call).is_some_and(|at| *at < level);
                let in_pool = |call: &u32| matched_at.get(call).is_none_or(|at| *at >= level);
                let others = holders.get(&edge.id).into_iter().flatten();
                let matches = others.filter(|call| in_pool(call)).count() > 1;
                if left {
                    refused.push(*edge);
                    continue;
                }
                if matches {
                    matched_at.insert(edge.call, level);
                }
            }
            if nodes.join(view, *edge, self.limits == Limits::PerProfile) {
                taken.push(*edge);
            } else {
                refused.push(*edge);
            }
        }
        (taken, refused)
    }
}

/// The calls that have an ID.
fn holders(edges: &[Edge]) -> BTreeMap<LedgerId, Vec<u32>> {
    let mut holders: BTreeMap<LedgerId, Vec<u32>> = BTreeMap::new();
    for edge in edges {
        holders.entry(edge.id).or_default().push(edge.call);
    }
    holders
}

/// IDs to which some call got and another did not, though nothing but their places in the order differs.
fn ties(taken: &[Edge], refused: &[Edge]) -> Vec<Flag> {
    let mut ids: Vec<LedgerId> = refused.iter().map(|edge| edge.id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.retain(|id| taken.iter().any(|edge| edge.id == *id));
    ids.into_iter().map(Flag::Tie).collect()
}

/// Calls and IDs, and which are together.
struct Nodes {
    ids: Vec<LedgerId>,
    /// The leader of each node: the calls first, then the IDs.
    leaders: Vec<usize>,
    members: Vec<Vec<usize>>,
    calls: usize,
}

impl Nodes {
    /// Everything alone.
    fn new(view: &View<'_>, edges: &[Edge]) -> Self {
        let mut ids: Vec<LedgerId> = edges.iter().map(|edge| edge.id).collect();
        ids.sort_unstable();
        ids.dedup();
        let calls = view.books.log().len() as usize;
        let all = calls + ids.len();
        Self {
            ids,
            leaders: (0..all).collect(),
            members: (0..all).map(|node| vec![node]).collect(),
            calls,
        }
    }

    fn node(&self, id: LedgerId) -> usize {
        self.calls + self.ids.binary_search(&id).unwrap_or_default()
    }

    /// Whether the link fits; if so, both ends are together.
    fn join(&mut self, view: &View<'_>, edge: Edge, is_limited: bool) -> bool {
        let one = self.leaders[edge.call as usize];
        let other = self.leaders[self.node(edge.id)];
        if one == other {
            return true;
        }
        if is_limited && self.is_too_much(view, one, other) {
            return false;
        }
        let (keep, gone) = if self.members[one].len() >= self.members[other].len() {
            (one, other)
        } else {
            (other, one)
        };
        let moved = core::mem::take(&mut self.members[gone]);
        for node in &moved {
            self.leaders[*node] = keep;
        }
        self.members[keep].extend(moved);
        true
    }

    fn is_too_much(&self, view: &View<'_>, one: usize, other: usize) -> bool {
        let both = self.members[one].iter().chain(&self.members[other]);
        let ids = both.filter_map(|node| self.ids.get(node.checked_sub(self.calls)?).copied());
        super::closure::counted(ids, &mut super::closure::Counts::default())
            .any(|(id, count)| count > view.kind(id).limit)
    }

    /// Starts anew with everything alone, and lets the least number spread one link a round. Whether it came everywhere.
    fn spread(&mut self, taken: &[Edge], rounds: usize) -> bool {
        let mut labels: Vec<usize> = (0..self.leaders.len()).collect();
        for _ in 0..rounds {
            if !self.spread_once(taken, &mut labels) {
                break;
            }
        }
        let is_closed = !self.spread_once(taken, &mut labels.clone());
        for members in &mut self.members {
            members.clear();
        }
        for (node, label) in labels.iter().enumerate() {
            self.leaders[node] = *label;
            self.members[*label].push(node);
        }
        is_closed
    }

    /// From calls to IDs and back to calls, all at the same time. Whether anything changed.
    fn spread_once(&self, taken: &[Edge], labels: &mut [usize]) -> bool {
        let before = labels.to_vec();
        for edge in taken {
            let id = self.node(edge.id);
            labels[id] = labels[id].min(before[edge.call as usize]);
        }
        for edge in taken {
            let of_id = labels[self.node(edge.id)];
            let call = &mut labels[edge.call as usize];
            *call = (*call).min(of_id);
        }
        labels != before
    }

    fn groups(self, view: &View<'_>) -> Vec<Group> {
        let mut members = self.members;
        // A call without an ID is nobody's, and stays so.
        members.retain(|members| members.iter().any(|node| *node >= self.calls));
        for one in &mut members {
            one.sort_unstable();
        }
        members.sort();
        let ids = members.iter().map(|members| {
            let ids = members
                .iter()
                .filter_map(|node| node.checked_sub(self.calls));
            ids.map(|place| self.ids[place]).collect()
        });
        let ids: Vec<Vec<LedgerId>> = ids.collect();
        let owners = view.heirs(&ids);
        let groups = members.into_iter().zip(ids).zip(owners);
        let groups = groups.map(|((members, ids), owner)| {
            let calls = members.into_iter().filter(|node| *node < self.calls);
            Group {
                owner,
                ids,
                links: Vec::new(),
                calls: calls.filter_map(|call| u32::try_from(call).ok()).collect(),
                stands_for: None,
            }
        });
        groups.collect()
    }
}
