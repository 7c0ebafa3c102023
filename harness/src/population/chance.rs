//! Chance in whole numbers, from a seed, so that no machine draws or rounds otherwise.
//! Every household has a source of its own, so that one more draw in one does not change another.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A rate of 1 in whole numbers.
const MILLION: u64 = 1_000_000;

/// The largest mean of a count; millionths come near no larger one.
const MEAN_MAX: f64 = 1_000.0;

/// One source of chance.
#[derive(Clone, Debug)]
pub(super) struct Chance(pub(super) ChaCha8Rng);

impl Chance {
    /// The source with this number.
    pub(super) fn new(seed: u64, number: u64) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(number);
        Self(generator)
    }

    /// Whether something happens that happens at this rate, from 0 to 1.
    pub(super) fn happens(&mut self, rate: f64) -> bool {
        self.below(MILLION) < per_million(rate)
    }

    /// A number below `end`; 0 if that is 0.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        match end {
            0 => 0,
            _ => self.0.random_range(0..end),
        }
    }

    /// A whole number from 1 on whose mean is about `mean`: each further one is as likely as the last.
    pub(super) fn count(&mut self, mean: f64) -> u64 {
        let goes_on = 1.0 - 1.0 / mean.clamp(1.0, MEAN_MAX);
        let mut count = 1;
        while self.happens(goes_on) {
            count += 1;
        }
        count
    }

    /// One of them; the empty text if there is none to choose.
    pub(super) fn one_of<'c>(&mut self, choices: &[&'c str]) -> &'c str {
        let at = self.below(choices.len() as u64) as usize;
        choices.get(at).copied().unwrap_or_default()
    }

    /// A fresh cookie.
    pub(super) fn cookie(&mut self) -> Cookie {
        Cookie(self.0.random())
    }
}

/// A rate in whole numbers.
fn per_million(rate: f64) -> u64 {
    (rate * MILLION as f64 + 0.5) as u64
}

/// A cookie as a browser makes it, kept as its number because most of a population is its cookies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cookie(u128);

impl Cookie {
    pub(super) fn text(self) -> String {
        uuid_text(self.0)
    }
}

/// 32 hex digits in the groups of a UUID.
fn uuid_text(number: u128) -> String {
    const DIGITS: [u8; 16] = *b"0123456789abcdef";
    const GROUPS: [std::ops::Range<usize>; 5] = [0..8, 9..13, 14..18, 19..23, 24..36];
    let (mut text, mut left) = ([b'-'; 36], number);
    for group in GROUPS {
        for digit in &mut text[group] {
            *digit = DIGITS[(left >> 124) as usize];
            left <<= 4;
        }
    }
    str::from_utf8(&text).unwrap_or_default().to_owned()
}

/// A rate that is kept exactly: of each row of so many people that one of them should be met, one is, by lot. So a rare
/// thing also happens in a small population, and twice as many people have it twice as often.
#[derive(Clone, Debug)]
pub(super) struct Lot {
    per_million: u64,
    seen: u64,
    row_end: u64,
    met: u64,
    chance: Chance,
}

impl Lot {
    pub(super) fn new(rate: f64, chance: Chance) -> Self {
        Self {
            per_million: per_million(rate).min(MILLION),
            seen: 0,
            row_end: 0,
            met: 0,
            chance,
        }
    }

    /// Whether the next one is met.
    pub(super) fn next(&mut self) -> bool {
        if self.per_million == 0 {
            return false;
        }
        let this = self.seen;
        self.seen += 1;
        if this == self.row_end {
            let rows = this * self.per_million / MILLION;
            self.row_end = ((rows + 1) * MILLION).div_ceil(self.per_million);
            self.met = this + self.chance.below(self.row_end - this);
        }
        this == self.met
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lot_keeps_its_rate_to_the_last_person() {
        for rate in [0.001, 0.06, 0.3, 0.5, 0.7, 1.0] {
            let mut lot = Lot::new(rate, Chance::new(1, 2));
            let mut met = 0_u32;
            for people in 1..=5_000 {
                met += u32::from(lot.next());
                let due = rate * f64::from(people);
                let off = f64::from(met) - due;
                assert!((-1.01..=1.01).contains(&off), "{met}, not {due}, at {rate}");
            }
        }
        assert!(!Lot::new(0.0, Chance::new(1, 2)).next());
    }

    #[test]
    fn a_count_keeps_its_mean_up_to_the_largest() {
        for mean in [1.0, 5.0, 200.0, MEAN_MAX] {
            let mut chance = Chance::new(1, 2);
            let sum: u64 = (0..4_000).map(|_| chance.count(mean)).sum();
            let found = sum as f64 / 4_000.0;
            assert!((found / mean - 1.0).abs() < 0.06, "{found}, not {mean}");
        }
    }

    #[test]
    fn a_cookie_is_written_as_browsers_write_it() {
        let number = 0x0123_4567_89ab_cdef_0011_2233_4455_6677;
        let text = "01234567-89ab-cdef-0011-223344556677";
        assert_eq!(uuid_text(number), text);
    }
}
