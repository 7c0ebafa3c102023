//! Every quirk of `spec/api.md`, section 2, is shown by some request, or said to be none that a request can show.

use std::collections::BTreeSet;

use crate::requests;

/// How many quirks the list has.
const QUIRKS: u8 = 31;

#[test]
fn every_quirk_is_shown_by_a_request() {
    let clients = requests::all();
    let rows = clients.iter().flat_map(|client| &client.requests);
    let shown: BTreeSet<u8> = rows.flat_map(|row| row.quirks.iter().copied()).collect();
    let missing: Vec<u8> = (1..=QUIRKS)
        .filter(|quirk| !shown.contains(quirk))
        .collect();
    assert!(
        missing.is_empty(),
        "no request shows the quirks {missing:?}"
    );
    let unknown: Vec<&u8> = shown
        .iter()
        .filter(|quirk| !(1..=QUIRKS).contains(*quirk))
        .collect();
    assert!(unknown.is_empty(), "there are no quirks {unknown:?}");
}
