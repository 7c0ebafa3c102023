//! Every promise of every strategy is kept in random histories, and each invariant that a strategy does not promise is broken
//! in one of them, so that the list of promises cannot rot.

use alloc::{collections::BTreeSet, format, string::String, vec::Vec};

use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};

use super::{
    super::{
        History, Ledger, LedgerCommand, LedgerId, LedgerInvariant, LedgerSettings, LedgerStrategy,
    },
    checks::broken,
    history::{Step, TYPES, histories, told},
};
use crate::time::Timestamp;

/// What takes more calls to break than a random history has; each is broken by a test below.
const BROKEN_BY_SIZE: [(&str, LedgerInvariant); 3] = [
    ("replay-rebuild", LedgerInvariant::TogetherForGood),
    (
        "unique-namespace-replay",
        LedgerInvariant::EveryCallIsSomebodys,
    ),
    (
        "unique-namespace-replay",
        LedgerInvariant::EveryIdLeadsSomewhere,
    ),
];

/// Every preset, and every preset with one switch changed.
fn strategies() -> Vec<LedgerStrategy> {
    let mut all: Vec<LedgerStrategy> = Vec::new();
    for preset in LedgerStrategy::presets() {
        all.push(preset.strategy);
        for switch in preset.strategy.switches() {
            let choices = switch.choices.into_iter();
            all.extend(choices.filter_map(|choice| preset.strategy.with(switch.name, choice)));
        }
    }
    let mut seen = BTreeSet::new();
    all.retain(|strategy| seen.insert(strategy.name()));
    all
}

fn broken_promises(strategy: LedgerStrategy, history: &[Step]) -> Vec<String> {
    let broken = broken(strategy, history).into_iter();
    let promised = broken.filter(|one| strategy.promises(*one));
    promised
        .map(|one| format!("{} breaks {}", strategy.name(), one.slug()))
        .collect()
}

proptest! {
    // Each history goes to some hundred and fifty strategies.
    #![proptest_config(ProptestConfig::with_cases(100))]
    #[test]
    fn promises_are_kept(history in histories()) {
        for strategy in strategies() {
            let broken = broken_promises(strategy, &history);
            prop_assert!(broken.is_empty(), "{broken:?} in {}", told(&history));
        }
    }
}

/// Always the same histories, so that it cannot pass by luck.
#[test]
fn what_is_not_promised_is_broken_somewhere() {
    let mut runner = TestRunner::deterministic();
    let mut history = || histories().new_tree(&mut runner).unwrap().current();
    let all: Vec<Vec<Step>> = (0..2_500).map(|_| history()).collect();
    let mut unbroken = Vec::new();
    for preset in LedgerStrategy::presets() {
        let broken: BTreeSet<_> = all
            .iter()
            .flat_map(|one| broken(preset.strategy, one))
            .collect();
        for one in LedgerInvariant::ALL {
            let is_by_size = BROKEN_BY_SIZE.contains(&(preset.slug, *one));
            if !preset.strategy.promises(*one) && !broken.contains(one) && !is_by_size {
                unbroken.push(format!("{}: {}", preset.slug, one.slug()));
            }
        }
    }
    assert!(
        unbroken.is_empty(),
        "nothing breaks {unbroken:?}: promise them"
    );
}

fn soft(value: u32) -> LedgerId {
    LedgerId { id_type: 2, value }
}

fn ledger(name: &str) -> Ledger {
    let strategy = LedgerStrategy::from_name(name).unwrap();
    Ledger::new(strategy, LedgerSettings::of_types(TYPES.to_vec()))
}

fn send(ledger: &mut Ledger, ids: &[LedgerId], event: u32) -> History {
    let command = LedgerCommand::call(Timestamp::default(), ids, Some(event));
    ledger.apply(&command).history
}

/// `replay-rebuild` breaks `together-for-good`: the 1,501st event before a stitch stays behind.
#[test]
fn only_the_newest_events_are_replayed() {
    let mut ledger = ledger("replay-rebuild");
    for event in 0..1_501 {
        send(&mut ledger, &[soft(0)], event);
    }
    send(&mut ledger, &[soft(1)], 1_501);
    assert_eq!(ledger.owner_of_event(0), ledger.owner_of_event(1_500));
    let history = send(&mut ledger, &[soft(0), soft(1)], 1_502);
    assert_eq!(history, History::MovesFrom(2));
    assert_ne!(ledger.owner_of_event(1), ledger.owner_of_event(1_500));
    assert_eq!(ledger.owner_of_event(2), ledger.owner_of_event(1_502));
}

/// `unique-namespace-replay` breaks `every-call-is-somebodys`: a call of 21 IDs is refused.
#[test]
fn a_call_of_too_many_ids_is_nobodys() {
    let mut ledger = ledger("unique-namespace-replay");
    let ids: Vec<LedgerId> = (0..21).map(soft).collect();
    send(&mut ledger, &ids, 0);
    send(&mut ledger, &ids[..20], 1);
    assert_eq!(ledger.owner_of_event(0), None);
    assert!(ledger.owner_of_event(1).is_some());
}

/// `unique-namespace-replay` breaks `every-id-leads-somewhere`: the 51st ID of a graph pushes the oldest out.
#[test]
fn a_full_graph_forgets_its_oldest_id() {
    let mut ledger = ledger("unique-namespace-replay");
    for value in 1..=50 {
        send(&mut ledger, &[soft(0), soft(value)], value - 1);
    }
    assert_eq!(ledger.profile_of(soft(1)), None);
    assert_eq!(ledger.profile_of(soft(2)), ledger.profile_of(soft(50)));
}
