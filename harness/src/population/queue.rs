//! What waits for its time: the earliest comes first, and of equal times the one with the lower number.

use std::{cmp::Reverse, collections::BinaryHeap};

/// Values that wait. The values themselves do not move while they wait; only their places are ordered.
#[derive(Debug)]
pub(super) struct Queue<T> {
    order: BinaryHeap<Reverse<(u64, u64, usize)>>,
    values: Vec<Option<T>>,
    free: Vec<usize>,
}

impl<T> Queue<T> {
    pub(super) fn new() -> Self {
        Self {
            order: BinaryHeap::new(),
            values: Vec::new(),
            free: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, at: u64, number: u64, value: T) {
        let place = self.free.pop().unwrap_or(self.values.len());
        if place == self.values.len() {
            self.values.push(None);
        }
        self.values[place] = Some(value);
        self.order.push(Reverse((at, number, place)));
    }

    /// When the next one is due.
    pub(super) fn due(&self) -> Option<u64> {
        self.order.peek().map(|Reverse((at, ..))| *at)
    }

    pub(super) fn pop(&mut self) -> Option<T> {
        let Reverse((.., place)) = self.order.pop()?;
        self.free.push(place);
        self.values[place].take()
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.order.len()
    }
}
