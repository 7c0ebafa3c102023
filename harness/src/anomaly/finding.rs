//! One finding: which anomaly, about whom and which IDs, done by which commands, and what that rests on.
//! Its line is stable, so that scenarios can state it.

use serde::{Serialize, Serializer, ser::SerializeMap};
use twinfold_engine::Label;

use super::Anomaly;
use crate::history::{History, Id, written};

/// One anomaly that was found; findings are ordered by anomaly, then by customers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Which.
    pub anomaly: Anomaly,
    /// The customers that it is about, by number, as they are in the end.
    pub customers: Vec<u32>,
    /// The IDs and values that it is about, each as `type=value` or `property=value`.
    pub about: Vec<Id>,
    /// The journal numbers of the commands that did it.
    pub by: Vec<u64>,
    /// What happened, in a sentence.
    pub says: String,
    /// The weakest label of what it rests on.
    pub label: Label,
}

impl Finding {
    /// A finding about these customers, done by steps at these positions; customers, IDs and numbers are sorted.
    pub(super) fn new(
        anomaly: Anomaly,
        history: &History<'_>,
        customers: impl IntoIterator<Item = u32>,
        about: impl IntoIterator<Item = Id>,
        by: impl IntoIterator<Item = usize>,
    ) -> Self {
        let mut by: Vec<usize> = by.into_iter().collect();
        by.sort_unstable();
        by.dedup();
        let steps = by
            .iter()
            .filter_map(|position| history.steps.get(*position));
        let label = steps.clone().map(|step| step.label()).max();
        let mut customers: Vec<u32> = customers.into_iter().collect();
        customers.sort_unstable();
        customers.dedup();
        let mut about: Vec<Id> = about.into_iter().collect();
        about.sort_unstable();
        about.dedup();
        Self {
            anomaly,
            customers,
            about,
            by: steps.map(|step| step.sent.seq).collect(),
            says: anomaly.about().says.to_owned(),
            label: label.unwrap_or(Label::Documented),
        }
    }

    /// The same finding, said in its own words.
    pub(super) fn says(mut self, says: impl Into<String>) -> Self {
        self.says = says.into();
        self
    }

    /// The same finding, which rests on something that is no better known than this.
    pub(super) fn rests_on(mut self, label: Label) -> Self {
        self.label = self.label.max(label);
        self
    }

    /// Whether it says the other, and more.
    pub fn implies(&self, other: &Self) -> bool {
        let of = |customer| self.customers.contains(customer);
        self.anomaly.implies(other.anomaly) && other.customers.iter().all(of)
    }

    /// `slug  #1 #2  type=value  by 1, 3  (label)`
    pub fn line(&self) -> String {
        let customers = self.customers.iter().map(|number| format!("#{number}"));
        let by: Vec<String> = self.by.iter().map(u64::to_string).collect();
        let parts = [
            self.anomaly.about().slug.to_owned(),
            customers.collect::<Vec<_>>().join(" "),
            written(&self.about),
            format!("by {}", by.join(", ")),
            format!("({})", self.label.name()),
        ];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join("  ")
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("anomaly", self.anomaly.about().slug)?;
        map.serialize_entry("customers", &self.customers)?;
        map.serialize_entry("about", &self.about)?;
        map.serialize_entry("by", &self.by)?;
        map.serialize_entry("says", &self.says)?;
        map.serialize_entry("label", self.label.name())?;
        map.serialize_entry("remedy", self.anomaly.about().remedy)?;
        map.end()
    }
}
