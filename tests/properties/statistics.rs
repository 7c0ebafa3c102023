//! What random histories reach, counted over a batch with a fixed seed.
//! A generator that no longer reaches a rule, a rejection, an effect or a switch fails here.

use std::collections::BTreeMap;

use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use twinfold_engine::{Effect, Happened, IdKind, Outcome, Rejection, Rule, Settings};

use crate::machine::{Engine, Expected, Histories};

const SEED: [u8; 32] = *b"twinfold: people and their twins";
const HISTORIES: usize = 1_000;

/// Every rejection that a small alphabet can cause; `id-too-long` is in `corners.rs`.
const REJECTIONS: [&str; 9] = [
    "no-id",
    "no-valid-id",
    "unknown-id-type",
    "event-type-missing",
    "properties-not-an-object",
    "hard-id-conflict",
    "customer-not-found",
    "no-soft-type",
    "fresh-id-taken",
];

const EFFECTS: [&str; 5] = ["added", "moved", "kept", "dropped", "displaced"];

const HAPPENED: [&str; 5] = [
    "properties set",
    "event stored",
    "duplicate event dropped",
    "link opened",
    "anonymized",
];

/// Situations that need several things at once.
const SITUATIONS: [&str; 14] = [
    "merge of 2",
    "merge of 3 or more",
    "merge without any hard ID",
    "survivor was anonymous",
    "contested under addressed",
    "contested under addressed, soft IDs only",
    "contested under newer_customer",
    "contested in a merge",
    "displaced by a merge",
    "displaced a value of the call",
    "clash under reject",
    "clash under first_hard_type_wins",
    "older update kept out",
    "new attribute discarded",
];

#[derive(Default)]
struct Counts(BTreeMap<String, u64>);

#[test]
fn random_histories_reach_everything() {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &SEED);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let histories = Histories::sequential_strategy(25..50);
    let mut counts = Counts::default();
    for _ in 0..HISTORIES {
        let history = histories.new_tree(&mut runner).expect("a history");
        let (mut expected, steps, _) = history.current();
        let mut engine = Engine::init_test(&expected);
        for step in steps {
            let before = expected.clone();
            expected = Histories::apply(expected, &step);
            engine = Engine::apply(engine, &expected, step);
            let result = engine.outcomes.last().expect("just applied");
            counts.count(&before, result);
        }
        engine.is_deterministic();
    }
    counts.print();
    counts.miss_nothing();
}

impl Counts {
    fn count(&mut self, before: &Expected, result: &Result<Outcome, Rejection>) {
        self.add("steps");
        match result {
            Err(rejection) => {
                self.add(&format!("rejection {}", rejection.slug()));
                self.add(&format!("rule {}", rejection.rule().slug()));
                self.add_if(rejection.slug() == "hard-id-conflict", "clash under reject");
            }
            Ok(outcome) => {
                for rule in outcome.because.iter() {
                    self.add(&format!("rule {}", rule.slug()));
                }
                self.add(&format!("happened {}", outcome.happened.name()));
                self.count_situations(before, outcome);
            }
        }
    }

    fn count_situations(&mut self, before: &Expected, outcome: &Outcome) {
        let decision = &outcome.decision;
        let contested = contested_under(&before.settings);
        let soft_only = outcome.because.contains(Rule::ContestedMovesToNewest);
        let merged = decision.absorbed.len();
        for effect in &decision.effects {
            self.add(&format!("effect {}", name(effect)));
            match effect {
                Effect::Moved { .. } | Effect::Kept { .. } => {
                    self.add(&format!("contested under {contested}"));
                    self.add_if(soft_only, "contested under addressed, soft IDs only");
                    self.add_if(merged > 0, "contested in a merge");
                }
                Effect::Displaced(_) => {
                    self.add_if(merged > 0, "displaced by a merge");
                    let added = decision.effects.iter().filter(|e| name(e) == "added");
                    self.add_if(added.count() > 1, "displaced a value of the call");
                }
                Effect::Dropped { rule, .. } => {
                    let clash = *rule == Rule::FirstHardTypeWins;
                    self.add_if(clash, "clash under first_hard_type_wins");
                }
                _ => {}
            }
        }
        self.add_if(merged == 1, "merge of 2");
        self.add_if(merged > 1, "merge of 3 or more");
        let survivor = |profile: &twinfold_engine::Profile| {
            let hard = |name: &str| {
                let id_type = before.settings.schema.get(name);
                id_type.is_some_and(|id_type| id_type.kind == IdKind::Hard)
            };
            let mut ids = profile.ids.iter();
            ids.all(|(name, values)| values.is_empty() || !hard(name))
        };
        let joined = |profile: &&twinfold_engine::Profile| {
            let id = profile.internal_id;
            id == decision.survivor || decision.absorbed.contains(&id)
        };
        if merged > 0 {
            let profiles = before.model.profiles();
            let joined: Vec<_> = profiles.iter().filter(joined).collect();
            self.add_if(
                joined.iter().all(|p| survivor(p)),
                "merge without any hard ID",
            );
            self.add_if(survivor(joined[0]), "survivor was anonymous");
        }
        let kept = matches!(outcome.happened, Happened::PropertiesSet { kept, .. } if kept > 0);
        self.add_if(kept, "older update kept out");
        let discarded =
            matches!(outcome.happened, Happened::PropertiesSet { discarded, .. } if discarded > 0);
        self.add_if(discarded, "new attribute discarded");
    }

    fn add(&mut self, what: &str) {
        *self.0.entry(what.to_owned()).or_default() += 1;
    }

    fn add_if(&mut self, holds: bool, what: &str) {
        if holds {
            self.add(what);
        }
    }

    fn print(&self) {
        for (what, count) in &self.0 {
            println!("{count:>8} {what}");
        }
    }

    fn miss_nothing(&self) {
        // Those whose facts begin with an S are of other strategies.
        let rules = Rule::ALL.iter();
        let rules = rules.filter(|rule| !rule.fact().starts_with('S'));
        let rules = rules.map(|rule| format!("rule {}", rule.slug()));
        let rejections = REJECTIONS.iter().map(|slug| format!("rejection {slug}"));
        let effects = EFFECTS.iter().map(|name| format!("effect {name}"));
        let happened = HAPPENED.iter().map(|name| format!("happened {name}"));
        let wanted = rules.chain(rejections).chain(effects).chain(happened);
        let wanted = wanted.chain(SITUATIONS.map(str::to_owned));
        let missed: Vec<_> = wanted.filter(|what| !self.0.contains_key(what)).collect();
        assert!(missed.is_empty(), "never reached: {missed:#?}");
        let strange = self.0.get("effect of another strategy");
        assert_eq!(strange, None, "Engagement does what no rule of it says");
    }
}

fn contested_under(settings: &Settings) -> &'static str {
    settings.switches.contested_soft_id.slug()
}

fn name(effect: &Effect) -> &'static str {
    match effect {
        Effect::Added { .. } => "added",
        Effect::Moved { .. } => "moved",
        Effect::Kept { .. } => "kept",
        Effect::Dropped { .. } => "dropped",
        Effect::Displaced(_) => "displaced",
        _ => "of another strategy",
    }
}
