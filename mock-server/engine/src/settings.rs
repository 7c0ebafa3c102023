//! What can be chosen for a project: its ID schema, its switches, its strategy.
//! A switch is a closed choice between two readings of the evidence; its first variant is the default.

use alloc::{string::String, vec::Vec};

use crate::{ids::IdSchema, strategy::Strategy};

macro_rules! switch {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $slug:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub enum $name { #[default] $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// Every choice, the default first.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The choice as it is written in settings.
            pub fn slug(self) -> &'static str {
                match self { $(Self::$variant => $slug,)+ }
            }

            /// The choice that is written so.
            pub fn from_slug(slug: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|choice| choice.slug() == slug)
            }
        }
    };
}

pub(crate) use switch;

switch! {
    /// What happens to an ID of a type that the schema lacks (assumed, all three).
    UnknownIdType {
        /// The command fails.
        Reject = "reject",
        /// The ID is dropped.
        Ignore = "ignore",
        /// The type is declared as soft.
        DeclareSoft = "declare_soft",
    }
}

switch! {
    /// What happens when the hard IDs of a call belong together by no rule (rows I8, I9).
    HardIdConflict {
        /// The command is rejected and nothing changes.
        Reject = "reject",
        /// The owner of the first type in schema order stays; the clashing value is not set.
        FirstHardTypeWins = "first_hard_type_wins",
    }
}

switch! {
    /// Who ends with a soft ID that a call claims while an incompatible customer holds it (3.6, 3.8).
    ContestedSoftId {
        /// The customer that the call addresses.
        Addressed = "addressed",
        /// The later-created of the two.
        NewerCustomer = "newer_customer",
    }
}

switch! {
    /// Which value stays when merged customers both have a property (3.4, 3.9).
    PropertyConflict {
        /// The one set later; on equal times the absorbed customer's.
        Newest = "newest",
        /// The absorbed customer's.
        AbsorbedReplaces = "absorbed_replaces",
        /// The survivor's.
        SurvivorKeeps = "survivor_keeps",
    }
}

/// The named switches of a project.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Switches {
    /// An ID of a type that the schema lacks.
    pub unknown_id_type: UnknownIdType,
    /// Hard IDs that cannot be one customer's.
    pub hard_id_conflict: HardIdConflict,
    /// A soft ID that an incompatible customer holds.
    pub contested_soft_id: ContestedSoftId,
    /// A property that both merged customers have.
    pub property_conflict: PropertyConflict,
}

/// How many customer attributes a project has by the usual contract; 1024 by another (4.3).
pub const CUSTOMER_ATTRIBUTES_MAX: u16 = 255;

/// Everything that is chosen when a project is created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The ID types.
    pub schema: IdSchema,
    /// The readings of open questions.
    pub switches: Switches,
    /// The merge strategy.
    pub strategy: Strategy,
    /// Properties that anonymizing removes (3.22).
    pub private_properties: Vec<String>,
    /// How many names of customer properties the project takes; new ones beyond are discarded (4.3).
    pub customer_attributes_max: u16,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            schema: IdSchema::default(),
            switches: Switches::default(),
            strategy: Strategy::default(),
            private_properties: ["email", "phone", "first_name", "last_name"]
                .map(String::from)
                .to_vec(),
            customer_attributes_max: CUSTOMER_ATTRIBUTES_MAX,
        }
    }
}
