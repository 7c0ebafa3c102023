//! A ledger of who is who, kept by any of the published merge strategies on the same neutral calls.
//! The models follow public documents, not the products; each says what it leaves out.

mod because;
mod books;
mod command;
mod heard;
mod invariants;
mod property;
mod settings;
mod settle;
mod strategy;
#[cfg(test)]
mod tests;
mod verdict;
mod view;

use alloc::vec::Vec;

use foldhash::fast::FixedState;
use hashbrown::HashSet;

use crate::{store::Json, time::Timestamp};

pub use because::{Because, DroppedBy};
pub use books::ProfileNumber;
pub use command::{GivenProperty, LedgerAction, LedgerCommand, LedgerId, PropertyWrite};
pub use heard::Heard;
pub use invariants::LedgerInvariant;
pub use property::{Empty, Objects, PropertyPolicy, PropertyRule, Tie};
pub(crate) use property::{Picked, ValueAt};
pub use settings::{LedgerSettings, LedgerType, NamedProperty};
pub use settle::LegalOrders;
pub use strategy::{LedgerStrategy, NameError, Preset, Published, Switch, choices};
pub use verdict::{
    Copied, Deferred, Dropped, Due, Flag, Group, History, Link, Lost, Owner, Reattributed, Split,
    Unlinked, Verdict, Waiting, Written,
};

use books::Books;
use view::{Ids, View};

/// Profiles as one strategy sees them.
///
/// ```
/// use twinfold_engine::{
///     Timestamp,
///     ledger::{Ledger, LedgerCommand, LedgerId, LedgerSettings, LedgerStrategy, LedgerType},
/// };
///
/// let types = vec![LedgerType { is_hard: true, limit: 1 }, LedgerType { is_hard: false, limit: 5 }];
/// let strategy = LedgerStrategy::from_name("plain-closure").unwrap();
/// let mut ledger = Ledger::new(strategy, LedgerSettings::of_types(types));
/// let anna = LedgerId { id_type: 0, value: 0 };
/// let laptop = LedgerId { id_type: 1, value: 0 };
/// let now = Timestamp::default();
/// ledger.apply(&LedgerCommand::call(now, &[laptop], Some(0)));
/// ledger.apply(&LedgerCommand::call(now, &[anna, laptop], None));
/// assert_eq!(ledger.owner_of_event(0), ledger.profile_of(anna));
/// ```
#[derive(Clone, Debug)]
pub struct Ledger {
    strategy: LedgerStrategy,
    settings: LedgerSettings,
    refused: HashSet<LedgerId, FixedState>,
    books: Books,
}

impl Ledger {
    /// An empty ledger.
    pub fn new(strategy: LedgerStrategy, settings: LedgerSettings) -> Self {
        Self {
            strategy,
            settings,
            refused: HashSet::default(),
            books: Books::new(strategy.keeps()),
        }
    }

    /// The rules by which it is kept.
    pub fn strategy(&self) -> LedgerStrategy {
        self.strategy
    }

    /// How a value is written, told once before it is used: a strategy may refuse it for that.
    pub fn introduce(&mut self, id: LedgerId, text: &str) {
        if self.strategy.refuses(text) {
            self.refused.insert(id);
        }
    }

    /// What the strategy makes of the command, without doing it: the preview that some vendors offer.
    ///
    /// Effects that are due by then must have been settled, as [`Ledger::apply`] does it.
    pub fn decide(&self, command: &LedgerCommand<'_>) -> Verdict {
        let view = View {
            settings: &self.settings,
            books: &self.books,
            at: command.at,
        };
        match command.action {
            LedgerAction::Call {
                ids, properties, ..
            } => {
                let (mut ids, refused) = self.claim(ids);
                // Stable: of two IDs of one type the first that was given is the addressed one.
                ids.sort_by_key(|id| id.id_type);
                let verdict = self.strategy.decide(&view, &ids);
                let verdict = verdict.without(refused, DroppedBy::RefusedValue);
                settle::properties(&view, self.strategy, verdict, properties)
            }
            LedgerAction::Settle(number) => {
                let waiting = self.books.waiting();
                let waiting = waiting.iter().find(|waiting| waiting.number == number);
                let verdict = waiting.map_or_else(
                    || Verdict::nobody(Because::Missing),
                    |waiting| self.strategy.take_place(&view, &waiting.what),
                );
                settle::properties(&view, self.strategy, verdict, &[])
            }
            _ => {
                // What names nobody in a call names nobody here.
                let refused = self.refused_by(&command.action);
                let verdict = match refused.is_empty() {
                    true => self.strategy.told(&view, &command.action),
                    false => Verdict::nobody(Because::RecordRefused)
                        .without(refused, DroppedBy::RefusedValue),
                };
                settle::properties(&view, self.strategy, verdict, &[])
            }
        }
    }

    /// The IDs of a command that is no call whose values name nobody.
    fn refused_by(&self, action: &LedgerAction<'_>) -> Ids {
        let named: Ids = match action {
            LedgerAction::Merge { source, target } => Ids::from_slice(&[*source, *target]),
            LedgerAction::MergePairs(pairs) => {
                let pairs = pairs.iter().flat_map(|(source, target)| [*source, *target]);
                pairs.collect()
            }
            LedgerAction::Modify { to, .. } => Ids::from_slice(&[*to]),
            _ => Ids::new(),
        };
        named
            .into_iter()
            .filter(|id| self.refused.contains(id))
            .collect()
    }

    /// The IDs of a call, each once, as they were given; and those whose values name nobody.
    fn claim(&self, ids: &[LedgerId]) -> (Ids, Ids) {
        let mut claimed = Ids::new();
        for id in ids {
            if !claimed.contains(id) {
                claimed.push(*id);
            }
        }
        if self.refused.is_empty() {
            return (claimed, Ids::new());
        }
        claimed
            .into_iter()
            .partition(|id| !self.refused.contains(id))
    }

    /// Does what was decided; there is nothing left to decide.
    pub fn carry_out(&mut self, command: &LedgerCommand<'_>, verdict: &Verdict) {
        let ids = match command.action {
            LedgerAction::Call { ids, .. } if self.strategy.keeps().calls => self.claim(ids).0,
            _ => Ids::new(),
        };
        self.books.write(command, &ids, verdict);
    }

    /// Settles what is due by then, decides and carries out.
    pub fn apply(&mut self, command: &LedgerCommand<'_>) -> Verdict {
        self.settle_due(command.at);
        let verdict = self.decide(command);
        self.carry_out(command, &verdict);
        verdict
    }

    /// Lets everything take place that is due by then.
    pub fn settle_due(&mut self, at: Timestamp) {
        while let Some(due) = self.books.waiting().first().copied()
            && let Due::At(moment) = due.due
            && moment <= at
        {
            self.settle(due.number, moment);
        }
    }

    fn settle(&mut self, number: u32, at: Timestamp) {
        let action = LedgerAction::Settle(number);
        let command = LedgerCommand { at, action };
        let verdict = self.decide(&command);
        self.carry_out(&command, &verdict);
    }

    /// The effects that wait: those with a time, then those that may take place in any order.
    pub fn waiting(&self) -> &[Deferred] {
        self.books.waiting()
    }

    /// Takes every ID from a profile and gives it a fresh one: what an anonymization does, which no strategy decides.
    pub(crate) fn forget(&mut self, profile: ProfileNumber, fresh: LedgerId, at: Timestamp) {
        self.books.forget(profile, fresh, at);
    }

    /// How many profiles were ever made; the next one has this number.
    pub(crate) fn created(&self) -> u32 {
        self.books.created()
    }

    /// The profile to which an ID leads now; of several the last that got it, and if the ID says nothing by itself the
    /// one that stands for it.
    pub fn profile_of(&self, id: LedgerId) -> Option<ProfileNumber> {
        let holder = self.books.holder(id);
        holder.or_else(|| self.books.placeholder(id))
    }

    /// Every profile to which an ID leads now: more than one where the strategy lets an ID be several people's.
    pub fn profiles_of(&self, id: LedgerId) -> Vec<ProfileNumber> {
        self.books.holders(id).to_vec()
    }

    /// The IDs of a profile.
    pub fn ids_of(&self, profile: ProfileNumber) -> impl Iterator<Item = LedgerId> {
        self.books.holdings(profile).iter().map(|one| one.id)
    }

    /// The properties of a profile with their values as canonical JSON, in the order in which they came.
    pub fn properties_of(&self, profile: ProfileNumber) -> impl Iterator<Item = (&str, Json<'_>)> {
        let kept = self.books.properties(profile).iter();
        kept.map(|one| (self.books.name_of(one.name), Json(&one.json)))
    }

    /// When a profile, or the first of those that it absorbed, was created.
    pub fn created_at(&self, profile: ProfileNumber) -> Timestamp {
        self.books.times(profile).0
    }

    /// To whom an event belongs now; nobody if no ID of its call was taken.
    pub fn owner_of_event(&self, event: u32) -> Option<ProfileNumber> {
        self.books.owner_of_event(event)
    }

    /// Who else has the event, since it was copied.
    pub fn copies_of_event(&self, event: u32) -> Vec<ProfileNumber> {
        self.books.copies_of_event(event)
    }

    /// How many profiles there are: those that were made, without those that became part of another.
    pub fn profiles(&self) -> usize {
        self.books.profiles()
    }
}
