//! What is written about people by others than their browsers: imports and other systems at night, and the call centre.
//! Each knows people by an ID of its own, and some have been set up wrongly.

use serde_json::json;

use super::{Fields, deeds::with_a_letter_missing, household::Stage, slip::Slip};

/// A row of a nightly import.
pub(super) fn import(stage: &mut Stage<'_>, slip: Option<Slip>) {
    let email = stage.profile_address();
    let person = stage.person();
    let (address, number) = (&person.address, person.customer_number());
    let mut ids = Fields::default();
    match slip {
        Some(Slip::ImportAddressAsProperty) => ids.push("cookie", format!("crm-{number}")),
        Some(_) => ids.push("registered", number),
        None => {
            ids.push("registered", address.as_str());
            if person.sends_number {
                ids.push("customer_number", number);
            }
        }
    }
    let row = [
        ("email", json!(email)),
        ("first_name", json!(person.first_name)),
        ("last_name", json!(person.last_name)),
    ];
    stage.set((0, "import"), ids, row);
}

/// Another system writes what it knows, each night.
pub(super) fn sync(stage: &mut Stage<'_>, slip: Option<Slip>) {
    let tier = stage.chance().one_of(&["bronze", "silver", "gold"]);
    let address = stage.person().address.as_str();
    let ids = match slip {
        Some(_) => [("cookie", json!(address))],
        None => [("registered", json!(address))],
    };
    let mut set = Fields::from([("tier", json!(tier))]);
    if slip.is_some() {
        set.push("email", address);
    }
    stage.set((0, "api"), ids, set);
}

/// The call centre writes whom it talks to, under the customer number or only the number of the caller.
pub(super) fn telephone(stage: &mut Stage<'_>) {
    let rate = stage.rates.caller_number_only;
    let alone = stage.chance().happens(rate) && !stage.person().slips.any();
    let typed = typed_address(stage);
    let person = stage.person();
    let mut ids = Fields::from([("phone", json!(person.phone()))]);
    if !alone {
        ids.push("customer_number", person.customer_number());
        let set = [
            ("email", json!(typed)),
            ("first_name", json!(person.first_name)),
            ("phone", json!(person.phone())),
        ];
        stage.set((0, "api"), ids.clone(), set);
    }
    let minutes = 1 + stage.chance().below(30);
    stage.track(
        (60 * minutes, "api"),
        ids,
        "call",
        [("minutes", json!(minutes))],
    );
}

fn typed_address(stage: &Stage<'_>) -> String {
    let (person, address) = (stage.person(), stage.profile_address());
    if person.slips.has(Slip::PlaceholderAddress) {
        let people = (stage.rates.people_per_branch as u64).max(1);
        return format!("noemail@branch-{}.example", person.number / people);
    }
    if person.slips.has(Slip::Typo) {
        return with_a_letter_missing(&address);
    }
    address
}
