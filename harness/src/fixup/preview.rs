//! What a repair would do: it runs on a copy of the project, and every profile of every key is compared before and
//! after. Only our own server makes copies.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    FixUpError, IdSchema, Mode, Outcome, PlanOptions, Report, Verification, live::customers,
    repair::repair,
};
use crate::target::{CONTROL, ProjectClient, Request};

/// A repair on a copy.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Preview {
    /// Every key of the plan.
    pub keys: Vec<PreviewedKey>,
    /// What was proved on the copy.
    pub verification: Verification,
}

/// The profiles of a key before and after.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PreviewedKey {
    /// The key.
    pub key: String,
    /// Its members.
    pub before: Vec<Shown>,
    /// Those of them who are left, the anonymous rests of emptied ones among them.
    pub after: Vec<Shown>,
    /// What differs, by profile.
    pub changes: Vec<Change>,
}

/// One profile.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Shown {
    /// The number shown behind `#`.
    pub number: u64,
    /// Values by ID type.
    pub ids: BTreeMap<String, Vec<String>>,
    /// Property values by name.
    pub properties: BTreeMap<String, Value>,
    /// How many events of each type, consents among them.
    pub events: BTreeMap<String, usize>,
    /// Whether each consent is given.
    pub consents: BTreeMap<String, bool>,
}

/// One thing of one profile that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The profile's number.
    pub profile: u64,
    /// What it is.
    pub what: What,
    /// Its name: an ID type, a property, an event type, a category; empty for the profile itself.
    pub name: String,
    /// How it was; absent if it was not there.
    pub before: Option<String>,
    /// How it would be; absent if it would be gone.
    pub after: Option<String>,
}

/// What changes. The order is that of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// The profile itself.
    Profile,
    /// Values of an ID type.
    Ids,
    /// A property.
    Property,
    /// How many events of a type.
    Events,
    /// A consent.
    Consent,
}

impl What {
    /// Its name in documents.
    pub fn name(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::Ids => "ID",
            Self::Property => "property",
            Self::Events => "events",
            Self::Consent => "consent",
        }
    }
}

/// A customer as the control API shows it.
#[derive(Deserialize)]
pub(super) struct Customer {
    number: u64,
    ids: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    properties: BTreeMap<String, Stored>,
    #[serde(default)]
    events: Vec<Tracked>,
    #[serde(default)]
    consents: BTreeMap<String, bool>,
}

#[derive(Deserialize)]
struct Stored {
    value: Value,
}

#[derive(Deserialize)]
struct Tracked {
    #[serde(rename = "type")]
    kind: String,
}

/// Repairs a copy of the project, compares, and deletes the copy.
pub async fn preview(
    client: &ProjectClient,
    types: &IdSchema,
    options: &PlanOptions,
) -> Result<Preview, FixUpError> {
    let fork = client.fork().await?;
    let previewed = on_fork(&fork, types, options).await;
    let path = format!("{CONTROL}/projects/{}", fork.credentials.token);
    let delete = Request {
        method: http::Method::DELETE,
        ..Request::get(path)
    };
    fork.send_open(delete).await?;
    previewed
}

async fn on_fork(
    fork: &ProjectClient,
    types: &IdSchema,
    options: &PlanOptions,
) -> Result<Preview, FixUpError> {
    // Both sides are the copy's, so that what comes into the project meanwhile is no change of the repair.
    let before = shown(fork).await?;
    let Report { plan, outcome, .. } = repair(fork, types, options, Mode::Apply).await?;
    let verification = match outcome {
        Outcome::Applied { verification, .. } => verification,
        Outcome::Planned => Verification::default(),
    };
    let after = shown(fork).await?;
    let keys = plan.keys.iter().map(|planned| {
        let members = planned.diagnosis.members.iter();
        let members: BTreeSet<u64> = members.map(|member| member.number).collect();
        previewed(&planned.diagnosis.key, &members, &before, &after)
    });
    Ok(Preview {
        keys: keys.collect(),
        verification,
    })
}

async fn shown(client: &ProjectClient) -> Result<BTreeMap<u64, Shown>, FixUpError> {
    let customers: Vec<Customer> = customers(client).await?;
    let shown = customers.into_iter().map(|customer| {
        let mut events = BTreeMap::<String, usize>::new();
        for event in customer.events {
            *events.entry(event.kind).or_default() += 1;
        }
        let ids = customer.ids.into_iter();
        let properties = customer.properties.into_iter();
        let shown = Shown {
            number: customer.number,
            ids: ids.filter(|(_, values)| !values.is_empty()).collect(),
            properties: properties
                .map(|(name, stored)| (name, stored.value))
                .collect(),
            events,
            consents: customer.consents,
        };
        (customer.number, shown)
    });
    Ok(shown.collect())
}

fn previewed(
    key: &str,
    members: &BTreeSet<u64>,
    before: &BTreeMap<u64, Shown>,
    after: &BTreeMap<u64, Shown>,
) -> PreviewedKey {
    let of = |side: &BTreeMap<u64, Shown>| {
        let found = members.iter().filter_map(|number| side.get(number));
        found.cloned().collect::<Vec<_>>()
    };
    let changes = members
        .iter()
        .flat_map(|number| changes(*number, before.get(number), after.get(number)));
    PreviewedKey {
        key: key.to_owned(),
        changes: changes.collect(),
        before: of(before),
        after: of(after),
    }
}

fn changes(profile: u64, before: Option<&Shown>, after: Option<&Shown>) -> Vec<Change> {
    let none = Shown::default();
    let is_there = |side: Option<&Shown>| side.map(|_| "is there".to_owned());
    let mut sides = BTreeMap::<(What, String), [Option<String>; 2]>::new();
    for (at, side) in [before, after].into_iter().enumerate() {
        let profile = (What::Profile, String::new());
        sides.entry(profile).or_default()[at] = is_there(side);
        // Of a profile that is gone all would change, and nothing of that is said by saying it.
        if after.is_some() {
            for (what, value) in side.unwrap_or(&none).parts() {
                sides.entry(what).or_default()[at] = Some(value);
            }
        }
    }
    let changed = sides
        .into_iter()
        .filter(|(_, [before, after])| before != after);
    let changes = changed.map(|((what, name), [before, after])| Change {
        profile,
        what,
        name,
        before,
        after,
    });
    changes.collect()
}

impl Shown {
    /// Everything about it by name, as text.
    fn parts(&self) -> impl Iterator<Item = ((What, String), String)> {
        let named = |what| move |name: &String| (what, name.clone());
        let ids = self.ids.iter();
        let ids = ids.map(move |(name, values)| (named(What::Ids)(name), values.join(" ")));
        let properties = self.properties.iter();
        let properties =
            properties.map(move |(name, value)| (named(What::Property)(name), value.to_string()));
        let events = self.events.iter();
        let events =
            events.map(move |(name, count)| (named(What::Events)(name), count.to_string()));
        let consents = self.consents.iter();
        let consents = consents.map(move |(name, given)| {
            let given = if *given { "given" } else { "not given" };
            (named(What::Consent)(name), given.to_owned())
        });
        ids.chain(properties).chain(events).chain(consents)
    }
}
