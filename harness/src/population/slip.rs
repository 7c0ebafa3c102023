//! The slips by which one person comes to have several profiles, or several people one: each at a rate of its own.
//! They are the causes of the catalogue, so that a diagnosis can be held against what is known to have happened.

use std::collections::VecDeque;

use super::{
    Population, Rates,
    chance::{Chance, Lot},
};

/// How many people a slip may be behind its rate.
const OWED_MAX: u32 = 2;

/// How many telephone numbers are remembered.
const PHONES_MAX: usize = 64;

/// Something that goes wrong once for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slip {
    UpdateInsteadOfIdentify,
    NewsletterSignUp,
    DoubleOptIn,
    CaseVariant,
    WhiteSpace,
    PlaceholderId,
    Typo,
    SecondAccount,
    ChangedAddress,
    ImportAddressAsProperty,
    ImportWrongId,
    ChannelsApart,
    PlaceholderAddress,
    ApiWrongId,
    RecycledPhone,
    RepairByHand,
}

impl Slip {
    pub(super) const ALL: [Self; 16] = [
        Self::UpdateInsteadOfIdentify,
        Self::NewsletterSignUp,
        Self::DoubleOptIn,
        Self::CaseVariant,
        Self::WhiteSpace,
        Self::PlaceholderId,
        Self::Typo,
        Self::SecondAccount,
        Self::ChangedAddress,
        Self::ImportAddressAsProperty,
        Self::ImportWrongId,
        Self::ChannelsApart,
        Self::PlaceholderAddress,
        Self::ApiWrongId,
        Self::RecycledPhone,
        Self::RepairByHand,
    ];

    pub(super) fn name(self) -> &'static str {
        self.rate(&Rates::default()).0
    }

    /// The name of its rate, and the rate.
    pub(super) fn rate(self, rates: &Rates) -> (&'static str, f64) {
        match self {
            Self::UpdateInsteadOfIdentify => (
                "update_instead_of_identify",
                rates.update_instead_of_identify,
            ),
            Self::NewsletterSignUp => ("newsletter_sign_up", rates.newsletter_sign_up),
            Self::DoubleOptIn => ("double_opt_in", rates.double_opt_in),
            Self::CaseVariant => ("case_variant", rates.case_variant),
            Self::WhiteSpace => ("white_space", rates.white_space),
            Self::PlaceholderId => ("placeholder_id", rates.placeholder_id),
            Self::Typo => ("typo", rates.typo),
            Self::SecondAccount => ("second_account", rates.second_account),
            Self::ChangedAddress => ("changed_address", rates.changed_address),
            Self::ImportAddressAsProperty => (
                "import_address_as_property",
                rates.import_address_as_property,
            ),
            Self::ImportWrongId => ("import_wrong_id", rates.import_wrong_id),
            Self::ChannelsApart => ("channels_apart", rates.channels_apart),
            Self::PlaceholderAddress => ("placeholder_address", rates.placeholder_address),
            Self::ApiWrongId => ("api_wrong_id", rates.api_wrong_id),
            Self::RecycledPhone => ("recycled_phone", rates.recycled_phone),
            Self::RepairByHand => ("repair_by_hand", rates.repair_by_hand),
        }
    }
}

/// The slips of a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Slips(u32);

impl Slips {
    pub(super) fn has(self, slip: Slip) -> bool {
        self.0 & 1 << slip as u32 != 0
    }

    pub(super) fn any(self) -> bool {
        self.0 != 0
    }

    pub(super) fn all(self) -> impl Iterator<Item = Slip> {
        Slip::ALL.into_iter().filter(move |slip| self.has(*slip))
    }

    fn add(&mut self, slip: Slip) {
        self.0 |= 1 << slip as u32;
    }
}

/// Who is met by what: lots for households, and one for each slip.
#[derive(Debug)]
pub(super) struct Lots {
    pub(super) family: Lot,
    pub(super) shared_address: Lot,
    slips: [(Lot, u32); Slip::ALL.len()],
    /// Who sent their telephone number as an ID last: somebody else may have the number one day.
    phones: VecDeque<u64>,
}

impl Lots {
    pub(super) fn new(population: &Population) -> Self {
        let rates = &population.rates;
        // Beside the households, which are numbered from 0 on.
        let lot = |rate: f64, number: u64| {
            Lot::new(rate, Chance::new(population.seed, u64::MAX - number))
        };
        Self {
            family: lot(rates.family, 0),
            shared_address: lot(rates.shared_address, 1),
            slips: Slip::ALL.map(|slip| (lot(slip.rate(rates).1, 2 + slip as u64), 0)),
            phones: VecDeque::with_capacity(PHONES_MAX),
        }
    }

    /// The slips of the next person. Whom one slip meets, another passes over to the next person as long as it is not
    /// far behind its rate, so that most people have one at most and each can be seen by itself. A shared address counts
    /// as one. A telephone number is recycled once there is one.
    pub(super) fn slips(&mut self, shares_address: bool) -> Slips {
        let mut slips = Slips::default();
        for (slip, (lot, owed)) in Slip::ALL.into_iter().zip(&mut self.slips) {
            *owed += u32::from(lot.next());
            let is_free = !shares_address && !slips.any();
            let can_be = slip != Slip::RecycledPhone || !self.phones.is_empty();
            if *owed > 0 && can_be && (is_free || *owed > OWED_MAX) {
                *owed -= 1;
                slips.add(slip);
            }
        }
        slips
    }

    /// This person sends their telephone number as an ID.
    pub(super) fn remember_phone(&mut self, person: u64) {
        if self.phones.len() == PHONES_MAX {
            self.phones.pop_front();
        }
        self.phones.push_back(person);
    }

    /// One of those who sent theirs.
    pub(super) fn phone(&self, chance: &mut Chance) -> Option<u64> {
        let at = chance.below(self.phones.len() as u64) as usize;
        self.phones.get(at).copied()
    }
}
