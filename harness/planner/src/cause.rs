//! Why a duplicate came to be: the catalogue of causes as a table, each with its evidence, what
//! happened in one sentence, and what to mend so that it does not come back.

use serde::{Deserialize, Serialize};
use twinfold_engine::Label;

/// A cause of duplicates. The slug is the variant's name in kebab case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// An address that is nobody's.
    Placeholder,
    /// Hard IDs that differ in white space around them.
    WhiteSpace,
    /// Hard IDs that differ in case.
    CaseVariant,
    /// Two people use one address.
    SharedAddress,
    /// An import that maps the address to a property or another identifier.
    ImportMapping,
    /// A sender that identifies by the wrong ID.
    ApiWrongId,
    /// Two hard IDs of one type for one person.
    TwoAccounts,
    /// A sign-up whose confirmation never meets the account.
    DoubleOptIn,
    /// Each channel knows only its own hard type.
    HardTypePerChannel,
    /// A sign-up form that puts the typed address on an anonymous profile.
    AnonymousSignUp,
    /// The documented classic: a property where an ID belongs.
    UpdateInsteadOfIdentify,
    /// No rule matches.
    Unknown,
}

/// What is known of a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// The name in scenario files and reports.
    pub slug: &'static str,
    /// The number of the fact it rests on.
    pub fact: &'static str,
    /// A short name for people.
    pub name: &'static str,
    /// How well the cause is known.
    pub evidence: Label,
    /// What happened, in one sentence.
    pub explanation: &'static str,
    /// What to mend, in one sentence.
    pub remedy: &'static str,
}

impl Cause {
    /// Every cause, in order of precedence.
    pub const ALL: [Self; 12] = [
        Self::Placeholder,
        Self::WhiteSpace,
        Self::CaseVariant,
        Self::SharedAddress,
        Self::ImportMapping,
        Self::ApiWrongId,
        Self::TwoAccounts,
        Self::DoubleOptIn,
        Self::HardTypePerChannel,
        Self::AnonymousSignUp,
        Self::UpdateInsteadOfIdentify,
        Self::Unknown,
    ];

    /// The cause with that slug.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|cause| cause.about().slug == slug)
    }

    fn evidence(self) -> Label {
        match self {
            Self::Placeholder | Self::HardTypePerChannel | Self::Unknown => Label::Assumed,
            _ => Label::Documented,
        }
    }

    /// Name, evidence, explanation and remedy.
    pub fn about(self) -> About {
        let (slug, fact, name, explanation, remedy) = match self {
            Self::Placeholder => (
                "placeholder",
                "9.17",
                "placeholder address",
                "The address belongs to nobody: senders fill it in where they have none, so strangers share it.",
                "Block the address at every source and send no ID instead; look at its profiles before they are joined.",
            ),
            Self::WhiteSpace => (
                "white-space",
                "9.5",
                "white space around the hard ID",
                "The same address was stored once with and once without white space around it.",
                "Switch on the trim transformation, or trim at the source.",
            ),
            Self::CaseVariant => (
                "case-variant",
                "9.4",
                "case variants of the hard ID",
                "Hard IDs are case-sensitive, and sources wrote the same address in different case.",
                "Lower-case addresses at every source, or switch on the lowercase transformation once and for all.",
            ),
            Self::SharedAddress => (
                "shared-address",
                "9.10",
                "one address shared by several people",
                "Accounts of people with different names carry the same address.",
                "Do not use a shared address as an ID; keep it as a property of each account.",
            ),
            Self::ImportMapping => (
                "import-mapping",
                "9.2",
                "import maps the address wrongly",
                "An import wrote the address as a property, or matched its rows by another identifier.",
                "Map the address column to the hard ID in the import, and to the property as well.",
            ),
            Self::ApiWrongId => (
                "api-wrong-id",
                "9.3",
                "sender uses a wrong or soft ID",
                "A sender put the address among the properties, or under a wrong or soft ID type.",
                "Send the address as the hard ID in `customer_ids` of every request.",
            ),
            Self::TwoAccounts => (
                "two-accounts",
                "9.8",
                "two accounts of one person",
                "One person has two hard IDs of the same type, by a second account or a changed address.",
                "Merge the accounts in the shop, and identify by an ID that stays when the address changes.",
            ),
            Self::DoubleOptIn => (
                "double-opt-in",
                "8.6-8.8",
                "double opt-in beside the account",
                "A sign-up or its confirmation left the address on a profile that was never identified.",
                "Identify by the confirmed address, and let the link of the confirmation transfer identity.",
            ),
            Self::HardTypePerChannel => (
                "hard-type-per-channel",
                "9.9",
                "each channel has its own hard type",
                "One channel knows only the address and another only an account ID, and no call carried both.",
                "Send both hard IDs in one call at login.",
            ),
            Self::AnonymousSignUp => (
                "anonymous-sign-up",
                "8.8",
                "sign-up form writes on an anonymous profile",
                "A sign-up form stored the typed address on the anonymous profile of the browser.",
                "Take the update out of the form, and identify when the address is confirmed.",
            ),
            Self::UpdateInsteadOfIdentify => (
                "update-instead-of-identify",
                "9.1",
                "update() instead of identify()",
                "A page stored the address as a property of the anonymous profile instead of identifying it.",
                "Call identify() with the hard ID where update() is called now.",
            ),
            Self::Unknown => (
                "unknown",
                "9",
                "unknown cause",
                "No rule of the catalogue explains this duplicate.",
                "Look at what wrote the address to the youngest member.",
            ),
        };
        About {
            slug,
            fact,
            name,
            evidence: self.evidence(),
            explanation,
            remedy,
        }
    }
}

impl std::fmt::Display for Cause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.about().slug)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_names_its_cause_and_json_says_the_same() {
        for cause in Cause::ALL {
            let slug = cause.about().slug;
            assert_eq!(Cause::from_slug(slug), Some(cause));
            assert_eq!(serde_json::json!(cause), slug);
        }
    }
}
