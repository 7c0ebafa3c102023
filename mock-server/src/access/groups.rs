//! The access groups of one project: the two it is created with, which may do everything, and those asked for.
//! A public group is known by a token, a private one by a key ID and a secret (fact 10.1).

use std::sync::{Arc, PoisonError, RwLock};

use base64::{Engine, prelude::BASE64_STANDARD};
use http::{header, request::Parts};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Presented, keys::Keys, permissions::Permissions};
use crate::{error::Error, fresh, projects::Credentials};

/// The names of the groups that every project has, private first.
const DEFAULT_NAMES: [&str; 2] = ["private", "public"];

/// An access group as the settings of a project ask for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessGroup {
    /// By which the control API finds it.
    pub name: String,
    /// How it shows who it is.
    pub kind: AccessKind,
    /// What it may do; nothing if left out.
    #[serde(default)]
    pub permissions: Permissions,
}

/// How a group shows who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AccessKind {
    /// By a token.
    Public,
    /// By a key ID and a secret.
    Private,
}

/// Who was let in.
pub(crate) struct Caller {
    pub(crate) kind: AccessKind,
    pub(crate) grants: Arc<Permissions>,
}

/// The groups of one project.
#[derive(Debug)]
pub(crate) struct Groups(RwLock<Vec<Group>>);

#[derive(Clone, Debug)]
struct Group {
    name: String,
    kind: AccessKind,
    grants: Arc<Permissions>,
    /// Empty for a public group.
    key_id: String,
    keys: Keys,
    /// The header of most calls, so that these need not be read.
    usual: Option<String>,
}

/// The groups that settings ask for, or what is wrong with them.
pub(crate) fn read(written: &[Value]) -> Result<Vec<AccessGroup>, String> {
    let mut groups: Vec<AccessGroup> = Vec::new();
    for (position, written) in written.iter().enumerate() {
        let place = format!("access_groups[{position}]");
        let group: AccessGroup =
            serde_json::from_value(written.clone()).map_err(|error| format!("{place}: {error}"))?;
        let taken = DEFAULT_NAMES.contains(&group.name.as_str())
            || groups.iter().any(|other| other.name == group.name);
        if taken {
            return Err(format!(
                "{place}: another group has the name `{}`",
                group.name
            ));
        }
        // The name is a segment of the control API's paths.
        if group.name.is_empty() || group.name.contains(['/', '?', '#', '%']) {
            let says = "a group needs a name without `/`, `?`, `#` and `%`";
            return Err(format!("{place}: {says}, not `{}`", group.name));
        }
        groups.push(group);
    }
    Ok(groups)
}

impl Groups {
    /// The two groups that have the project's own credentials, then those asked for, with keys of their own.
    pub(crate) fn new(own: &Credentials, asked: &[AccessGroup]) -> Self {
        let all = Arc::new(Permissions::all());
        let [private, public] = DEFAULT_NAMES.map(str::to_owned);
        let mut groups = vec![
            Group {
                name: private,
                kind: AccessKind::Private,
                grants: all.clone(),
                key_id: own.api_key_id.clone(),
                keys: Keys::of(own.api_secret.clone()),
                usual: None,
            },
            Group {
                name: public,
                kind: AccessKind::Public,
                grants: all,
                key_id: String::new(),
                keys: Keys::of(own.public_token.clone()),
                usual: None,
            },
        ];
        groups.extend(asked.iter().map(Group::with_fresh_keys));
        groups.iter_mut().for_each(Group::expect_usual);
        Self(RwLock::new(groups))
    }

    /// The same groups for a copy of the project: other keys, the same permissions.
    pub(crate) fn for_fork(&self, own: &Credentials) -> Self {
        let groups = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let asked = groups.iter().skip(DEFAULT_NAMES.len());
        let asked: Vec<_> = asked.map(Group::asked).collect();
        Self::new(own, &asked)
    }

    /// Who sends this, or why nobody is let in.
    pub(crate) fn let_in(&self, parts: &Parts, now: impl FnOnce() -> f64) -> Result<Caller, Error> {
        let groups = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(header) = parts.headers.get(header::AUTHORIZATION) {
            let is_usual =
                |group: &&Group| group.usual.as_deref().is_some_and(|usual| header == usual);
            if let Some(group) = groups.iter().find(is_usual) {
                return Ok(group.caller());
            }
        }
        let mut groups = groups.iter();
        let presented = Presented::by(parts)?;
        let (group, key, otherwise) = match &presented {
            Presented::Token(token) => {
                let holds =
                    |group: &&Group| group.kind == AccessKind::Public && group.keys.holds(token);
                (groups.find(holds), &**token, Error::UnknownAccessKey)
            }
            Presented::Basic(pair) => {
                let is_it = |group: &&Group| {
                    group.kind == AccessKind::Private && group.key_id == pair.key_id()
                };
                (groups.find(is_it), pair.secret(), Error::WrongSecret)
            }
        };
        let group = group.ok_or(Error::UnknownAccessKey)?;
        group.keys.judge(key, now).unwrap_or(Err(otherwise))?;
        Ok(group.caller())
    }

    /// Gives a group another key; the answer of the control API, or nothing if there is no such group.
    pub(crate) fn rotate(&self, name: &str, now: f64) -> Option<Value> {
        self.change(name, |group| {
            let until = group.keys.rotate(now);
            let mut shown = group.with_keys();
            shown["old_key_valid_until"] = json!(until);
            shown
        })
    }

    /// Makes every key of a group worthless; false if there is no such group.
    pub(crate) fn revoke(&self, name: &str) -> bool {
        self.change(name, |group| group.keys.revoke()).is_some()
    }

    /// All groups with what they may do, without their secrets.
    pub(crate) fn shown(&self) -> Vec<Value> {
        let groups = self.0.read().unwrap_or_else(PoisonError::into_inner);
        groups.iter().map(Group::without_keys).collect()
    }

    /// The groups that were asked for, with their keys.
    pub(crate) fn asked_with_keys(&self) -> Vec<Value> {
        let groups = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let asked = groups.iter().skip(DEFAULT_NAMES.len());
        asked.map(Group::with_keys).collect()
    }

    fn change<T>(&self, name: &str, change: impl FnOnce(&mut Group) -> T) -> Option<T> {
        let mut groups = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let group = groups.iter_mut().find(|group| group.name == name)?;
        let changed = change(group);
        group.expect_usual();
        Some(changed)
    }
}

impl Group {
    fn with_fresh_keys(asked: &AccessGroup) -> Self {
        Self {
            name: asked.name.clone(),
            kind: asked.kind,
            grants: Arc::new(asked.permissions.clone()),
            key_id: match asked.kind {
                AccessKind::Private => fresh::key(),
                AccessKind::Public => String::new(),
            },
            keys: Keys::of(fresh::key()),
            usual: None,
        }
    }

    fn expect_usual(&mut self) {
        self.usual = self.keys.valid().map(|key| match self.kind {
            AccessKind::Private => {
                let pair = BASE64_STANDARD.encode(format!("{}:{key}", self.key_id));
                format!("Basic {pair}")
            }
            AccessKind::Public => format!("Token {key}"),
        });
    }

    fn caller(&self) -> Caller {
        Caller {
            kind: self.kind,
            grants: self.grants.clone(),
        }
    }

    fn asked(&self) -> AccessGroup {
        AccessGroup {
            name: self.name.clone(),
            kind: self.kind,
            permissions: Permissions::clone(&self.grants),
        }
    }

    fn with_keys(&self) -> Value {
        let mut shown = json!({"name": self.name, "kind": self.kind});
        match self.kind {
            AccessKind::Private => {
                shown["api_key_id"] = json!(self.key_id);
                shown["api_secret"] = json!(self.keys.newest());
            }
            AccessKind::Public => shown["public_token"] = json!(self.keys.newest()),
        }
        shown
    }

    fn without_keys(&self) -> Value {
        let mut shown = json!(self.asked());
        shown["revoked"] = json!(self.keys.are_revoked());
        if self.kind == AccessKind::Private {
            shown["api_key_id"] = json!(self.key_id);
        }
        shown
    }
}
