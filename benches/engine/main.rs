//! The engine on one thread, commands in memory: `cargo bench -p twinfold-benches --bench engine`.
//! `TWINFOLD_PEOPLE` sets the size of the workload (default 2,000,000 people, five commands each).

mod profiles;
mod workload;

use criterion::{criterion_group, criterion_main};
use profiles::{long_lived, many_properties, merge, profile_size, wide_merge};
use workload::workload;

fn people() -> u32 {
    let set = std::env::var("TWINFOLD_PEOPLE")
        .ok()
        .and_then(|text| text.parse().ok());
    set.unwrap_or(2_000_000)
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
