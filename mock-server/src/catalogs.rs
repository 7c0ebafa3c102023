//! The catalogs of a project: names, the fields that items may have, and the items.
//! A change is a value; applying it takes nothing else, and one that names what is not there changes nothing.

use std::{borrow::Cow, collections::BTreeMap};

use serde::{Deserialize, Serialize};

/// Properties by name; values are canonical JSON.
pub(crate) type ItemProperties = BTreeMap<String, String>;

/// The catalogs of a project.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Catalogs {
    by_id: BTreeMap<String, Catalog>,
    created: u64,
}

/// One catalog.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Catalog {
    pub(crate) name: String,
    /// The names of the fields that items may have.
    pub(crate) fields: Vec<String>,
    pub(crate) items: BTreeMap<String, ItemProperties>,
}

/// A change of one catalog.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum CatalogChange<'a> {
    /// A new one.
    Create {
        #[serde(borrow)]
        name: Cow<'a, str>,
        fields: Vec<String>,
    },
    /// A name, and fields in place of the old ones.
    Define {
        #[serde(borrow)]
        id: Cow<'a, str>,
        #[serde(borrow)]
        name: Cow<'a, str>,
        fields: Option<Vec<String>>,
    },
    Delete {
        #[serde(borrow)]
        id: Cow<'a, str>,
    },
    /// An item with these properties and no others.
    PutItem {
        #[serde(borrow)]
        id: Cow<'a, str>,
        #[serde(borrow)]
        item: Cow<'a, str>,
        #[serde(borrow)]
        properties: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    },
    /// An item with these properties besides those that it has.
    UpdateItem {
        #[serde(borrow)]
        id: Cow<'a, str>,
        #[serde(borrow)]
        item: Cow<'a, str>,
        #[serde(borrow)]
        properties: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    },
    DeleteItem {
        #[serde(borrow)]
        id: Cow<'a, str>,
        #[serde(borrow)]
        item: Cow<'a, str>,
    },
    DeleteItems {
        #[serde(borrow)]
        id: Cow<'a, str>,
    },
}

impl Catalogs {
    pub(crate) fn get(&self, id: &str) -> Option<&Catalog> {
        self.by_id.get(id)
    }

    /// By ID, in order of creation.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&String, &Catalog)> {
        self.by_id.iter()
    }

    /// The ID that the next catalog gets: 24 hex digits, as the vendor's.
    pub(crate) fn next_id(&self) -> String {
        format!("5b69de5b{:016x}", self.created + 1)
    }

    pub(crate) fn apply(&mut self, change: &CatalogChange<'_>) {
        match change {
            CatalogChange::Create { name, fields } => {
                let catalog = Catalog {
                    name: name.clone().into_owned(),
                    fields: fields.clone(),
                    items: BTreeMap::new(),
                };
                self.by_id.insert(self.next_id(), catalog);
                self.created += 1;
            }
            CatalogChange::Delete { id } => {
                self.by_id.remove(&**id);
            }
            CatalogChange::Define { id, .. }
            | CatalogChange::PutItem { id, .. }
            | CatalogChange::UpdateItem { id, .. }
            | CatalogChange::DeleteItem { id, .. }
            | CatalogChange::DeleteItems { id } => {
                if let Some(catalog) = self.by_id.get_mut(&**id) {
                    catalog.apply(change);
                }
            }
        }
    }
}

impl Catalog {
    /// The properties that no field of the catalog defines.
    pub(crate) fn undefined<'p>(&self, names: impl Iterator<Item = &'p str>) -> Vec<&'p str> {
        let defined = |name: &str| self.fields.iter().any(|field| field == name);
        names.filter(|name| !defined(name)).collect()
    }

    fn apply(&mut self, change: &CatalogChange<'_>) {
        match change {
            CatalogChange::Define { name, fields, .. } => {
                self.name = name.clone().into_owned();
                if let Some(fields) = fields {
                    self.fields.clone_from(fields);
                }
            }
            CatalogChange::PutItem {
                item, properties, ..
            } => {
                self.items
                    .insert(item.clone().into_owned(), owned(properties).collect());
            }
            CatalogChange::UpdateItem {
                item, properties, ..
            } => {
                let stored = self.items.entry(item.clone().into_owned()).or_default();
                stored.extend(owned(properties));
            }
            CatalogChange::DeleteItem { item, .. } => {
                self.items.remove(&**item);
            }
            CatalogChange::DeleteItems { .. } => self.items.clear(),
            // These concern the catalog as a whole.
            CatalogChange::Create { .. } | CatalogChange::Delete { .. } => {}
        }
    }
}

fn owned<'p>(
    properties: &'p [(Cow<'_, str>, Cow<'_, str>)],
) -> impl Iterator<Item = (String, String)> + 'p {
    let pairs = properties.iter();
    pairs.map(|(name, value)| (name.clone().into_owned(), value.clone().into_owned()))
}
