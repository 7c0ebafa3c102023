//! How a wrong call should have been written: as a value that can be replayed in its place, and as the line that
//! a developer changes, beside the original. Nothing in it is invented: it is made of what the journal holds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Cause, IdKind, IdSchema, Journal, PlanOptions, Source,
    journal::Command,
    key::email_key,
    roots::Wrong,
    snippet::{self, Snippet},
};

/// What to change at a source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    /// The call with which no duplicate would have come to be; none where no call mends the cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<CorrectedCall>,
    /// The call as its sender wrote it, as far as the journal shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<Snippet>,
    /// What to write instead; the first is the change of the call itself.
    pub corrected: Vec<Snippet>,
    /// What to mend, in one sentence.
    pub remedy: String,
}

/// IDs and properties in place of those that were sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CorrectedCall {
    /// The IDs.
    pub customer_ids: BTreeMap<String, Value>,
    /// The properties.
    pub properties: BTreeMap<String, Value>,
}

impl Correction {
    pub(super) fn of(
        wrong: &Wrong<'_>,
        types: &IdSchema,
        options: &PlanOptions,
        journal: &Journal,
    ) -> Self {
        let call = corrected(wrong, types, options);
        let sent = CorrectedCall {
            customer_ids: wrong.entry.command.customer_ids.clone().unwrap_or_default(),
            properties: wrong.entry.command.properties.clone().unwrap_or_default(),
        };
        let writer = Writer {
            wrong,
            types,
            options,
            mapping: journal.mapping_of_row(wrong.entry.seq),
        };
        let mut snippets: Vec<Snippet> = Vec::new();
        snippets.extend(call.as_ref().map(|call| writer.write(call, writer.says())));
        snippets.extend(beside(wrong.cause, options));
        Self {
            original: Some(writer.write_original(&sent)),
            corrected: snippets,
            call,
            remedy: wrong.cause.about().remedy.to_owned(),
        }
    }
}

/// The call as it should have been.
fn corrected(wrong: &Wrong<'_>, types: &IdSchema, options: &PlanOptions) -> Option<CorrectedCall> {
    let command = &wrong.entry.command;
    let mut call = CorrectedCall {
        customer_ids: command.customer_ids.clone().unwrap_or_default(),
        properties: command.properties.clone().unwrap_or_default(),
    };
    let is_key = |value: &Value| value.as_str().and_then(email_key).as_deref() == Some(wrong.key);
    let is_soft = |name: &str| types.get(name).is_none_or(|t| t.kind == IdKind::Soft);
    match wrong.cause {
        Cause::TwoAccounts | Cause::SharedAddress | Cause::Unknown => return None,
        Cause::Placeholder => {
            call.customer_ids.retain(|_, value| !is_key(value));
            call.properties.retain(|_, value| !is_key(value));
            return (!call.customer_ids.is_empty()).then_some(call);
        }
        // An address among the soft IDs is in the wrong place, and goes to the right one.
        _ => call
            .customer_ids
            .retain(|name, value| !(is_soft(name) && is_key(value))),
    }
    let id = match wrong.cause {
        Cause::CaseVariant | Cause::WhiteSpace => wrong.key,
        _ => wrong.target,
    };
    call.customer_ids
        .insert(options.email_type.clone(), json!(id));
    Some(call)
}

/// What else ends the cause, where it is no call of this source.
fn beside(cause: Cause, options: &PlanOptions) -> Option<Snippet> {
    let email_type = &options.email_type;
    match cause {
        Cause::CaseVariant => Some(snippet::id_type(email_type, "lowercase")),
        Cause::WhiteSpace => Some(snippet::id_type(email_type, "trim")),
        Cause::DoubleOptIn => Some(snippet::transfer_identity()),
        _ => None,
    }
}

/// Writes a call in the words of its source.
struct Writer<'a> {
    wrong: &'a Wrong<'a>,
    types: &'a IdSchema,
    options: &'a PlanOptions,
    mapping: Option<&'a super::ColumnMapping>,
}

impl Writer<'_> {
    fn says(&self) -> &'static str {
        match self.wrong.cause {
            Cause::Placeholder => "block the address, and send the call without it",
            Cause::DoubleOptIn | Cause::AnonymousSignUp => "once the address is confirmed",
            Cause::CaseVariant => "lower-cased at the source",
            Cause::WhiteSpace => "trimmed at the source",
            Cause::HardTypePerChannel => "both hard IDs in one call",
            _ => "the address as the hard ID",
        }
    }

    fn write(&self, call: &CorrectedCall, says: &str) -> Snippet {
        let command = &self.wrong.entry.command;
        let as_identified = &Command {
            kind: "customers".to_owned(),
            ..Command::default()
        };
        match self.wrong.entry.source {
            Source::JsSdk => self.js(call, as_identified, says),
            Source::AppSdk => {
                snippet::app(&self.named(call), &call.properties, as_identified, says)
            }
            Source::Import => snippet::import_of(
                self.mapping,
                &call.customer_ids,
                self.options,
                self.by_address(call),
                says,
            ),
            _ => snippet::curl(&call.customer_ids, &call.properties, command, says),
        }
    }

    fn write_original(&self, call: &CorrectedCall) -> Snippet {
        let (command, says) = (&self.wrong.entry.command, "as it is sent now");
        match self.wrong.entry.source {
            Source::JsSdk => self.js(call, command, says),
            Source::AppSdk => snippet::app(&self.named(call), &call.properties, command, says),
            Source::Import => {
                snippet::import_of(self.mapping, &call.customer_ids, self.options, None, says)
            }
            _ => snippet::curl(&call.customer_ids, &call.properties, command, says),
        }
    }

    fn js(&self, call: &CorrectedCall, command: &Command, says: &str) -> Snippet {
        let mut hard = self.types.of_kind(IdKind::Hard);
        let first = hard.next().map_or("", |id_type| &id_type.name);
        snippet::js(&self.named(call), &call.properties, command, first, says)
    }

    /// The ID type that the corrected mapping pairs with the address; none where only the values change.
    fn by_address(&self, call: &CorrectedCall) -> Option<&str> {
        let is_spelling = matches!(self.wrong.cause, Cause::CaseVariant | Cause::WhiteSpace);
        let email_type = self.options.email_type.as_str();
        (!is_spelling && call.customer_ids.contains_key(email_type)).then_some(email_type)
    }

    /// The IDs that the caller named: an SDK adds its soft IDs by itself.
    fn named(&self, call: &CorrectedCall) -> BTreeMap<String, Value> {
        let is_hard = |name: &str| self.types.get(name).is_some_and(|t| t.kind == IdKind::Hard);
        let is_address = |value: &Value| value.as_str().is_some_and(super::key::is_address);
        let named = call.customer_ids.iter();
        let named = named.filter(|(name, value)| is_hard(name) || is_address(value));
        named
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }
}
