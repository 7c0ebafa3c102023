//! What the people of a household will do, and when: drawn when it appears, done when the time comes.
//! A plan is small; the calls of a deed are made only when it is due.

use super::{DAY_SECONDS, Rates, chance::Chance, person::Person, slip::Slip};

/// Something that a person, or somebody else for it, does once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// Looks around on this device, and may log in.
    Visit(usize),
    /// A visit with a log-in for certain.
    LogIn(usize),
    /// A visit with an order under an address that is not written as that of the account.
    LogInWith(usize, Slip),
    /// Something typed in a browser in which nobody ever logs in.
    InAnotherBrowser(Slip),
    /// An import brings the person, well or ill.
    Import(Option<Slip>),
    /// Another system writes, by the address as hard ID or as soft ID.
    Sync(Option<Slip>),
    /// The call centre writes.
    Telephone,
    /// Signs up for the newsletter where it is logged in.
    SignUp(usize),
    /// Accepts text messages where it is logged in.
    AcceptSms(usize),
}

impl Deed {
    /// Whether the telephone number is among its IDs.
    pub(super) fn sends_phone(self) -> bool {
        matches!(self, Self::Telephone | Self::AcceptSms(_))
    }
}

/// A deed with its time and the place of the person in the household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Planned {
    pub(super) at: u64,
    pub(super) place: usize,
    pub(super) deed: Deed,
}

/// The time in which a household is active.
#[derive(Clone, Copy, Debug)]
pub(super) struct Time {
    pub(super) from: u64,
    pub(super) seconds: u64,
}

impl Time {
    pub(super) fn new(from: u64, rates: &Rates) -> Self {
        Self {
            from,
            seconds: rates.active_days as u64 * DAY_SECONDS,
        }
    }

    pub(super) fn middle(self) -> u64 {
        self.from + self.seconds / 2
    }

    fn any(self, chance: &mut Chance) -> u64 {
        self.from + chance.below(self.seconds)
    }

    fn first_half(self, chance: &mut Chance) -> u64 {
        self.from + chance.below(self.seconds / 2)
    }

    fn second_half(self, chance: &mut Chance) -> u64 {
        self.middle() + chance.below(self.seconds / 2)
    }

    /// At this hour of the next night but one at most, when machines write.
    fn at_night(self, hour: u64, chance: &mut Chance) -> u64 {
        let day = self.any(chance) / DAY_SECONDS;
        (day + 1) * DAY_SECONDS + hour * 3_600
    }
}

/// The plan of all, latest first, so that the next deed is the last of the list.
pub(super) fn plan(
    people: &[Person],
    (shared_device, shares_address): (Option<usize>, bool),
    time: Time,
    rates: &Rates,
    chance: &mut Chance,
) -> Vec<Planned> {
    let mut plan = Vec::new();
    for (place, person) in people.iter().enumerate() {
        let mut add = |at, deed| plan.push(Planned { at, place, deed });
        for _ in 0..chance.count(rates.visits_per_person) {
            let device = device(person, shared_device, chance);
            add(time.any(chance), Deed::Visit(device));
        }
        // What goes wrong shows only beside an account.
        if person.slips.any() || shares_address {
            add(time.first_half(chance), Deed::LogIn(person.first_device));
        }
        for slip in person.slips.all() {
            if let Some(deed) = slipping(slip, person) {
                let at = match deed {
                    Deed::Import(_) => time.at_night(2, chance),
                    Deed::Sync(_) => time.at_night(3, chance),
                    _ => time.second_half(chance),
                };
                add(at, deed);
            }
        }
        usual(person, time, rates, chance, &mut add);
    }
    plan.sort_by_key(|planned| planned.at);
    plan.reverse();
    // It is held for two months.
    plan.shrink_to_fit();
    plan
}

/// What makes a slip happen, unless it lies in how other deeds are done.
fn slipping(slip: Slip, person: &Person) -> Option<Deed> {
    let device = person.first_device;
    match slip {
        Slip::UpdateInsteadOfIdentify
        | Slip::NewsletterSignUp
        | Slip::DoubleOptIn
        | Slip::RepairByHand => Some(Deed::InAnotherBrowser(slip)),
        Slip::Typo if person.calls_in => None,
        Slip::CaseVariant
        | Slip::WhiteSpace
        | Slip::PlaceholderId
        | Slip::Typo
        | Slip::SecondAccount => Some(Deed::LogInWith(device, slip)),
        Slip::ChangedAddress => Some(Deed::LogIn(device)),
        Slip::ImportAddressAsProperty | Slip::ImportWrongId => Some(Deed::Import(Some(slip))),
        Slip::ApiWrongId => Some(Deed::Sync(Some(slip))),
        Slip::ChannelsApart | Slip::PlaceholderAddress => None,
        Slip::RecycledPhone => Some(Deed::AcceptSms(device)),
    }
}

fn usual(
    person: &Person,
    time: Time,
    rates: &Rates,
    chance: &mut Chance,
    add: &mut impl FnMut(u64, Deed),
) {
    if chance.happens(rates.imported) {
        add(time.at_night(2, chance), Deed::Import(None));
    }
    if chance.happens(rates.synced) {
        add(time.at_night(3, chance), Deed::Sync(None));
    }
    if person.calls_in {
        add(time.second_half(chance), Deed::Telephone);
    }
    if chance.happens(rates.newsletter) {
        add(time.any(chance), Deed::SignUp(person.first_device));
    }
    if chance.happens(rates.accepts_sms) {
        add(time.any(chance), Deed::AcceptSms(person.first_device));
    }
}

fn device(person: &Person, shared: Option<usize>, chance: &mut Chance) -> usize {
    match shared {
        Some(shared) if chance.happens(0.5) => shared,
        _ => person.first_device + chance.below(person.devices as u64) as usize,
    }
}
