//! A household: its people and devices, and what is still to be done by them.
//! Households know nothing of each other, except for what nobody should share: placeholders and recycled numbers.

use super::{
    Call, Fields, Population, Rates, What,
    chance::{Chance, Cookie},
    deeds,
    person::Person,
    plan::{self, Planned, Time},
    slip::{Lots, Slip},
    truth::PersonTruth,
};

/// Who lives together, and what they have.
#[derive(Debug)]
pub(super) struct Household {
    pub(super) number: u64,
    pub(super) people: Vec<Person>,
    /// Those of a person follow each other, a shared one comes last.
    pub(super) devices: Vec<Device>,
    pub(super) shares_address: bool,
    pub(super) time: Time,
    pub(super) chance: Chance,
    /// Latest first.
    plan: Vec<Planned>,
    /// When the last of its calls arrives that were made so far.
    last_arrival: u64,
}

/// A browser or an app.
#[derive(Clone, Debug)]
pub(super) struct Device {
    pub(super) cookie: Cookie,
    pub(super) source: &'static str,
    /// The place of who used it last.
    pub(super) last_user: Option<usize>,
}

impl Household {
    pub(super) fn draw(
        population: &Population,
        lots: &mut Lots,
        number: u64,
        first_person: u64,
    ) -> Self {
        let rates = &population.rates;
        let mut chance = Chance::new(population.seed, number);
        let family = lots.family.next();
        let shares_address = family && lots.shared_address.next();
        let shares_device = family && chance.happens(rates.shared_device);
        let size = if family { 2 + chance.below(3) } else { 1 };
        let last_name = Person::family_name(&mut chance);
        let (mut people, mut devices): (Vec<Person>, _) = (Vec::new(), Vec::new());
        for person in first_person..first_person + size {
            let who = (person, lots.slips(shares_address), last_name);
            let person = Person::draw(who, devices.len(), (rates, lots), &mut chance);
            devices.push(Device::new("js-sdk", &mut chance));
            if person.devices > 1 {
                let app = chance.happens(rates.app);
                let source = if app { "app-sdk" } else { "js-sdk" };
                devices.push(Device::new(source, &mut chance));
            }
            people.push(person);
        }
        let shared_device = shares_device.then_some(devices.len());
        if shares_device {
            devices.push(Device::new("js-sdk", &mut chance));
        }
        let time = Time::new(population.appears_at(number), rates);
        let share = (shared_device, shares_address);
        let plan = plan::plan(&people, share, time, rates, &mut chance);
        for planned in plan.iter().filter(|planned| planned.deed.sends_phone()) {
            let person = &people[planned.place];
            if !person.slips.has(Slip::RecycledPhone) {
                lots.remember_phone(person.number);
            }
        }
        Self {
            number,
            people,
            devices,
            shares_address,
            time,
            chance,
            plan,
            last_arrival: 0,
        }
    }

    /// When it does something next, or has gone: after all its calls have arrived.
    pub(super) fn due(&self) -> u64 {
        match self.plan.last() {
            Some(planned) => planned.at,
            None => self.last_arrival + 1,
        }
    }

    /// Does what is due, into `calls`; false if nothing was left to do.
    pub(super) fn act(&mut self, rates: &Rates, calls: &mut Vec<Call>) -> bool {
        let Some(planned) = self.plan.pop() else {
            return false;
        };
        let mut stage = Stage {
            rates,
            at: planned.at,
            place: planned.place,
            household: self,
            calls,
        };
        deeds::act(&mut stage, planned.deed);
        true
    }

    /// Who they were.
    pub(super) fn truths(self) -> impl Iterator<Item = PersonTruth> {
        let (household, shares_address) = (self.number, self.shares_address);
        let people = self.people.into_iter();
        people.map(move |person| person.truth(household, shares_address))
    }
}

impl Device {
    fn new(source: &'static str, chance: &mut Chance) -> Self {
        Self {
            cookie: chance.cookie(),
            source,
            last_user: None,
        }
    }
}

/// One person of a household while it does one thing.
pub(super) struct Stage<'s> {
    pub(super) rates: &'s Rates,
    pub(super) at: u64,
    pub(super) place: usize,
    pub(super) household: &'s mut Household,
    calls: &'s mut Vec<Call>,
}

impl Stage<'_> {
    pub(super) fn person(&self) -> &Person {
        &self.household.people[self.place]
    }

    pub(super) fn chance(&mut self) -> &mut Chance {
        &mut self.household.chance
    }

    /// The address that the person logs in with now.
    pub(super) fn address(&self) -> String {
        let person = self.person();
        let changed =
            person.slips.has(Slip::ChangedAddress) && self.at >= self.household.time.middle();
        let other = person.other_address.as_ref().filter(|_| changed);
        other.unwrap_or(&person.address).clone()
    }

    /// The address that the person gives for its profile now.
    pub(super) fn profile_address(&self) -> String {
        match self.household.shares_address {
            true => self.household.people[0].address.clone(),
            false => self.address(),
        }
    }

    /// The cookie of a device, which the person has from now on.
    pub(super) fn cookie_of(&mut self, device: usize) -> Cookie {
        let cookie = self.household.devices[device].cookie;
        self.owns(cookie);
        cookie
    }

    /// A cookie that no device keeps.
    pub(super) fn passing_cookie(&mut self) -> Cookie {
        let cookie = self.chance().cookie();
        self.owns(cookie);
        cookie
    }

    fn owns(&mut self, cookie: Cookie) {
        let cookies = &mut self.household.people[self.place].cookies;
        if !cookies.contains(&cookie) {
            cookies.push(cookie);
        }
    }

    /// A call that sets properties, so many seconds later.
    pub(super) fn set(
        &mut self,
        (after, source): (u64, &'static str),
        ids: impl Into<Fields>,
        properties: impl Into<Fields>,
    ) {
        let what = What::Customers(properties.into());
        self.deliver(self.at + after, source, ids.into(), what);
    }

    /// A call that tracks an event, so many seconds later.
    pub(super) fn track(
        &mut self,
        (after, source): (u64, &'static str),
        ids: impl Into<Fields>,
        event_type: &'static str,
        properties: impl Into<Fields>,
    ) {
        let what = What::Event(event_type, properties.into());
        self.deliver(self.at + after, source, ids.into(), what);
    }

    /// Some calls arrive late, some twice.
    fn deliver(&mut self, at: u64, source: &'static str, customer_ids: Fields, what: What) {
        let mut call = Call {
            happened_at: at,
            arrives_at: at,
            source,
            person: self.person().number,
            customer_ids,
            what,
        };
        let (late, repeated) = (self.rates.late, self.rates.repeated);
        if self.chance().happens(late) {
            call.arrives_at += self.chance().below(super::DAY_SECONDS);
        }
        if self.chance().happens(repeated) {
            let mut again = call.clone();
            again.arrives_at += self.chance().below(super::DAY_SECONDS);
            self.send(again);
        }
        self.send(call);
    }

    fn send(&mut self, call: Call) {
        let last = self.household.last_arrival;
        self.household.last_arrival = last.max(call.arrives_at);
        self.calls.push(call);
    }
}
