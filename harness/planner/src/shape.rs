//! The shape of a call that carries an address: what it asks for, which ID types it names, where the address sits.
//! Calls of one shape come from one place in the code of their sender, as far as a journal can tell.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::{
    Journal, JournalEntry, PlanOptions, Source,
    journal::Command,
    key::{email_key, is_address},
};

/// What calls have in common that were written by the same line of code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CallShape {
    /// `customers` or `event`, as the journal names it.
    pub command: String,
    /// The ID types that it names, sorted.
    pub id_types: Vec<String>,
    /// Every place where it carries an address.
    pub address: Vec<AddressAt>,
}

/// A place where a call carries an address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "at")]
pub enum AddressAt {
    /// As the hard ID that holds e-mails.
    HardId {
        /// The type.
        id_type: String,
        /// How it is written.
        spelling: Spelling,
    },
    /// As the value of another ID type.
    OtherId {
        /// The type.
        id_type: String,
    },
    /// As the property.
    Property {
        /// The property.
        property: String,
    },
    /// As the property of a call whose hard ID is another address.
    PropertyBesideAnother {
        /// The property.
        property: String,
    },
}

/// How an address is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Spelling {
    /// Trimmed and in lower case.
    AsKey,
    /// With white space around it.
    WhiteSpace,
    /// With upper case in it.
    OtherCase,
}

/// One call of the journal that carries an address.
pub(super) struct Seen<'j> {
    pub(super) entry: &'j JournalEntry,
    pub(super) shape: CallShape,
    /// The address is a property of a customer who has the hard ID anyway.
    pub(super) is_identified: bool,
}

/// Every call that carries an address and was carried out, repairs aside, in order.
pub(super) fn seen<'j>(journal: &'j Journal, options: &PlanOptions) -> Vec<Seen<'j>> {
    let mut identified = HashSet::<u64>::new();
    let mut seen = Vec::new();
    for entry in journal.entries() {
        let Some(decision) = &entry.decision else {
            continue;
        };
        let Some(survivor) = decision.survivor else {
            continue;
        };
        let by_this = entry.command.id(&options.email_type).is_some();
        if by_this || decision.absorbed.iter().any(|id| identified.contains(id)) {
            identified.insert(survivor);
        }
        if entry.source == Source::Repair {
            continue;
        }
        let shape = CallShape::of(&entry.command, options);
        seen.extend(shape.map(|shape| Seen {
            entry,
            is_identified: !by_this && identified.contains(&survivor),
            shape,
        }));
    }
    seen
}

impl CallShape {
    /// The shape of a command; none if it carries no address.
    pub(super) fn of(command: &Command, options: &PlanOptions) -> Option<Self> {
        let own = command.id(&options.email_type);
        let hard_id = own.and_then(spelling).map(|spelling| AddressAt::HardId {
            id_type: options.email_type.clone(),
            spelling,
        });
        let ids = || command.customer_ids.iter().flatten();
        let others = ids().filter(|(name, value)| {
            **name != options.email_type && value.as_str().is_some_and(is_address)
        });
        let others = others.map(|(name, _)| AddressAt::OtherId {
            id_type: name.clone(),
        });
        let mut address: Vec<_> = hard_id.into_iter().chain(others).collect();
        if let Some(key) = command.sets(&options.email_property).and_then(email_key) {
            let property = options.email_property.clone();
            let own = own.and_then(email_key);
            address.push(match own.is_none_or(|own| own == key) {
                true => AddressAt::Property { property },
                false => AddressAt::PropertyBesideAnother { property },
            });
        }
        (!address.is_empty()).then(|| Self {
            command: command.kind.clone(),
            id_types: ids().map(|(name, _)| name.clone()).collect(),
            address,
        })
    }

    /// How the hard ID that holds e-mails is written, if it is an address.
    pub(super) fn spelling(&self) -> Option<Spelling> {
        self.address.iter().find_map(|at| match at {
            AddressAt::HardId { spelling, .. } => Some(*spelling),
            _ => None,
        })
    }

    /// The shape in words.
    pub fn words(&self) -> String {
        let ids = match self.id_types.is_empty() {
            true => "no ID".to_owned(),
            false => format!("`{}`", self.id_types.join("`, `")),
        };
        let places: Vec<_> = self.address.iter().map(AddressAt::words).collect();
        format!(
            "`{}` by {ids}, the address {}",
            self.command,
            places.join(" and ")
        )
    }
}

impl AddressAt {
    fn words(&self) -> String {
        match self {
            Self::HardId { id_type, spelling } => {
                let how = match spelling {
                    Spelling::AsKey => "",
                    Spelling::WhiteSpace => ", with white space around it",
                    Spelling::OtherCase => ", with upper case in it",
                };
                format!("as the hard ID `{id_type}`{how}")
            }
            Self::OtherId { id_type } => format!("as the ID `{id_type}`"),
            Self::Property { property } => format!("as the property `{property}`"),
            Self::PropertyBesideAnother { property } => {
                format!("as the property `{property}`, beside the hard ID of another address")
            }
        }
    }
}

fn spelling(text: &str) -> Option<Spelling> {
    let key = email_key(text)?;
    Some(match (text == key, text.trim() == key) {
        (true, _) => Spelling::AsKey,
        (false, true) => Spelling::WhiteSpace,
        (false, false) => Spelling::OtherCase,
    })
}
