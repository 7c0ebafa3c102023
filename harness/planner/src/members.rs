//! The members of an e-mail key: who owns the address as a hard ID, who lacks that type, and who
//! holds something else there.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::{IdKind, IdSchema, PlanOptions, Profile, key::email_key};

/// How a profile comes to be a member of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Its hard ID has this key.
    Owner,
    /// It has no value of that hard type; the key comes from the property.
    Lacking,
    /// Its hard ID is something else; the key comes from the property.
    Foreign,
}

/// Where the address sits on a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// As the hard ID that holds e-mails.
    HardId,
    /// As the property only.
    Property,
    /// As the property and as the value of a soft type.
    SoftId,
    /// As the property and as the value of another hard type.
    OtherHardId,
}

/// One member of a key, as a report shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The number shown behind `#`.
    pub number: u64,
    /// Owner, lacking or foreign.
    pub role: Role,
    /// Where the address sits.
    pub place: Place,
    /// The value of the hard type that holds e-mails, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hard_id: Option<String>,
    /// All its IDs by type.
    #[serde(default)]
    pub ids: BTreeMap<String, Vec<String>>,
}

/// The members of one key, each list from the oldest to the youngest.
#[derive(Clone, Debug)]
pub(super) struct Members<'a> {
    pub(super) key: String,
    pub(super) owners: Vec<&'a Profile>,
    pub(super) lacking: Vec<&'a Profile>,
    pub(super) foreign: Vec<&'a Profile>,
}

/// Every key with more than one member, in the order of the keys.
pub(super) fn duplicates<'a>(profiles: &'a [Profile], options: &PlanOptions) -> Vec<Members<'a>> {
    let mut by_key = HashMap::<String, Vec<(Role, &Profile)>>::new();
    for profile in profiles {
        for (role, key) in keys_of(profile, options).into_iter().flatten() {
            by_key.entry(key).or_default().push((role, profile));
        }
    }
    by_key.retain(|_, members| members.len() > 1);
    let mut duplicates: Vec<_> = by_key
        .into_iter()
        .map(|(key, members)| Members::new(key, members))
        .collect();
    duplicates.sort_unstable_by(|one, other| one.key.cmp(&other.key));
    duplicates
}

/// How many profiles each e-mail key has.
pub fn profiles_by_key(profiles: &[Profile], options: &PlanOptions) -> BTreeMap<String, usize> {
    let mut by_key = BTreeMap::new();
    for profile in profiles {
        for (_, key) in keys_of(profile, options).into_iter().flatten() {
            *by_key.entry(key).or_default() += 1;
        }
    }
    by_key
}

/// The keys of a profile: of its hard ID, and of its property where that says something else.
pub fn keys_of(profile: &Profile, options: &PlanOptions) -> [Option<(Role, String)>; 2] {
    let hard_id = profile.id(&options.email_type);
    let own = hard_id.and_then(email_key);
    let role = if hard_id.is_some() {
        Role::Foreign
    } else {
        Role::Lacking
    };
    let property = profile
        .text(&options.email_property)
        .and_then(email_key)
        .filter(|key| own.as_ref() != Some(key));
    [
        own.map(|key| (Role::Owner, key)),
        property.map(|key| (role, key)),
    ]
}

impl<'a> Members<'a> {
    fn new(key: String, mut members: Vec<(Role, &'a Profile)>) -> Self {
        members.sort_by(|(_, one), (_, other)| (one.age, &one.ids).cmp(&(other.age, &other.ids)));
        let of = |wanted: Role| {
            let with_role = members.iter().filter(|(role, _)| *role == wanted);
            with_role.map(|(_, profile)| *profile).collect()
        };
        Self {
            key,
            owners: of(Role::Owner),
            lacking: of(Role::Lacking),
            foreign: of(Role::Foreign),
        }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (Role, &'a Profile)> {
        let with = |role| move |profile: &&'a Profile| (role, *profile);
        let owners = self.owners.iter().map(with(Role::Owner));
        let lacking = self.lacking.iter().map(with(Role::Lacking));
        let foreign = self.foreign.iter().map(with(Role::Foreign));
        owners.chain(lacking).chain(foreign)
    }

    pub(super) fn count(&self) -> usize {
        self.owners.len() + self.lacking.len() + self.foreign.len()
    }

    /// The owner written exactly as the key, else the oldest owner.
    pub(super) fn first_owner(&self, options: &PlanOptions) -> Option<&'a Profile> {
        let exact = |owner: &&&Profile| owner.id(&options.email_type) == Some(&self.key);
        let first = self.owners.iter().find(exact).or(self.owners.first());
        first.copied()
    }

    /// The members as a report shows them, by number.
    pub(super) fn shown(&self, types: &IdSchema, options: &PlanOptions) -> Vec<Member> {
        let mut shown: Vec<_> = self
            .all()
            .map(|(role, profile)| Member {
                number: profile.shown_number(),
                role,
                place: place(&self.key, role, profile, types),
                hard_id: profile.id(&options.email_type).map(str::to_owned),
                ids: profile.ids.clone(),
            })
            .collect();
        shown.sort_by_key(|member| member.number);
        shown
    }
}

fn place(key: &str, role: Role, profile: &Profile, types: &IdSchema) -> Place {
    let sits_in = |kind: IdKind| {
        let mut values = types
            .of_kind(kind)
            .flat_map(|id_type| profile.values(&id_type.name));
        values.any(|value| email_key(value).as_deref() == Some(key))
    };
    match role {
        Role::Owner => Place::HardId,
        _ if sits_in(IdKind::Hard) => Place::OtherHardId,
        _ if sits_in(IdKind::Soft) => Place::SoftId,
        _ => Place::Property,
    }
}
