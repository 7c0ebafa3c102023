//! Every merge strategy of the ledger on one thread: `cargo bench -p twinfold-benches --bench strategies`.
//! `TWINFOLD_PEOPLE` sets the size of the workload (default 100,000 people, five commands each).

use std::{
    collections::HashMap,
    hint::black_box,
    mem,
    process::Command,
    time::{Duration, Instant},
};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use twinfold_benches::{Workload, resident_bytes};
use twinfold_engine::{
    Timestamp,
    ledger::{Ledger, LedgerCommand, LedgerId, LedgerSettings, LedgerStrategy, LedgerType},
};

fn people() -> u32 {
    let set = std::env::var("TWINFOLD_PEOPLE")
        .ok()
        .and_then(|text| text.parse().ok());
    set.unwrap_or(100_000)
}

/// The commands of the workload with their IDs numbered: what a comparison hands to a ledger.
struct Numbered {
    at: Timestamp,
    ids: Vec<LedgerId>,
}

fn commands() -> Vec<Numbered> {
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut workload = Workload::of(people());
    let written = workload.next_batch(people() as usize * 5);
    let mut seconds = 0.0;
    let numbered = written.iter().map(|written| {
        seconds += 0.25;
        let hard = written.hard_id().map(|hard| (0, hard));
        let texts = hard.into_iter().chain([(1, written.cookie())]);
        let ids = texts.map(|(id_type, text)| {
            let next = numbers.len() as u32;
            let value = *numbers.entry(text.to_owned()).or_insert(next);
            LedgerId { id_type, value }
        });
        Numbered {
            ids: ids.collect(),
            at: Timestamp::new(seconds).unwrap_or_default(),
        }
    });
    let numbered = numbered.collect();
    // Kept for good: a ledger that found room which these gave back would seem to take none.
    mem::forget((numbers, written));
    numbered
}

fn ledger(strategy: LedgerStrategy) -> Ledger {
    let hard = LedgerType {
        is_hard: true,
        limit: 1,
    };
    let soft = LedgerType {
        is_hard: false,
        limit: 5,
    };
    Ledger::new(strategy, LedgerSettings::of_types(vec![hard, soft]))
}

/// Applies all commands to a new ledger; the time of applying alone.
fn run(strategy: LedgerStrategy, commands: &[Numbered]) -> (Duration, Ledger) {
    let mut ledger = ledger(strategy);
    let start = Instant::now();
    for (event, command) in (0..).zip(commands) {
        let call = LedgerCommand::call(command.at, &command.ids, Some(event));
        black_box(ledger.apply(&call));
    }
    (start.elapsed(), ledger)
}

/// Set in a process that measures only how much memory this strategy takes.
const ALONE: &str = "TWINFOLD_STRATEGY_ALONE";

/// What a profile costs. A process of its own is asked, because memory that was used once is not given back.
fn bytes_per_profile(strategy: LedgerStrategy) -> Option<String> {
    let mut child = Command::new(std::env::current_exe().ok()?);
    let output = child
        .arg("--bench")
        .env(ALONE, strategy.name())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.lines()
        .find(|line| line.contains(" bytes per profile "))
        .map(str::to_owned)
}

fn say_bytes_per_profile(strategy: LedgerStrategy) {
    let commands = commands();
    let before = resident_bytes();
    let (_, ledger) = run(strategy, &commands);
    if let (Some(before), Some(after)) = (before, resident_bytes()) {
        let (profiles, events) = (ledger.profiles().max(1), commands.len());
        let bytes = after.saturating_sub(before) as f64 / profiles as f64;
        let name = strategy.name();
        println!("{name}: {bytes:.0} bytes per profile ({profiles} profiles, {events} events)");
    }
}

fn strategies(criterion: &mut Criterion) {
    if let Some(strategy) = std::env::var(ALONE)
        .ok()
        .and_then(|name| LedgerStrategy::from_name(&name).ok())
    {
        say_bytes_per_profile(strategy);
        return;
    }
    let commands = commands();
    let mut group = criterion.benchmark_group("strategy");
    group
        .sample_size(10)
        .throughput(Throughput::Elements(commands.len() as u64));
    for strategy in LedgerStrategy::ALL {
        group.bench_function(BenchmarkId::from_parameter(strategy.name()), |bencher| {
            bencher.iter_custom(|iterations| {
                let times = (0..iterations).map(|_| run(strategy, &commands).0);
                times.sum()
            });
        });
    }
    group.finish();
    for strategy in LedgerStrategy::ALL {
        if let Some(says) = bytes_per_profile(strategy) {
            println!("{says}");
        }
    }
}

criterion_group!(benches, strategies);
criterion_main!(benches);
