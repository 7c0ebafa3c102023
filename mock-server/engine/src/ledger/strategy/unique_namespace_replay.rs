//! A graph holds one value of each unique type. A link that would break that makes the graph be put together anew:
//! the newest call's links first, then by strength, and what would break the rule is cut.

use alloc::vec::Vec;
use core::cmp::Reverse;

use super::super::{
    Because, DroppedBy, Group, LedgerId, Link, Owner, ProfileNumber, Reattributed, Unlinked,
    Verdict, verdict::Dropped, view::View,
};
use super::switches::switches;
use crate::settings::switch;

switch! {
    /// Whose events are that came without a person's ID.
    AnonymousEvents {
        /// Whoever holds the device now.
        FollowTheDevice = "follow_the_device",
        /// Whoever held it then.
        Stay = "stay",
    }
}

switch! {
    /// In which order links are put back.
    PuttingBack {
        /// The newest call's first, then the stronger, then the newer: our reading, which ten documented pictures bear out.
        NewestCallThenStrength = "newest_call_then_strength",
        /// The newer first: as the text says, which two of those pictures contradict.
        NewestFirst = "newest_first",
    }
}

switch! {
    /// How large calls and graphs may be.
    GraphCaps {
        /// 20 IDs a call, 50 a graph, 1,024 characters a value.
        Published = "published",
        /// As large as they come.
        Off = "off",
    }
}

switches! {
    /// One value of each unique type in a graph, the newest link winning. A type with a limit of 1 is unique.
    UniqueNamespaceReplay {
        /// Anonymous events.
        anonymous: AnonymousEvents,
        /// The order of links.
        putting_back: PuttingBack,
        /// The caps.
        caps: GraphCaps,
    }
}

const IDS_PER_CALL_MAX: usize = 20;
const IDS_PER_GRAPH_MAX: usize = 50;
const CHARACTERS_MAX: usize = 1_024;
const WORDS: [&str; 3] = ["null", "anonymous", "invalid"];

impl UniqueNamespaceReplay {
    pub(super) fn refuses(self, value: &str) -> bool {
        let value = value.trim();
        let is_word = WORDS.iter().any(|word| word.eq_ignore_ascii_case(value));
        let is_long = || value.chars().nth(CHARACTERS_MAX).is_some();
        value.is_empty() || is_word || self.caps == GraphCaps::Published && is_long()
    }

    pub(super) fn decide(self, view: &View<'_>, ids: &[LedgerId]) -> Verdict {
        let Some(first) = ids.first().copied() else {
            return Verdict::nobody(Because::Missing);
        };
        if let Some(by) = self.refuses_call(view, ids) {
            let ids = ids.iter().copied();
            return Verdict::nobody(Because::RecordRefused).without(ids, by);
        }
        let reached = view.reached(ids);
        let now = view.books.calls();
        let mut links = known_links(view, &reached);
        add(&mut links, ids, now);
        links.sort_by_key(|link| self.order(link, now));
        let mut replay = Replay::new(view, &reached, ids);
        for link in links {
            replay.put_back(view, link);
        }
        if self.caps == GraphCaps::Published {
            replay.cut_to_size(first);
        }
        let mut verdict = replay.verdict(view, first, &reached);
        if self.anonymous == AnonymousEvents::FollowTheDevice {
            verdict.filed_under = Some(first);
            let moved = reattributed(view, &verdict);
            verdict.reattributed = moved;
        }
        verdict
    }

    fn refuses_call(self, view: &View<'_>, ids: &[LedgerId]) -> Option<DroppedBy> {
        let has_two = ids
            .windows(2)
            .any(|pair| pair[0].id_type == pair[1].id_type && view.is_unique(pair[0]));
        let is_wide = self.caps == GraphCaps::Published && ids.len() > IDS_PER_CALL_MAX;
        let two = has_two.then_some(DroppedBy::TwoOfAUnique);
        two.or(is_wide.then_some(DroppedBy::CapOfCall))
    }

    fn order(self, link: &Link, now: u32) -> (bool, u32, Reverse<u32>) {
        let strength = u32::from(link.one.id_type) + u32::from(link.other.id_type);
        match self.putting_back {
            PuttingBack::NewestCallThenStrength => (link.at != now, strength, Reverse(link.at)),
            PuttingBack::NewestFirst => (false, 0, Reverse(link.at)),
        }
    }
}

fn known_links(view: &View<'_>, reached: &[ProfileNumber]) -> Vec<Link> {
    let links = reached.iter();
    let links = links.flat_map(|profile| view.books.links_of(*profile));
    links.copied().collect()
}

/// Every two IDs of a call are a link; one that was seen before has the newer time.
fn add(links: &mut Vec<Link>, ids: &[LedgerId], at: u32) {
    for (place, one) in ids.iter().enumerate() {
        for other in &ids[place + 1..] {
            let (one, other) = (*one, *other);
            links.retain(|link| (link.one, link.other) != (one, other));
            links.push(Link { one, other, at });
        }
    }
}

/// A graph on its way back.
struct Replay {
    groups: Vec<Vec<LedgerId>>,
    kept: Vec<Link>,
    cut: Vec<Link>,
    fell_out: Vec<LedgerId>,
}

impl Replay {
    /// Every ID alone.
    fn new(view: &View<'_>, reached: &[ProfileNumber], ids: &[LedgerId]) -> Self {
        let held = reached.iter().flat_map(|profile| view.ids_of(*profile));
        let mut all: Vec<LedgerId> = held.chain(ids.iter().copied()).collect();
        all.sort_unstable();
        all.dedup();
        Self {
            groups: all.into_iter().map(|id| alloc::vec![id]).collect(),
            kept: Vec::new(),
            cut: Vec::new(),
            fell_out: Vec::new(),
        }
    }

    /// If the link fits, its two graphs are one; if not, it is cut.
    fn put_back(&mut self, view: &View<'_>, link: Link) {
        let place = |id| self.groups.iter().position(|group| group.contains(&id));
        let (Some(one), Some(other)) = (place(link.one), place(link.other)) else {
            return;
        };
        if one == other {
            self.kept.push(link);
        } else if clashes(view, &self.groups[one], &self.groups[other]) {
            self.cut.push(link);
        } else {
            let mut moved = self.groups.swap_remove(one.max(other));
            self.groups[one.min(other)].append(&mut moved);
            self.kept.push(link);
        }
    }

    /// First in, first out, the weakest type first.
    fn cut_to_size(&mut self, keep: LedgerId) {
        for group in &mut self.groups {
            while group.len() > IDS_PER_GRAPH_MAX {
                let age = |id: LedgerId| {
                    let links = self.kept.iter();
                    let own = links.filter(|link| link.one == id || link.other == id);
                    own.map(|link| link.at).max()
                };
                let others = group.iter().copied().filter(|id| *id != keep);
                let Some(oldest) = others.min_by_key(|id| (Reverse(id.id_type), age(*id))) else {
                    return;
                };
                group.retain(|id| *id != oldest);
                self.kept
                    .retain(|link| link.one != oldest && link.other != oldest);
                self.fell_out.push(oldest);
            }
        }
    }

    fn verdict(mut self, view: &View<'_>, first: LedgerId, reached: &[ProfileNumber]) -> Verdict {
        // The call belongs to its strongest ID, and the graph of that comes first.
        self.groups.sort_by_key(|group| !group.contains(&first));
        let is_rebuilt = self.groups.len() > 1 || !self.cut.is_empty();
        let because = match reached.len() {
            _ if is_rebuilt => Because::Rebuilt,
            0 | 1 => Because::OneKnown,
            _ => Because::Merged,
        };
        let owners = view.heirs(&self.groups);
        let known = owners.first().and_then(|owner| match owner {
            Owner::Found(profile) => Some(*profile),
            Owner::Created | Owner::Nobody => None,
        });
        let mut verdict = Verdict::found_or_created(known, because);
        if !is_rebuilt {
            let reached = reached.iter().copied();
            verdict = verdict.absorbing(reached.filter(|profile| Some(*profile) != known));
        }
        verdict.regrouped = grouped(self.groups, owners, &self.kept);
        verdict.released.clone_from(&self.fell_out);
        let by = DroppedBy::CapOfGraph;
        let dropped = self.fell_out.into_iter().map(|id| Dropped { id, by });
        verdict.dropped.extend(dropped);
        let cut = self.cut.iter();
        verdict.unlinked = cut
            .map(|link| Unlinked::Pair(link.one, link.other))
            .collect();
        verdict
    }
}

fn clashes(view: &View<'_>, one: &[LedgerId], other: &[LedgerId]) -> bool {
    one.iter().any(|mine| {
        let is_another = |its: &LedgerId| its.id_type == mine.id_type && its != mine;
        view.is_unique(*mine) && other.iter().any(is_another)
    })
}

fn grouped(groups: Vec<Vec<LedgerId>>, owners: Vec<Owner>, links: &[Link]) -> Vec<Group> {
    let grouped = groups.into_iter().zip(owners).map(|(ids, owner)| {
        let links = links.iter().filter(|link| ids.contains(&link.one));
        Group {
            owner,
            links: links.copied().collect(),
            ids,
            calls: Vec::new(),
            stands_for: None,
        }
    });
    grouped.collect()
}

/// The IDs that go over to another profile, though theirs lives on: their events go with them.
fn reattributed(view: &View<'_>, verdict: &Verdict) -> Vec<Reattributed> {
    let groups = verdict.regrouped.iter();
    let moves = groups.flat_map(|group| {
        let ids = group.ids.iter().copied();
        ids.filter_map(move |id| {
            let from = view.holder(id)?;
            (Owner::Found(from) != group.owner).then_some(Reattributed { id, from })
        })
    });
    let moves = moves.filter(|moved| !verdict.absorbed.contains(&moved.from));
    moves.collect()
}
