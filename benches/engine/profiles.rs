//! Single profiles: what one takes of memory, and what changing one with a long past costs.

use std::hint::black_box;

use criterion::{BatchSize, BenchmarkId, Criterion};
use twinfold_benches::resident_bytes;
use twinfold_engine::{
    Action, Command, GivenId, IdSchema, IdType, Json, Project, PropertiesGiven, Settings, Timestamp,
};

use crate::people;

/// What a profile costs; measured first, because memory that was used once is not given back.
pub(crate) fn profile_size(_: &mut Criterion) {
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
pub(crate) fn merge(criterion: &mut Criterion) {
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
pub(crate) fn long_lived(criterion: &mut Criterion) {
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
pub(crate) fn many_properties(criterion: &mut Criterion) {
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
pub(crate) fn wide_merge(criterion: &mut Criterion) {
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
