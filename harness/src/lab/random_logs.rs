//! Thousands of short random logs: how good each strategy is, how often the order of a log decides, and how often one
//! strategy ends otherwise than another. The traffic of the page `docs/strategies.md`.

use rand::{RngExt, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

use super::{
    close_look::together,
    contestant::Contestant,
    contingency::Contingency,
    experiment::{SmallCall, owners, traffic},
    measures::Quality,
    running::Ready,
};

/// How many calls a log has.
const CALLS: usize = 8;

/// How often a call carries the user.
const CARRIES_USER: f64 = 0.5;

/// How often a call comes from the person's own device.
const OWN_DEVICE: f64 = 0.7;

/// The devices of each person: the own one, and the one that others use. Four devices, the last two shared by two people.
const DEVICES: [(&str, &str); 3] = [("d1", "d4"), ("d2", "d3"), ("d3", "d4")];

const USERS: [&str; 3] = ["anna", "otto", "ida"];

/// Random logs to run.
#[derive(Clone, Copy, Debug)]
pub struct RandomLogs {
    /// How many.
    pub logs: u32,
    /// Where all chance comes from.
    pub seed: u64,
}

/// What one strategy makes of all logs.
#[derive(Clone, Debug)]
pub struct OfLogs {
    /// Whose outcomes these are.
    pub contestant: Contestant,
    /// B-cubed, over all calls.
    pub b_cubed: Quality,
    /// The share of logs that end otherwise after one random reshuffle.
    pub shuffle: f64,
    /// The share of logs that end otherwise than by the rules of Engagement.
    pub differs_from_engagement: f64,
    /// The share of logs that end otherwise than by plain closure.
    pub differs_from_closure: f64,
}

/// A log with one other order of it.
struct Log {
    calls: Vec<SmallCall>,
    natural: Vec<usize>,
    shuffled: Vec<usize>,
}

impl RandomLogs {
    /// Runs every log, in both orders, through each contestant.
    pub fn run(&self, contestants: &[Contestant]) -> Vec<OfLogs> {
        let logs = self.logs();
        let reference = |name| Contestant::from_name(name).ok().map(|one| ends(one, &logs));
        let (engagement, closure) = (reference("engagement"), reference("plain-closure"));
        let of = |contestant: &Contestant| {
            let ends = ends(*contestant, &logs);
            let shuffled = ends.iter().filter(|end| end.natural != end.shuffled);
            let differs = |other: &Option<Vec<End>>| {
                let pairs = ends.iter().zip(other.iter().flatten());
                let differ = pairs.filter(|(own, other)| own.natural != other.natural);
                share(differ.count(), logs.len())
            };
            OfLogs {
                contestant: *contestant,
                b_cubed: b_cubed(&logs, &ends),
                shuffle: share(shuffled.count(), logs.len()),
                differs_from_engagement: differs(&engagement),
                differs_from_closure: differs(&closure),
            }
        };
        contestants.iter().map(of).collect()
    }

    fn logs(&self) -> Vec<Log> {
        let mut chance = ChaCha8Rng::seed_from_u64(self.seed);
        (0..self.logs).map(|_| log(&mut chance)).collect()
    }
}

fn log(chance: &mut ChaCha8Rng) -> Log {
    let calls = (0..CALLS).map(|_| call(chance)).collect();
    let natural: Vec<usize> = (0..CALLS).collect();
    let mut shuffled = natural.clone();
    shuffled.shuffle(chance);
    Log {
        calls,
        natural,
        shuffled,
    }
}

fn call(chance: &mut ChaCha8Rng) -> SmallCall {
    // Drawn as a number of fixed width, so that every machine draws the same.
    let person = chance.random_range(0..3_u32) as usize;
    let (own, other) = DEVICES[person];
    let device = if chance.random_bool(OWN_DEVICE) {
        own
    } else {
        other
    };
    let user = chance.random_bool(CARRIES_USER).then_some(USERS[person]);
    (user, device, person as u64 + 1)
}

/// Which calls of a log are together in the end, in both orders.
struct End {
    natural: Vec<usize>,
    shuffled: Vec<usize>,
}

fn ends(contestant: Contestant, logs: &[Log]) -> Vec<End> {
    let end = |log: &Log| {
        let traffic = traffic(&log.calls);
        let ready = Ready::new(contestant, &traffic);
        End {
            natural: together(&owners(&ready, &log.natural)),
            shuffled: together(&owners(&ready, &log.shuffled)),
        }
    };
    logs.iter().map(end).collect()
}

fn b_cubed(logs: &[Log], ends: &[End]) -> Quality {
    let mut counts = Contingency::default();
    for (number, (log, end)) in (0..).zip(logs.iter().zip(ends)) {
        // People and profiles of different logs are strangers.
        let first = number * CALLS as u64;
        for (profile, (_, _, person)) in end.natural.iter().zip(&log.calls) {
            counts.add(first + *profile as u64, first + person, 1);
        }
    }
    counts.measures().b_cubed
}

fn share(part: usize, all: usize) -> f64 {
    part as f64 / all.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOGS: RandomLogs = RandomLogs { logs: 300, seed: 1 };

    fn of(name: &str) -> OfLogs {
        let contestant = Contestant::from_name(name).unwrap();
        LOGS.run(&[contestant]).remove(0)
    }

    #[test]
    fn the_truth_is_right_in_any_order() {
        let truth = of("oracle");
        assert_eq!((truth.b_cubed.precision, truth.b_cubed.recall), (1.0, 1.0));
        assert_eq!(truth.shuffle, 0.0);
    }

    #[test]
    fn closure_and_the_dangerous_merge_are_one_on_this_traffic() {
        let (closure, dangerous) = (of("plain-closure"), of("dangerous-identify"));
        assert_eq!(closure.b_cubed, dangerous.b_cubed);
        assert_eq!((closure.shuffle, dangerous.shuffle), (0.0, 0.0));
        assert_eq!(dangerous.differs_from_closure, 0.0);
        assert!(closure.differs_from_engagement > 0.0);
    }

    #[test]
    fn a_look_up_that_converts_is_the_most_sensitive_to_order() {
        let names = [
            "engagement",
            "guarded-identify",
            "demote-and-retry",
            "oldest-wins-fork",
        ];
        let conversion = of("lookup-conversion").shuffle;
        assert!(names.iter().all(|name| of(name).shuffle < conversion / 2.0));
    }
}
