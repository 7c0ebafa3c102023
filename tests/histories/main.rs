//! What is said about histories: over the whole catalogue and over random histories.
//! Every explanation is checked by replaying what it claims.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

mod random;

use std::path::Path;

use twinfold::{
    anomaly,
    cli::hooks,
    explain::{explain_one, explain_two},
    history::History,
    scenario::{Scenario, discover, record},
    target::{InProcess, Target},
};
use twinfold_server::{Projects, router};

#[tokio::test]
async fn every_scenario_is_told_without_a_panic_and_the_same_twice() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios");
    for file in discover(&[directory]).unwrap() {
        let text = std::fs::read_to_string(&file).unwrap();
        let scenario = Scenario::parse(&file, text).unwrap();
        let target = Target::InProcess(InProcess::new(router(Projects::new())));
        for recorded in record(&scenario, &target, &hooks()).await.unwrap() {
            assert!(recorded.broken_off.is_none(), "{}", file.display());
            let traffic = recorded.traffic;
            let findings = anomaly::find(&traffic);
            assert_eq!(findings, anomaly::find(&traffic), "{}", file.display());
            random::implications_hold(&findings);
            let history = History::of(&traffic);
            let ids: Vec<_> = history
                .project
                .customers()
                .flat_map(|customer| history.ids_of(customer))
                .take(4)
                .collect();
            for one in &ids {
                assert_eq!(explain_one(&traffic, one), explain_one(&traffic, one));
                for other in &ids {
                    let explained = explain_two(&traffic, one, other);
                    assert_eq!(explained, explain_two(&traffic, one, other));
                }
            }
        }
    }
}
