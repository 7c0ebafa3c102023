//! The journal of one project: what was written, when, and what was decided, bounded in bytes.
//! The state is always the base plus the entries replayed. What falls out of the journal is folded into the base: replayed,
//! or, where the state is small beside the entries, passed by, because a copy of a later state was kept.

mod asked;
mod recorded;
mod state;
mod step;

use std::{collections::VecDeque, sync::Arc};

pub(crate) use asked::asked;
use postcard::ser_flavors::Flavor;
pub(crate) use recorded::{Recorded, RecordedDecision, RecordedEffect, rule};
pub(crate) use state::State;
pub(crate) use step::{Entry, NewEntry, Origin, Route, Step};
use twinfold_engine::Settings;

/// Bytes that a journal keeps unless the project says otherwise.
pub(crate) const BYTES_MAX_DEFAULT: usize = 64 << 20;

/// Entries are dropped by the chunk; a journal keeps at least its newest chunk.
const CHUNK_BYTES: usize = 128 << 10;

/// A state is copied if it holds at most so many things for each entry that the copy saves from being replayed.
const HELD_PER_ENTRY_MAX: u64 = 4;

/// A bounded journal and the state before its first entry.
#[derive(Clone, Debug)]
pub(crate) struct Journal {
    base: Arc<State>,
    landmark: Option<Landmark>,
    chunks: VecDeque<Arc<Chunk>>,
    bytes: usize,
    bytes_max: usize,
    /// The number of the newest entry; the first is 1.
    last: u64,
}

/// The entries of a journal at one moment; they share their bytes with it.
#[derive(Debug)]
pub(crate) struct Entries {
    chunks: Vec<Arc<Chunk>>,
}

impl Entries {
    /// Every entry, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, Entry<'_>)> {
        self.chunks.iter().flat_map(|chunk| chunk.entries())
    }
}

/// The state before one of the chunks.
#[derive(Clone, Debug)]
struct Landmark {
    /// The number of the chunk's first entry.
    before: u64,
    state: Arc<State>,
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
    /// Begins with this entry. A journal's first chunk takes memory as it grows, because most journals stay small.
    fn new(first: u64, at_once: bool) -> Self {
        let capacity = if at_once { CHUNK_BYTES * 5 / 4 } else { 0 };
        Self {
            first,
            ends: Vec::new(),
            bytes: Vec::with_capacity(capacity),
        }
    }

    fn is_full(&self) -> bool {
        self.bytes.len() >= CHUNK_BYTES
    }

    fn size(&self) -> usize {
        self.bytes.len() + self.ends.len() * size_of::<u32>()
    }

    /// How many bytes it has more then.
    fn append(&mut self, entry: &NewEntry<'_>) -> usize {
        let before = self.size();
        // Writing to a vector cannot fail.
        let written = postcard::serialize_with_flavor(entry, Onto(&mut self.bytes));
        debug_assert!(written.is_ok(), "an entry of the journal cannot be written");
        self.ends.push(self.bytes.len() as u32);
        self.size() - before
    }

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

/// Writes behind what is there, a slice at a time.
struct Onto<'b>(&'b mut Vec<u8>);

impl Flavor for Onto<'_> {
    type Output = ();

    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.0.push(byte);
        Ok(())
    }

    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        match bytes {
            // Most numbers, lengths of texts among them, are one byte; calling a copy for it costs more.
            [byte] => self.0.push(*byte),
            _ => self.0.extend_from_slice(bytes),
        }
        Ok(())
    }

    fn finalize(self) -> postcard::Result<()> {
        Ok(())
    }
}

impl Journal {
    pub(crate) fn new(base: State, bytes_max: usize) -> Self {
        Self {
            base: Arc::new(base),
            landmark: None,
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

    /// Adds an entry, which led to this state.
    pub(crate) fn append(&mut self, entry: &NewEntry<'_>, state: &State) {
        self.last += 1;
        if self.chunks.back().is_none_or(|chunk| chunk.is_full()) {
            let chunk = Chunk::new(self.last, !self.chunks.is_empty());
            self.chunks.push_back(Arc::new(chunk));
        }
        let Some(chunk) = self.chunks.back_mut() else {
            return;
        };
        let chunk = Arc::make_mut(chunk);
        self.bytes += chunk.append(entry);
        if chunk.is_full() && self.landmark.is_none() && self.is_landmark(state) {
            self.landmark = Some(Landmark {
                before: self.last + 1,
                state: Arc::new(state.clone()),
            });
        }
        while self.bytes > self.bytes_max && self.chunks.len() > 1 {
            self.fold_oldest();
        }
    }

    /// Whether a copy of the state costs less than to replay the older half of the entries.
    fn is_landmark(&self, state: &State) -> bool {
        let entries = self.last - self.folded();
        self.bytes >= self.bytes_max / 2 && state.held() <= HELD_PER_ENTRY_MAX * entries
    }

    /// The entries after a number, oldest first.
    pub(crate) fn entries_after(&self, after: u64) -> impl Iterator<Item = (u64, Entry<'_>)> {
        self.chunks
            .iter()
            .filter(move |chunk| chunk.first + chunk.ends.len() as u64 - 1 > after)
            .flat_map(|chunk| chunk.entries())
            .filter(move |(number, _)| *number > after)
    }

    /// The entries alone, to be read while the journal goes on.
    pub(crate) fn entries(&self) -> Entries {
        Entries {
            chunks: self.chunks.iter().cloned().collect(),
        }
    }

    /// The settings of the state before the first entry.
    pub(crate) fn settings(&self) -> &Settings {
        self.base.project.settings()
    }

    /// The state that the base and the entries add up to.
    pub(crate) fn replay(&self) -> State {
        let mut state = State::clone(&self.base);
        state.replay(self.entries_after(0).map(|(_, entry)| entry));
        state
    }

    fn fold_oldest(&mut self) {
        match self.landmark.take() {
            Some(landmark) => {
                let is_older = |chunk: &&Arc<Chunk>| chunk.first < landmark.before;
                let older = self.chunks.iter().take_while(is_older).count();
                self.bytes -= self
                    .chunks
                    .drain(..older)
                    .map(|chunk| chunk.size())
                    .sum::<usize>();
                self.base = landmark.state;
            }
            None => {
                let Some(oldest) = self.chunks.pop_front() else {
                    return;
                };
                let base = Arc::make_mut(&mut self.base);
                base.replay(oldest.entries().map(|(_, entry)| entry));
                self.bytes -= oldest.size();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use serde_json::json;
    use twinfold_engine::Project;

    use super::*;
    use crate::{catalogs::CatalogChange, wire::given::Id, world::World};

    /// A full journal is what it was made from and the entries that it still has, whether it passes by what it forgets,
    /// because the state is small, or replays it.
    #[test]
    fn what_is_forgotten_is_in_the_base() {
        for (people, passes_by) in [(3, true), (100_000, false)] {
            let settings = json!({"journal_bytes_max": 300_000, "clock": {"start": 0, "step": 1}});
            let settings = serde_json::from_value(settings).unwrap();
            let mut world = World::new(Project::new(Settings::default()), &settings);
            let mut folded = Vec::new();
            for number in 0..8_000 {
                let person = Id::text("registered", &(number % people).to_string());
                let value = format!("\"{}\"", "x".repeat(number % 60));
                let step = Step::Customers {
                    ids: vec![person],
                    properties: Some(vec![(Cow::Borrowed("name"), Cow::Owned(value))]),
                    update_timestamp: None,
                };
                let origin = Origin {
                    source: Cow::Borrowed("test"),
                    route: Route::Customers,
                    item: None,
                };
                world.write(origin, &step).unwrap();
                folded.push(world.journal().folded());
            }
            let journal = world.journal();
            folded.dedup();
            assert!(folded.len() > 2, "{people}: {folded:?}");
            assert_eq!(journal.is_landmark(world.state()), passes_by, "{people}");
            // Whatever it holds besides customers would be copied as well.
            let mut state = world.state().clone();
            let [name, id] = ["goods".into(), state.catalogs.next_id().into()];
            let fields = Vec::new();
            state
                .catalogs
                .apply(&CatalogChange::Create { name, fields });
            for number in 0..40_000 {
                state.catalogs.apply(&CatalogChange::PutItem {
                    id: Cow::clone(&id),
                    item: number.to_string().into(),
                    properties: Vec::new(),
                });
            }
            assert!(!journal.is_landmark(&state), "{people}");
            assert!(journal.bytes <= 300_000);
            let (now, then) = (world.project(), journal.replay().project);
            assert_eq!(now.counts(), then.counts());
            let profiles = |project: &Project| {
                let customers = project.customers();
                customers.map(|id| project.profile(id)).collect::<Vec<_>>()
            };
            assert_eq!(profiles(now), profiles(&then), "{people}");
        }
    }
}
