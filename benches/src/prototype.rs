//! What the engine is measured against: a program that somebody writes in an afternoon, with compact strings and the
//! standard maps. It merges by a hard ID and a cookie and keeps properties and events, but gives no reasons, has no
//! switches and knows no other ID types.

use std::{cmp::Ordering, collections::HashMap};

use compact_str::CompactString;

use crate::{Kind, Written};

/// The customers of the prototype.
#[derive(Debug, Default)]
pub struct Prototype {
    hard: HashMap<CompactString, usize>,
    cookies: HashMap<CompactString, usize>,
    profiles: Vec<Profile>,
}

#[derive(Debug, Default)]
struct Profile {
    /// Into whom it was folded.
    absorbed_by: Option<usize>,
    hard: bool,
    properties: Vec<Property>,
    events: Vec<Event>,
}

#[derive(Debug)]
struct Property {
    name: CompactString,
    value: CompactString,
    at: f64,
}

#[derive(Debug, PartialEq)]
struct Event {
    event_type: CompactString,
    properties: CompactString,
    at: f64,
}

impl Prototype {
    /// Applies one command of the workload.
    pub fn apply(&mut self, command: &Written) {
        let customer = self.resolve(command.hard.as_deref(), &command.cookie);
        let profile = &mut self.profiles[customer];
        match &command.kind {
            Kind::Update([city, visits]) => {
                profile.set("city", city, command.at);
                profile.set("visits", visits, command.at);
            }
            Kind::Event(properties) => profile.track(Event {
                event_type: "purchase".into(),
                properties: properties.into(),
                at: command.at,
            }),
        }
    }

    /// How many customers exist.
    pub fn customers(&self) -> usize {
        let exist = |profile: &&Profile| profile.absorbed_by.is_none();
        self.profiles.iter().filter(exist).count()
    }

    fn resolve(&mut self, hard: Option<&str>, cookie: &str) -> usize {
        let by_hard = hard.and_then(|hard| self.hard.get(hard));
        let by_hard = by_hard.map(|owner| self.survivor_of(*owner));
        let by_cookie = self.cookies.get(cookie);
        let by_cookie = by_cookie.map(|owner| self.survivor_of(*owner));
        let customer = match (by_hard, by_cookie) {
            (Some(one), Some(other)) if one == other => return one,
            (Some(one), Some(other)) if self.profiles[other].hard => one,
            (Some(one), Some(other)) => self.merge(one.min(other), one.max(other)),
            (Some(one), None) => one,
            // Another person's cookie: whoever logs in is somebody new.
            (None, Some(other)) if hard.is_some() && self.profiles[other].hard => self.create(),
            (None, Some(other)) => other,
            (None, None) => self.create(),
        };
        if let (Some(hard), None) = (hard, by_hard) {
            self.hard.insert(hard.into(), customer);
            self.profiles[customer].hard = true;
        }
        if by_cookie != Some(customer) {
            self.cookies.insert(cookie.into(), customer);
        }
        customer
    }

    fn create(&mut self) -> usize {
        self.profiles.push(Profile::default());
        self.profiles.len() - 1
    }

    fn survivor_of(&self, mut customer: usize) -> usize {
        while let Some(survivor) = self.profiles[customer].absorbed_by {
            customer = survivor;
        }
        customer
    }

    fn merge(&mut self, survivor: usize, absorbed: usize) -> usize {
        let other = std::mem::take(&mut self.profiles[absorbed]);
        self.profiles[absorbed].absorbed_by = Some(survivor);
        let profile = &mut self.profiles[survivor];
        profile.hard |= other.hard;
        for property in other.properties {
            profile.take(property);
        }
        profile.events.extend(other.events);
        profile.events.sort_by(|a, b| a.at.total_cmp(&b.at));
        let at = profile.events.last().map_or(0.0, |event| event.at);
        profile.track(Event {
            event_type: "merge".into(),
            properties: absorbed.to_string().into(),
            at,
        });
        survivor
    }
}

impl Property {
    /// The newer value counts; at the same time the greater one.
    fn rank(&self, other: &Self) -> Ordering {
        let by_time = self.at.total_cmp(&other.at);
        by_time.then_with(|| self.value.cmp(&other.value))
    }
}

impl Profile {
    fn set(&mut self, name: &str, value: &str, at: f64) {
        self.take(Property {
            name: name.into(),
            value: value.into(),
            at,
        });
    }

    fn take(&mut self, new: Property) {
        let stored = self.properties.iter_mut().find(|old| old.name == new.name);
        match stored {
            Some(old) if old.rank(&new) == Ordering::Greater => {}
            Some(old) => *old = new,
            None => self.properties.push(new),
        }
    }

    /// Stores an event unless it is there already; they stand in the order of their times.
    fn track(&mut self, event: Event) {
        let later = |stored: &Event| stored.at.total_cmp(&event.at) == Ordering::Less;
        let place = self.events.partition_point(later);
        let same = self.events[place..].iter();
        if same
            .take_while(|stored| stored.at == event.at)
            .all(|stored| *stored != event)
        {
            self.events.insert(place, event);
        }
    }
}
