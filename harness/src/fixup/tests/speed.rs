//! How long planning takes, with many keys and with one key that everybody shares.

use super::laws::{profiles, types};
use crate::fixup::{PlanOptions, plan};

#[test]
#[ignore = "a measurement: run it with --release --ignored --nocapture"]
fn a_hundred_thousand_profiles_are_planned_in_well_under_a_second() {
    let spread: Vec<String> = (0..100_000)
        .map(|n| match n % 2 {
            0 => format!(
                "registered=p{}@x.cz cookie=c{n} email=p{}@x.cz",
                n / 3,
                n / 3
            ),
            _ => format!("cookie=c{n} email=p{}@x.cz city=b{n}", n / 3),
        })
        .collect();
    let shared: Vec<String> = (0..100_000)
        .map(|n| match n % 3 {
            0 => format!("crm={n} email=shop@x.cz"),
            1 => format!("loyalty={n} email=shop@x.cz"),
            _ => format!("cookie=c{n} email=shop@x.cz city=b{n}"),
        })
        .collect();
    let cookies: Vec<String> = (0..100_000)
        .map(|n| format!("cookie=c{n} email=shop@x.cz city=b{n}"))
        .collect();
    for (name, rows) in [
        ("spread", spread),
        ("ambiguous", shared),
        ("one placeholder", cookies),
    ] {
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let profiles = profiles(&rows);
        let start = std::time::Instant::now();
        let plan = plan(&profiles, &types(), &PlanOptions::default());
        eprintln!("{name}: {:?}, {:?}", start.elapsed(), plan.summary);
    }
}
