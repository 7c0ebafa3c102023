//! What a strategy may look at when it decides: who holds what, the types, and the time of the command.

use alloc::{collections::BTreeMap, vec, vec::Vec};

use smallvec::SmallVec;

use super::{
    LedgerId, LedgerSettings, Owner, ProfileNumber,
    books::{Books, Holding},
    settings::LedgerType,
};
use crate::time::Timestamp;

/// The IDs of a call, the strongest first, each once.
pub(super) type Ids = SmallVec<[LedgerId; 8]>;

#[derive(Clone, Copy)]
pub(super) struct View<'v> {
    pub(super) settings: &'v LedgerSettings,
    pub(super) books: &'v Books,
    pub(super) at: Timestamp,
}

impl<'v> View<'v> {
    pub(super) fn is_hard(&self, id: LedgerId) -> bool {
        self.kind(id).is_hard
    }

    /// A profile holds one value of its type at most.
    pub(super) fn is_unique(&self, id: LedgerId) -> bool {
        self.kind(id).limit == 1
    }

    pub(super) fn kind(&self, id: LedgerId) -> LedgerType {
        self.settings.kind(id)
    }

    pub(super) fn holder(&self, id: LedgerId) -> Option<ProfileNumber> {
        self.books.holder(id)
    }

    pub(super) fn is_free(&self, id: LedgerId) -> bool {
        self.holder(id).is_none()
    }

    pub(super) fn holdings(&self, profile: ProfileNumber) -> &'v [Holding] {
        self.books.holdings(profile)
    }

    pub(super) fn ids_of(
        &self,
        profile: ProfileNumber,
    ) -> impl Iterator<Item = LedgerId> + use<'v> {
        self.holdings(profile).iter().map(|holding| holding.id)
    }

    /// The values of this type that a profile holds.
    pub(super) fn of_type(
        &self,
        profile: ProfileNumber,
        id_type: u8,
    ) -> impl Iterator<Item = LedgerId> + use<'v> {
        self.ids_of(profile).filter(move |id| id.id_type == id_type)
    }

    pub(super) fn has_hard(&self, profile: ProfileNumber) -> bool {
        self.ids_of(profile).any(|id| self.is_hard(id))
    }

    /// The profiles that these IDs reach, each once, the oldest first.
    pub(super) fn reached(&self, ids: &[LedgerId]) -> SmallVec<[ProfileNumber; 4]> {
        let mut reached: SmallVec<[ProfileNumber; 4]> =
            ids.iter().filter_map(|id| self.holder(*id)).collect();
        reached.sort_unstable();
        reached.dedup();
        reached
    }

    /// Which profile each of these groups goes on as: every profile with the group that has its strongest ID, the oldest
    /// if two meet; a group that has none gets a new one.
    pub(super) fn heirs(&self, groups: &[Vec<LedgerId>]) -> Vec<Owner> {
        let mut strongest: BTreeMap<ProfileNumber, (LedgerId, usize)> = BTreeMap::new();
        for (place, ids) in groups.iter().enumerate() {
            for id in ids {
                if let Some(profile) = self.holder(*id) {
                    let known = strongest.entry(profile).or_insert((*id, place));
                    *known = (*known).min((*id, place));
                }
            }
        }
        let mut owners = vec![Owner::Created; groups.len()];
        for (profile, (_, place)) in strongest {
            if owners[place] == Owner::Created {
                owners[place] = Owner::Found(profile);
            }
        }
        owners
    }

    /// The moment so many days before the command.
    pub(super) fn days_ago(&self, days: u32) -> Timestamp {
        let seconds = self.at.seconds() - f64::from(days) * SECONDS_A_DAY;
        Timestamp::new(seconds).unwrap_or_default()
    }

    /// The moment so many hours after the command.
    pub(super) fn hours_later(&self, hours: u32) -> Timestamp {
        let seconds = self.at.seconds() + f64::from(hours) * 3_600.0;
        Timestamp::new(seconds).unwrap_or(self.at)
    }
}

const SECONDS_A_DAY: f64 = 86_400.0;
