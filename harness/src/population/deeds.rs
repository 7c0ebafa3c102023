//! What people do on a shop's pages: visits, log-ins, orders, and what they type in browsers of which the shop knows
//! nothing. Each deed becomes its calls here.

use serde_json::{Value, json};

use super::{Fields, chance::Cookie, channels, consents, household::Stage, plan::Deed, slip::Slip};

const PRODUCTS: [&str; 6] = ["apple", "bread", "chair", "dress", "eraser", "fiddle"];

/// What senders fill in where they have no ID.
const PLACEHOLDER_IDS: [&str; 3] = ["0", "n/a", "test@test.cz"];

/// How a visitor logs in, if at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LogIn {
    Never,
    Well,
    With(Slip),
}

/// Does it.
pub(super) fn act(stage: &mut Stage<'_>, deed: Deed) {
    match deed {
        Deed::Visit(device) => {
            let rate = stage.rates.logs_in;
            let log_in = match stage.chance().happens(rate) {
                true => LogIn::Well,
                false => LogIn::Never,
            };
            visit(stage, device, log_in);
        }
        Deed::LogIn(device) => visit(stage, device, LogIn::Well),
        Deed::LogInWith(device, slip) => visit(stage, device, LogIn::With(slip)),
        Deed::InAnotherBrowser(slip) => in_another_browser(stage, slip),
        Deed::Import(slip) => channels::import(stage, slip),
        Deed::Sync(slip) => channels::sync(stage, slip),
        Deed::Telephone => channels::telephone(stage),
        Deed::SignUp(device) => consents::sign_up(stage, device),
        Deed::AcceptSms(device) => consents::accept_sms(stage, device),
    }
}

fn visit(stage: &mut Stage<'_>, device: usize, log_in: LogIn) {
    renew_cookie(stage, device);
    let (cookie, source) = (
        stage.cookie_of(device),
        stage.household.devices[device].source,
    );
    let cookie_text = json!(cookie.text());
    let views = stage.rates.views_per_visit;
    let views = stage.chance().count(views);
    let mut product = "";
    for view in 0..views {
        product = stage.chance().one_of(&PRODUCTS);
        let viewed = [("product", json!(product))];
        stage.track(
            (10 * view, source),
            [("cookie", cookie_text.clone())],
            "view_item",
            viewed,
        );
    }
    let done = 10 * views;
    let registered = match log_in {
        LogIn::Never => None,
        LogIn::Well => Some(log_in_well(stage, (done, source), cookie)),
        LogIn::With(slip) => Some(log_in_with(stage, (done, source), cookie, slip)),
    };
    let purchases = stage.rates.purchases;
    if stage.chance().happens(purchases) {
        let price = 5 + stage.chance().below(200);
        let bought = [("product", json!(product)), ("total_price", json!(price))];
        let mut ids = Fields::from([("cookie", cookie_text.clone())]);
        if let Some(registered) = registered {
            ids.push("registered", registered);
        }
        stage.track((done + 60, source), ids, "purchase", bought);
    }
}

/// A cookie is lost now and then, and given up at log-out when another person takes over, unless that is forgotten.
fn renew_cookie(stage: &mut Stage<'_>, device: usize) {
    let (place, rates) = (stage.place, stage.rates);
    let last_user = stage.household.devices[device].last_user.replace(place);
    let taken_over = last_user.is_some_and(|last| last != place);
    let logged_out = taken_over && !stage.chance().happens(rates.log_out_forgotten);
    let lost = last_user.is_some() && stage.chance().happens(rates.cookie_lost);
    if logged_out || lost {
        stage.household.devices[device].cookie = stage.chance().cookie();
    }
}

/// Identifies the browser; the answer is what was sent as the hard ID.
fn log_in_well(stage: &mut Stage<'_>, call: (u64, &'static str), cookie: Cookie) -> String {
    let address = stage.address();
    let mut ids = Fields::from([
        ("cookie", json!(cookie.text())),
        ("registered", json!(address)),
    ]);
    // A new address is a new account, which has no customer number yet.
    if stage.person().sends_number && address == stage.person().address {
        ids.push("customer_number", stage.person().customer_number());
    }
    let email = stage.profile_address();
    let profile = profile(stage, email);
    stage.set(call, ids, profile);
    address
}

/// Identifies the browser by an address that is not as the account has it.
fn log_in_with(
    stage: &mut Stage<'_>,
    call: (u64, &'static str),
    cookie: Cookie,
    slip: Slip,
) -> String {
    let placeholder = stage.chance().one_of(&PLACEHOLDER_IDS);
    let address = stage.person().address.clone();
    let (sent, email) = match slip {
        Slip::CaseVariant => (in_other_case(&address), None),
        Slip::WhiteSpace => (format!("{address} "), None),
        Slip::Typo => (with_a_letter_missing(&address), None),
        Slip::PlaceholderId => (placeholder.to_owned(), Some(address)),
        _ => (
            stage.person().other_address.clone().unwrap_or(address),
            Some(stage.profile_address()),
        ),
    };
    let ids = [
        ("cookie", json!(cookie.text())),
        ("registered", json!(sent)),
    ];
    let profile = profile(stage, email.unwrap_or_else(|| sent.clone()));
    stage.set(call, ids, profile);
    sent
}

fn profile(stage: &Stage<'_>, email: String) -> [(&'static str, Value); 4] {
    let person = stage.person();
    [
        ("email", json!(email)),
        ("first_name", json!(person.first_name)),
        ("last_name", json!(person.last_name)),
        ("phone", json!(person.phone())),
    ]
}

fn in_other_case(address: &str) -> String {
    let mut letters = address.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// Names have two letters and more, so another one is left before the point.
pub(super) fn with_a_letter_missing(address: &str) -> String {
    let mut letters = address.chars();
    letters.next().into_iter().chain(letters.skip(1)).collect()
}

/// In the browser of a mail or chat program, on a device at work: its cookie never meets the account.
fn in_another_browser(stage: &mut Stage<'_>, slip: Slip) {
    let cookie = stage.passing_cookie();
    let ids = || [("cookie", json!(cookie.text()))];
    let email = json!(stage.profile_address());
    let source = if slip == Slip::RepairByHand {
        "repair"
    } else {
        "js-sdk"
    };
    if source == "js-sdk" {
        let product = stage.chance().one_of(&PRODUCTS);
        stage.track(
            (0, source),
            ids(),
            "view_item",
            [("product", json!(product))],
        );
    }
    stage.set((20, source), ids(), [("email", email)]);
    match slip {
        Slip::NewsletterSignUp => stage.track((21, source), ids(), "newsletter_subscribe", []),
        Slip::DoubleOptIn => consents::double_opt_in(stage, 21, &ids().into()),
        _ => {}
    }
}
