//! Switches of strategies: closed choices that can be listed, named and set by name.

use alloc::vec::Vec;

/// One switch of a strategy as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Switch {
    /// Its name.
    pub name: &'static str,
    /// The choice that is made.
    pub chosen: &'static str,
    /// Every choice.
    pub choices: Vec<&'static str>,
}

macro_rules! switches {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $choice:ident,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub struct $name { $($(#[$field_doc])* pub $field: $choice,)+ }

        impl $name {
            /// The first choice of every switch.
            pub const USUAL: Self = Self { $($field: $choice::ALL[0],)+ };

            pub(in crate::ledger) fn list(self) -> alloc::vec::Vec<$crate::ledger::Switch> {
                alloc::vec![$($crate::ledger::Switch {
                    name: stringify!($field),
                    chosen: self.$field.slug(),
                    choices: $choice::ALL.iter().map(|choice| choice.slug()).collect(),
                },)+]
            }

            /// With one switch set by name; nothing if there is no such switch or choice.
            pub(in crate::ledger) fn with(mut self, name: &str, slug: &str) -> Option<Self> {
                match name {
                    $(stringify!($field) => self.$field = $choice::from_slug(slug)?,)+
                    _ => return None,
                }
                Some(self)
            }
        }
    };
}
pub(super) use switches;
