//! The slips by which duplicates come to be, each at a rate of its own: on pages, at log-in, in imports, by telephone.
//! They are the causes of the catalogue, so that a diagnosis can be held against what is known to have happened.

use serde_json::json;

use super::{
    Chance, Rates,
    household::{Household, properties},
};

/// What senders fill in where they have no address.
const PLACEHOLDER_IDS: [&str; 3] = ["0", "n/a", "test@test.cz"];
const PLACEHOLDER_ADDRESSES: [&str; 2] = ["noemail@shop.example", "test@test.cz"];

/// A page stores the typed address on whoever has this cookie.
pub(super) fn on_a_page(household: &mut Household<'_>, at: u64, place: usize, cookie: &str) {
    let rates = &household.population.rates;
    let (update, newsletter, opt_in) = (
        rates.update_instead_of_identify,
        rates.newsletter_sign_up,
        rates.double_opt_in,
    );
    let address = household.people[place].address.clone();
    let typed = || properties([("email", json!(address))]);
    let ids = [("cookie", cookie)];
    let call = (at, "js-sdk", place);
    if household.chance.happens(update) {
        household.set(call, ids, typed());
    }
    if household.chance.happens(newsletter) {
        household.set(call, ids, typed());
        household.track(call, ids, "newsletter_subscribe", properties([]));
    }
    if household.chance.happens(opt_in) {
        household.set(call, ids, typed());
        let signed_up = properties([
            ("action", json!("new")),
            ("email", json!(address)),
            ("consent_list", json!(["newsletter"])),
        ]);
        household.track(call, ids, "double_opt_in", signed_up);
    }
}

/// The address as a log-in sends it.
pub(super) fn as_typed(chance: &mut Chance, rates: &Rates, address: &str) -> String {
    if chance.happens(rates.placeholder_id) {
        return chance.one_of(&PLACEHOLDER_IDS).to_owned();
    }
    if chance.happens(rates.case_variant) {
        let mut letters = address.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        return first.into_iter().chain(letters).collect();
    }
    if chance.happens(rates.white_space) {
        return format!("{address} ");
    }
    if chance.happens(rates.typo) {
        let missing = chance.below(4) as usize;
        let letters = address.chars().enumerate();
        let left = letters.filter(|(at, letter)| *at != missing || *letter == '.');
        return left.map(|(_, letter)| letter).collect();
    }
    address.to_owned()
}

/// Imports, the call centre, and another system write people whom the shop also knows.
pub(super) fn by_other_channels(household: &mut Household<'_>) {
    let rates = household.population.rates.clone();
    for place in 0..household.people.len() {
        if household.chance.happens(rates.imported) {
            import(household, &rates, place);
        }
        if household.chance.happens(rates.calls_in) {
            telephone(household, &rates, place);
        }
        if household.chance.happens(rates.api_wrong_id) {
            let (at, address) = (household.moment(), household.people[place].address.clone());
            let set = properties([("email", json!(address))]);
            household.set((at, "api", place), [("cookie", &address)], set);
        }
    }
}

fn customer_number(household: &Household<'_>, place: usize) -> String {
    format!("{}", 100_000 + household.people[place].number)
}

fn import(household: &mut Household<'_>, rates: &Rates, place: usize) {
    let at = household.moment();
    let number = customer_number(household, place);
    let person = &household.people[place];
    let address = person.address.clone();
    let name = json!(person.first_name);
    let row = properties([("email", json!(address)), ("first_name", name)]);
    let call = (at, "import", place);
    if household.chance.happens(rates.import_address_as_property) {
        household.set(call, [("cookie", &format!("crm-{number}"))], row);
    } else if household.chance.happens(rates.import_wrong_id) {
        household.set(call, [("registered", &number)], row);
    } else {
        household.set(call, [("registered", &address)], row);
    }
}

fn telephone(household: &mut Household<'_>, rates: &Rates, place: usize) {
    let at = household.moment();
    let number = customer_number(household, place);
    let typed = match household.chance.happens(rates.placeholder_address) {
        true => household.chance.one_of(&PLACEHOLDER_ADDRESSES).to_owned(),
        false => household.people[place].address.clone(),
    };
    let (call, ids) = (
        (at, "app-sdk", place),
        [("customer_number", number.as_str())],
    );
    household.set(call, ids, properties([("email", json!(typed))]));
    let minutes = 1 + household.chance.below(30);
    household.track(call, ids, "call", properties([("minutes", json!(minutes))]));
}
