//! A household: its people, their devices, and all calls that it will cause, in the order in which they arrive.
//! Households know nothing of each other, except for what nobody should share: placeholders and recycled numbers.

use serde_json::{Map, Value, json};

use super::{
    Call, Chance, DAY_SECONDS, Population, What,
    person::{HOUSEHOLD_MAX, Person},
    slips, visits,
};

/// Who lives together, and what they have.
#[derive(Debug)]
pub(super) struct Household<'p> {
    pub(super) population: &'p Population,
    pub(super) people: Vec<Person>,
    /// The cookie of each device; those of a person follow each other, a shared one comes last.
    pub(super) cookies: Vec<String>,
    pub(super) shared_device: Option<usize>,
    pub(super) shared_address: Option<String>,
    pub(super) appears_at: u64,
    pub(super) chance: Chance,
    calls: Vec<Call>,
}

/// How many people live in a household, which is its first draw.
pub(super) fn size(population: &Population, household: u64) -> u64 {
    drawn_size(population, &mut population.chance(household))
}

fn drawn_size(population: &Population, chance: &mut Chance) -> u64 {
    match chance.happens(population.rates.family) {
        true => 2 + chance.below(HOUSEHOLD_MAX - 1),
        false => 1,
    }
}

/// All calls of a household, in the order in which they arrive.
pub(super) fn calls(population: &Population, household: u64) -> Vec<Call> {
    let mut household = Household::draw(population, household);
    visits::all(&mut household);
    slips::by_other_channels(&mut household);
    household.deliver()
}

impl<'p> Household<'p> {
    fn draw(population: &'p Population, number: u64) -> Self {
        let mut chance = population.chance(number);
        let size = drawn_size(population, &mut chance);
        let name = Person::family_name(&mut chance);
        let people: Vec<Person> = (0..size)
            .map(|place| Person::draw(population, number, place, &name, &mut chance))
            .collect();
        let rates = &population.rates;
        let family = size > 1;
        let shares_address = family && chance.happens(rates.shared_address);
        let shares_device = family && chance.happens(rates.shared_device);
        let own: usize = people.iter().map(|person| person.devices).sum();
        let cookies = (0..own + usize::from(shares_device)).map(|_| chance.cookie());
        Self {
            cookies: cookies.collect(),
            shared_device: shares_device.then_some(own),
            shared_address: people
                .first()
                .filter(|_| shares_address)
                .map(|first| first.address.clone()),
            appears_at: population.appears_at(number),
            people,
            population,
            chance,
            calls: Vec::new(),
        }
    }

    /// The first device of a person.
    pub(super) fn first_device(&self, place: usize) -> usize {
        self.people
            .iter()
            .take(place)
            .map(|person| person.devices)
            .sum()
    }

    /// A moment in the time in which the household is active.
    pub(super) fn moment(&mut self) -> u64 {
        let days = (self.population.rates.active_days as u64).max(1);
        self.appears_at + self.chance.below(days * DAY_SECONDS)
    }

    /// The address that a person gives for its profile.
    pub(super) fn profile_address(&self, place: usize) -> &str {
        match &self.shared_address {
            Some(shared) => shared,
            None => &self.people[place].address,
        }
    }

    /// A call that sets properties.
    pub(super) fn set<const I: usize>(
        &mut self,
        (at, source, place): (u64, &'static str, usize),
        ids: [(&str, &str); I],
        properties: Map<String, Value>,
    ) {
        self.push((at, source, place), &ids, What::Customers(properties));
    }

    /// A call that tracks an event.
    pub(super) fn track<const I: usize>(
        &mut self,
        (at, source, place): (u64, &'static str, usize),
        ids: [(&str, &str); I],
        event_type: &'static str,
        properties: Map<String, Value>,
    ) {
        self.push(
            (at, source, place),
            &ids,
            What::Event(event_type, properties),
        );
    }

    fn push(
        &mut self,
        (at, source, place): (u64, &'static str, usize),
        ids: &[(&str, &str)],
        what: What,
    ) {
        self.calls.push(Call {
            happened_at: at,
            arrives_at: at,
            source,
            person: self.people[place].number,
            customer_ids: ids
                .iter()
                .map(|(name, value)| ((*name).to_owned(), json!(value)))
                .collect(),
            what,
        });
    }

    /// Some calls arrive late, some twice.
    fn deliver(mut self) -> Vec<Call> {
        let (late, repeated) = (self.population.rates.late, self.population.rates.repeated);
        let mut delivered = Vec::with_capacity(self.calls.len());
        for mut call in std::mem::take(&mut self.calls) {
            if self.chance.happens(late) {
                call.arrives_at += self.chance.below(DAY_SECONDS);
            }
            if self.chance.happens(repeated) {
                let mut again = call.clone();
                again.arrives_at += self.chance.below(DAY_SECONDS);
                delivered.push(again);
            }
            delivered.push(call);
        }
        // Stable, so that calls of one second arrive in the order in which they were sent.
        delivered.sort_by_key(|call| call.arrives_at);
        delivered
    }
}

/// An object of properties.
pub(super) fn properties<const N: usize>(pairs: [(&str, Value); N]) -> Map<String, Value> {
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
