//! One group of joined profiles compared with what it was: values and events that are gone or there too often, and
//! which of that traffic did.

use std::collections::{BTreeSet, HashMap};

use super::{
    Event, FixUpError, Id, Problem, Profile, Verification,
    live::{Found, number_of},
    meanwhile::Meanwhile,
    verify::Group,
};
use crate::target::ProjectClient;

/// What was found of one group.
pub(super) struct Compared<'g> {
    id: &'g Id,
    group: &'g Group,
    profile: Option<Profile>,
    pub(super) events: usize,
    pub(super) values: usize,
    pub(super) problems: Vec<Problem>,
}

impl<'g> Compared<'g> {
    pub(super) fn of(
        id: &'g Id,
        group: &'g Group,
        realigned: &BTreeSet<(String, String)>,
        found: Found,
    ) -> Self {
        let mut compared = Self {
            id,
            group,
            profile: None,
            events: 0,
            values: 0,
            problems: Vec::new(),
        };
        let Found::Profile(profile) = found else {
            let (key, id) = (group.key.clone(), id.to_string());
            compared.problems.push(Problem::ProfileGone { key, id });
            return compared;
        };
        compared.compare_values(&profile, realigned);
        compared.compare_events(&profile);
        // Only what differs is looked at again.
        compared.profile = (!compared.problems.is_empty()).then_some(profile);
        compared
    }

    fn compare_values(&mut self, profile: &Profile, realigned: &BTreeSet<(String, String)>) {
        let held: BTreeSet<_> = values(profile).collect();
        self.values = self.group.properties.len();
        for pair in self.group.properties.difference(&held) {
            if !self.group.may_vanish.contains(pair) && !realigned.contains(pair) {
                let (property, value) = pair.clone();
                self.problems.push(Problem::ValueLost {
                    key: self.group.key.clone(),
                    property,
                    value,
                });
            }
        }
    }

    fn compare_events(&mut self, profile: &Profile) {
        let held = counted_events(profile);
        for (event, count) in &self.group.events {
            self.events += count;
            let (key, event) = (self.group.key.clone(), event.clone());
            match held.get(&event).copied().unwrap_or(0) {
                0 => self.problems.push(Problem::EventLost { key, event }),
                after if after > *count => self.problems.push(Problem::EventDoubled { key, event }),
                _ => {}
            }
        }
    }

    /// Tells what traffic did from what the repair did.
    pub(super) async fn sort_out(
        self,
        client: &ProjectClient,
        meanwhile: &Meanwhile,
        verification: &mut Verification,
    ) -> Result<(), FixUpError> {
        let number = number_of(client, self.id).await?;
        for problem in self.problems {
            let gone = meanwhile.anonymized(&self.group.ids);
            let known = gone.or_else(|| {
                let profile = self.profile.as_ref()?;
                match &problem {
                    Problem::ValueLost { property, .. } => {
                        let now = profile.properties.get(property);
                        meanwhile.replaced(number, property, now, &self.group.properties)
                    }
                    Problem::EventDoubled { event, .. } => {
                        let after = counted_events(profile).get(event).copied();
                        let before = self.group.events.get(event).copied();
                        let more = after?.checked_sub(before?)?;
                        let event: Event = serde_json::from_str(event).ok()?;
                        meanwhile.tracked(number, &event, more)
                    }
                    _ => None,
                }
            });
            verification.note(problem, known);
        }
        Ok(())
    }
}

fn counted_events(profile: &Profile) -> HashMap<String, usize> {
    let mut held = HashMap::<String, usize>::new();
    for event in events(profile) {
        *held.entry(event).or_default() += 1;
    }
    held
}

pub(super) fn values(profile: &Profile) -> impl Iterator<Item = (String, String)> {
    let pairs = profile.properties.iter();
    pairs.map(|(name, value)| (name.clone(), value.to_string()))
}

/// Events as text, `merge` aside: a merge tracks one itself.
pub(super) fn events(profile: &Profile) -> impl Iterator<Item = String> {
    let events = profile
        .events
        .iter()
        .flatten()
        .filter(|event| event.kind != "merge");
    events.map(|event: &Event| serde_json::to_string(event).unwrap_or_default())
}
