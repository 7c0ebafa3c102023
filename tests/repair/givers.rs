//! Whose hard ID a call sets: section 7 names the giver, so that every run chooses the same.
//! The owner written exactly as the key, then the oldest owner, then the key itself.

use std::collections::BTreeSet;

use crate::{
    naive::{self, EMAIL_TYPE},
    proof::Proof,
};

/// Every call that sets an address sets the one that the section names.
pub(crate) fn check(proof: &Proof, others: &[&str]) {
    let members = naive::members(&proof.before);
    for (key, call) in proof.plan.calls() {
        if call.hard_id.id_type != EMAIL_TYPE {
            continue;
        }
        let components = naive::components(&members[key].people, &proof.before, others);
        let of_call = |people: &&BTreeSet<u64>| call.joins.iter().all(|n| people.contains(n));
        let people = components.iter().map(|(people, _)| people).find(of_call);
        let owners = people.unwrap().iter();
        let owners = owners.filter_map(|n| naive::hard(&proof.before[n], EMAIL_TYPE));
        let owners: Vec<_> = owners.collect();
        let exact = owners.iter().find(|value| **value == key);
        let due = exact.or(owners.first()).map_or(key, |value| *value);
        assert_eq!(
            call.hard_id.value, due,
            "`{key}`: the giver among {owners:?}"
        );
    }
}
