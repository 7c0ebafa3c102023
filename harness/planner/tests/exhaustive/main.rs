//! Every history of a few commands over a few people, repaired under every policy, on the engine itself: no luck needed.
//! Histories that leave equal projects count as one state; `TWINFOLD_EXHAUSTIVE` sets how many commands they have.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

mod carried_out;
mod laws;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use twinfold_engine::{ContestedSoftId, HardIdConflict, PropertyConflict, Switches};
use twinfold_planner::{ConflictKind, Plan, PlanOptions, Policies, Policy, Step, plan};

use crate::{
    laws::Judged,
    world::{Alphabet, Word, World, schema},
};

/// Two people by address, customer number and cookie; the address as an ID or as a property.
const PEOPLE: Alphabet = Alphabet {
    name: "two people",
    registered: &["a@x.cz", "b@x.cz"],
    crm: &["1", "2"],
    cookies: &["one", "two"],
    emails: &["a@x.cz", "b@x.cz"],
};

/// One address in two spellings, another one, and an account that goes by a number.
const SPELLINGS: Alphabet = Alphabet {
    name: "spellings and a number",
    registered: &["a@x.cz", "A@x.cz", "b@x.cz", "7"],
    crm: &["1", "2"],
    cookies: &["one"],
    emails: &["a@x.cz", "b@x.cz"],
};

/// How many policies there are: every selection of the kinds that can be resolved.
const POLICIES: u8 = 32;
/// Only what needs a guess is resolved.
const AMBIGUOUS: u8 = 16;

const STEPS: [Step; 7] = [
    Step::Identify,
    Step::Realign,
    Step::CopyProperties,
    Step::CopyEvents,
    Step::HandOver,
    Step::ReadBack,
    Step::Anonymize,
];

/// What was reached, by name.
type Reached = BTreeMap<String, u64>;

/// How many commands a history has, unless the environment says otherwise.
fn commands(default: usize) -> usize {
    let commands = std::env::var("TWINFOLD_EXHAUSTIVE").ok();
    commands.map_or(default, |text| text.parse().unwrap())
}

#[test]
fn every_history_of_two_people() {
    let mut reached = Reached::new();
    let commands = commands(3);
    check(&PEOPLE, Switches::default(), commands, &mut reached);
    let kinds = [ConflictKind::AnotherHardType, ConflictKind::Ambiguous];
    print(&reached, &kinds, commands);
}

#[test]
fn every_history_of_spellings_and_a_number() {
    let mut reached = Reached::new();
    let commands = commands(3);
    check(&SPELLINGS, Switches::default(), commands, &mut reached);
    let all = ConflictKind::ALL.into_iter();
    let kinds = all.filter(|kind| *kind != ConflictKind::Unreachable);
    print(&reached, &kinds.collect::<Vec<_>>(), commands);
}

/// What was reached; each of these kinds is listed and resolved, and every step is made, if there are commands enough.
fn print(reached: &Reached, kinds: &[ConflictKind], commands: usize) {
    for (what, count) in reached {
        println!("{count:>10} {what}");
    }
    let slugs = kinds.iter().map(|kind| kind.slug());
    let wanted = slugs.flat_map(|slug| ["listed", "resolved"].map(|what| format!("{slug} {what}")));
    let steps = STEPS.map(|step| format!("step {}", step.slug()));
    for what in wanted.chain(steps) {
        assert!(
            commands < 3 || reached.contains_key(&what),
            "never reached: {what}"
        );
    }
}

#[test]
fn every_switch() {
    let commands = commands(3).saturating_sub(1);
    for alphabet in [PEOPLE, SPELLINGS] {
        for hard_id_conflict in HardIdConflict::ALL {
            for contested_soft_id in ContestedSoftId::ALL {
                for property_conflict in PropertyConflict::ALL {
                    let switches = Switches {
                        hard_id_conflict: *hard_id_conflict,
                        contested_soft_id: *contested_soft_id,
                        property_conflict: *property_conflict,
                        ..Switches::default()
                    };
                    let mut reached = Reached::new();
                    check(&alphabet, switches, commands, &mut reached);
                    let joins = reached.contains_key("step identify");
                    assert!(commands < 2 || joins, "{switches:?} joins nobody");
                }
            }
        }
    }
}

/// A project, one history that leads to it, and the number of all that do.
struct State {
    world: World,
    history: Vec<Word>,
    histories: u64,
}

/// Every history of up to so many commands, each repaired under every selection of policies.
fn check(alphabet: &Alphabet, switches: Switches, commands: usize, reached: &mut Reached) {
    let words = alphabet.words();
    let empty = State {
        world: World::empty(switches),
        history: Vec::new(),
        histories: 1,
    };
    let mut level = vec![empty];
    let mut proved = BTreeSet::new();
    let (mut histories, mut repairs) = (0, 0);
    for command in 1..=commands {
        let mut next = BTreeMap::<u128, State>::new();
        for (state, word) in followed(alphabet, &words, &level) {
            histories += state.histories;
            let longer = state.with(alphabet, word);
            let key = longer.world.key(alphabet);
            if proved.insert(key) {
                repairs += repaired(alphabet, switches, &longer, reached);
            }
            // Nobody goes on from the last ones.
            if command < commands {
                let found = next.entry(key).or_insert(longer);
                found.histories += state.histories;
            }
        }
        level = next.into_values().collect();
    }
    let all: usize = (1..=commands).map(|n| words.len().pow(n as u32)).sum();
    println!(
        "{}: {all} histories of up to {commands} of {} commands, {histories} but for the names, {} states, {repairs} repairs, under {}, {}, {}",
        alphabet.name,
        words.len(),
        proved.len(),
        switches.hard_id_conflict.slug(),
        switches.contested_soft_id.slug(),
        switches.property_conflict.slug(),
    );
}

/// Every state with every command that may come next.
fn followed<'s>(
    alphabet: &'s Alphabet,
    words: &'s [Word],
    level: &'s [State],
) -> impl Iterator<Item = (&'s State, Word)> {
    level.iter().flat_map(move |state| {
        let words = words.iter().copied();
        let allowed = words.filter(|word| alphabet.is_first_of_its_kind(&state.history, *word));
        allowed.map(move |word| (state, word))
    })
}

impl State {
    /// One command later, by no history yet.
    fn with(&self, alphabet: &Alphabet, word: Word) -> Self {
        let mut world = self.world.clone();
        world.live(alphabet, word);
        Self {
            world,
            history: [self.history.as_slice(), &[word]].concat(),
            histories: 0,
        }
    }
}

/// How many repairs there were: of the policies that give one plan, one is tried.
fn repaired(alphabet: &Alphabet, switches: Switches, state: &State, reached: &mut Reached) -> u64 {
    let mut world = state.world.clone();
    world.decorate();
    let profiles = world.profiles();
    let planned = |bits| plan(&profiles, &schema(), &options(bits));
    let kinds = kinds(&planned(0)) | kinds(&planned(AMBIGUOUS));
    let mut plans: Vec<Plan> = Vec::new();
    // Nobody asks for the policy of a kind that does not occur.
    for bits in (0..POLICIES).filter(|bits| bits & !kinds == 0) {
        let plan = planned(bits);
        if plans.iter().any(|other| other.keys == plan.keys) {
            continue;
        }
        let done = std::panic::catch_unwind(|| prove(&world, switches, &plan));
        if done.is_err() {
            let history = alphabet.told(&state.history);
            panic!("{switches:?}, policies {bits:05b}: {history}: {plan:#?}");
        }
        count(&plan, reached);
        plans.push(plan);
    }
    plans.len() as u64
}

/// The kinds that a plan lists, as bits.
fn kinds(plan: &Plan) -> u8 {
    let bit = |kind| ConflictKind::ALL.iter().position(|other| *other == kind);
    let listed = plan
        .conflicts()
        .filter_map(|(_, conflict)| bit(conflict.kind));
    listed.fold(0, |bits, at| bits | 1 << at)
}

/// All bits set resolves every kind.
fn options(bits: u8) -> PlanOptions {
    let kinds = ConflictKind::ALL.into_iter().enumerate();
    let resolved = kinds.filter(|(at, _)| bits & (1 << at) != 0);
    PlanOptions {
        policies: resolved.fold(Policies::default(), |policies, (_, kind)| {
            policies.with(kind, Policy::Resolve)
        }),
        ..PlanOptions::default()
    }
}

fn prove(world: &World, switches: Switches, first: &Plan) {
    let before = world.stored();
    let mut repaired = world.clone();
    carried_out::carry_out(&mut repaired, first);
    Judged {
        plan: first,
        before: &before,
        world: &repaired,
        property_conflict: switches.property_conflict,
    }
    .check();
    let second = plan(&repaired.profiles(), &schema(), &first.options());
    assert_eq!(
        second.calls().count(),
        0,
        "a second plan is empty: {second:#?}"
    );
    let listed: Vec<&str> = first.conflicts().map(|(key, _)| key).collect();
    let fresh = second.conflicts().find(|(key, _)| !listed.contains(key));
    assert_eq!(fresh, None, "nothing new is listed");
    in_another_order(world, first, &repaired);
}

/// Law 4: the order of independent keys does not matter.
fn in_another_order(world: &World, plan: &Plan, repaired: &World) {
    if plan.keys.iter().filter(|key| !key.calls.is_empty()).count() < 2 {
        return;
    }
    let mut reversed = plan.clone();
    reversed.keys.reverse();
    let mut other = world.clone();
    carried_out::carry_out(&mut other, &reversed);
    // Which fresh cookie an emptied profile gets depends on who is emptied first.
    let fresh = |(_, values): &mut (String, Vec<String>)| {
        values.retain(|value| !value.starts_with("fresh"));
    };
    let ids = |world: &World| -> Vec<_> {
        let stored = world.stored().into_values();
        let stored = stored.map(|mut one| {
            one.ids.iter_mut().for_each(fresh);
            (one.internal_id, one.ids)
        });
        stored.collect()
    };
    assert_eq!(ids(&other), ids(repaired), "law 4: keys reversed");
}

fn count(plan: &Plan, reached: &mut Reached) {
    let mut add = |what: String| *reached.entry(what).or_default() += 1;
    for (_, call) in plan.calls() {
        add(format!("step {}", call.step.slug()));
    }
    for (_, conflict) in plan.conflicts() {
        add(format!("{} listed", conflict.kind.slug()));
    }
    for conflict in plan.keys.iter().flat_map(|key| &key.resolved) {
        add(format!("{} resolved", conflict.kind.slug()));
    }
}
