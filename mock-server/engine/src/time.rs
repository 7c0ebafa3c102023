//! A moment, in seconds since 1970. The engine never asks for one; it is told.

use core::cmp::Ordering;

/// Seconds since 1970-01-01T00:00:00Z, with fractions; always finite.
#[derive(Clone, Copy, Debug, Default)]
pub struct Timestamp(f64);

impl Timestamp {
    /// The moment `seconds` after 1970, or `None` if that is not a finite number.
    pub fn new(seconds: f64) -> Option<Self> {
        // Adding zero turns -0.0 into 0.0, so that equal moments have equal bits.
        seconds.is_finite().then_some(Self(seconds + 0.0))
    }

    /// Seconds since 1970.
    pub fn seconds(self) -> f64 {
        self.0
    }

    pub(crate) fn to_words(self) -> [u32; 2] {
        let bits = self.0.to_bits();
        [bits as u32, (bits >> 32) as u32]
    }

    pub(crate) fn from_words(low: u32, high: u32) -> Self {
        Self(f64::from_bits(u64::from(low) | u64::from(high) << 32))
    }
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Timestamp {}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }

    // As the order says, for none is a NaN or -0.0; in one instruction each.
    fn lt(&self, other: &Self) -> bool {
        self.0 < other.0
    }

    fn le(&self, other: &Self) -> bool {
        self.0 <= other.0
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }

    fn min(self, other: Self) -> Self {
        if other < self { other } else { self }
    }

    fn max(self, other: Self) -> Self {
        if other < self { self } else { other }
    }
}
