//! The worked examples of the published rules, as rows: types, calls, and who is who afterwards.
//! Then what every strategy promises, over random calls.

use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};

use proptest::{collection, option, prelude::*};

use super::{
    Because, Ledger, LedgerCommand, LedgerId, LedgerSettings, LedgerStrategy, LedgerType, Verdict,
};
use LedgerStrategy::{
    ClosureWithLimits, DangerousIdentify, DemoteAndRetry, DeviceToFirstUser, ExplicitMerge,
    GuardedIdentify, LookupConversion, LookupIsolation, LookupLink, MergeKeySwitch, NeverMerge,
    OldestWinsFork, PlainClosure, UniqueNamespaceReplay,
};

/// A ledger with names: a type is a letter, in the order of priority; capital letters are hard types.
struct Named {
    ledger: Ledger,
    strategy: LedgerStrategy,
    types: &'static str,
    names: BTreeMap<String, LedgerId>,
    events: u32,
    verdicts: Vec<Verdict>,
}

impl Named {
    fn new(strategy: LedgerStrategy, types: &'static str) -> Self {
        let kind = |letter: char| LedgerType {
            is_hard: letter.is_uppercase(),
            limit: if letter.is_uppercase() { 1 } else { 5 },
        };
        let types_of = types.chars().map(kind).collect();
        Self {
            ledger: Ledger::new(strategy, LedgerSettings { types: types_of }),
            strategy,
            types,
            names: BTreeMap::new(),
            events: 0,
            verdicts: Vec::new(),
        }
    }

    /// `U:anna c:k7`: these IDs were seen together; `U:odd > U:mira`: the first is folded into the second.
    fn send(&mut self, call: &str) {
        if let Some((source, target)) = call.split_once(" > ") {
            let (source, target) = (self.id(source), self.id(target));
            let link = LedgerCommand::Link { source, target };
            let verdict = self.ledger.apply(&link);
            self.verdicts.push(verdict);
            return;
        }
        let taken = |id: &&str| !self.strategy.refuses(&id[2..]);
        let ids: Vec<String> = call
            .split(' ')
            .filter(taken)
            .map(ToString::to_string)
            .collect();
        let ids: Vec<LedgerId> = ids.iter().map(|id| self.id(id)).collect();
        let event = Some(self.events);
        self.events += 1;
        let verdict = self.ledger.apply(&LedgerCommand::Call { ids: &ids, event });
        self.verdicts.push(verdict);
    }

    fn id(&mut self, name: &str) -> LedgerId {
        let id_type = self.types.find(&name[..1]).unwrap();
        let value = u32::try_from(self.names.len()).unwrap();
        let fresh = LedgerId {
            id_type: u8::try_from(id_type).unwrap(),
            value,
        };
        *self.names.entry(name.to_string()).or_insert(fresh)
    }

    /// The IDs by profile, the oldest profile first.
    fn people(&self) -> String {
        let mut people: BTreeMap<_, Vec<&str>> = BTreeMap::new();
        for (name, id) in &self.names {
            if let Some(profile) = self.ledger.profile_of(*id) {
                people.entry(profile).or_default().push(&name[2..]);
            }
        }
        let people: Vec<String> = people.values().map(|ids| ids.join(" ")).collect();
        people.join(" | ")
    }

    /// The profile of each call's event, numbered as they first occur.
    fn owners(&self) -> String {
        let mut seen = Vec::new();
        let owners = (0..self.events).map(|event| {
            let owner = self.ledger.owner_of_event(event);
            let place = seen.iter().position(|one| *one == owner);
            let place = place.unwrap_or_else(|| {
                seen.push(owner);
                seen.len() - 1
            });
            format!("{}", place + 1)
        });
        owners.collect::<Vec<_>>().join(" ")
    }
}

fn run(strategy: LedgerStrategy, types: &'static str, calls: &[&str]) -> Named {
    let mut named = Named::new(strategy, types);
    for call in calls {
        named.send(call);
    }
    named
}

/// Which IDs are one person afterwards.
#[test]
fn worked_examples_end_with_these_people() {
    let rows: &[(&str, LedgerStrategy, &'static str, &[&str], &str)] = &[
        // PostHog, observed in its source; every ID is a distinct ID, so all are of one type.
        (
            "1.2 #1",
            GuardedIdentify,
            "d",
            &["d:k17", "d:mira", "d:mira d:k17"],
            "k17 mira",
        ),
        (
            "1.2 #2",
            GuardedIdentify,
            "d",
            &["d:mira d:k17"],
            "k17 mira",
        ),
        (
            "1.2 #3",
            GuardedIdentify,
            "d",
            &["d:mira d:k1", "d:odd d:k2", "d:mira d:odd"],
            "k1 mira | k2 odd",
        ),
        (
            "1.2 #4",
            GuardedIdentify,
            "d",
            &["d:mira d:k1", "d:odd d:k2", "d:odd > d:mira"],
            "k1 k2 mira odd",
        ),
        (
            "1.2 #5",
            GuardedIdentify,
            "d",
            &["d:k1", "d:mira d:undefined"],
            "k1 | mira",
        ),
        (
            "1.2 #6",
            GuardedIdentify,
            "d",
            &["d:mira d:k1", "d:odd d:k1"],
            "k1 mira odd",
        ),
        (
            "1.2 #7",
            GuardedIdentify,
            "d",
            &["d:odd", "d:mira d:k1", "d:odd d:k1"],
            "odd | k1 mira",
        ),
        // Segment, documented.
        (
            "1.3 #1",
            DemoteAndRetry,
            "Uea",
            &["a:a1", "e:x a:a1", "U:u1 e:x"],
            "u1 a1 x",
        ),
        (
            "1.3 #2",
            DemoteAndRetry,
            "Uea",
            &["a:a1", "U:u1", "U:u1 a:a1"],
            "u1 a1",
        ),
        (
            "1.3 #3",
            DemoteAndRetry,
            "Uea",
            &["U:u1 e:x", "U:u2 e:x", "e:x"],
            "u1 x | u2",
        ),
        (
            "1.3 #4",
            DemoteAndRetry,
            "Uea",
            &["U:u1 a:a1", "U:u2 a:a1", "a:a1"],
            "u1 a1 | u2",
        ),
        (
            "1.3 #5",
            DemoteAndRetry,
            "Uea",
            &["U:u1 e:null", "U:u2 e:null"],
            "u1 | u2",
        ),
        (
            "1.3 #6",
            DemoteAndRetry,
            "Uea",
            &[
                "U:u1 a:a1",
                "U:u1 a:a2",
                "U:u1 a:a3",
                "U:u1 a:a4",
                "U:u1 a:a5",
                "U:u1 a:a6",
                "a:a6",
                "U:u1 a:a6",
            ],
            "u1 a1 a2 a3 a4 a5 | a6",
        ),
        (
            "1.3 #7",
            DemoteAndRetry,
            "Uag",
            &["a:a1 g:g", "U:u1 a:a1", "a:a2 g:g", "U:u2 a:a2"],
            "u1 a1 a2 g | u2",
        ),
        // Adobe: documented scenarios; the order of putting back is a reading (assumed).
        (
            "1.5 #1",
            UniqueNamespaceReplay,
            "Clepk",
            &["C:ida k:k7", "C:olaf k:k7"],
            "ida | olaf k7",
        ),
        (
            "1.5 #2",
            UniqueNamespaceReplay,
            "Clepk",
            &["C:ida k:k7", "C:olaf k:k7", "C:ida k:k7"],
            "ida k7 | olaf",
        ),
        (
            "1.5 #3",
            UniqueNamespaceReplay,
            "Clepk",
            &[
                "C:ida l:la",
                "C:ida l:lb",
                "l:la k:k1",
                "C:olaf l:lc",
                "l:lc k:k2",
                "l:lc k:k1",
            ],
            "ida la lb | olaf k1 k2 lc",
        ),
        (
            "1.5 #4",
            UniqueNamespaceReplay,
            "Clepk",
            &["C:ida l:la", "C:olaf l:ld", "C:ida l:ld"],
            "ida la ld | olaf",
        ),
        (
            "1.5 #5",
            UniqueNamespaceReplay,
            "Clepk",
            &["C:ida l:la", "l:la k:k1", "l:lc k:k1"],
            "ida k1 la lc",
        ),
        (
            "1.5 #6",
            UniqueNamespaceReplay,
            "CEk",
            &["C:ida E:i", "C:ida k:k1", "E:o k:k1"],
            "ida i | o k1",
        ),
        (
            "1.5 #7",
            UniqueNamespaceReplay,
            "CEk",
            &["C:ida k:k1", "E:o k:k1"],
            "ida o k1",
        ),
        (
            "1.5 #8",
            UniqueNamespaceReplay,
            "CEP",
            &["C:ida E:i P:111", "C:olaf E:o P:222", "C:olaf P:111"],
            "ida i | olaf o 111 | 222",
        ),
        // Snowplow, documented.
        (
            "1.6 #3",
            OldestWinsFork,
            "Uci",
            &["U:anna c:c1", "i:i1", "U:anna i:i1"],
            "anna c1 i1",
        ),
        (
            "1.6 #7",
            OldestWinsFork,
            "Uc",
            &["c:c1", "c:c2", "U:anna c:c2", "U:anna c:c1"],
            "anna c1 c2",
        ),
        // Unomi, observed in its source; the visitor's profile is that of the session.
        (
            "1.7 #2",
            MergeKeySwitch,
            "Ks",
            &["s:p1", "K:anna s:p1", "s:p2", "K:anna s:p2"],
            "anna p1 p2",
        ),
        (
            "1.7 #3",
            MergeKeySwitch,
            "Ks",
            &["s:p0", "s:p1", "K:anna s:p1", "K:anna s:p0"],
            "anna p0 p1",
        ),
        (
            "1.7 #4",
            MergeKeySwitch,
            "Ks",
            &["s:p1", "K:anna s:p1", "K:otto s:p1"],
            "anna | otto p1",
        ),
        (
            "1.7 #5",
            MergeKeySwitch,
            "Ks",
            &["s:p1", "K:anna s:p1", "K:otto s:p1", "K:anna s:p1"],
            "anna p1 | otto",
        ),
        // Explicit source into destination, documented.
        (
            "1.8 #3",
            ExplicitMerge,
            "Ud",
            &["d:a", "d:a > U:b", "U:b"],
            "a | b",
        ),
        (
            "1.8 #2",
            ExplicitMerge,
            "Ud",
            &["U:a", "U:b", "U:c", "U:a > U:b", "U:b > U:c"],
            "c",
        ),
        (
            "1.8 #2 the other way",
            ExplicitMerge,
            "Ud",
            &["U:a", "U:b", "U:c", "U:b > U:c", "U:a > U:b"],
            "a | c",
        ),
        // Closure with limits; records as calls.
        (
            "1.9 #1",
            PlainClosure,
            "Mek",
            &["M:m1 e:x", "e:x k:k", "M:m2 k:k", "e:y k:k"],
            "m1 m2 x y k",
        ),
        (
            "1.9 #3",
            ClosureWithLimits,
            "Mek",
            &["M:m1 e:x", "e:x k:k", "M:m2 k:k", "e:y k:k"],
            "m1 x y k | m2",
        ),
        // The ends.
        (
            "never",
            NeverMerge,
            "Uc",
            &["U:anna c:c1", "c:c1"],
            "anna | c1",
        ),
    ];
    for (name, strategy, types, calls, expected) in rows {
        let sorted = |people: &str| {
            let mut people: Vec<Vec<String>> = people
                .split(" | ")
                .map(|one| one.split(' ').map(String::from).collect())
                .collect();
            people.iter_mut().for_each(|one| one.sort());
            people.sort();
            people
        };
        let found = run(*strategy, types, calls).people();
        assert_eq!(sorted(&found), sorted(expected), "{name}: {found}");
    }
}

/// Whose each call is, profiles numbered as they first occur.
#[test]
fn worked_examples_file_their_events_so() {
    // mParticle: row 4 of the table, the eight calls on devices d1 and d9.
    let device: &[&str] = &[
        "d:d1",
        "C:c1 d:d1",
        "d:d1",
        "C:c1 d:d1",
        "d:d1",
        "C:c2 d:d1",
        "d:d9",
        "C:c1 d:d9",
    ];
    let rows: &[(&str, LedgerStrategy, &'static str, &[&str], &str)] = &[
        (
            "1.4 conversion",
            LookupConversion,
            "Cd",
            device,
            "1 1 2 1 2 2 3 1",
        ),
        ("1.4 link", LookupLink, "Cd", device, "1 2 3 2 4 5 6 2"),
        (
            "1.4 isolation",
            LookupIsolation,
            "Cd",
            device,
            "1 2 1 2 1 3 4 2",
        ),
        (
            "1.6 #1-6",
            OldestWinsFork,
            "Uci",
            &[
                "U:anna c:c1",
                "i:i1",
                "U:anna i:i1",
                "U:otto i:i1",
                "i:i1",
                "i:i1",
                "c:c1",
            ],
            "1 1 1 2 3 3 1",
        ),
        (
            "1.10 device to first user",
            DeviceToFirstUser,
            "Ud",
            &["d:d1", "U:u1 d:d1", "d:d1", "U:u2 d:d1", "d:d1"],
            "1 1 1 2 1",
        ),
        (
            "1.3 #4",
            DemoteAndRetry,
            "Ua",
            &["U:u1 a:a1", "U:u2 a:a1", "a:a1"],
            "1 2 1",
        ),
        (
            "1.5 anonymous follows",
            UniqueNamespaceReplay,
            "Ck",
            &["k:k1", "C:ida k:k1", "C:olaf k:k1"],
            "1 2 1",
        ),
    ];
    for (name, strategy, types, calls, expected) in rows {
        assert_eq!(run(*strategy, types, calls).owners(), *expected, "{name}");
    }
}

/// What is refused is a success with a reason, and what a strategy has not is not applicable.
#[test]
fn verdicts_say_why() {
    for (strategy, calls, because) in [
        (
            GuardedIdentify,
            vec!["d:odd", "d:mira d:k1", "d:odd d:k1"],
            Because::MergeRefused,
        ),
        (
            DangerousIdentify,
            vec!["d:odd", "d:mira d:k1", "d:odd d:k1"],
            Because::Merged,
        ),
        (
            DemoteAndRetry,
            vec!["d:k", "d:k > d:l"],
            Because::NotApplicable,
        ),
        (ExplicitMerge, vec!["d:k", "d:k > d:l"], Because::Missing),
    ] {
        let named = run(strategy, "d", &calls);
        assert_eq!(
            named.verdicts.last().unwrap().because,
            because,
            "{strategy:?}"
        );
    }
}

#[test]
fn slugs_are_read_back() {
    for strategy in LedgerStrategy::ALL {
        assert_eq!(LedgerStrategy::from_slug(strategy.slug()), Some(strategy));
    }
}

proptest! {
    /// Every ID that a call named last leads somewhere, owners exist, a repeated call changes nothing in an order-free
    /// strategy, and the count of profiles is that of the profiles that can be reached or own an event.
    #[test]
    fn every_strategy_keeps_its_books(calls in calls()) {
        for strategy in LedgerStrategy::ALL {
            let named = run_ids(strategy, &calls);
            let ledger = &named;
            for (event, ids) in calls.iter().enumerate() {
                let owner = ledger.owner_of_event(u32::try_from(event).unwrap());
                prop_assert!(owner.is_some(), "{strategy:?} {ids:?}");
            }
            let mut live: Vec<_> = (0..calls.len())
                .filter_map(|event| ledger.owner_of_event(u32::try_from(event).unwrap()))
                .chain(calls.iter().flatten().filter_map(|id| ledger.profile_of(*id)))
                .collect();
            live.sort();
            live.dedup();
            prop_assert!(live.len() <= ledger.profiles(), "{strategy:?}");
        }
    }

    /// Plain closure is what the obvious fixpoint says, in any order.
    #[test]
    fn closure_is_the_fixpoint_of_calls(calls in calls()) {
        let ledger = run_ids(LedgerStrategy::PlainClosure, &calls);
        let backwards: Vec<_> = calls.iter().rev().cloned().collect();
        let other = run_ids(LedgerStrategy::PlainClosure, &backwards);
        let all: Vec<LedgerId> = calls.iter().flatten().copied().collect();
        for one in &all {
            let reached = fixpoint(&calls, *one);
            for two in &all {
                let same = ledger.profile_of(*one) == ledger.profile_of(*two);
                prop_assert_eq!(same, reached.contains(two));
                prop_assert_eq!(same, other.profile_of(*one) == other.profile_of(*two));
            }
        }
    }

    /// Where a hard type is limited to one value, no profile holds two of it: these strategies promise it, the others do not.
    #[test]
    fn limits_are_kept_by_those_who_promise(calls in calls()) {
        for strategy in [
            LedgerStrategy::NeverMerge,
            LedgerStrategy::ClosureWithLimits,
            LedgerStrategy::DemoteAndRetry,
            LedgerStrategy::UniqueNamespaceReplay,
            LedgerStrategy::MergeKeySwitch,
        ] {
            let ledger = run_ids(strategy, &calls);
            let mut held = BTreeMap::new();
            for id in calls.iter().flatten().filter(|id| id.id_type == 0) {
                let profile = ledger.profile_of(*id);
                let before = held.insert(profile, *id);
                prop_assert!(profile.is_none() || before.is_none_or(|before| before == *id), "{strategy:?}");
            }
        }
    }
}

/// Calls of one to three IDs: four values each of a hard type, a second one, and devices; never two values of one type.
fn calls() -> impl Strategy<Value = Vec<Vec<LedgerId>>> {
    let id = |id_type: u8| (0_u32..4).prop_map(move |value| LedgerId { id_type, value });
    let call = (option::of(id(0)), option::of(id(1)), id(2));
    let call =
        call.prop_map(|(one, two, three)| [one, two, Some(three)].into_iter().flatten().collect());
    collection::vec(call, 1..12)
}

fn run_ids(strategy: LedgerStrategy, calls: &[Vec<LedgerId>]) -> Ledger {
    let kind = |is_hard| LedgerType {
        is_hard,
        limit: if is_hard { 1 } else { 5 },
    };
    let types = vec![kind(true), kind(true), kind(false)];
    let mut ledger = Ledger::new(strategy, LedgerSettings { types });
    for (event, ids) in calls.iter().enumerate() {
        let event = Some(u32::try_from(event).unwrap());
        ledger.apply(&LedgerCommand::Call { ids, event });
    }
    ledger
}

/// The slow model: go on adding whole calls until nothing is added.
fn fixpoint(calls: &[Vec<LedgerId>], start: LedgerId) -> Vec<LedgerId> {
    let mut reached = vec![start];
    loop {
        let before = reached.len();
        for call in calls {
            if call.iter().any(|id| reached.contains(id)) {
                let fresh: Vec<_> = call
                    .iter()
                    .filter(|id| !reached.contains(id))
                    .copied()
                    .collect();
                reached.extend(fresh);
            }
        }
        if reached.len() == before {
            return reached;
        }
    }
}
