//! The workload that the benches share: people with one hard ID and a few cookies, and the commands they cause.
//! Same seed, same commands, on every machine.

mod lines;
mod prototype;

pub use lines::Told;
pub use prototype::Prototype;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use twinfold_engine::{Action, Command, GivenId, Json, PropertiesGiven, Timestamp};

/// Cookies of one person, at most.
const COOKIES_MAX: u32 = 6;

/// How often a command is a property update, of ten.
const UPDATES_OF_TEN: u32 = 3;

/// How often a command carries the hard ID beside the cookie, of ten.
const IDENTIFIED_OF_TEN: u32 = 6;

/// A stream of commands over a number of people.
#[derive(Debug)]
pub struct Workload {
    random: ChaCha8Rng,
    people: u32,
    at: f64,
}

/// One command's texts; borrow it to get the command.
#[derive(Debug, Clone)]
pub struct Written {
    hard: Option<String>,
    cookie: String,
    at: f64,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Update([String; 2]),
    Event(String),
}

impl Workload {
    /// The workload of this many people.
    pub fn of(people: u32) -> Self {
        Self {
            random: ChaCha8Rng::seed_from_u64(0x7477_696e_666f_6c64),
            people,
            at: 1_767_225_600.0,
        }
    }

    /// The next commands.
    pub fn next_batch(&mut self, commands: usize) -> Vec<Written> {
        (0..commands).map(|_| self.next_command()).collect()
    }

    fn next_command(&mut self) -> Written {
        let person = self.person();
        let cookie = self.cookie_of(person);
        let identified = self.random.random_range(0..10) < IDENTIFIED_OF_TEN;
        self.at += 0.25;
        let kind = if self.random.random_range(0..10) < UPDATES_OF_TEN {
            let city = self.random.random_range(0..500);
            let visits = self.random.random_range(1..100);
            Kind::Update([format!("\"city {city}\""), visits.to_string()])
        } else {
            let price = self.random.random_range(1..10_000);
            Kind::Event(format!("{{\"price\":{price}}}"))
        };
        Written {
            hard: identified.then(|| format!("customer-{person:013}")),
            cookie: uuid(person, cookie),
            at: self.at,
            kind,
        }
    }

    /// Zipf-like: half of the traffic comes from a fifth of the people.
    fn person(&mut self) -> u32 {
        let even: f64 = self.random.random();
        let skewed = even.powf(2.0 - even);
        (skewed * f64::from(self.people)) as u32
    }

    /// Most use their first device; how many devices somebody has is a matter of the person.
    fn cookie_of(&mut self, person: u32) -> u32 {
        let devices = 1
            + (person.wrapping_mul(0x9e37_79b9) >> 3)
                .trailing_zeros()
                .min(COOKIES_MAX - 1);
        let device = self.random.next_u32() % (devices + 1);
        if device >= devices { 0 } else { device }
    }
}

/// A cookie in its usual form.
fn uuid(person: u32, cookie: u32) -> String {
    let mixed = u64::from(person).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        ^ u64::from(cookie).wrapping_mul(0xd6e8_feb8_6659_fd93);
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:04x}{person:08x}",
        mixed >> 32,
        mixed >> 16 & 0xffff,
        mixed & 0xfff,
        mixed >> 12 & 0xfff,
        cookie,
    )
}

impl Written {
    /// The hard ID, if it has one.
    pub fn hard_id(&self) -> Option<&str> {
        self.hard.as_deref()
    }

    /// The cookie.
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    /// The IDs, for [`Self::command`].
    pub fn ids(&self) -> Vec<GivenId<'_>> {
        let hard = self
            .hard
            .as_deref()
            .map(|hard| GivenId::text("registered", hard));
        let cookie = GivenId::text("cookie", &self.cookie);
        hard.into_iter().chain([cookie]).collect()
    }

    /// The properties, for [`Self::command`].
    pub fn properties(&self) -> Vec<(&str, Json<'_>)> {
        match &self.kind {
            Kind::Update([city, visits]) => vec![("city", Json(city)), ("visits", Json(visits))],
            Kind::Event(_) => Vec::new(),
        }
    }

    /// The command with these IDs and properties.
    pub fn command<'a>(
        &'a self,
        ids: &'a [GivenId<'a>],
        properties: &'a [(&'a str, Json<'a>)],
    ) -> Command<'a> {
        let action = match &self.kind {
            Kind::Update(_) => Action::SetProperties {
                ids,
                properties: PropertiesGiven::Object(properties),
                update_timestamp: None,
            },
            Kind::Event(object) => Action::TrackEvent {
                ids,
                event_type: Some("purchase"),
                timestamp: None,
                properties: PropertiesGiven::Object(Json(object)),
            },
        };
        Command {
            at: Timestamp::new(self.at).unwrap_or_default(),
            action,
        }
    }
}

/// Resident memory of this process in bytes, where the system tells.
pub fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kibibytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes * 1024)
}
