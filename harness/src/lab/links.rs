//! The identity graph: IDs that came together in a call, as far as they still lead to one profile. Its degree, density and
//! bridges need no truth, and are read off in linear time.

use super::{contingency::Table, running::Running, traffic::Traffic};

/// Every two IDs that came together in some call, each pair once; the IDs as places among all IDs of the traffic.
#[derive(Clone, Debug, Default)]
pub(super) struct Links(Vec<(u32, u32)>);

/// The shape of an identity graph.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LinkShape {
    /// Links of an ID, the mean over IDs that lead to a profile.
    pub degree: f64,
    /// The most links of an ID.
    pub degree_max: u64,
    /// Of the pairs of IDs that a profile could link, the share that it does: the mean over profiles with two IDs or more, if there
    /// is one.
    pub density: Option<f64>,
    /// The share of links without which the IDs of their profile would not hang together as they do, if there is a link.
    pub bridges: Option<f64>,
}

/// Fewer links are not worth looking for repetitions.
const ROOM: usize = 1 << 16;

impl Links {
    /// The links of all calls; a strategy keeps some of them.
    pub(super) fn of(traffic: &Traffic) -> Self {
        let mut links = Vec::new();
        let mut enough = ROOM;
        for number in 0..traffic.calls() {
            let ids = traffic.call(number).ids;
            for (at, one) in ids.iter().enumerate() {
                let one = traffic.place_of(*one);
                let others = ids[at + 1..].iter().map(|id| traffic.place_of(*id));
                links.extend(
                    others
                        .filter(|other| *other != one)
                        .map(|other| (one, other)),
                );
            }
            // Most are repetitions, which need no memory.
            if links.len() > enough {
                once(&mut links);
                enough = ROOM.max(2 * links.len());
            }
        }
        once(&mut links);
        links.shrink_to_fit();
        Self(links)
    }

    /// The shape of what a strategy made of them; the truth holds no IDs, and has none.
    pub(super) fn shape(&self, traffic: &Traffic, running: &Running<'_>) -> Option<LinkShape> {
        if running.is_the_truth() {
            return None;
        }
        let holders: Vec<Option<u64>> = traffic.all_ids().map(|id| running.holder(id)).collect();
        Some(shape(&holders, &self.0))
    }
}

/// Sorting is linear but for a logarithm, and the only step that is not linear; it takes place once for all strategies.
fn once(links: &mut Vec<(u32, u32)>) {
    links.sort_unstable();
    links.dedup();
}

/// The profile of each ID, and the links between them.
fn shape(holders: &[Option<u64>], links: &[(u32, u32)]) -> LinkShape {
    let holder = |id: u32| holders[id as usize];
    let holds =
        |(one, other): &&(u32, u32)| holder(*one).is_some() && holder(*one) == holder(*other);
    let kept: Vec<(u32, u32)> = links.iter().filter(holds).copied().collect();
    let graph = Graph::of(holders.len(), &kept);
    // By profile: its IDs and its links.
    let mut profiles: Table<u64, (u64, u64)> = Table::default();
    for profile in holders.iter().flatten() {
        profiles.entry(*profile).or_default().0 += 1;
    }
    for profile in kept.iter().filter_map(|(one, _)| holder(*one)) {
        profiles.entry(profile).or_default().1 += 1;
    }
    let several = profiles.values().filter(|(ids, _)| *ids > 1);
    let densities = several.map(|(ids, links)| 2.0 * *links as f64 / (*ids * (*ids - 1)) as f64);
    let (count, sum) = densities.fold((0.0, 0.0), |(count, sum), one| (count + 1.0, sum + one));
    let ids = holders.iter().flatten().count().max(1);
    LinkShape {
        degree: 2.0 * kept.len() as f64 / ids as f64,
        degree_max: graph.degree_max(),
        density: (count > 0.0).then(|| sum / count),
        bridges: (!kept.is_empty()).then(|| graph.bridges() as f64 / kept.len() as f64),
    }
}

/// Links from both ends, the neighbours of each ID one after the other.
struct Graph {
    /// Where the neighbours of each ID begin, and behind the last where they end.
    begins: Vec<u32>,
    neighbours: Vec<u32>,
}

impl Graph {
    fn of(ids: usize, links: &[(u32, u32)]) -> Self {
        let ends = links
            .iter()
            .flat_map(|(one, other)| [(*one, *other), (*other, *one)]);
        let mut begins = vec![0; ids + 1];
        for (from, _) in ends.clone() {
            begins[from as usize + 1] += 1;
        }
        for id in 0..ids {
            begins[id + 1] += begins[id];
        }
        let mut free = begins.clone();
        let mut neighbours = vec![0; 2 * links.len()];
        for (from, to) in ends {
            let place = &mut free[from as usize];
            neighbours[*place as usize] = to;
            *place += 1;
        }
        Self { begins, neighbours }
    }

    fn degree_max(&self) -> u64 {
        let degrees = self.begins.windows(2).map(|pair| pair[1] - pair[0]);
        u64::from(degrees.max().unwrap_or(0))
    }

    /// The links that no way round replaces (Tarjan 1974), without recursion: a profile may have many IDs in a row.
    fn bridges(&self) -> usize {
        let ids = self.begins.len() - 1;
        let mut search = Search {
            reached: vec![0; ids],
            lowest: vec![0; ids],
            next: self.begins[..ids].to_vec(),
            way: Vec::new(),
        };
        let mut count = 0;
        let mut bridges = 0;
        for start in 0..ids as u32 {
            if search.reached[start as usize] == 0 {
                count += 1;
                search.enter(start, count);
            }
            while let Some(at) = search.way.last().copied() {
                let place = search.next[at as usize];
                if place == self.begins[at as usize + 1] {
                    bridges += usize::from(search.leave(at));
                    continue;
                }
                search.next[at as usize] += 1;
                let to = self.neighbours[place as usize];
                match search.reached[to as usize] {
                    0 => {
                        count += 1;
                        search.enter(to, count);
                    }
                    seen if search.came_from() != Some(to) => search.lower(at, seen),
                    _ => {}
                }
            }
        }
        bridges
    }
}

/// A search in depth: when each ID was reached, and the earliest that can be reached from behind it without turning back.
struct Search {
    reached: Vec<u32>,
    lowest: Vec<u32>,
    next: Vec<u32>,
    way: Vec<u32>,
}

impl Search {
    fn enter(&mut self, id: u32, when: u32) {
        self.reached[id as usize] = when;
        self.lowest[id as usize] = when;
        self.way.push(id);
    }

    fn came_from(&self) -> Option<u32> {
        let before = self.way.len().checked_sub(2)?;
        self.way.get(before).copied()
    }

    fn lower(&mut self, id: u32, to: u32) {
        let lowest = &mut self.lowest[id as usize];
        *lowest = (*lowest).min(to);
    }

    /// Whether the link by which it was entered is a bridge.
    fn leave(&mut self, id: u32) -> bool {
        self.way.pop();
        let Some(before) = self.way.last().copied() else {
            return false;
        };
        let lowest = self.lowest[id as usize];
        self.lower(before, lowest);
        lowest > self.reached[before as usize]
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection, prelude::*};

    use super::*;

    /// A ring of three with a tail of one on profile 1, a pair on profile 2, an ID that leads nowhere, one that is alone.
    #[test]
    fn by_hand() {
        let holders = [
            Some(1),
            Some(1),
            Some(1),
            Some(1),
            Some(2),
            Some(2),
            None,
            Some(3),
        ];
        let links = [
            (0, 1),
            (0, 2),
            (0, 3),
            (1, 2),
            (3, 4),
            (4, 5),
            (5, 6),
            (6, 7),
        ];
        let shape = shape(&holders, &links);
        // 3-4 joins two profiles and 6 is nobody's, so five links are left: four of six pairs, and one of one.
        let close = |one: f64, other: f64| assert!((one - other).abs() < 1e-9, "{one}, {other}");
        close(shape.density.unwrap(), f64::midpoint(4.0 / 6.0, 1.0));
        close(shape.degree, 10.0 / 7.0);
        assert_eq!(shape.degree_max, 3);
        // The tail 0-3 and the pair 4-5.
        close(shape.bridges.unwrap(), 2.0 / 5.0);
    }

    #[test]
    fn nothing_has_no_shape() {
        let none = LinkShape::default();
        assert_eq!(shape(&[], &[]), none);
        assert_eq!(shape(&[None, Some(1)], &[(0, 1)]), none);
    }

    /// How many parts the IDs are in, the slow way.
    fn parts(ids: usize, links: &[(u32, u32)]) -> usize {
        let mut part: Vec<usize> = (0..ids).collect();
        for _ in 0..ids {
            for (one, other) in links {
                let least = part[*one as usize].min(part[*other as usize]);
                part[*one as usize] = least;
                part[*other as usize] = least;
            }
        }
        part.sort_unstable();
        part.dedup();
        part.len()
    }

    proptest! {
        /// A bridge is a link without which there are more parts.
        #[test]
        fn bridges_as_counted_one_by_one(links in collection::btree_set((0_u32..9, 0_u32..9), 0..16)) {
            let links: Vec<(u32, u32)> = links.into_iter().filter(|(one, other)| one < other).collect();
            let all = parts(9, &links);
            let without = |place: usize| {
                let mut left = links.clone();
                left.remove(place);
                parts(9, &left)
            };
            let slow = (0..links.len()).filter(|place| without(*place) > all).count();
            prop_assert_eq!(Graph::of(9, &links).bridges(), slow);
        }
    }
}
