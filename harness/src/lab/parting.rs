//! Where strategies part: the first call about which two of them decide otherwise, with both decisions, and how many
//! decisions differ. From there on they see different profiles, so the first call is the one to look at.

use std::collections::BTreeMap;

use super::{decisions, running::Ready, told::Told};

/// Two strategies side by side.
#[derive(Clone, Debug)]
pub struct Parting {
    /// The places of the two among the contestants.
    pub between: (usize, usize),
    /// How many calls were decided otherwise.
    pub calls: u64,
    /// The first of them, if there is one and the pair is told in full.
    pub first: Option<(Side, Side)>,
}

/// One decision and the company into which it brought the call.
#[derive(Clone, Debug)]
pub struct Side {
    /// The decision.
    pub told: Told,
    /// Who is on the profile afterwards: person and calls, the most first.
    pub company: Vec<(u64, u64)>,
}

/// More people than this are not named.
const COMPANY_MAX: usize = 5;

/// All pairs; those with `reference` are told in full.
pub(super) fn partings(
    ready: &[Ready<'_>],
    decisions: &[Vec<u32>],
    reference: usize,
) -> Vec<Parting> {
    let mut partings = Vec::new();
    for one in 0..decisions.len() {
        for other in one + 1..decisions.len() {
            let (calls, first) = decisions::parted(&decisions[one], &decisions[other]);
            let between = match other == reference {
                true => (other, one),
                false => (one, other),
            };
            partings.push((between, calls, first));
        }
    }
    let told = |(one, _): (usize, usize)| one == reference;
    let firsts = partings.iter().filter(|(between, ..)| told(*between));
    let asked: Vec<usize> = firsts.filter_map(|(.., first)| *first).collect();
    let of_reference = ready
        .get(reference)
        .map(|ready| sides(ready, &asked))
        .unwrap_or_default();
    let in_full = partings.into_iter().map(|(between, calls, first)| {
        let first = first.filter(|_| told(between));
        let both = first.and_then(|first| {
            let own = of_reference.get(&first)?.clone();
            Some((own, sides(&ready[between.1], &[first]).remove(&first)?))
        });
        Parting {
            between,
            calls,
            first: both,
        }
    });
    in_full.collect()
}

/// What a contestant decides about these calls, all calls before them taken.
fn sides(ready: &Ready<'_>, asked: &[usize]) -> BTreeMap<usize, Side> {
    let mut sides = BTreeMap::new();
    let mut running = ready.start();
    let last = asked.iter().copied().max();
    for number in 0..last.map_or(0, |last| last + 1) {
        if !asked.contains(&number) {
            running.take(&ready.traffic.call(number));
            continue;
        }
        let told = Told::take(&mut running, ready.traffic, number);
        let own = running.profile_of(number as u32);
        let mut company: BTreeMap<u64, u64> = BTreeMap::new();
        for earlier in (0..=number).filter(|earlier| running.profile_of(*earlier as u32) == own) {
            let (person, _) = ready.traffic.truth(earlier);
            *company.entry(ready.traffic.number_of(person)).or_default() += 1;
        }
        let mut company: Vec<(u64, u64)> = company.into_iter().collect();
        company.sort_by_key(|(person, calls)| (std::cmp::Reverse(*calls), *person));
        company.truncate(COMPANY_MAX);
        sides.insert(number, Side { told, company });
    }
    sides
}
