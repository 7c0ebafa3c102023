//! Visits to the web shop: anonymous views, log-ins, purchases, and the slips that happen on pages.
//! A device keeps its cookie until it is lost, or until somebody logs out where others use it too.

use serde_json::json;

use super::{
    Chance,
    household::{Household, properties},
    slips,
};

/// One visit.
struct Visit {
    at: u64,
    place: usize,
    device: usize,
}

const PRODUCTS: [&str; 6] = ["apple", "bread", "chair", "dress", "eraser", "fiddle"];

/// All visits of all people of a household, in order of time, because they use the same devices.
pub(super) fn all(household: &mut Household<'_>) {
    let mut visits = Vec::new();
    for place in 0..household.people.len() {
        for _ in 0..household
            .chance
            .count(household.population.rates.visits_per_person)
        {
            let (at, device) = (household.moment(), device(household, place));
            visits.push(Visit { at, place, device });
        }
    }
    visits.sort_by_key(|visit| visit.at);
    let mut last_user = vec![None; household.cookies.len()];
    for visit in &visits {
        renew_cookie(household, visit, last_user[visit.device]);
        last_user[visit.device] = Some(visit.place);
        take_place(household, visit);
    }
}

fn device(household: &mut Household<'_>, place: usize) -> usize {
    let own = household.people[place].devices as u64;
    let shared = household.shared_device;
    let choices = own + u64::from(shared.is_some());
    match household.chance.below(choices) {
        chosen if chosen < own => household.first_device(place) + chosen as usize,
        _ => shared.unwrap_or_default(),
    }
}

/// A cookie is lost now and then, and given up at log-out when another person takes over, unless that is forgotten.
fn renew_cookie(household: &mut Household<'_>, visit: &Visit, last_user: Option<usize>) {
    let rates = &household.population.rates;
    let taken_over = last_user.is_some_and(|last| last != visit.place);
    let logged_out = taken_over && !household.chance.happens(rates.log_out_forgotten);
    let lost = last_user.is_some() && household.chance.happens(rates.cookie_lost);
    if logged_out || lost {
        household.cookies[visit.device] = household.chance.cookie();
    }
}

fn take_place(household: &mut Household<'_>, visit: &Visit) {
    let cookie = household.cookies[visit.device].clone();
    let rates = &household.population.rates;
    let (logs_in, purchases) = (rates.logs_in, rates.purchases);
    let call = |seconds: u64| (visit.at + seconds, "js-sdk", visit.place);
    let product = household.chance.one_of(&PRODUCTS);
    let viewed = properties([("product", json!(product))]);
    household.track(call(0), [("cookie", &cookie)], "view_item", viewed);
    slips::on_a_page(household, visit.at + 10, visit.place, &cookie);
    let login = household
        .chance
        .happens(logs_in)
        .then(|| log_in(household, visit, &cookie));
    if !household.chance.happens(purchases) {
        return;
    }
    let price = 5 + household.chance.below(200);
    let bought = properties([("product", json!(product)), ("total_price", json!(price))]);
    match login {
        Some(login) => {
            let ids = [("cookie", cookie.as_str()), ("registered", login.as_str())];
            household.track(call(40), ids, "purchase", bought);
        }
        None => household.track(call(40), [("cookie", &cookie)], "purchase", bought),
    }
}

/// Identifies the browser; the answer is what was sent as the hard ID.
fn log_in(household: &mut Household<'_>, visit: &Visit, cookie: &str) -> String {
    let person = &household.people[visit.place];
    let address = account(
        person,
        visit.at,
        household.appears_at,
        &mut household.chance,
    );
    let (first, last, phone) = (
        json!(person.first_name),
        json!(person.last_name),
        json!(person.phone),
    );
    let shown = household.profile_address(visit.place).to_owned();
    let sent = slips::as_typed(&mut household.chance, &household.population.rates, &address);
    let set = properties([
        ("email", json!(shown)),
        ("first_name", first),
        ("last_name", last),
        ("phone", phone),
    ]);
    let ids = [("cookie", cookie), ("registered", sent.as_str())];
    household.set((visit.at + 20, "js-sdk", visit.place), ids, set);
    sent
}

/// The account that a person logs in to: a changed address from the middle of its time on, a second account at times.
fn account(
    person: &super::person::Person,
    at: u64,
    appeared_at: u64,
    chance: &mut Chance,
) -> String {
    let other = person.other_address.as_ref();
    let uses_other = match person.changes_address {
        true => at > appeared_at + 30 * super::DAY_SECONDS,
        false => other.is_some() && chance.happens(0.3),
    };
    other
        .filter(|_| uses_other)
        .unwrap_or(&person.address)
        .clone()
}
