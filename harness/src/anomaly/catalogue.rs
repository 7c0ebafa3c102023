//! The catalogue of anomalies as a table: each with its sentence, its evidence, its remedy and what it implies.
//! Numbers of facts are those that the rules and the causes of duplicates use.

use serde::Serialize;
use twinfold_engine::Label;

/// An identity anomaly; those that say more stand before those that they imply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Anomaly {
    /// Hard IDs that differ in case or white space only.
    SplitByCase,
    /// An address that is a property where it should be an ID.
    DuplicateByProperty,
    /// One address or hard ID, several profiles.
    Duplicate,
    /// One value through which strangers came together.
    PlaceholderMagnet,
    /// Two people on one profile.
    OverMerge,
    /// A soft ID that moved and left events behind.
    StolenSoftId,
    /// A soft ID that was forgotten because its type was full.
    SoftIdLostByCap,
    /// An anonymized person who came back as a new profile.
    ReCreatedAfterAnonymize,
    /// Two commands whose order decides who is who.
    OrderDependentMerge,
    /// A value replaced by an older one.
    ValueLost,
    /// A consent that nobody withdrew and that is gone.
    ConsentRevoked,
}

/// What is known of an anomaly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct About {
    /// The name in scenario files and reports.
    pub slug: &'static str,
    /// What it is, in one sentence.
    pub says: &'static str,
    /// How well it is known that a project does this.
    #[serde(serialize_with = "name_of")]
    pub evidence: Label,
    /// The numbers of the facts it rests on.
    pub fact: &'static str,
    /// What to do, in one sentence.
    pub remedy: &'static str,
}

fn name_of<S: serde::Serializer>(label: &Label, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(label.name())
}

impl Anomaly {
    /// The whole catalogue.
    pub const ALL: [Self; 11] = [
        Self::SplitByCase,
        Self::DuplicateByProperty,
        Self::Duplicate,
        Self::PlaceholderMagnet,
        Self::OverMerge,
        Self::StolenSoftId,
        Self::SoftIdLostByCap,
        Self::ReCreatedAfterAnonymize,
        Self::OrderDependentMerge,
        Self::ValueLost,
        Self::ConsentRevoked,
    ];

    /// Every pair of an anomaly and one that it implies: wherever the first is found, so is the second, and about
    /// the same customers at least.
    pub const IMPLIES: [(Self, Self); 3] = [
        (Self::SplitByCase, Self::Duplicate),
        (Self::DuplicateByProperty, Self::Duplicate),
        (Self::PlaceholderMagnet, Self::OverMerge),
    ];

    /// The anomaly with that slug.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|anomaly| anomaly.about().slug == slug)
    }

    /// Whether finding this one means finding the other.
    pub fn implies(self, other: Self) -> bool {
        Self::IMPLIES.contains(&(self, other))
    }

    /// Sentence, evidence and remedy.
    pub fn about(self) -> About {
        use Label::{Assumed, Documented};
        let (slug, says, evidence, fact, remedy) = match self {
            Self::SplitByCase => (
                "split-by-case",
                "Two profiles have hard IDs that differ in case or in white space only.",
                Documented,
                "9.4, 9.5, I16",
                "Lower-case and trim at every source, or switch the transformations on once and for all; profiles that \
                 are apart already stay apart.",
            ),
            Self::DuplicateByProperty => (
                "duplicate-by-property",
                "An e-mail address is only a property of one profile, and another profile has it too.",
                Documented,
                "9.1, 9.2",
                "Send the address as a hard ID together with an ID of the profile, once now and from then on at the source.",
            ),
            Self::Duplicate => (
                "duplicate",
                "Several profiles have the same e-mail address or the same hard ID, but for case and white space.",
                Documented,
                "9, 3.5",
                "Ask `twinfold diagnose` for the cause; what is compatible can be joined by one call, the rest needs a decision.",
            ),
            Self::PlaceholderMagnet => (
                "placeholder-magnet",
                "One ID brought people together who have nothing else in common, or it looks like a value that stands for nobody.",
                Assumed,
                "9.17",
                "Block the value at every source and send no ID instead; the merged profile cannot be taken apart again.",
            ),
            Self::OverMerge => (
                "over-merge",
                "One profile has two people; judged by addresses and names that differ and that no hard ID vouches for.",
                Assumed,
                "3.10, 9.11, 9.12, I10",
                "Anonymize at logout, make the e-mail address a hard ID, and send it whenever it is known; a merge cannot be undone.",
            ),
            Self::StolenSoftId => (
                "stolen-soft-id",
                "A soft ID moved to another customer, and the events that it brought stayed with the former one.",
                Documented,
                "3.6, 3.7, 3.8",
                "Anonymize at logout, so that the next person at the device begins with a cookie of their own.",
            ),
            Self::SoftIdLostByCap => (
                "soft-id-lost-by-cap",
                "A customer had too many values of a soft type, and the one unused for longest was forgotten.",
                Documented,
                "1.21, 9.22",
                "Keep cookies longer (a tracking domain of your own), and look for one account that many devices use.",
            ),
            Self::ReCreatedAfterAnonymize => (
                "re-created-after-anonymize",
                "An ID of an anonymized customer was seen again and made a profile anew.",
                Documented,
                "3.22, 3.23, 9.15",
                "Stop the sender first: apps that cache the ID, queued events, imports; then anonymize again.",
            ),
            Self::OrderDependentMerge => (
                "order-dependent-merge",
                "Two commands that met would have left other profiles, had they come the other way round.",
                Documented,
                "3.6, 3.8, I4, I8",
                "Send the hard ID with every command of a signed-in person, so that it does not matter which comes first.",
            ),
            Self::ValueLost => (
                "value-lost",
                "A property was overwritten by an older value.",
                Documented,
                "3.4, 3.9, 3.20",
                "Send `update_timestamp` with imports and late updates; the lost value has to be sent again.",
            ),
            Self::ConsentRevoked => (
                "consent-revoked",
                "A consent that was given is gone by a merge or by an invalid consent event.",
                Documented,
                "3.16, 8.3",
                "Expire the invalid events, send `action`, `category` and `valid_until` in full, and ask again where in doubt.",
            ),
        };
        About {
            slug,
            says,
            evidence,
            fact,
            remedy,
        }
    }
}
