//! The engine on one thread, commands in memory: `cargo bench -p twinfold-benches --bench engine`.
//! `TWINFOLD_PEOPLE` sets the size of the workload (default 2,000,000 people, five commands each).

use std::{
    fmt::Write as _,
    hint::black_box,
    time::{Duration, Instant},
};

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use twinfold_benches::{Prototype, Told, Workload, Written, resident_bytes};
use twinfold_engine::{
    Action, Command, GivenId, IdSchema, IdType, Json, Project, PropertiesGiven, Settings, Timestamp,
};

/// Commands that are prepared at a time, outside the measured time.
const BATCH: usize = 1 << 16;

fn people() -> u32 {
    let set = std::env::var("TWINFOLD_PEOPLE")
        .ok()
        .and_then(|text| text.parse().ok());
    set.unwrap_or(2_000_000)
}

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

fn workload(criterion: &mut Criterion) {
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

/// What a profile costs; measured first, because memory that was used once is not given back.
fn profile_size(_: &mut Criterion) {
    let before = resident_bytes();
    let mut project = Project::new(Settings::default());
    for person in 0..people() {
        profile_of(&mut project, person);
    }
    let profiles = project.counts().customers;
    if let (Some(before), Some(after)) = (before, resident_bytes()) {
        let bytes = after.saturating_sub(before) as f64 / profiles as f64;
        let ids = project.counts().ids as f64 / profiles as f64;
        println!(
            "{bytes:.0} bytes per profile of {ids:.1} IDs and two short properties ({profiles} profiles)"
        );
    }
}

/// One hard ID of 22 characters, 1.6 cookies of 36 on average, two short properties.
fn profile_of(project: &mut Project, person: u32) {
    let hard = format!("customer-{person:013}");
    let properties = [("city", Json("\"city 1\"")), ("visits", Json("42"))];
    for cookie in 0..1 + u32::from(person % 5 < 3) {
        let cookie = format!("{person:08x}-3441-44b7-a676-{cookie:012x}");
        set(
            project,
            &[
                GivenId::text("registered", &hard),
                GivenId::text("cookie", &cookie),
            ],
            &properties,
        );
    }
}

fn set(project: &mut Project, ids: &[GivenId<'_>], properties: &[(&str, Json<'_>)]) {
    let outcome = project.apply(&Command {
        at: Timestamp::default(),
        action: Action::SetProperties {
            ids,
            properties: PropertiesGiven::Object(properties),
            update_timestamp: None,
        },
    });
    let _ = black_box(outcome);
}

fn track(project: &mut Project, cookie: &str, at: f64) {
    let outcome = project.apply(&Command {
        at: Timestamp::new(at).unwrap_or_default(),
        action: Action::TrackEvent {
            ids: &[GivenId::text("cookie", cookie)],
            event_type: Some("page_visit"),
            timestamp: None,
            properties: PropertiesGiven::Object(Json("{}")),
        },
    });
    let _ = black_box(outcome);
}

/// Merging two customers costs the same, however many events they have.
fn merge(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("merge_two_customers_with_events_each");
    for events in [1, 100, 10_000] {
        let mut before = Project::new(Settings::default());
        for event in 0..events {
            track(&mut before, "laptop", f64::from(event));
            track(&mut before, "phone", f64::from(event));
        }
        set(
            &mut before,
            &[
                GivenId::text("registered", "ada"),
                GivenId::text("cookie", "laptop"),
            ],
            &[],
        );
        group.bench_function(BenchmarkId::from_parameter(events), |bencher| {
            bencher.iter_batched_ref(
                || before.clone(),
                |project| {
                    let ids = [
                        GivenId::text("registered", "ada"),
                        GivenId::text("cookie", "phone"),
                    ];
                    set(project, &ids, &[]);
                },
                BatchSize::PerIteration,
            );
        });
    }
}

/// An event on a customer that has absorbed many others.
fn long_lived(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("event_on_a_customer_that_absorbed");
    for absorbed in [1, 100, 10_000] {
        let mut project = Project::new(Settings::default());
        for number in 0..absorbed {
            let cookie = format!("cookie-{number}");
            track(&mut project, &cookie, f64::from(number));
            set(
                &mut project,
                &[
                    GivenId::text("registered", "ada"),
                    GivenId::text("cookie", &cookie),
                ],
                &[],
            );
        }
        let mut at = 1e9;
        group.bench_function(BenchmarkId::from_parameter(absorbed), |bencher| {
            bencher.iter(|| {
                at += 1.0;
                let newest = format!("cookie-{}", absorbed - 1);
                track(&mut project, &newest, at);
            });
        });
    }
}

/// One property of a customer that has many.
fn many_properties(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("update_of_a_customer_with_properties");
    for count in [1, 16, 1_000] {
        let mut project = Project::new(Settings {
            customer_attributes_max: 1_024,
            ..Settings::default()
        });
        let ids = [GivenId::text("registered", "ada")];
        let names: Vec<_> = (0..count)
            .map(|number| format!("property {number}"))
            .collect();
        for name in &names {
            set(&mut project, &ids, &[(name, Json("1"))]);
        }
        group.bench_function(BenchmarkId::from_parameter(count), |bencher| {
            bencher.iter(|| set(&mut project, &ids, &[("property 0", Json("2"))]));
        });
    }
}

/// One call that merges a customer for each of its ID types.
fn wide_merge(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("one_call_merges");
    for width in [2, 8, 64] {
        let names: Vec<_> = (0..width).map(|number| format!("type{number}")).collect();
        let types = names.iter().map(IdType::hard).collect();
        let Ok(schema) = IdSchema::new(types) else {
            continue;
        };
        let mut before = Project::new(Settings {
            schema,
            ..Settings::default()
        });
        let ids: Vec<_> = names
            .iter()
            .map(|name| GivenId::text(name, "ada"))
            .collect();
        for id in &ids {
            set(&mut before, &[*id], &[("city", Json("\"Brno\""))]);
        }
        group.bench_function(BenchmarkId::from_parameter(width), |bencher| {
            let forked = || before.clone();
            bencher.iter_batched_ref(
                forked,
                |project| set(project, &ids, &[]),
                BatchSize::SmallInput,
            );
        });
    }
}

criterion_group!(
    benches,
    profile_size,
    merge,
    long_lived,
    many_properties,
    wide_merge,
    workload
);
criterion_main!(benches);
