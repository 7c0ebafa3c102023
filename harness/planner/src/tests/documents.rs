//! The document of a plan: the same bytes for the same profiles in any order, and everything said for every key.

use serde_json::json;

use super::{
    generator::Generator,
    laws::{profiles, types},
    worlds::{self, World},
};
use crate::{CurlTarget, Plan, PlanOptions, plan};

const SEEDS: u64 = 300;

#[test]
fn the_order_of_rows_does_not_reach_a_byte_of_the_plan() {
    for seed in 0..SEEDS {
        let mut random = Generator::new(seed);
        let world = if seed % 2 == 0 {
            World::Clean
        } else {
            World::Old
        };
        let types = worlds::types(&mut random, world);
        let mut rows = worlds::profiles(&mut random, world);
        let options = PlanOptions {
            policies: ["report", "resolve"][random.below(2)].parse().unwrap(),
            ..PlanOptions::default()
        };
        let written = |plan: &Plan| {
            (
                json!(plan).to_string(),
                plan.markdown(&CurlTarget::default()),
            )
        };
        let first = written(&plan(&rows, &types, &options));
        for _ in 0..3 {
            random.shuffle(&mut rows);
            assert_eq!(
                written(&plan(&rows, &types, &options)),
                first,
                "seed {seed}"
            );
        }
        let read: Plan = serde_json::from_str(&first.0).unwrap();
        assert_eq!(written(&read), first, "seed {seed}");
    }
}

#[test]
fn a_document_says_everything_of_a_key() {
    let rows = [
        "registered=a@x.cz cookie=1 email=a@x.cz city=Brno",
        "cookie=2 email=a@x.cz city=Zlin",
        "registered=A@x.cz",
    ];
    let options = PlanOptions {
        policies: "resolve".parse().unwrap(),
        ..PlanOptions::default()
    };
    let text = plan(&profiles(&rows), &types(), &options).markdown(&CurlTarget::default());
    for part in [
        "3 profiles, 1 address with more than one profile",
        "| 1 | case-variant |",
        "| case-variant: the address in another spelling | 0 | 1 | yes |",
        "Irreversible: 1 call joins profiles for good, because a merge cannot be undone.",
        "Irreversible: 1 profile is emptied.",
        "Needs `--confirm`: the calls that resolve case-variant.",
        "| #1 | hard ID, owner | `cookie=1` `registered=a@x.cz` |",
        "| #2 | property, lacks the hard ID | `cookie=2` |",
        "Cause: case-variant (inferred; fact 9.4, documented).",
        "1. case-variant: the hard IDs differ in case only. Settled by: which source wrote the address",
        "1. joins #1, #2 for good",
        "   - may give up one of `city` = \"Brno\" and \"Zlin\"",
        "   - irreversible: a merge cannot be undone",
        "   - irreversible: IDs and private properties are gone",
        "   curl -X POST",
        "Resolved case-variant: #3",
    ] {
        assert!(text.contains(part), "`{part}` is in\n{text}");
    }
}
