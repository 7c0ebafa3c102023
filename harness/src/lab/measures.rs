//! How good a partition of calls into profiles is: every measure by name, read off the counts in linear time.
//! Definitions and sources stand in the harness's page about measures, `harness/docs/measures.md`.

/// Precision is the share of what was joined that is right; recall the share of what is right that was joined.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Quality {
    /// From 0 to 1.
    pub precision: f64,
    /// From 0 to 1.
    pub recall: f64,
}

impl Quality {
    /// The harmonic mean of both.
    pub fn f1(self) -> f64 {
        let sum = self.precision + self.recall;
        if sum == 0.0 {
            return 0.0;
        }
        2.0 * self.precision * self.recall / sum
    }
}

/// What the counts come to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measures {
    /// Calls that were counted.
    pub calls: u64,
    /// People who made them.
    pub people: u64,
    /// Profiles that they ended in.
    pub profiles: u64,
    /// Of pairs of calls: joined rightly over joined, and over to be joined.
    pub pairs: Quality,
    /// B-cubed: the same for each call, averaged over calls (Bagga and Baldwin 1998).
    pub b_cubed: Quality,
    /// Of whole profiles: exactly one person's calls and all of them, over profiles, and over people.
    pub exact: Quality,
    /// How much of what a profile holds is known once its person is known, and the other way round
    /// (Rosenberg and Hirschberg 2007); as precision: homogeneity, as recall: completeness, and V is their harmonic mean.
    pub v: Quality,
    /// The information lost and added, in nats (Meila 2003); 0 is identical.
    pub variation_of_information: f64,
    /// The share of pairs of calls on which profiles and people agree (Rand 1971).
    pub rand: f64,
    /// The same corrected for chance (Hubert and Arabie 1985); 1 is identical, 0 is chance.
    pub adjusted_rand: f64,
    /// How often a profile must be cut to hold one person only: the cost of a repair that no API offers.
    pub splits: u64,
    /// How often pieces must then be joined: the cost of the repair that the API does offer.
    pub merges: u64,
    /// The share of people who share a profile with somebody.
    pub over_merged: f64,
    /// The share of people who are spread over several profiles.
    pub under_merged: f64,
    /// The share of calls, by weight, on a profile most of whose weight is somebody else's; nothing if no call weighs anything.
    pub on_the_wrong_person: Option<f64>,
    /// The people in the fullest profile.
    pub people_in_one: u64,
    /// How large profiles are.
    pub shape: Shape,
}

impl Measures {
    /// The generalised merge distance where a split costs so many merges, which are one each.
    pub fn merge_distance(&self, split: f64) -> f64 {
        split * self.splits as f64 + self.merges as f64
    }
}

/// How large profiles are, in calls; nothing of the truth is needed for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Half of the profiles have no more calls.
    pub median: u64,
    /// 99 of 100 profiles have no more calls.
    pub largest_but_1_percent: u64,
    /// The calls of the largest.
    pub largest: u64,
    /// How many profiles have one call, 2 to 3, 4 to 7, and so on, each class twice as wide.
    pub by_size: Vec<u64>,
}

impl Shape {
    /// The shape of profiles of these sizes, in linear time.
    pub(super) fn of(sizes: impl Iterator<Item = u64>) -> Self {
        let mut sizes: Vec<u64> = sizes.filter(|size| *size > 0).collect();
        let mut by_size = Vec::new();
        for size in &sizes {
            let class = size.ilog2() as usize;
            by_size.resize(by_size.len().max(class + 1), 0);
            by_size[class] += 1;
        }
        Self {
            median: quantile(&mut sizes, 50),
            largest_but_1_percent: quantile(&mut sizes, 99),
            largest: sizes.iter().copied().max().unwrap_or(0),
            by_size,
        }
    }
}

/// The smallest value that so many of 100 do not exceed; 0 of nothing.
pub(super) fn quantile(values: &mut [u64], of_100: usize) -> u64 {
    if values.is_empty() {
        return 0;
    }
    let rank = (values.len() * of_100).div_ceil(100).max(1);
    *values.select_nth_unstable(rank - 1).1
}

/// Nothing of nothing is all of it.
pub(super) fn share(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 1.0 } else { part / whole }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_by_class() {
        let shape = Shape::of([1, 1, 1, 2, 3, 4, 9].into_iter());
        assert_eq!(shape.by_size, [3, 2, 1, 1]);
        assert_eq!((shape.median, shape.largest), (2, 9));
        assert_eq!(Shape::of(std::iter::empty()), Shape::default());
    }

    #[test]
    fn a_hundredth_is_larger_than_the_99th() {
        let mut values: Vec<u64> = (1..=100).rev().collect();
        assert_eq!(quantile(&mut values, 99), 99);
        assert_eq!(quantile(&mut values, 100), 100);
        assert_eq!(quantile(&mut values, 50), 50);
        assert_eq!(quantile(&mut [7], 50), 7);
    }
}
