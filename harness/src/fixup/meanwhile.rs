//! Tells what live traffic changed between export and verification apart from what the repair did. The journal says
//! it exactly; without one only a profile that is new under its address speaks for traffic, and that is said as likely.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::Serialize;
use serde_json::Value;

use super::{
    Event, FixUpError, Id, JournalEntry, Plan, PlanOptions, Problem, Profile, Source, Step,
    email_key, keys_of, live::read_entries_after,
};
use crate::target::ProjectClient;

/// A difference that the repair did not make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FromTraffic {
    /// What differs.
    pub difference: Problem,
    /// How that is known.
    pub known: Known,
}

/// How it is known that traffic made a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Known {
    /// The journal names the command.
    Journal,
    /// What is there now cannot come from the repair, as far as it knows.
    Likely,
}

impl Known {
    /// It in words.
    pub fn says(self) -> &'static str {
        match self {
            Self::Journal => "the journal names the command",
            Self::Likely => "likely, because the repair knew nothing of it",
        }
    }
}

/// What came in between, by customer.
#[derive(Default)]
pub(super) struct Meanwhile {
    /// Commands of others since the export, by the number of the customer whom they are on now; none without a journal.
    commands: Option<HashMap<u64, Vec<JournalEntry>>>,
    anonymized: HashSet<Id>,
}

impl Meanwhile {
    /// Reads what came in after this entry of the journal, if there is one.
    pub(super) async fn read(
        client: &ProjectClient,
        since: Option<u64>,
    ) -> Result<Self, FixUpError> {
        let entries = match since {
            Some(since) => read_entries_after(client, since).await?,
            None => None,
        };
        Ok(entries.map_or_else(Self::default, Self::of))
    }

    fn of(entries: Vec<JournalEntry>) -> Self {
        let mut ended_on = HashMap::<u64, u64>::new();
        let mut meanwhile = Self::default();
        let mut commands = HashMap::<u64, Vec<JournalEntry>>::new();
        // From the end, so that the last survivor of each customer is known before its commands.
        for entry in entries.into_iter().rev() {
            let Some((survivor, absorbed)) = entry
                .decision
                .as_ref()
                .and_then(|decision| Some((decision.survivor?, decision.absorbed.clone())))
            else {
                continue;
            };
            let last = ended_on.get(&survivor).copied().unwrap_or(survivor);
            ended_on.extend(absorbed.into_iter().map(|absorbed| (absorbed, last)));
            if entry.source == Source::Repair {
                continue;
            }
            if entry.command.kind == "anonymize" {
                let ids = entry.command.customer_ids.iter().flatten();
                let ids = ids.filter_map(|(name, value)| Some(Id::new(name, value.as_str()?)));
                meanwhile.anonymized.extend(ids);
            }
            commands.entry(last).or_default().push(entry);
        }
        meanwhile.commands = Some(commands);
        meanwhile
    }

    fn commands_of(&self, number: Option<u64>) -> &[JournalEntry] {
        let commands = self.commands.as_ref().zip(number);
        commands
            .and_then(|(commands, number)| commands.get(&number))
            .map_or(&[], Vec::as_slice)
    }

    /// Whether somebody else anonymized one of these.
    pub(super) fn anonymized(&self, ids: &BTreeSet<Id>) -> Option<Known> {
        let gone = ids.iter().any(|id| self.anonymized.contains(id));
        gone.then_some(Known::Journal)
    }

    /// Whether traffic replaced a value: it wrote the one that is there now, or brought it by a merge of its own. `before`
    /// is what the joined profiles held: a value of theirs can be the repair's choice, and then only a command excuses it.
    pub(super) fn replaced(
        &self,
        number: Option<u64>,
        property: &str,
        now: Option<&Value>,
        before: &BTreeSet<(String, String)>,
    ) -> Option<Known> {
        let commands = self.commands_of(number);
        let wrote = commands
            .iter()
            .filter(|entry| entry.command.event_type.is_none());
        let mut wrote = wrote.filter_map(|entry| entry.command.properties.as_ref()?.get(property));
        let now = now.unwrap_or(&Value::Null);
        if wrote.any(|value| value == now) {
            return Some(Known::Journal);
        }
        let is_new = !now.is_null() && !before.contains(&(property.to_owned(), now.to_string()));
        let merged = |entry: &JournalEntry| {
            let decision = entry.decision.as_ref();
            decision.is_some_and(|decision| !decision.absorbed.is_empty())
        };
        let may_be = match &self.commands {
            Some(_) => commands.iter().any(merged),
            None => true,
        };
        (is_new && may_be).then_some(Known::Likely)
    }

    /// Whether traffic tracked this event again, as often as it is there beyond what it was.
    pub(super) fn tracked(&self, number: Option<u64>, event: &Event, more: usize) -> Option<Known> {
        let same = self.commands_of(number).iter().filter(|entry| {
            let command = &entry.command;
            let sent = command.properties.as_ref();
            command.event_type.as_ref() == Some(&event.kind)
                && sent.map_or(event.properties.is_empty(), |sent| {
                    *sent == event.properties
                })
        });
        (same.count() >= more).then_some(Known::Journal)
    }

    /// Whether traffic put this profile under the key.
    pub(super) fn put_under(&self, key: &str, profile: &Profile, plan: &Plan) -> Option<Known> {
        let has_key = |text: &str| email_key(text).as_deref() == Some(key);
        if self.commands.is_some() {
            let wrote = self.commands_of(profile.number).iter().any(|entry| {
                let own = entry.command.id(&plan.email_type);
                let property = entry.command.sets(&plan.email_property);
                own.is_some_and(has_key) || property.is_some_and(has_key)
            });
            return wrote.then_some(Known::Journal);
        }
        let planned = plan
            .keys
            .iter()
            .find(|planned| planned.diagnosis.key == key);
        let Some(planned) = planned else {
            return Some(Known::Likely);
        };
        // What a repair empties is new as well, with a fresh cookie.
        let mut calls = planned.calls.iter();
        let is_rest = calls.any(|call| call.step == Step::Anonymize);
        let is_planned = planned.diagnosis.members.iter().any(|member| {
            let mut ids = member.ids.iter();
            ids.any(|(name, held)| {
                held.iter()
                    .any(|value| profile.values(name).contains(value))
            })
        });
        (!is_rest && !is_planned).then_some(Known::Likely)
    }
}

/// Profiles that traffic put under an address since the export.
pub(super) struct Late(BTreeMap<String, BTreeMap<u64, Known>>);

impl Late {
    pub(super) fn of(
        after: &[Profile],
        plan: &Plan,
        options: &PlanOptions,
        meanwhile: &Meanwhile,
    ) -> Self {
        let mut late = BTreeMap::<String, BTreeMap<u64, Known>>::new();
        for profile in after {
            for (_, key) in keys_of(profile, options).into_iter().flatten() {
                if let Some(known) = meanwhile.put_under(&key, profile, plan) {
                    let of_key = late.entry(key).or_default();
                    of_key.insert(profile.shown_number(), known);
                }
            }
        }
        Self(late)
    }

    /// Whether without them the key would have one profile.
    pub(super) fn explains(&self, key: &str, profiles: usize) -> Option<Known> {
        let late = self.0.get(key)?;
        let known = late.values().max().copied();
        known.filter(|_| profiles <= late.len() + 1)
    }

    /// How many calls a second plan has of its own, and how many because of them.
    pub(super) fn calls(&self, second: &Plan) -> Vec<(usize, Option<Known>)> {
        let mut counts = BTreeMap::<Option<Known>, usize>::new();
        for (key, call) in second.calls() {
            let late = self.0.get(key);
            let late = late.into_iter().flatten();
            let concerned =
                late.filter(|(number, _)| call.joins.is_empty() || call.joins.contains(number));
            let known = concerned.map(|(_, known)| *known).max();
            *counts.entry(known).or_default() += 1;
        }
        counts
            .into_iter()
            .map(|(known, calls)| (calls, known))
            .collect()
    }
}
