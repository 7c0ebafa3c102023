//! The rules of a diagnosis: a table in order of precedence, each row a cause and when it holds.
//! They look at the youngest wrongly placed member of a key and the profile it should be part of.

use std::collections::BTreeSet;

use super::{
    Cause, IdKind, IdSchema, PlanOptions, Profile, Role, Source, diagnosis::has_address,
    key::email_key, members::Members,
};

/// From so many members on, an address is taken for a placeholder.
const PLACEHOLDER_MEMBERS_MIN: usize = 100;

/// What stands before the `@` of addresses that are nobody's.
pub const PLACEHOLDER_NAMES: [&str; 20] = [
    "test",
    "none",
    "na",
    "n/a",
    "null",
    "undefined",
    "unknown",
    "noemail",
    "no-email",
    "nomail",
    "no-mail",
    "noreply",
    "no-reply",
    "dummy",
    "fake",
    "guest",
    "anonymous",
    "xxx",
    "asdf",
    "0",
];

/// A duplicate as the rules see it.
pub(super) struct Case<'a> {
    pub(super) members: &'a Members<'a>,
    pub(super) canonical: &'a Profile,
    pub(super) role: Role,
    pub(super) wrong: &'a Profile,
    pub(super) first_source: Source,
    pub(super) linked: bool,
    pub(super) event_types: BTreeSet<&'a str>,
    pub(super) types: &'a IdSchema,
    pub(super) options: &'a PlanOptions,
}

type Rule = (Cause, fn(&Case<'_>) -> bool);

const RULES: [Rule; 15] = [
    (Cause::Placeholder, is_placeholder),
    (Cause::WhiteSpace, |case| {
        case.is_owner() && case.differs_in_white_space()
    }),
    (Cause::CaseVariant, |case| case.is_owner()),
    (Cause::SharedAddress, |case| {
        case.hard_ids_clash() && case.names_differ()
    }),
    (Cause::ImportMapping, |case| {
        case.has_wrong_id() && case.came_by(Source::Import)
    }),
    (Cause::ApiWrongId, |case| case.has_wrong_id()),
    (Cause::TwoAccounts, |case| case.hard_ids_clash()),
    (Cause::ApiWrongId, |case| case.address_is_a_soft_id()),
    (Cause::DoubleOptIn, |case| case.has_opted_in()),
    (Cause::ImportMapping, |case| case.came_by(Source::Import)),
    (Cause::HardTypePerChannel, |case| case.has_other_hard_id()),
    (Cause::ApiWrongId, |case| case.came_by(Source::Api)),
    (Cause::AnonymousSignUp, |case| case.has_signed_up()),
    (Cause::UpdateInsteadOfIdentify, |case| {
        !case.came_by(Source::Repair)
    }),
    (Cause::Unknown, |_| true),
];

/// The cause of the first rule that holds.
pub(super) fn cause_of(case: &Case<'_>) -> Cause {
    let rule = RULES.iter().find(|(_, holds)| holds(case));
    rule.map_or(Cause::Unknown, |(cause, _)| *cause)
}

fn is_placeholder(case: &Case<'_>) -> bool {
    let name = case.members.key.split('@').next().unwrap_or_default();
    PLACEHOLDER_NAMES.contains(&name) || case.members.count() >= PLACEHOLDER_MEMBERS_MIN
}

impl Case<'_> {
    pub(super) fn is_owner(&self) -> bool {
        self.role == Role::Owner
    }

    fn came_by(&self, source: Source) -> bool {
        self.first_source == source
    }

    pub(super) fn differs_in_white_space(&self) -> bool {
        let trimmed = |profile: &Profile| {
            profile
                .id(&self.options.email_type)
                .map(|value| value.trim().to_owned())
        };
        trimmed(self.wrong) == trimmed(self.canonical)
    }

    pub(super) fn hard_ids_clash(&self) -> bool {
        let differ = |name: &str| match (self.wrong.id(name), self.canonical.id(name)) {
            (Some(one), Some(other)) => one != other,
            _ => false,
        };
        self.role == Role::Foreign || self.hard_types().any(differ)
    }

    pub(super) fn names_differ(&self) -> bool {
        matches!(self.first_names(), [Some(one), Some(other)] if one != other)
    }

    pub(super) fn names_agree(&self) -> bool {
        matches!(self.first_names(), [Some(one), Some(other)] if one == other)
    }

    fn first_names(&self) -> [Option<String>; 2] {
        [self.wrong, self.canonical].map(|profile| {
            profile
                .text("first_name")
                .map(|name| name.trim().to_lowercase())
        })
    }

    /// Others are identified by their address, this one by something else under the same type.
    fn has_wrong_id(&self) -> bool {
        let by_address = !self.members.owners.is_empty();
        self.role == Role::Foreign && by_address && !has_address(self.wrong, self.options)
    }

    pub(super) fn address_is_a_soft_id(&self) -> bool {
        let key = Some(&self.members.key);
        let soft = self.types.of_kind(IdKind::Soft);
        let mut values = soft.flat_map(|id_type| self.wrong.values(&id_type.name));
        values.any(|value| email_key(value).as_ref() == key)
    }

    pub(super) fn has_other_hard_id(&self) -> bool {
        self.hard_types().any(|name| self.wrong.id(name).is_some())
    }

    pub(super) fn has_opted_in(&self) -> bool {
        self.linked || self.event_types.contains("double_opt_in")
    }

    pub(super) fn has_signed_up(&self) -> bool {
        let signs = ["newsletter", "subscri", "sign_up", "signup", "banner"];
        let is_sign_up = |kind: &&str| signs.iter().any(|sign| kind.contains(sign));
        self.event_types.iter().any(is_sign_up)
    }

    fn hard_types(&self) -> impl Iterator<Item = &str> {
        let hard = self
            .types
            .of_kind(IdKind::Hard)
            .map(|id_type| id_type.name.as_str());
        hard.filter(|name| *name != self.options.email_type)
    }
}
