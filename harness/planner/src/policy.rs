//! What a repair may do about conflicts, kind by kind: list them, or resolve them.
//! Written as `resolve`, as `report`, or kind by kind as `case-variant=resolve,ambiguous=report`.

use std::{collections::BTreeSet, str::FromStr};

use serde::{Deserialize, Serialize};

use super::ConflictKind;

/// What a repair may do about a conflict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// List it.
    #[default]
    Report,
    /// Carry out what the semantics give for its kind.
    Resolve,
}

/// A policy for every kind of conflict; the default lists them all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Policies {
    resolved: BTreeSet<ConflictKind>,
}

impl Policies {
    /// Every kind that can be resolved is.
    pub fn resolve_all() -> Self {
        Self {
            resolved: resolvable().collect(),
        }
    }

    /// The same policies with another one for a kind. What cannot be named is never resolved.
    pub fn with(mut self, kind: ConflictKind, policy: Policy) -> Self {
        match policy {
            Policy::Resolve if resolvable().any(|other| other == kind) => {
                self.resolved.insert(kind);
            }
            _ => {
                self.resolved.remove(&kind);
            }
        }
        self
    }

    /// The policy for a kind.
    pub fn of(&self, kind: ConflictKind) -> Policy {
        match self.resolved.contains(&kind) {
            true => Policy::Resolve,
            false => Policy::Report,
        }
    }

    /// Whether anything is resolved at all.
    pub fn resolve_any(&self) -> bool {
        !self.resolved.is_empty()
    }
}

/// Every kind but the one of profiles that no call can name.
fn resolvable() -> impl Iterator<Item = ConflictKind> {
    let all = ConflictKind::ALL.into_iter();
    all.filter(|kind| *kind != ConflictKind::Unreachable)
}

/// Why a text is no policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{written}` is no policy; write `report`, `resolve`, or KIND=report or KIND=resolve with a kind of: {}",
    resolvable().map(ConflictKind::slug).collect::<Vec<_>>().join(", ")
)]
pub struct PolicyError {
    /// The part that was not understood.
    pub written: String,
}

impl FromStr for Policies {
    type Err = PolicyError;

    fn from_str(text: &str) -> Result<Self, PolicyError> {
        let mut policies = Self::default();
        for part in text.split(',').map(str::trim) {
            let error = || PolicyError {
                written: part.to_owned(),
            };
            policies = match part.split_once('=') {
                None => match policy(part).ok_or_else(error)? {
                    Policy::Report => Self::default(),
                    Policy::Resolve => Self::resolve_all(),
                },
                Some((slug, written)) => {
                    let kind = resolvable().find(|kind| kind.slug() == slug.trim());
                    let policy = policy(written.trim()).ok_or_else(error)?;
                    policies.with(kind.ok_or_else(error)?, policy)
                }
            };
        }
        Ok(policies)
    }
}

fn policy(text: &str) -> Option<Policy> {
    match text {
        "report" => Some(Policy::Report),
        "resolve" => Some(Policy::Resolve),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(text: &str) -> Vec<&'static str> {
        let policies: Policies = text.parse().unwrap();
        let kinds = ConflictKind::ALL.into_iter();
        let kinds = kinds.filter(|kind| policies.of(*kind) == Policy::Resolve);
        kinds.map(ConflictKind::slug).collect()
    }

    #[test]
    fn a_policy_is_for_all_or_for_some() {
        let all = [
            "case-variant",
            "another-address",
            "no-address",
            "another-hard-type",
            "ambiguous",
        ];
        assert_eq!(resolved("report"), Vec::<&str>::new());
        assert_eq!(resolved("resolve"), all);
        assert_eq!(resolved("case-variant=resolve, ambiguous=report"), all[..1]);
        assert_eq!(resolved("resolve,ambiguous=report"), all[..4]);
    }

    #[test]
    fn a_policy_may_be_taken_back_and_what_cannot_be_named_is_never_resolved() {
        let all = Policies::resolve_all();
        assert!(all.resolve_any());
        let none = ConflictKind::ALL.into_iter();
        let none = none.fold(all, |policies, kind| policies.with(kind, Policy::Report));
        assert_eq!(none, Policies::default());
        let none = none.with(ConflictKind::Unreachable, Policy::Resolve);
        assert!(!none.resolve_any());
        assert!(
            none.with(ConflictKind::NoAddress, Policy::Resolve)
                .resolve_any()
        );
    }

    #[test]
    fn what_is_no_policy_is_named() {
        for text in [
            "",
            "resolv",
            "no-such=resolve",
            "unreachable=resolve",
            "case-variant=x",
        ] {
            let error = text.parse::<Policies>().unwrap_err();
            assert_eq!(error.written, text);
        }
    }
}
