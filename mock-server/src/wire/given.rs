//! Parts of request bodies as they come: IDs and properties, each of whatever JSON type.

use std::{borrow::Cow, collections::HashMap, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;
use twinfold_engine::{GivenId, GivenValue};

use super::json;

/// A JSON string, borrowed where it has no escapes.
pub(crate) struct Text<'a>(pub(crate) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Either)
    }
}

impl<'a> Text<'a> {
    /// The text of a JSON string; nothing if it is none, or holds half a character.
    pub(crate) fn of(raw: &'a RawValue) -> Option<Cow<'a, str>> {
        let written = raw.get();
        let [b'"', inside @ .., b'"'] = written.as_bytes() else {
            return None;
        };
        if !inside.contains(&b'\\') {
            return written.get(1..=inside.len()).map(Cow::Borrowed);
        }
        let Text(text) = serde_json::from_str(written).ok()?;
        Some(text)
    }
}

/// An object where one is expected, or what was written instead.
#[derive(Default)]
pub(crate) enum Given<T> {
    /// Absent or `null`.
    #[default]
    Absent,
    Object(T),
    NotAnObject,
}

/// What an object is read as.
pub(crate) trait FromMembers<'de>: Sized {
    fn read<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error>;
}

/// IDs in the order written.
pub(crate) type GivenIds<'a> = Given<Vec<Id<'a>>>;

/// Properties in the order written, with their values as written.
pub(crate) type GivenProperties<'a> = Given<Properties<'a>>;

impl<'de: 'a, 'a> FromMembers<'de> for Vec<Id<'a>> {
    fn read<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut ids = LastOfEach::default();
        while let Some((Text(id_type), value)) = map.next_entry()? {
            let value = IdValue::of(value);
            ids.put(Id { id_type, value });
        }
        Ok(ids.members)
    }
}

impl<'de: 'a, 'a> FromMembers<'de> for Properties<'a> {
    fn read<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut properties = LastOfEach::default();
        while let Some((Text(name), value)) = map.next_entry::<_, &RawValue>()? {
            properties.put((name, Cow::Borrowed(value.get())));
        }
        Ok(properties.members)
    }
}

impl<'de, T: FromMembers<'de>> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any<T>(PhantomData<T>);
        impl<'de, T: FromMembers<'de>> Visitor<'de> for Any<T> {
            type Value = Given<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON value")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::read(map).map(Given::Object)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Given::NotAnObject)
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Given::Absent)
            }

            fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
                Ok(Given::NotAnObject)
            }

            fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
                Ok(Given::NotAnObject)
            }

            fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
                Ok(Given::NotAnObject)
            }

            fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
                Ok(Given::NotAnObject)
            }

            fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
                Ok(Given::NotAnObject)
            }
        }
        deserializer.deserialize_any(Any(PhantomData))
    }
}

/// Most objects have no more members, so that a list of them does not grow.
const MEMBERS_USUAL: usize = 4;

/// Up to so many members are looked through for a name; that is faster than to look it up.
const LOOKED_THROUGH_MAX: usize = 32;

/// A member of an object.
trait Named<'a> {
    fn name(&self) -> &Cow<'a, str>;
}

impl<'a> Named<'a> for Id<'a> {
    fn name(&self) -> &Cow<'a, str> {
        &self.id_type
    }
}

impl<'a> Named<'a> for (Cow<'a, str>, Cow<'a, str>) {
    fn name(&self) -> &Cow<'a, str> {
        &self.0
    }
}

/// Members in the order written; of a name written twice the last counts, as JSON readers do.
struct LastOfEach<'a, T> {
    members: Vec<T>,
    /// By name, once there are many.
    places: HashMap<Cow<'a, str>, usize>,
}

impl<T> Default for LastOfEach<'_, T> {
    fn default() -> Self {
        Self {
            members: Vec::with_capacity(MEMBERS_USUAL),
            places: HashMap::new(),
        }
    }
}

impl<'a, T: Named<'a>> LastOfEach<'a, T> {
    fn put(&mut self, member: T) {
        match self.place(member.name()) {
            Some(at) => self.members[at] = member,
            None => {
                if !self.places.is_empty() {
                    self.places
                        .insert(member.name().clone(), self.members.len());
                }
                self.members.push(member);
            }
        }
    }

    fn place(&mut self, name: &str) -> Option<usize> {
        let members = self.members.iter().enumerate();
        if self.members.len() <= LOOKED_THROUGH_MAX {
            let mut members = members;
            return members
                .find(|(_, other)| other.name() == name)
                .map(|(at, _)| at);
        }
        if self.places.is_empty() {
            self.places = members
                .map(|(at, member)| (member.name().clone(), at))
                .collect();
        }
        self.places.get(name).copied()
    }
}

/// One ID as it was sent, with its text out of its JSON.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Id<'a> {
    #[serde(borrow)]
    pub(crate) id_type: Cow<'a, str>,
    pub(crate) value: IdValue<'a>,
}

/// The value of one ID by its JSON type.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum IdValue<'a> {
    Null,
    Text(#[serde(borrow)] Cow<'a, str>),
    Number(#[serde(borrow)] Cow<'a, str>),
    Other,
}

impl Id<'_> {
    pub(crate) fn given(&self) -> GivenId<'_> {
        GivenId {
            id_type: &self.id_type,
            value: match &self.value {
                IdValue::Null => GivenValue::Null,
                IdValue::Text(text) => GivenValue::Text(text),
                IdValue::Number(text) => GivenValue::Number(text),
                IdValue::Other => GivenValue::Other,
            },
        }
    }

    /// An ID of the server's own making.
    pub(crate) fn text(id_type: &str, value: &str) -> Id<'static> {
        Id {
            id_type: Cow::Owned(id_type.to_owned()),
            value: IdValue::Text(Cow::Owned(value.to_owned())),
        }
    }
}

impl<'a> IdValue<'a> {
    fn of(raw: &'a RawValue) -> Self {
        let text = raw.get();
        match text.as_bytes().first() {
            Some(b'n') => Self::Null,
            Some(b'"') => Text::of(raw).map_or(Self::Other, Self::Text),
            Some(b'-' | b'0'..=b'9') => Self::Number(Cow::Borrowed(text)),
            _ => Self::Other,
        }
    }
}

/// The IDs of a command; nothing if `customer_ids` is no object.
pub(crate) fn ids(given: GivenIds<'_>) -> Option<Vec<Id<'_>>> {
    match given {
        Given::Absent => Some(Vec::new()),
        Given::NotAnObject => None,
        Given::Object(ids) => Some(ids),
    }
}

/// Names with canonical values.
pub(crate) type Properties<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

/// Properties by name with canonical values, sorted; nothing if they are no object, an error if one cannot be kept.
pub(crate) fn properties(given: GivenProperties<'_>) -> Result<Option<Properties<'_>>, String> {
    let mut properties = match given {
        Given::Absent => return Ok(Some(Vec::new())),
        Given::NotAnObject => return Ok(None),
        Given::Object(properties) => properties,
    };
    for (name, value) in &mut properties {
        if let Cow::Borrowed(written) = *value {
            *value = kept(name, written)?;
        }
    }
    properties.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    Ok(Some(properties))
}

/// The canonical value of a property, or why it cannot be kept.
pub(crate) fn kept<'a>(name: &str, written: &'a str) -> Result<Cow<'a, str>, String> {
    json::canonical(written)
        .map_err(|says| format!("The value of property '{name}' cannot be kept: {says}."))
}
