//! What a project is created with, as the control API writes it: ID types, switches, strategy, clock.

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{MapAccess, Visitor},
};
use serde_json::{Map, Value, json};
use twinfold_engine::{
    ContestedSoftId, HardIdConflict, IdKind, IdSchema, IdType, PropertyConflict, Settings,
    Strategy, Switches, UnknownIdType,
};

use utoipa::ToSchema;

pub use crate::{
    access::{AccessGroup, AccessKind, Action, GetAndSet, Names, Permissions, RateLimitSetting},
    clock::SteadyClock,
    consents::ConsentCategory,
};
use crate::{consents, definitions::Definitions, evidence::FailOn};

/// The body of `POST /projects` of the control API; everything may be left out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProjectSettings {
    /// ID types by name, in the order of precedence.
    pub id_types: IdTypesSetting,
    /// Switches by name.
    pub switches: SwitchesSetting,
    /// The merge strategy's name.
    pub strategy: Option<String>,
    /// `{"start", "step"}` for a clock of the project's own; the machine's if left out.
    pub clock: Option<SteadyClock>,
    /// The automation that confirms sign-ups.
    pub double_opt_in: Option<DoubleOptInSetting>,
    /// Properties that anonymizing removes.
    pub private_properties: Option<Vec<String>>,
    /// How many names of customer properties are taken; 255 by default, 1024 by some contracts.
    pub customer_attributes_max: Option<u16>,
    /// How many bytes of journal are kept.
    pub journal_bytes_max: Option<usize>,
    /// Access groups besides the two that may do everything, each an [`AccessGroup`](crate::settings::AccessGroup).
    pub access_groups: Vec<Value>,
    /// How many requests an address may send; unlimited if left out.
    pub rate_limit: Option<RateLimitSetting>,
    /// Segmentations, aggregates, expressions, predictions, recommendations.
    pub definitions: Definitions,
    /// How an unknown definition is refused: `attribute` or `call`.
    pub unknown_definition: UnknownDefinition,
    /// The consent categories; `newsletter` and `sms` if left out.
    pub consent_categories: Option<Vec<ConsentCategory>>,
    /// From which label on a reply is replaced by a failure: `observed` or `assumed`.
    pub fail_on: Option<FailOn>,
}

/// How a read of a definition that does not exist is refused; which one is current is unknown (quirk 23).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownDefinition {
    /// Only that attribute fails.
    #[default]
    Attribute,
    /// The whole call fails.
    Call,
}

/// ID types in the order in which the object names them: `"hard"`, `"soft"`, or an [`IdTypeObject`].
#[derive(Clone, Debug, Default)]
pub struct IdTypesSetting(pub Vec<(String, Value)>);

/// An ID type with its transformations.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdTypeObject {
    /// Hard or soft.
    pub kind: KindSetting,
    /// Trim new values; on by default.
    pub trim: Option<bool>,
    /// Lower-case new values; off by default.
    pub lowercase: Option<bool>,
    /// How many values a customer keeps of a soft type; 64 by default.
    pub values_max: Option<u16>,
}

/// Hard or soft.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum KindSetting {
    /// One value per customer.
    Hard,
    /// Many values per customer.
    Soft,
}

/// Switches by name; those left out keep their default.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SwitchesSetting {
    /// `reject`, `ignore` or `declare_soft`.
    pub unknown_id_type: Option<String>,
    /// `reject` or `first_hard_type_wins`.
    pub hard_id_conflict: Option<String>,
    /// `addressed` or `newer_customer`.
    pub contested_soft_id: Option<String>,
    /// `newest`, `absorbed_replaces` or `survivor_keeps`.
    pub property_conflict: Option<String>,
}

/// The automation that confirms sign-ups.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoubleOptInSetting {
    /// Whether opening the confirmation link ties the browser to the recipient.
    #[serde(default)]
    pub transfer_identity: TransferIdentity,
}

/// Whether opening a link ties the clicking browser to the mail's recipient (fact 8.10).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransferIdentity {
    /// Every opening does.
    Enabled,
    /// No opening does.
    #[default]
    Disabled,
    /// The first opening does.
    FirstClick,
}

impl<'de> Deserialize<'de> for IdTypesSetting {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = IdTypesSetting;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object of ID types such as {\"registered\": \"hard\"}")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut types = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    types.push(entry);
                }
                Ok(IdTypesSetting(types))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

impl ProjectSettings {
    /// The engine's settings, or what is wrong with these.
    pub fn engine(&self) -> Result<Settings, String> {
        self.definitions.check()?;
        if let Some(categories) = &self.consent_categories {
            consents::check(categories)?;
        }
        if let Some(clock) = &self.clock {
            clock.check()?;
        }
        let defaults = Settings::default();
        Ok(Settings {
            schema: self.schema()?,
            switches: self.switches.engine()?,
            strategy: choice(
                "strategy",
                self.strategy.as_deref(),
                Strategy::ALL,
                Strategy::slug,
            )?,
            private_properties: self
                .private_properties
                .clone()
                .unwrap_or(defaults.private_properties),
            customer_attributes_max: self
                .customer_attributes_max
                .unwrap_or(defaults.customer_attributes_max),
        })
    }

    fn schema(&self) -> Result<IdSchema, String> {
        if self.id_types.0.is_empty() {
            return Ok(IdSchema::default());
        }
        let types = self.id_types.0.iter();
        let types = types.map(|(name, setting)| id_type(name, setting));
        IdSchema::new(types.collect::<Result<_, _>>()?)
            .map_err(|error| format!("id_types: {error}"))
    }
}

fn id_type(name: &str, setting: &Value) -> Result<IdType, String> {
    let object = match setting.as_str() {
        Some(_) => json!({"kind": setting}),
        None => setting.clone(),
    };
    if !object.is_object() {
        return Err(format!(
            "id_types.{name}: {setting} is neither \"hard\" nor \"soft\" nor an object with a \"kind\""
        ));
    }
    let object: IdTypeObject =
        serde_json::from_value(object).map_err(|error| format!("id_types.{name}: {error}"))?;
    let mut id_type = match object.kind {
        KindSetting::Hard => IdType::hard(name),
        KindSetting::Soft => IdType::soft(name),
    };
    id_type.trim = object.trim.unwrap_or(id_type.trim);
    id_type.lowercase = object.lowercase.unwrap_or(id_type.lowercase);
    if id_type.kind == IdKind::Soft {
        id_type.values_max = object.values_max.unwrap_or(id_type.values_max);
    }
    Ok(id_type)
}

impl SwitchesSetting {
    fn engine(&self) -> Result<Switches, String> {
        Ok(Switches {
            unknown_id_type: choice(
                "switches.unknown_id_type",
                self.unknown_id_type.as_deref(),
                UnknownIdType::ALL,
                UnknownIdType::slug,
            )?,
            hard_id_conflict: choice(
                "switches.hard_id_conflict",
                self.hard_id_conflict.as_deref(),
                HardIdConflict::ALL,
                HardIdConflict::slug,
            )?,
            contested_soft_id: choice(
                "switches.contested_soft_id",
                self.contested_soft_id.as_deref(),
                ContestedSoftId::ALL,
                ContestedSoftId::slug,
            )?,
            property_conflict: choice(
                "switches.property_conflict",
                self.property_conflict.as_deref(),
                PropertyConflict::ALL,
                PropertyConflict::slug,
            )?,
        })
    }
}

fn choice<T: Copy + Default>(
    place: &str,
    written: Option<&str>,
    all: &[T],
    slug: fn(T) -> &'static str,
) -> Result<T, String> {
    let Some(written) = written else {
        return Ok(T::default());
    };
    let found = all.iter().copied().find(|choice| slug(*choice) == written);
    found.ok_or_else(|| {
        let known: Vec<_> = all.iter().map(|choice| slug(*choice)).collect();
        format!("{place}: `{written}` is none of {}", known.join(", "))
    })
}

/// The settings of a project that exists, in the shape in which they are given.
pub(crate) fn describe(settings: &Settings) -> Value {
    let types: Map<String, Value> = settings
        .schema
        .types()
        .iter()
        .map(|id_type| {
            let kind = match id_type.kind {
                IdKind::Hard => KindSetting::Hard,
                IdKind::Soft => KindSetting::Soft,
            };
            let described = json!({
                "kind": kind,
                "trim": id_type.trim,
                "lowercase": id_type.lowercase,
                "values_max": id_type.values_max,
            });
            (id_type.name.clone(), described)
        })
        .collect();
    // `order` repeats the names, because a JSON object does not promise its order to every reader.
    let order: Vec<_> = settings.schema.types().iter().map(|t| &t.name).collect();
    json!({
        "id_types": types,
        "id_type_order": order,
        "switches": {
            "unknown_id_type": settings.switches.unknown_id_type.slug(),
            "hard_id_conflict": settings.switches.hard_id_conflict.slug(),
            "contested_soft_id": settings.switches.contested_soft_id.slug(),
            "property_conflict": settings.switches.property_conflict.slug(),
        },
        "strategy": settings.strategy.slug(),
        "private_properties": settings.private_properties,
        "customer_attributes_max": settings.customer_attributes_max,
    })
}
