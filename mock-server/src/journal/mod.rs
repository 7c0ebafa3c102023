//! The journal of one project: what was written, when, and what was decided, bounded in bytes.
//! The state is always the base plus the entries replayed; what falls out of the journal is folded into the base.

mod recorded;
mod state;
mod step;

use std::{collections::VecDeque, sync::Arc};

pub(crate) use recorded::{Recorded, RecordedDecision, RecordedEffect, rule};
pub(crate) use state::State;
pub(crate) use step::{Entry, NewEntry, Origin, Route, Step};
use twinfold_engine::Timestamp;

/// Bytes that a journal keeps unless the project says otherwise.
pub(crate) const BYTES_MAX_DEFAULT: usize = 64 << 20;

/// Entries are dropped by the chunk; a journal keeps at least its newest chunk.
const CHUNK_BYTES: usize = 128 << 10;

/// A bounded journal and the state before its first entry.
#[derive(Clone, Debug)]
pub(crate) struct Journal {
    base: State,
    chunks: VecDeque<Arc<Chunk>>,
    bytes: usize,
    bytes_max: usize,
    /// The number of the newest entry; the first is 1.
    last: u64,
}

#[derive(Clone, Debug, Default)]
struct Chunk {
    /// Number of its first entry.
    first: u64,
    /// Where each entry ends.
    ends: Vec<u32>,
    bytes: Vec<u8>,
}

impl Chunk {
    fn entries(&self) -> impl Iterator<Item = (u64, Entry<'_>)> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let ranges = starts
            .zip(&self.ends)
            .map(|(start, end)| start as usize..*end as usize);
        ranges.zip(self.first..).filter_map(|(range, number)| {
            let entry = postcard::from_bytes(&self.bytes[range]);
            debug_assert!(
                entry.is_ok(),
                "entry {number} of the journal cannot be read"
            );
            Some((number, entry.ok()?))
        })
    }
}

impl Journal {
    pub(crate) fn new(base: State, bytes_max: usize) -> Self {
        Self {
            base,
            chunks: VecDeque::new(),
            bytes: 0,
            bytes_max,
            last: 0,
        }
    }

    /// The number of the newest entry.
    pub(crate) fn last(&self) -> u64 {
        self.last
    }

    /// How many entries were folded into the base.
    pub(crate) fn folded(&self) -> u64 {
        self.chunks
            .front()
            .map_or(self.last, |chunk| chunk.first - 1)
    }

    pub(crate) fn append(&mut self, entry: &NewEntry<'_>) {
        self.last += 1;
        if self
            .chunks
            .back()
            .is_none_or(|chunk| chunk.bytes.len() >= CHUNK_BYTES)
        {
            self.chunks.push_back(Arc::new(Chunk {
                first: self.last,
                ..Chunk::default()
            }));
        }
        let Some(chunk) = self.chunks.back_mut() else {
            return;
        };
        let chunk = Arc::make_mut(chunk);
        let before = chunk.bytes.len();
        let bytes = std::mem::take(&mut chunk.bytes);
        // Writing to a vector cannot fail; an entry that could not be written would be missing here.
        chunk.bytes = postcard::to_extend(entry, bytes).unwrap_or_default();
        chunk.ends.push(chunk.bytes.len() as u32);
        self.bytes += chunk.bytes.len() - before + size_of::<u32>();
        while self.bytes > self.bytes_max && self.chunks.len() > 1 {
            self.fold_oldest();
        }
    }

    /// The entries after a number, oldest first.
    pub(crate) fn entries_after(&self, after: u64) -> impl Iterator<Item = (u64, Entry<'_>)> {
        self.chunks
            .iter()
            .filter(move |chunk| chunk.first + chunk.ends.len() as u64 - 1 > after)
            .flat_map(|chunk| chunk.entries())
            .filter(move |(number, _)| *number > after)
    }

    /// The state that the base and the entries add up to.
    pub(crate) fn replay(&self) -> State {
        let mut state = self.base.clone();
        for (_, entry) in self.entries_after(0) {
            replay(&mut state, &entry);
        }
        state
    }

    fn fold_oldest(&mut self) {
        let Some(oldest) = self.chunks.pop_front() else {
            return;
        };
        for (_, entry) in oldest.entries() {
            replay(&mut self.base, &entry);
        }
        self.bytes -= oldest.bytes.len() + oldest.ends.len() * size_of::<u32>();
    }
}

fn replay(state: &mut State, entry: &Entry<'_>) {
    let at = Timestamp::new(entry.at).unwrap_or_default();
    // What was rejected then is rejected again, and changes nothing again.
    let _outcome = state.apply(at, &entry.step);
}
