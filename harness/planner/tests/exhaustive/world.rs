//! A small world on the engine itself: an alphabet of commands, projects in which they were carried out, and what
//! a repair sees of them. Values are few, so that every history of a few commands can be tried.

use std::collections::BTreeMap;

use twinfold_engine::{
    Action, Command, GivenId, IdSchema, IdType, InternalId, Json, Outcome, Profile as Stored,
    Project, PropertiesGiven, Rejection, Settings, Switches, Timestamp, Who,
};
use twinfold_planner::{Id, Profile};

/// IDs by type, each type once.
pub(crate) type Ids<'a> = [(&'a str, &'a str)];

/// What is tried: every choice of at most one value per column, with at least one ID.
#[derive(Clone, Copy)]
pub(crate) struct Alphabet {
    pub(crate) name: &'static str,
    pub(crate) registered: &'static [&'static str],
    pub(crate) crm: &'static [&'static str],
    pub(crate) cookies: &'static [&'static str],
    pub(crate) emails: &'static [&'static str],
}

/// One command of a history, as positions in the columns of its alphabet; 0 is "none".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    columns: [u8; 4],
}

impl Alphabet {
    fn columns(&self) -> [&'static [&'static str]; 4] {
        [self.registered, self.crm, self.cookies, self.emails]
    }

    /// Every command.
    pub(crate) fn words(&self) -> Vec<Word> {
        let [registered, crm, cookies, emails] = self.columns().map(|column| column.len() as u8);
        let mut words = Vec::new();
        for registered in 0..=registered {
            for crm in 0..=crm {
                for cookie in 0..=cookies {
                    let has_id = registered + crm + cookie > 0;
                    for email in (0..=emails).filter(|_| has_id) {
                        let columns = [registered, crm, cookie, email];
                        words.push(Word { columns });
                    }
                }
            }
        }
        words
    }

    fn value(&self, word: Word, column: usize) -> Option<&'static str> {
        let at = usize::from(word.columns[column]).checked_sub(1)?;
        Some(self.columns()[column][at])
    }

    fn position(&self, column: usize, value: &str) -> u128 {
        let found = self.columns()[column].iter().position(|one| *one == value);
        found.map_or(0, |at| at as u128 + 1)
    }

    /// The history in words, for whoever reads a failure.
    pub(crate) fn told(&self, history: &[Word]) -> String {
        let names = ["registered", "crm", "cookie", "email"];
        let one = |word: &Word| {
            let parts = (0..4).filter_map(|at| Some((names[at], self.value(*word, at)?)));
            let parts: Vec<_> = parts
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            parts.join(" ")
        };
        history.iter().map(one).collect::<Vec<_>>().join("; ")
    }

    /// Whether the next value of a column that is used is the first that was not used before. `crm` and `cookie`
    /// values are compared for equality only, so that histories which differ in their names go the same way.
    pub(crate) fn is_first_of_its_kind(&self, history: &[Word], next: Word) -> bool {
        [1, 2].into_iter().all(|column| {
            let used = history.iter().map(|word| word.columns[column]).max();
            next.columns[column] <= used.unwrap_or(0) + 1
        })
    }
}

/// A project with the operations that a history and a repair need.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) project: Project,
    now: f64,
    fresh: u32,
}

pub(crate) fn schema() -> IdSchema {
    let types = vec![
        IdType::hard("registered"),
        IdType::hard("crm"),
        IdType::soft("cookie"),
    ];
    IdSchema::new(types).expect("types differ")
}

impl World {
    pub(crate) fn empty(switches: Switches) -> Self {
        Self {
            project: Project::new(Settings {
                schema: schema(),
                switches,
                ..Settings::default()
            }),
            now: 0.0,
            fresh: 0,
        }
    }

    /// One more command, a second after the one before.
    pub(crate) fn live(&mut self, alphabet: &Alphabet, word: Word) {
        let names = ["registered", "crm", "cookie"].into_iter().enumerate();
        let ids: Vec<_> = names
            .filter_map(|(at, name)| Some((name, alphabet.value(word, at)?)))
            .collect();
        let email = alphabet.value(word, 3).map(|email| format!("\"{email}\""));
        let properties: Vec<_> = email
            .iter()
            .map(|email| ("email", email.as_str()))
            .collect();
        // A refused command changes nothing, and is part of the history all the same.
        let _refused = self.set(&ids, &properties, None);
    }

    /// What everybody has beside identities: a value of a common property, older for the younger; an event of its own;
    /// and one that others have too. No rule of identity looks at them.
    pub(crate) fn decorate(&mut self) {
        for (number, profile) in self.stored() {
            let ids = first_id(&profile);
            let ids = [(ids.id_type.as_str(), ids.value.as_str())];
            let mark = number.to_string();
            let done = self.set(&ids, &[("mark", &mark)], Some(50.0 - f64::from(number)));
            done.expect("it has an ID");
            for properties in [format!("{{\"of\":{mark}}}"), "{}".to_owned()] {
                self.track(&ids, "view", 1.0, &properties)
                    .expect("it has an ID");
            }
        }
        self.now = 1000.0;
    }

    pub(crate) fn set(
        &mut self,
        ids: &Ids<'_>,
        properties: &[(&str, &str)],
        update_timestamp: Option<f64>,
    ) -> Result<Outcome, Rejection> {
        let properties: Vec<_> = properties.iter().map(|(n, v)| (*n, Json(v))).collect();
        self.apply(Action::SetProperties {
            ids: &given(ids),
            properties: PropertiesGiven::Object(&properties),
            update_timestamp: update_timestamp.and_then(Timestamp::new),
        })
    }

    pub(crate) fn track(
        &mut self,
        ids: &Ids<'_>,
        event_type: &str,
        at: f64,
        properties: &str,
    ) -> Result<Outcome, Rejection> {
        self.apply(Action::TrackEvent {
            ids: &given(ids),
            event_type: Some(event_type),
            timestamp: Timestamp::new(at),
            properties: PropertiesGiven::Object(Json(properties)),
        })
    }

    pub(crate) fn anonymize(&mut self, id: &Id) -> Result<Outcome, Rejection> {
        self.fresh += 1;
        let fresh = format!("fresh-{}", self.fresh);
        self.apply(Action::Anonymize {
            who: Who::Ids(&[GivenId::text(&id.id_type, &id.value)]),
            fresh: &fresh,
        })
    }

    fn apply(&mut self, action: Action<'_>) -> Result<Outcome, Rejection> {
        self.now += 1.0;
        let at = Timestamp::new(self.now).expect("a finite time");
        self.project.apply(&Command { at, action })
    }

    /// Whom an ID names.
    pub(crate) fn find(&self, id: &Id) -> Option<Stored> {
        let ids = [GivenId::text(&id.id_type, &id.value)];
        let found = self.project.find(&ids).expect("a known type");
        self.project.profile(found?)
    }

    /// Everybody, by number.
    pub(crate) fn stored(&self) -> BTreeMap<u32, Stored> {
        let profiles = self
            .project
            .customers()
            .filter_map(|one| self.project.profile(one));
        profiles
            .map(|one| (one.internal_id.number(), one))
            .collect()
    }

    /// The number that stands for this one since the merges.
    pub(crate) fn survivor_of(&self, number: u32) -> u32 {
        let id = InternalId::from_number(number).expect("numbers begin with 1");
        self.project.survivor_of(id).expect("it was there").number()
    }

    /// Everybody as an export shows them.
    pub(crate) fn profiles(&self) -> Vec<Profile> {
        let numbered = self.stored().into_iter().enumerate();
        numbered
            .map(|(age, (number, one))| exported(age, number, &one))
            .collect()
    }

    /// All that plan, repair and laws can see of identities, packed: equal keys go the same way. Ages and times count
    /// by their order only.
    pub(crate) fn key(&self, alphabet: &Alphabet) -> u128 {
        let stored = self.stored();
        let at = |one: &Stored| one.properties.get("email").map(|email| email.at);
        let mut times: Vec<_> = stored.values().filter_map(at).collect();
        times.sort_unstable();
        times.dedup();
        stored.values().fold(1, |key, one| {
            let first = |name: &str, column: usize| {
                let value = values(one, name).first();
                value.map_or(0, |value| alphabet.position(column, value))
            };
            let cookies = values(one, "cookie").iter();
            let cookies = cookies.map(|cookie| 1 << (alphabet.position(2, cookie) - 1));
            let email = text(one, "email").map_or(0, |email| alphabet.position(3, &email));
            let time = at(one).map_or(0, |at| times.partition_point(|other| *other <= at) as u128);
            let ids = (first("registered", 0) << 2 | first("crm", 1)) << 2 | cookies.sum::<u128>();
            (key << 7 | ids) << 5 | email << 3 | time
        })
    }
}

fn given<'a>(ids: &Ids<'a>) -> Vec<GivenId<'a>> {
    ids.iter()
        .map(|(name, value)| GivenId::text(name, value))
        .collect()
}

fn exported(age: usize, number: u32, one: &Stored) -> Profile {
    let held = one.ids.iter().filter(|(_, values)| !values.is_empty());
    let properties = one.properties.iter();
    Profile {
        age,
        number: Some(number.into()),
        ids: held.cloned().collect(),
        properties: properties
            .map(|(name, stored)| (name.clone(), json(&stored.value)))
            .collect(),
        events: None,
    }
}

pub(crate) fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).expect("canonical JSON")
}

/// All values of a type.
pub(crate) fn values<'s>(one: &'s Stored, name: &str) -> &'s [String] {
    let found = one.ids.iter().find(|(other, _)| other == name);
    found.map_or(&[], |(_, values)| values)
}

/// A property that is a text.
pub(crate) fn text(one: &Stored, name: &str) -> Option<String> {
    let stored = one.properties.get(name)?;
    json(&stored.value).as_str().map(str::to_owned)
}

fn first_id(one: &Stored) -> Id {
    let mut ids = one.ids.iter();
    let first = ids.find_map(|(name, values)| Some(Id::new(name, values.first()?)));
    first.expect("everybody has an ID")
}
