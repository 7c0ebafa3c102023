//! Laws 2 and 3 of a run between whose requests others wrote, judged by what the control API and the journal said at
//! each moment. What the API makes unavoidable is allowed in one place only: between a look and the write after it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use twinfold::fixup::{Call, Plan, Step};
use twinfold_engine::PropertyConflict;

use crate::{
    history::History,
    lived::{Customer, Customers, joined_by},
    naive::{self, EMAIL_TYPE},
    transport::Moment,
};

/// What one customer must have in the end.
#[derive(Clone, Debug, Default)]
struct Due {
    events: Vec<String>,
    properties: BTreeMap<String, (Value, f64)>,
    /// Every key it ever had since the repair began.
    keys: BTreeSet<String>,
    /// Whether a copy ever went to it: then equal events may be one.
    is_target: bool,
    /// The events that were copied to it.
    copied: Vec<String>,
}

/// The walk through the moments of a run.
pub(crate) struct Judge<'j> {
    history: &'j History,
    /// What was carried out; none if the run never came so far.
    plan: Option<&'j Plan>,
    due: BTreeMap<u64, Due>,
    /// Who was emptied by the repair.
    emptied: BTreeSet<u64>,
    /// Everything that anybody wrote.
    written: BTreeSet<String>,
    traffic: Vec<usize>,
    reads: Vec<(usize, Value)>,
    /// The request by which the repair wrote before the one that is judged.
    wrote: Option<usize>,
    /// A request may have been sent again after a fault, without another look.
    has_fault: bool,
    /// What was seen of races between a look and a write, by name.
    pub(crate) races: BTreeMap<&'static str, usize>,
}

impl<'j> Judge<'j> {
    pub(crate) fn new(
        history: &'j History,
        plan: Option<&'j Plan>,
        before: &Customers,
        has_fault: bool,
    ) -> Self {
        let mut judge = Self {
            history,
            plan,
            due: BTreeMap::new(),
            emptied: BTreeSet::new(),
            written: BTreeSet::new(),
            traffic: Vec::new(),
            reads: Vec::new(),
            wrote: None,
            has_fault,
            races: BTreeMap::new(),
        };
        for (number, customer) in before {
            judge.write(*number, customer, &[]);
        }
        judge
    }

    /// Every moment, then what is there in the end.
    pub(crate) fn check<'m>(
        &mut self,
        moments: impl IntoIterator<Item = &'m Moment>,
        after: &Customers,
    ) {
        for moment in moments {
            match moment {
                Moment::Traffic {
                    number,
                    before,
                    after,
                    entries,
                    ..
                } => {
                    self.traffic.push(*number);
                    self.others_wrote(before, after, entries);
                }
                Moment::Read { number, ids } => self.reads.push((*number, ids.clone())),
                Moment::Write {
                    number,
                    before,
                    entries,
                } => {
                    for entry in entries {
                        self.repair_wrote(*number, before, entry);
                    }
                    self.wrote = Some(*number);
                }
            }
        }
        for (number, due) in &self.due {
            if !self.emptied.contains(number) {
                let found = after.get(number);
                self.is_there(
                    due,
                    found.unwrap_or_else(|| panic!("law 2: #{number} is gone")),
                );
            }
        }
    }

    fn others_wrote(&mut self, before: &Customers, after: &Customers, entries: &[Value]) {
        let mut folded = BTreeMap::<u64, Vec<u64>>::new();
        for entry in entries.iter().filter(|entry| entry["decision"].is_object()) {
            let (survivor, absorbed) = joined_by(entry);
            for number in absorbed {
                self.absorb(survivor, number);
                let mut all = folded.remove(&number).unwrap_or_default();
                all.push(number);
                folded.entry(survivor).or_default().extend(all);
            }
        }
        for (number, customer) in after {
            let sources = folded.remove(number).unwrap_or_default();
            let sources = sources
                .iter()
                .chain([number])
                .filter_map(|one| before.get(one));
            let sources: Vec<_> = sources.collect();
            self.write(*number, customer, &sources);
        }
    }

    /// What this customer has beyond those it was before is due from now on; what it lost is not.
    fn write(&mut self, number: u64, customer: &Customer, before: &[&Customer]) {
        let due = self.due.entry(number).or_default();
        let mut known: Vec<&String> = before.iter().flat_map(|one| &one.events).collect();
        for event in &customer.events {
            match known.iter().position(|other| *other == event) {
                Some(at) => drop(known.swap_remove(at)),
                None => due.events.push(event.clone()),
            }
            self.written.insert(event.clone());
        }
        for (name, stored) in &customer.properties {
            let old = before
                .iter()
                .any(|one| one.properties.get(name) == Some(stored));
            if !old {
                due.properties.insert(name.clone(), stored.clone());
            }
        }
        let held = |name: &String| before.iter().any(|one| one.properties.contains_key(name));
        let gone = |name: &String| held(name) && !customer.properties.contains_key(name);
        due.properties.retain(|name, _| !gone(name));
        due.keys.extend(naive::keys_of(customer));
    }

    fn absorb(&mut self, survivor: u64, absorbed: u64) {
        let from = self.due.remove(&absorbed).unwrap_or_default();
        let due = self.due.entry(survivor).or_default();
        due.events.extend(from.events);
        due.keys.extend(from.keys);
        due.is_target |= from.is_target;
        due.copied.extend(from.copied);
        for (name, stored) in from.properties {
            let own = due.properties.get(&name);
            if own.is_none_or(|own| own.1 <= stored.1) {
                due.properties.insert(name, stored);
            }
        }
    }

    fn repair_wrote(&mut self, number: usize, before: &Customers, entry: &Value) {
        // The project's own automation answers to a sign-up form that is copied.
        if !entry["decision"].is_object() || entry["source"] == "double-opt-in" {
            return;
        }
        assert_eq!(entry["source"], "repair", "{entry}");
        let ids = &entry["command"]["customer_ids"];
        let (survivor, absorbed) = joined_by(entry);
        for absorbed in absorbed {
            // Whom the look found is not who holds that ID now.
            if self.due[&survivor]
                .keys
                .is_disjoint(&self.due[&absorbed].keys)
            {
                self.raced(
                    number,
                    ids,
                    "a stranger came to a device and was joined",
                    entry,
                );
            }
            self.absorb(survivor, absorbed);
        }
        if entry["command"]["kind"] == "anonymize" {
            return self.emptied(number, before, survivor, ids);
        }
        if entry["decision"]["created"] == true {
            self.raced(number, ids, "a profile vanished and is made anew", entry);
        }
        let call = self.call(ids, |_| true).map(|call| call.step);
        let moved = entry["decision"]["effects"].as_array().unwrap().iter();
        let mut moved = moved.filter(|effect| effect["effect"] == "moved");
        if moved.next().is_some() && call != Some(Step::HandOver) {
            self.raced(number, ids, "a device went to somebody else", entry);
        }
        let due = self.due.entry(survivor).or_default();
        let command = &entry["command"];
        due.is_target |= command["kind"] == "event" || !command["update_timestamp"].is_null();
        if entry["outcome"] == "event stored" {
            due.copied.push(told(command));
        }
        let ids = ids.as_object().unwrap();
        let address = ids.get(EMAIL_TYPE).and_then(Value::as_str);
        due.keys.extend(address.and_then(naive::key));
        self.realigned(number, before, survivor, entry);
    }

    /// An account gets its own address only over the one that the plan saw.
    fn realigned(&mut self, number: usize, before: &Customers, survivor: u64, entry: &Value) {
        let ids = &entry["command"]["customer_ids"];
        let is_realign = |call: &Call| call.step == Step::Realign;
        let Some(call) = self.call(ids, is_realign).filter(|_| {
            entry["command"]["kind"] == "customers"
                && entry["command"]["update_timestamp"].is_null()
                && entry["command"]["properties"]["email"].is_string()
        }) else {
            return;
        };
        let planned = self.plan.iter().flat_map(|plan| plan.calls());
        let mut keys = planned
            .filter(|(_, other)| *other == call)
            .map(|(key, _)| key);
        let old = before
            .get(&survivor)
            .and_then(|one| one.properties.get("email"));
        let old = old.and_then(|(value, _)| naive::key(value.as_str()?));
        if !keys.any(|key| old.as_deref() == Some(key)) {
            self.raced(number, ids, "a newer address is overwritten", entry);
        }
        let due = self.due.entry(survivor).or_default();
        due.properties.remove("email");
        let own = entry["command"]["properties"]["email"].as_str();
        due.keys.extend(own.and_then(naive::key));
    }

    /// Whatever the source had is at the target when it is emptied.
    fn emptied(&mut self, number: usize, before: &Customers, from: u64, ids: &Value) {
        let call = self.call(ids, |call| call.step == Step::Anonymize);
        let call = call.unwrap_or_else(|| panic!("nobody planned to empty {ids}"));
        let holds = |one: &&Customer| {
            let values = one.ids.get(&call.hard_id.id_type);
            values.is_some_and(|values| values.contains(&call.hard_id.value))
        };
        let to = before.values().find(holds);
        self.emptied.insert(from);
        let Some(to) = to else {
            let target = json!({&call.hard_id.id_type: call.hard_id.value});
            let what = "the target vanished before its source was emptied";
            return self.raced(number, &target, what, ids);
        };
        let shared = !self.due[&from].keys.is_disjoint(&self.due[&to.number].keys);
        assert!(shared, "law 3: {call:?}");
        let source = self.due[&from].clone();
        let newest = self.history.switches.property_conflict == PropertyConflict::Newest;
        let late = source.events.iter().any(|event| !to.events.contains(event));
        if late {
            self.raced(
                number,
                ids,
                "an event came before the source was emptied",
                ids,
            );
        }
        // An equal value is there, whenever it was set.
        let older = |(name, (value, at)): &(&String, &(Value, f64))| {
            let held = to.properties.get(*name);
            held.is_none_or(|held| newest && held.1 < *at && held.0 != *value)
        };
        let lost: Vec<_> = source.properties.iter().filter(older).collect();
        if !lost.is_empty() {
            let what = format!("{lost:?} of {:?}", to.properties);
            self.raced(
                number,
                ids,
                "a value came before the source was emptied",
                &what.into(),
            );
        }
        let kept = source.properties.iter().filter(|pair| !older(pair));
        let kept: Vec<_> = kept
            .map(|(n, stored)| (n.clone(), stored.clone()))
            .collect();
        let due = self.due.entry(to.number).or_default();
        due.is_target = true;
        for (name, stored) in kept {
            let own = due.properties.get(&name);
            if own.is_none_or(|own| own.1 < stored.1) {
                due.properties.insert(name, stored);
            }
        }
        due.keys.extend(source.keys);
        due.events.extend(
            source
                .events
                .into_iter()
                .filter(|event| to.events.contains(event)),
        );
    }

    fn call(&self, ids: &Value, is_meant: impl Fn(&Call) -> bool) -> Option<&'j Call> {
        let mut calls = self
            .plan?
            .calls()
            .map(|(_, call)| call)
            .filter(|call| is_meant(call));
        calls.find(|call| ids[&call.own.id_type] == *call.own.value)
    }

    /// Others wrote after the look at one of these IDs, and before this request. The look is this write's own: it came
    /// after whatever the repair wrote before.
    fn raced(&mut self, number: usize, ids: &Value, what: &'static str, found: &Value) {
        let names = |read: &Value| {
            let pairs = ids.as_object().unwrap().iter();
            let mut pairs = pairs.map(|(name, value)| (name.as_str(), value));
            pairs.any(|(name, value)| read[name] == *value)
        };
        let reads = self
            .reads
            .iter()
            .filter(|(at, read)| *at < number && names(read));
        let looked = reads.map(|(at, _)| *at).max();
        let own = looked.filter(|at| self.has_fault || self.wrote.is_none_or(|wrote| *at > wrote));
        let looked = own.unwrap_or_else(|| panic!("{what}, and it was not looked at: {found}"));
        let between = self.traffic.iter().any(|at| *at > looked && *at <= number);
        assert!(between, "{what}, and nobody wrote since the look: {found}");
        *self.races.entry(what).or_default() += 1;
    }

    fn is_there(&self, due: &Due, after: &Customer) {
        let count = |list: &[String], event: &String| list.iter().filter(|e| *e == event).count();
        for event in &due.events {
            let held = count(&after.events, event);
            let wanted = if due.is_target {
                1
            } else {
                count(&due.events, event)
            };
            assert!(held >= wanted, "law 2: {event} is lost of {after:?}");
        }
        for event in &after.events {
            assert!(self.written.contains(event), "law 2: {event} is nobody's");
            let most = count(&due.events, event) + count(&due.copied, event);
            assert!(
                count(&after.events, event) <= most,
                "law 2: {event} is doubled in {after:?}"
            );
        }
        let newest = self.history.switches.property_conflict == PropertyConflict::Newest;
        for (name, (value, at)) in &due.properties {
            let held = after.properties.get(name);
            let held = held.unwrap_or_else(|| panic!("law 2: {name} = {value} is gone: {after:?}"));
            assert!(
                !newest || held.1 >= *at || held.0 == *value,
                "law 2: {name} = {value} at {at}, not {held:?}"
            );
        }
    }
}

/// The event of a command, as a customer shows it.
fn told(command: &Value) -> String {
    let [event_type, at, properties] =
        ["event_type", "timestamp", "properties"].map(|name| &command[name]);
    json!({"type": event_type, "timestamp": at, "properties": properties}).to_string()
}
