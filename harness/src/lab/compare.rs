//! A comparison: every contestant over every population, on all cores, with everything that is measured.
//! A population is recorded once and read by all; one that is finished is forgotten before the next but one begins.

use std::{
    num::NonZero,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc::sync_channel,
    },
    thread,
    time::{Duration, Instant},
};

use super::{
    close_look::{CloseLook, World, close_look, worlds},
    contestant::Contestant,
    contingency::Contingency,
    customer_side::{CustomerSide, Ended},
    decisions::Names,
    links::{LinkShape, Links},
    measures::Measures,
    parting::{Parting, partings},
    repair_cost::{RepairCost, repair_cost},
    running::{Ready, Running},
    setting::{People, Setting},
    traffic::Traffic,
    truth::Truth,
    worst::{Worst, worst},
};

/// What is to be compared.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Who takes part.
    pub contestants: Vec<Contestant>,
    /// Over whose traffic; decisions and worst people are told of the first.
    pub settings: Vec<Setting>,
    /// The sources of calls in the order in which `source_order` believes them; the others stand behind.
    pub source_order: Vec<String>,
    /// How many neighbourhoods of each population get a close look.
    pub sample: usize,
    /// How many of the worst people of each contestant are told of.
    pub worst: usize,
}

impl Comparison {
    /// The place of a contestant; the number under which reports show it is one more.
    pub fn place(&self, contestant: Contestant) -> usize {
        let place = self.contestants.iter().position(|one| *one == contestant);
        place.unwrap_or(0)
    }
}

/// What one contestant came to over one population.
#[derive(Clone, Debug)]
pub struct Compared {
    /// Who.
    pub contestant: Contestant,
    /// The place of the population among the settings.
    pub setting: usize,
    /// How good.
    pub measures: Measures,
    /// The shape of its identity graph; the truth has none.
    pub links: Option<LinkShape>,
    /// What customers notice.
    pub customer_side: CustomerSide,
    /// What a repair would cost; only Engagement's profiles can be repaired by Engagement's API.
    pub repair: Option<RepairCost>,
    /// What a few people's calls say, if any were looked at closely.
    pub close: Option<CloseLook>,
    /// How long it took over the calls, while others ran beside it.
    pub took: Duration,
    /// Whom it served worst.
    pub worst: Vec<Worst>,
}

/// What a comparison says.
#[derive(Clone, Debug)]
pub struct Found {
    /// A row for each setting and contestant, in this order.
    pub rows: Vec<Compared>,
    /// Where decisions differ, in the first setting.
    pub partings: Vec<Parting>,
}

/// How far a comparison is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// A population is being recorded: which one, counted from 1, and its calls so far.
    Recording {
        /// Which one.
        setting: usize,
        /// How many.
        calls: u64,
    },
    /// A population has been recorded.
    Recorded {
        /// Which one.
        setting: usize,
        /// How many calls it has.
        calls: u64,
    },
    /// A contestant took so many calls more.
    Took(u64),
}

/// A population with what all contestants read.
struct Recorded {
    traffic: Arc<Traffic>,
    truth: Truth,
    links: Links,
    worlds: Vec<World>,
}

/// Runs the comparison; `progress` is told from several threads.
pub fn compare(comparison: &Comparison, progress: &(dyn Fn(Progress) + Sync)) -> Found {
    let mut found = Found {
        rows: Vec::new(),
        partings: Vec::new(),
    };
    thread::scope(|scope| {
        // While one population is compared, the next one is recorded.
        let (sender, recorded) = sync_channel(0);
        scope.spawn(move || {
            for number in 1..=comparison.settings.len() {
                let recorded = record(comparison, number, progress);
                // Nobody listens once a contestant has failed.
                if sender.send(recorded).is_err() {
                    return;
                }
            }
        });
        for (place, recorded) in recorded.into_iter().enumerate() {
            over_one(comparison, place, &recorded, progress, &mut found);
        }
    });
    found
}

fn record(
    comparison: &Comparison,
    number: usize,
    progress: &(dyn Fn(Progress) + Sync),
) -> Recorded {
    let setting = number;
    let recording = |calls| progress(Progress::Recording { setting, calls });
    let mut traffic = match &comparison.settings[number - 1].people {
        People::MadeUp(population) => Arc::new(Traffic::record(population, recording)),
        People::Read(traffic) => Arc::clone(traffic),
    };
    if !comparison.source_order.is_empty() {
        let ordered = Arc::unwrap_or_clone(traffic).in_source_order(&comparison.source_order);
        traffic = Arc::new(ordered);
    }
    let calls = traffic.calls() as u64;
    progress(Progress::Recorded { setting, calls });
    Recorded {
        truth: Truth::of(&traffic),
        links: Links::of(&traffic),
        worlds: worlds(&traffic, comparison.sample),
        traffic,
    }
}

fn over_one(
    comparison: &Comparison,
    setting: usize,
    recorded: &Recorded,
    progress: &(dyn Fn(Progress) + Sync),
    found: &mut Found,
) {
    let contestants = comparison.contestants.iter();
    let ready: Vec<Ready<'_>> = contestants
        .map(|contestant| Ready::new(*contestant, &recorded.traffic))
        .collect();
    let in_full = setting == 0;
    let worst = if in_full { comparison.worst } else { 0 };
    let ran = on_all_cores(&ready, |ready| {
        run(ready, recorded, setting, worst, in_full, progress)
    });
    let (rows, decisions): (Vec<Compared>, Vec<Vec<u32>>) = ran.into_iter().unzip();
    found.rows.extend(rows);
    if in_full {
        let engagement = |one: &Contestant| matches!(one, Contestant::Engagement(_));
        let reference = comparison.contestants.iter().position(engagement);
        found.partings = partings(&ready, &decisions, reference.unwrap_or(0));
    }
}

/// Does the work for each of them, as many at a time as there are cores; the results are in the order of the work.
fn on_all_cores<W: Sync, R: Send>(work: &[W], does: impl Fn(&W) -> R + Sync) -> Vec<R> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..cores.min(work.len()) {
            scope.spawn(|| {
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(one) = work.get(place) else {
                        return;
                    };
                    let result = does(one);
                    done.lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push((place, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}

/// How many calls are taken between two words about it.
const CALLS_PER_WORD: usize = 1 << 14;

/// One contestant over one population: what it came to, and its decisions if they are asked for.
fn run(
    ready: &Ready<'_>,
    recorded: &Recorded,
    setting: usize,
    how_many_worst: usize,
    with_decisions: bool,
    progress: &(dyn Fn(Progress) + Sync),
) -> (Compared, Vec<u32>) {
    let start = Instant::now();
    let mut running = ready.start();
    let mut names = Names::default();
    let calls = recorded.traffic.calls();
    let mut decisions = Vec::with_capacity(if with_decisions { calls } else { 0 });
    for number in 0..calls {
        let step = running.take(&recorded.traffic.call(number));
        if with_decisions {
            decisions.push(names.word(&step));
        }
        if (number + 1).is_multiple_of(CALLS_PER_WORD) {
            progress(Progress::Took(CALLS_PER_WORD as u64));
        }
    }
    running.end();
    progress(Progress::Took((calls % CALLS_PER_WORD) as u64));
    let took = start.elapsed();
    let repair = running.project().map(repair_cost);
    let profiles = profiles(&running, calls);
    let counts = counted(&recorded.traffic, &profiles);
    let ended = Ended {
        traffic: &recorded.traffic,
        truth: &recorded.truth,
        counts: &counts,
        profiles: &profiles,
        running: &running,
    };
    let customer_side = ended.customer_side();
    let links = recorded.links.shape(&recorded.traffic, &running);
    // What decided is not needed any more.
    drop((profiles, running));
    let compared = Compared {
        contestant: ready.contestant,
        setting,
        measures: counts.measures(),
        links,
        customer_side,
        repair,
        close: close_look(ready, &recorded.worlds),
        took,
        worst: worst(ready, &counts, how_many_worst),
    };
    (compared, decisions)
}

fn profiles(running: &Running<'_>, calls: usize) -> Vec<u64> {
    (0..calls)
        .map(|number| running.profile_of(number as u32))
        .collect()
}

fn counted(traffic: &Traffic, profiles: &[u64]) -> Contingency {
    let mut counts = Contingency::default();
    for (number, profile) in profiles.iter().enumerate() {
        let (person, weight) = traffic.truth(number);
        counts.add(*profile, u64::from(person), u64::from(weight));
    }
    counts
}
