//! A ledger of who is who, kept by any of the published merge strategies on the same neutral calls.
//! It holds IDs and events only: what is compared is identity, and the models follow public documents, not the products.

mod books;
mod strategy;
#[cfg(test)]
mod tests;

mod verdict;

use alloc::vec::Vec;

use smallvec::SmallVec;

pub use books::ProfileNumber;
pub use strategy::{LedgerStrategy, Published};
pub use verdict::{Because, Link, Owner, Verdict};

use books::Books;

/// What an ID of a call is: a type by its place in the order of priority, and a numbered value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LedgerId {
    /// The place of its type in [`LedgerSettings::types`]; 0 is the strongest.
    pub id_type: u8,
    /// Which value of the type it is; the caller numbers them.
    pub value: u32,
}

/// One type of IDs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LedgerType {
    /// It names a person, not a device.
    pub is_hard: bool,
    /// How many values of it one profile may hold, where the strategy limits that.
    pub limit: u32,
}

/// The types of IDs in their order of priority, the strongest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerSettings {
    /// Hard types stand before soft types.
    pub types: Vec<LedgerType>,
}

/// What is asked of a ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LedgerCommand<'c> {
    /// These IDs were seen together; with an event if it has a number.
    Call {
        /// In any order; the same ID may stand there twice.
        ids: &'c [LedgerId],
        /// The number under which the event's owner can be asked for later: the next one, counted from 0.
        event: Option<u32>,
    },
    /// The caller says that these two are one person; the second one's profile goes on.
    Link {
        /// Whose profile ends.
        source: LedgerId,
        /// Whose profile goes on.
        target: LedgerId,
    },
}

/// Profiles as one strategy sees them.
///
/// ```
/// use twinfold_engine::ledger::{Ledger, LedgerCommand, LedgerId, LedgerSettings, LedgerStrategy, LedgerType};
///
/// let types = vec![LedgerType { is_hard: true, limit: 1 }, LedgerType { is_hard: false, limit: 5 }];
/// let mut ledger = Ledger::new(LedgerStrategy::PlainClosure, LedgerSettings { types });
/// let anna = LedgerId { id_type: 0, value: 0 };
/// let laptop = LedgerId { id_type: 1, value: 0 };
/// ledger.apply(&LedgerCommand::Call { ids: &[laptop], event: Some(0) });
/// ledger.apply(&LedgerCommand::Call { ids: &[anna, laptop], event: None });
/// assert_eq!(ledger.owner_of_event(0), ledger.profile_of(anna));
/// ```
#[derive(Clone, Debug)]
pub struct Ledger {
    strategy: LedgerStrategy,
    settings: LedgerSettings,
    books: Books,
}

/// The IDs of a call, the strongest first, each once.
type Ids = SmallVec<[LedgerId; 8]>;

impl Ledger {
    /// An empty ledger.
    pub fn new(strategy: LedgerStrategy, settings: LedgerSettings) -> Self {
        Self {
            strategy,
            settings,
            books: Books::default(),
        }
    }

    /// What the strategy makes of the command, without doing it.
    pub fn decide(&self, command: &LedgerCommand<'_>) -> Verdict {
        let view = View {
            settings: &self.settings,
            books: &self.books,
        };
        match *command {
            LedgerCommand::Call { ids, .. } => {
                let mut sorted = Ids::from_slice(ids);
                // Stable: of two IDs of one type the first that was given is the addressed one.
                sorted.sort_by_key(|id| id.id_type);
                let mut seen = Ids::new();
                sorted.retain(|id| {
                    let is_new = !seen.contains(id);
                    seen.push(*id);
                    is_new
                });
                self.strategy.decide(&view, &sorted)
            }
            LedgerCommand::Link { source, target } => self.strategy.link(&view, source, target),
        }
    }

    /// Does what was decided; there is nothing left to decide.
    pub fn carry_out(&mut self, command: &LedgerCommand<'_>, verdict: &Verdict) {
        let owner = self.books.write(verdict);
        if let (LedgerCommand::Call { event: Some(_), .. }, Some(owner)) = (command, owner) {
            self.books.file(owner, verdict.filed_under);
        } else if let LedgerCommand::Call { event: Some(_), .. } = command {
            self.books.file_nowhere();
        }
    }

    /// Decides and carries out.
    pub fn apply(&mut self, command: &LedgerCommand<'_>) -> Verdict {
        let verdict = self.decide(command);
        self.carry_out(command, &verdict);
        verdict
    }

    /// Takes every ID from a profile and gives it a fresh one: what an anonymization does, which no strategy decides.
    pub(crate) fn forget(&mut self, profile: ProfileNumber, fresh: LedgerId) {
        self.books.forget(profile, fresh);
    }

    /// How many profiles were ever made; the next one has this number.
    pub(crate) fn created(&self) -> u32 {
        self.books.created()
    }

    /// The profile to which an ID leads now.
    pub fn profile_of(&self, id: LedgerId) -> Option<ProfileNumber> {
        self.books.holder(id)
    }

    /// To whom an event belongs now; nobody if no ID of its call was taken.
    pub fn owner_of_event(&self, event: u32) -> Option<ProfileNumber> {
        self.books.owner_of_event(event)
    }

    /// How many profiles there are: those that were made, without those that became part of another.
    pub fn profiles(&self) -> usize {
        self.books.profiles()
    }
}

/// What a strategy may look at.
#[derive(Clone, Copy)]
struct View<'v> {
    settings: &'v LedgerSettings,
    books: &'v Books,
}

impl View<'_> {
    fn is_hard(&self, id: LedgerId) -> bool {
        self.kind(id).is_hard
    }

    fn kind(&self, id: LedgerId) -> LedgerType {
        let unknown = LedgerType {
            is_hard: false,
            limit: u32::MAX,
        };
        let kind = self.settings.types.get(usize::from(id.id_type));
        kind.copied().unwrap_or(unknown)
    }

    fn holder(&self, id: LedgerId) -> Option<ProfileNumber> {
        self.books.holder(id)
    }

    fn ids_of(&self, profile: ProfileNumber) -> &[LedgerId] {
        self.books.ids_of(profile)
    }

    /// The values of this ID's type that a profile holds.
    fn of_type(&self, profile: ProfileNumber, id_type: u8) -> impl Iterator<Item = LedgerId> {
        let ids = self.ids_of(profile).iter().copied();
        ids.filter(move |id| id.id_type == id_type)
    }

    fn has_hard(&self, profile: ProfileNumber) -> bool {
        self.ids_of(profile).iter().any(|id| self.is_hard(*id))
    }

    /// The profiles that these IDs reach, each once, the oldest first.
    fn reached(&self, ids: &[LedgerId]) -> SmallVec<[ProfileNumber; 4]> {
        let mut reached: SmallVec<[ProfileNumber; 4]> =
            ids.iter().filter_map(|id| self.holder(*id)).collect();
        reached.sort_unstable();
        reached.dedup();
        reached
    }
}
