//! The measures by hand, against counting call by call, and as special cases of one distance.

use proptest::{collection, prelude::*};

use super::*;

fn counts(calls: &[(u64, u64)]) -> Contingency {
    let mut counts = Contingency::default();
    for (profile, person) in calls {
        counts.add(*profile, *person, 1);
    }
    counts
}

fn is_close(one: f64, other: f64) {
    assert!((one - other).abs() < 1e-9, "{one} is not {other}");
}

/// Five calls of anna, three of otto; two of anna's on otto's profile.
#[test]
fn by_hand() {
    let calls = [
        (1, 1),
        (1, 1),
        (1, 1),
        (2, 1),
        (2, 1),
        (2, 2),
        (2, 2),
        (2, 2),
    ];
    let counts = counts(&calls);
    let measures = counts.measures();
    // Joined pairs: 3 + 10; right among them: 3 + 1 + 3; to be joined: 10 + 3; all: 28.
    is_close(measures.pairs.precision, 7.0 / 13.0);
    is_close(measures.pairs.recall, 7.0 / 13.0);
    is_close(measures.rand, (7.0 + 28.0 - 13.0 - 13.0 + 7.0) / 28.0);
    // Each call's share: three of 1, two of 2/5, three of 3/5; then three of 3/5, two of 2/5, three of 1.
    is_close(measures.b_cubed.precision, (3.0 + 0.8 + 1.8) / 8.0);
    is_close(measures.b_cubed.recall, (1.8 + 0.8 + 3.0) / 8.0);
    is_close(measures.exact.precision, 0.0);
    // (7 - 169/28) / (13 - 169/28)
    let expected = 169.0 / 28.0;
    is_close(measures.adjusted_rand, (7.0 - expected) / (13.0 - expected));
    assert_eq!((measures.splits, measures.merges), (1, 1));
    is_close(measures.on_the_wrong_person.unwrap(), 2.0 / 8.0);
    is_close(measures.over_merged, 1.0);
    is_close(measures.under_merged, 0.5);
    assert_eq!(measures.people_in_one, 2);
    assert_eq!((measures.shape.median, measures.shape.largest), (3, 5));
    // The other profile says nothing about who is in it: -(2 ln 2/5 + 3 ln 3/5) of -(5 ln 5/8 + 3 ln 3/8).
    let unknown = -(2.0 * 0.4_f64.ln() + 3.0 * 0.6_f64.ln());
    let all = -(5.0 * 0.625_f64.ln() + 3.0 * 0.375_f64.ln());
    is_close(measures.v.precision, 1.0 - unknown / all);
    is_close(measures.v.recall, 1.0 - unknown / all);
    is_close(measures.variation_of_information, 2.0 * unknown / 8.0);
    // One cut into 2 and 3, one join of 2 to 3.
    is_close(
        counts.merge_distance(|x, y| (x * y) as f64, |_, _| 0.0),
        6.0,
    );
    is_close(measures.merge_distance(10.0), 11.0);
}

#[test]
fn what_is_right_is_one_and_nothing_is_nothing() {
    let measures = counts(&[(7, 1), (7, 1), (8, 2)]).measures();
    for quality in [measures.pairs, measures.b_cubed, measures.exact, measures.v] {
        is_close(quality.f1(), 1.0);
    }
    is_close(measures.adjusted_rand, 1.0);
    is_close(measures.rand, 1.0);
    is_close(measures.variation_of_information, 0.0);
    assert_eq!(counts(&[]).measures(), Measures::default());
}

/// Weight decides whose profile it is: a purchase of otto's outweighs three visits of anna's.
#[test]
fn by_weight() {
    let mut counts = Contingency::default();
    for (person, weight) in [(1, 1), (1, 1), (1, 1), (2, 10)] {
        counts.add(1, person, weight);
    }
    is_close(counts.measures().on_the_wrong_person.unwrap(), 3.0 / 13.0);
}

proptest! {
    /// The obvious way: look at all pairs, and at each call's own profile and person.
    #[test]
    fn as_counted_one_by_one(calls in collection::vec((0_u64..5, 0_u64..5), 1..40)) {
        let counts = counts(&calls);
        let measures = counts.measures();
        let (mut both, mut joined, mut right) = (0.0, 0.0, 0.0);
        for (place, one) in calls.iter().enumerate() {
            for other in &calls[place + 1..] {
                joined += f64::from(u8::from(one.0 == other.0));
                right += f64::from(u8::from(one.1 == other.1));
                both += f64::from(u8::from(one == other));
            }
        }
        is_close(measures.pairs.precision, share(both, joined));
        is_close(measures.pairs.recall, share(both, right));
        let of = |is: &dyn Fn(&&(u64, u64)) -> bool| calls.iter().filter(is).count() as f64;
        let precision: f64 = calls
            .iter()
            .map(|one| of(&|other| *other == one) / of(&|other| other.0 == one.0))
            .sum();
        is_close(measures.b_cubed.precision, precision / calls.len() as f64);
        let recall: f64 = calls
            .iter()
            .map(|one| of(&|other| *other == one) / of(&|other| other.1 == one.1))
            .sum();
        is_close(measures.b_cubed.recall, recall / calls.len() as f64);
        // As Menestrina, Whang and Garcia-Molina show: other measures are special cases of one distance.
        let product = |x: u64, y: u64| (x * y) as f64;
        is_close(counts.merge_distance(product, |_, _| 0.0), joined - both);
        is_close(counts.merge_distance(|_, _| 0.0, product), right - both);
        let nats = |x: u64| x as f64 / calls.len() as f64 * (x as f64).ln();
        let lost = |x: u64, y: u64| nats(x + y) - nats(x) - nats(y);
        is_close(counts.merge_distance(lost, lost), measures.variation_of_information);
        is_close(
            counts.merge_distance(|_, _| 10.0, |_, _| 1.0),
            measures.merge_distance(10.0),
        );
    }
}
