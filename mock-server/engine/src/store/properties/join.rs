//! The properties of two customers become those of one: which value of a name stays, and the rules that chose.

use super::Properties;
use crate::{
    rule::{Rule, Rules},
    settings::PropertyConflict,
    store::{
        customers::Customers,
        names::Names,
        words::{At, NOWHERE},
    },
};

/// The property that stays true if any of the merged had it (fact 3.13).
const FIRST_SESSION: &str = "add_first_session";

/// A/B assignments are kept under names like the web SDK's cookie `__exponea_ab_NAME__` (fact 3.12; the name is assumed).
const ASSIGNMENT_PREFIX: &str = "__exponea_ab_";

impl Properties {
    /// Gives the absorbed customer's properties to the survivor; the rules that chose between values.
    pub(crate) fn join(
        &mut self,
        customers: &mut Customers,
        names: &Names,
        survivor: u32,
        absorbed: u32,
        rule: PropertyConflict,
    ) -> Rules {
        let mut because = Rules::default();
        let exchanged = self.count(customers, absorbed) > self.count(customers, survivor);
        if exchanged {
            self.exchange(customers, survivor, absorbed);
        }
        let coming = self.members(customers, absorbed);
        self.wide.remove(&absorbed);
        customers.set_properties(absorbed, NOWHERE, 0);
        for record in coming {
            let Some(place) = self.find(customers, survivor, self.records.name(record)) else {
                self.attach(customers, survivor, record);
                continue;
            };
            let (own, other) = if exchanged {
                (record, place.at)
            } else {
                (place.at, record)
            };
            let other_wins = self.other_wins(names, own, other, rule, &mut because);
            if other_wins == exchanged {
                self.records.give_back(record);
            } else {
                self.replace(customers, survivor, place, record);
                self.records.give_back(place.at);
            }
        }
        because
    }

    /// Whether the absorbed customer's value stays.
    fn other_wins(
        &self,
        names: &Names,
        own: At,
        other: At,
        rule: PropertyConflict,
        because: &mut Rules,
    ) -> bool {
        let name = names.text(self.records.name(own));
        let differ = self.records.bytes(own) != self.records.bytes(other);
        let mut note = |rule| {
            if differ {
                because.add(rule);
            }
        };
        if name == FIRST_SESSION
            && differ
            && (self.records.is_true(own) || self.records.is_true(other))
        {
            note(Rule::FirstSessionKept);
            return self.records.is_true(other);
        }
        if name.starts_with(ASSIGNMENT_PREFIX) {
            note(Rule::NewerAssignmentKept);
            return true;
        }
        match rule {
            PropertyConflict::Newest if self.records.time(own) == self.records.time(other) => {
                note(Rule::PropertyTieAbsorbed);
                true
            }
            PropertyConflict::Newest => {
                note(Rule::PropertyNewestWins);
                self.records.time(other) > self.records.time(own)
            }
            PropertyConflict::AbsorbedReplaces => {
                note(Rule::PropertyAbsorbedReplaces);
                true
            }
            PropertyConflict::SurvivorKeeps => {
                note(Rule::PropertySurvivorKeeps);
                false
            }
        }
    }

    fn count(&self, customers: &Customers, customer: u32) -> usize {
        match self.wide.get(&customer) {
            Some(table) => table.len(),
            None => customers.properties(customer).1 as usize,
        }
    }

    fn exchange(&mut self, customers: &mut Customers, a: u32, b: u32) {
        let (of_a, of_b) = (customers.properties(a), customers.properties(b));
        customers.set_properties(a, of_b.0, of_b.1);
        customers.set_properties(b, of_a.0, of_a.1);
        let (table_a, table_b) = (self.wide.remove(&a), self.wide.remove(&b));
        for (customer, table) in [(a, table_b), (b, table_a)] {
            if let Some(table) = table {
                self.wide.insert(customer, table);
            }
        }
    }
}
