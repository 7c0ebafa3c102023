//! A project on maps with the merge rules of the semantics, just enough to prove plans against.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use twinfold_planner::{Event, IdKind, IdSchema, Profile};

#[derive(Clone, Debug, Default)]
pub(crate) struct Customer {
    pub(crate) ids: BTreeMap<String, Vec<String>>,
    pub(crate) properties: BTreeMap<String, (Value, f64)>,
    pub(crate) events: Vec<Event>,
}

#[derive(Clone, Debug)]
pub(crate) struct Simulated {
    pub(crate) types: IdSchema,
    pub(crate) customers: BTreeMap<u64, Customer>,
    pub(crate) now: f64,
    next: u64,
}

/// What a command did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Done {
    pub(crate) survivor: u64,
    pub(crate) joined: BTreeSet<u64>,
    pub(crate) created: bool,
    pub(crate) contested: bool,
}

impl Simulated {
    pub(crate) fn new(types: IdSchema) -> Self {
        Self {
            types,
            customers: BTreeMap::new(),
            now: 1.0,
            next: 1,
        }
    }

    /// A project that holds these profiles; their properties get times that rise with age.
    pub(crate) fn holding(types: IdSchema, profiles: &[Profile]) -> Self {
        let mut project = Self::new(types);
        for profile in profiles {
            project.now += 1.0;
            let at = project.now;
            let timed = |(name, value): (&String, &Value)| (name.clone(), (value.clone(), at));
            let customer = Customer {
                ids: profile.ids.clone(),
                properties: profile.properties.iter().map(timed).collect(),
                events: profile.events.clone().unwrap_or_default(),
            };
            project.customers.insert(project.next, customer);
            project.next += 1;
        }
        project
    }

    pub(crate) fn profiles(&self) -> Vec<Profile> {
        let numbered = self.customers.iter().enumerate();
        numbered
            .map(|(age, (number, customer))| customer.profile(age, *number))
            .collect()
    }

    pub(crate) fn owner(&self, id_type: &str, value: &str) -> Option<u64> {
        let holds = |customer: &Customer| {
            customer
                .ids
                .get(id_type)
                .is_some_and(|values| values.iter().any(|v| v == value))
        };
        let mut holders = self
            .customers
            .iter()
            .filter(|(_, customer)| holds(customer));
        holders.next().map(|(number, _)| *number)
    }

    /// The customer IDs of a command, carried out.
    pub(crate) fn resolve(&mut self, ids: &Map<String, Value>) -> Result<Done, String> {
        self.now += 1.0;
        let ids = self.normalised(ids)?;
        let is_hard = |name: &str| self.types.get(name).is_some_and(|t| t.kind == IdKind::Hard);
        let mut person: BTreeMap<String, String> = ids
            .iter()
            .filter(|(name, _)| is_hard(name))
            .cloned()
            .collect();
        let mut joined = BTreeSet::new();
        for (name, value) in ids.iter().filter(|(name, _)| is_hard(name)) {
            let Some(owner) = self.owner(name, value) else {
                continue;
            };
            if !self.fits(owner, &mut person) {
                return Err(format!(
                    "`{name}={value}` belongs to a customer with another hard ID"
                ));
            }
            joined.insert(owner);
        }
        let mut soft: Vec<_> = ids
            .iter()
            .filter(|(name, _)| !is_hard(name))
            .filter_map(|(name, value)| Some((self.owner(name, value)?, name, value)))
            .collect();
        soft.sort_by_key(|(owner, ..)| std::cmp::Reverse(*owner));
        let mut contested = Vec::new();
        for (owner, name, value) in soft {
            if self.fits(owner, &mut person) {
                joined.insert(owner);
            } else {
                contested.push((owner, name.clone(), value.clone()));
            }
        }
        Ok(self.carry_out(&ids, joined, &contested))
    }

    /// A whole command of a channel: IDs, then properties and events on the survivor.
    pub(crate) fn write(
        &mut self,
        ids: &Map<String, Value>,
        set: &Map<String, Value>,
        events: &[&str],
    ) {
        let done = self.resolve(ids).expect("the story's command is accepted");
        let now = self.now;
        let customer = self
            .customers
            .get_mut(&done.survivor)
            .expect("the survivor");
        for (name, value) in set {
            customer
                .properties
                .insert(name.clone(), (value.clone(), now));
        }
        customer.events.extend(events.iter().map(|kind| Event {
            kind: (*kind).to_owned(),
            timestamp: now,
            properties: BTreeMap::new(),
        }));
    }

    fn normalised(&self, ids: &Map<String, Value>) -> Result<Vec<(String, String)>, String> {
        let mut read = Vec::new();
        for (name, value) in ids {
            let id_type = self
                .types
                .get(name)
                .ok_or(format!("unknown ID type `{name}`"))?;
            let mut value = value.as_str().unwrap_or_default().to_owned();
            if id_type.trim {
                value = value.trim().to_owned();
            }
            if id_type.lowercase {
                value = value.to_lowercase();
            }
            let word = value.trim() == "null" || value.trim() == "undefined";
            if value.chars().any(char::is_alphanumeric) && !word {
                read.push((name.clone(), value));
            }
        }
        match read.is_empty() {
            true => Err("At least one valid id should be specified".to_owned()),
            false => Ok(read),
        }
    }

    /// Whether this customer can be the person so far; if so its hard IDs are the person's too.
    fn fits(&self, number: u64, person: &mut BTreeMap<String, String>) -> bool {
        let customer = &self.customers[&number];
        let hard: Vec<_> = self
            .types
            .of_kind(IdKind::Hard)
            .filter_map(|t| Some((t.name.clone(), customer.ids.get(&t.name)?.first()?.clone())))
            .collect();
        let clash = hard
            .iter()
            .any(|(name, value)| person.get(name).is_some_and(|v| v != value));
        if !clash {
            person.extend(hard);
        }
        !clash
    }

    fn carry_out(
        &mut self,
        ids: &[(String, String)],
        joined: BTreeSet<u64>,
        contested: &[(u64, String, String)],
    ) -> Done {
        let created = joined.is_empty();
        let survivor = joined.first().copied().unwrap_or(self.next);
        self.next += u64::from(created);
        self.customers.entry(survivor).or_default();
        for absorbed in joined.iter().skip(1) {
            let absorbed = self
                .customers
                .remove(absorbed)
                .expect("it was found by an ID");
            self.absorb(survivor, absorbed);
        }
        for (owner, name, value) in contested {
            let robbed = self.customers.get_mut(owner).expect("it holds the ID");
            robbed
                .ids
                .entry(name.clone())
                .or_default()
                .retain(|held| held != value);
        }
        for (name, value) in ids {
            self.add(survivor, name, value);
        }
        Done {
            survivor,
            joined,
            created,
            contested: !contested.is_empty(),
        }
    }

    fn absorb(&mut self, survivor: u64, absorbed: Customer) {
        for (name, values) in &absorbed.ids {
            for value in values {
                self.add(survivor, name, value);
            }
        }
        let now = self.now;
        let customer = self.customers.entry(survivor).or_default();
        for (name, (value, at)) in absorbed.properties {
            let own = customer.properties.get(&name);
            if own.is_none_or(|(_, own)| *own <= at) {
                customer.properties.insert(name, (value, at));
            }
        }
        customer.events.extend(absorbed.events);
        customer.events.push(Event {
            kind: "merge".to_owned(),
            timestamp: now,
            properties: BTreeMap::new(),
        });
    }

    fn add(&mut self, number: u64, name: &str, value: &str) {
        let id_type = self.types.get(name).expect("a known type").clone();
        let customer = self.customers.entry(number).or_default();
        let held = customer.ids.entry(name.to_owned()).or_default();
        held.retain(|v| v != value);
        held.push(value.to_owned());
        if id_type.kind == IdKind::Soft && held.len() > usize::from(id_type.values_max) {
            held.remove(0);
        }
        assert!(
            id_type.kind == IdKind::Soft || held.len() == 1,
            "two hard IDs: {held:?}"
        );
    }
}

impl Customer {
    fn profile(&self, age: usize, number: u64) -> Profile {
        let ids = self.ids.iter().filter(|(_, values)| !values.is_empty());
        let values = self.properties.iter();
        Profile {
            age,
            number: Some(number),
            ids: ids
                .map(|(name, values)| (name.clone(), values.clone()))
                .collect(),
            properties: values
                .map(|(name, (value, _))| (name.clone(), value.clone()))
                .collect(),
            events: Some(self.events.clone()),
        }
    }

    /// As `export-one` gives it.
    pub(crate) fn exported(&self, types: &IdSchema) -> Value {
        let cell = |name: &String, values: &Vec<String>| match types.get(name).map(|t| t.kind) {
            Some(IdKind::Hard) => json!(values.first()),
            _ => json!(values),
        };
        let ids: Map<_, _> = self
            .ids
            .iter()
            .map(|(n, v)| (n.clone(), cell(n, v)))
            .collect();
        let properties: Map<_, _> = self
            .properties
            .iter()
            .map(|(n, (v, _))| (n.clone(), v.clone()))
            .collect();
        json!({"success": true, "ids": ids, "properties": properties, "events": self.events})
    }
}
