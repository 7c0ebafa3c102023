//! The ID types of a project and how each treats its values.

use alloc::{borrow::Cow, string::String, vec::Vec};
use core::fmt;

use crate::store::same;

/// Whether a type holds one value per customer, or many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IdKind {
    /// At most one value per customer; two different values never merge (facts 1.10, 3.5).
    Hard,
    /// Many values per customer; can be taken over by another customer (facts 1.20, 3.6).
    Soft,
}

/// One ID type of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdType {
    /// Its name, the key in `customer_ids`.
    pub name: String,
    /// Hard or soft.
    pub kind: IdKind,
    /// Leading and trailing white space is removed from new values (fact 1.31).
    pub trim: bool,
    /// New values are lower-cased (fact 1.32).
    pub lowercase: bool,
    /// How many values of a soft type a customer keeps (fact 1.21); a hard type keeps one.
    pub values_max: u16,
}

impl IdType {
    /// How many values of a soft type a customer keeps, unless set otherwise (fact 1.21).
    pub const VALUES_MAX_DEFAULT: u16 = 64;

    /// A hard type with default transformations.
    pub fn hard(name: impl Into<String>) -> Self {
        Self::new(name, IdKind::Hard)
    }

    /// A soft type with default transformations and cap.
    pub fn soft(name: impl Into<String>) -> Self {
        Self::new(name, IdKind::Soft)
    }

    /// A type with trimming on, lower case off and the default cap.
    pub fn new(name: impl Into<String>, kind: IdKind) -> Self {
        Self {
            name: name.into(),
            kind,
            trim: true,
            lowercase: false,
            values_max: match kind {
                IdKind::Hard => 1,
                IdKind::Soft => Self::VALUES_MAX_DEFAULT,
            },
        }
    }

    /// The value as this type stores it: trimmed, then lower-cased, as the type says.
    pub fn normalise<'a>(&self, value: &'a str) -> Cow<'a, str> {
        let value = if self.trim { trimmed(value) } else { value };
        if self.lowercase && may_change_case(value) {
            Cow::Owned(value.to_lowercase())
        } else {
            Cow::Borrowed(value)
        }
    }
}

/// The text without white space at its ends. Most have none, which their outermost bytes show.
pub(super) fn trimmed(text: &str) -> &str {
    let is_bare = |end: Option<&u8>| end.is_some_and(u8::is_ascii_graphic);
    let bytes = text.as_bytes();
    match is_bare(bytes.first()) && is_bare(bytes.last()) {
        true => text,
        false => text.trim(),
    }
}

/// Whether lower case may differ. All bytes are asked, so that the loop has no branches.
pub(super) fn may_change_case(text: &str) -> bool {
    let asked = text.bytes();
    asked.fold(false, |may, byte| {
        may | !byte.is_ascii() | byte.is_ascii_uppercase()
    })
}

impl IdType {
    /// Whether a call with this value means exactly this value: it is valid, and nothing about it is transformed.
    pub fn takes(&self, value: &str) -> bool {
        super::value::is_valid(value) && self.normalise(value) == value
    }
}

/// The ID types of a project, in the order of precedence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdSchema {
    types: Vec<IdType>,
}

/// Why a list of ID types is no schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemaError {
    /// There is no ID type at all.
    Empty,
    /// A type has an empty name.
    Unnamed,
    /// Two types have this name.
    Twice(String),
    /// This soft type keeps no value.
    NoValues(String),
    /// There are more types than [`IdSchema::TYPES_MAX`].
    TooMany(usize),
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("a project needs at least one ID type"),
            Self::Unnamed => f.write_str("an ID type needs a name"),
            Self::Twice(name) => write!(f, "the ID type `{name}` is given twice"),
            Self::NoValues(name) => {
                write!(f, "the ID type `{name}` needs `values_max` of at least 1")
            }
            Self::TooMany(count) => write!(
                f,
                "{count} ID types are too many; a project has at most {}",
                IdSchema::TYPES_MAX
            ),
        }
    }
}

impl core::error::Error for SchemaError {}

impl IdSchema {
    /// How many ID types a project can have.
    pub const TYPES_MAX: usize = 1 << 11;

    /// A schema of these types, in this order of precedence.
    pub fn new(types: Vec<IdType>) -> Result<Self, SchemaError> {
        if types.is_empty() {
            return Err(SchemaError::Empty);
        }
        if types.len() > Self::TYPES_MAX {
            return Err(SchemaError::TooMany(types.len()));
        }
        for (position, id_type) in types.iter().enumerate() {
            if id_type.name.is_empty() {
                return Err(SchemaError::Unnamed);
            }
            if types[..position]
                .iter()
                .any(|other| other.name == id_type.name)
            {
                return Err(SchemaError::Twice(id_type.name.clone()));
            }
            if id_type.values_max == 0 {
                return Err(SchemaError::NoValues(id_type.name.clone()));
            }
        }
        Ok(Self { types })
    }

    /// The types in order of precedence.
    pub fn types(&self) -> &[IdType] {
        &self.types
    }

    /// The type of this name.
    pub fn get(&self, name: &str) -> Option<&IdType> {
        self.types.iter().find(|id_type| id_type.name == name)
    }

    /// The types of one kind, in order of precedence.
    pub fn of_kind(&self, kind: IdKind) -> impl Iterator<Item = &IdType> {
        self.types
            .iter()
            .filter(move |id_type| id_type.kind == kind)
    }

    /// The type of browsers and devices: `cookie`, else the first soft one.
    pub fn device_type(&self) -> Option<&IdType> {
        let soft = || self.of_kind(IdKind::Soft);
        soft()
            .find(|id_type| id_type.name == "cookie")
            .or_else(|| soft().next())
    }

    pub(crate) fn position(&self, name: &str) -> Option<u16> {
        let mut types = self.types.iter();
        let found = types.position(|id_type| same(&id_type.name, name))?;
        Some(found as u16)
    }

    pub(crate) fn at(&self, position: u16) -> &IdType {
        &self.types[usize::from(position)]
    }

    /// The smallest cap of any soft type: below it no cap can bind.
    pub(crate) fn soft_values_max_smallest(&self) -> u16 {
        let soft = self.types.iter().filter(|t| t.kind == IdKind::Soft);
        soft.map(|t| t.values_max).min().unwrap_or(u16::MAX)
    }

    pub(crate) fn declare_soft(&mut self, name: &str) {
        self.types.push(IdType::soft(name));
    }
}

impl Default for IdSchema {
    /// `registered` = hard, `cookie` = soft (fact 1.3).
    fn default() -> Self {
        Self {
            types: alloc::vec![IdType::hard("registered"), IdType::soft("cookie")],
        }
    }
}
