//! The workload of many people: as a stream, one by one, from JSON lines, and through a plain prototype.

use std::{
    fmt::Write as _,
    hint::black_box,
    time::{Duration, Instant},
};

use criterion::{Criterion, Throughput};
use twinfold_benches::{Prototype, Told, Workload, Written};
use twinfold_engine::{Command, Project, Settings};

use crate::people;

/// Commands that are prepared at a time, outside the measured time.
const BATCH: usize = 1 << 16;

/// How commands reach the project.
#[derive(Clone, Copy)]
enum Feed {
    Stream,
    OneByOne,
}

/// Hands on the whole workload, a batch at a time; the sum of what each took.
fn in_batches(commands: usize, mut apply: impl FnMut(&[Written]) -> Duration) -> Duration {
    let mut workload = Workload::of(people());
    let mut taken = Duration::ZERO;
    let mut left = commands;
    while left > 0 {
        let written = workload.next_batch(left.min(BATCH));
        left -= written.len();
        taken += apply(&written);
    }
    taken
}

/// Applies the whole workload to a new project; the time of applying alone.
fn run(feed: Feed, commands: usize) -> (Duration, Project) {
    let mut project = Project::new(Settings::default());
    let taken = in_batches(commands, |written| apply(feed, &mut project, written));
    (taken, project)
}

/// Lines that are read at a time.
const LINES: usize = 256;

/// The same from JSON lines in memory: reading them is in the time.
fn run_lines(commands: usize) -> (Duration, Project) {
    let mut project = Project::new(Settings::default());
    let taken = in_batches(commands, |written| {
        let lines: Vec<String> = written.iter().map(Written::line).collect();
        let start = Instant::now();
        for lines in lines.chunks(LINES) {
            let told = lines.iter().map(|line| Told::read(line));
            let told: Vec<Told<'_>> = told
                .collect::<Result<_, _>>()
                .expect("they were written so");
            let commands: Vec<Command<'_>> = told.iter().map(Told::command).collect();
            hand_on(Feed::Stream, &mut project, &commands);
        }
        start.elapsed()
    });
    (taken, project)
}

/// The same for the prototype.
fn run_prototype(commands: usize) -> (Duration, Prototype) {
    let mut prototype = Prototype::default();
    let taken = in_batches(commands, |written| {
        let start = Instant::now();
        written.iter().for_each(|command| prototype.apply(command));
        start.elapsed()
    });
    (taken, prototype)
}

fn apply(feed: Feed, project: &mut Project, written: &[Written]) -> Duration {
    let ids: Vec<_> = written.iter().map(Written::ids).collect();
    let properties: Vec<_> = written.iter().map(Written::properties).collect();
    let parts = written.iter().zip(&ids).zip(&properties);
    let commands: Vec<Command<'_>> = parts.map(|((w, ids), p)| w.command(ids, p)).collect();
    let start = Instant::now();
    hand_on(feed, project, &commands);
    start.elapsed()
}

/// What is measured, under a name of its own for those who count instructions.
#[inline(never)]
fn hand_on(feed: Feed, project: &mut Project, commands: &[Command<'_>]) {
    match feed {
        Feed::Stream => project.apply_all(commands, |_, result| {
            let _ = black_box(result);
        }),
        Feed::OneByOne => {
            for command in commands {
                let _ = black_box(project.apply(command));
            }
        }
    }
}

/// Applies the workload of so many commands to nothing; the time of applying alone.
type Run = fn(usize) -> Duration;

const RUNS: [(&str, Run); 4] = [
    ("prototype", |commands| run_prototype(commands).0),
    ("stream", |commands| run(Feed::Stream, commands).0),
    ("json_lines", |commands| run_lines(commands).0),
    ("one_by_one", |commands| run(Feed::OneByOne, commands).0),
];

pub(crate) fn workload(criterion: &mut Criterion) {
    let commands = people() as usize * 5;
    let mut group = criterion.benchmark_group("workload");
    group
        .sample_size(10)
        .throughput(Throughput::Elements(commands as u64));
    let mut says = String::new();
    let mut floor = None;
    for (name, run) in RUNS {
        let mut runs: Vec<Duration> = Vec::new();
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|iterations| {
                let times: Vec<_> = (0..iterations).map(|_| run(commands)).collect();
                runs.extend(&times);
                times.iter().sum()
            });
        });
        runs.sort();
        let Some(median) = runs.get(runs.len() / 2) else {
            continue;
        };
        let ns = median.as_nanos() as f64 / commands as f64;
        let ratio = ns / *floor.get_or_insert(ns);
        let count = runs.len();
        let _ = writeln!(
            says,
            "{name}: {ns:.0} ns per command, {ratio:.2} of the first (median of {count} runs)"
        );
    }
    group.finish();
    print!("{says}");
    let (_, project) = run(Feed::Stream, commands);
    println!("{commands} commands left {:?}", project.counts());
    assert_eq!(run_lines(commands).1.counts(), project.counts());
    let (_, prototype) = run_prototype(commands);
    let customers = prototype.customers() as u64;
    // Whoever comes to other customers did not do the same work.
    assert_eq!(customers, project.counts().customers);
    println!("and {customers} customers of the prototype");
}
