//! Which value of a property stays when profiles become one: a question apart from who survives.
//! "What is empty" and "who wins on equal times" decide half of all disputes, so both are choices.

use alloc::{format, string::String, vec, vec::Vec};
use core::cmp::Reverse;

use serde_json::{Map, Value};

use crate::{settings::switch, time::Timestamp};

switch! {
    /// Which value stays when both profiles have a property.
    PropertyRule {
        /// The one set later.
        Newest = "newest",
        /// The survivor's; what it lacks is filled.
        SurvivorFirst = "survivor_first",
        /// The absorbed profile's; what that lacks stays.
        AbsorbedFirst = "absorbed_first",
        /// Both numbers added.
        Sum = "sum",
        /// The smaller number, the earlier text.
        Earliest = "earliest",
        /// The greater number, the later text.
        Latest = "latest",
        /// The one that was given most often, by whoever it was; of several the one given last.
        MostFrequent = "most_frequent",
        /// The one whose source stands first in the order of sources; of one source the one set later.
        SourceOrder = "source_order",
        /// Every different value, as a list.
        EveryValue = "every_value",
        /// Nothing of the absorbed profile is taken.
        Lost = "lost",
    }
}

impl PropertyRule {
    /// Whether more is asked for than a value and its time.
    pub(crate) fn asks_who_gave(self) -> bool {
        matches!(self, Self::MostFrequent | Self::SourceOrder)
    }
}

switch! {
    /// What counts as no value.
    Empty {
        /// A property that was never set.
        Missing = "missing",
        /// That, and JSON's `null`.
        Null = "null",
        /// That, and the empty text.
        EmptyText = "empty_text",
        /// The same, unless it was cleared after the other value was set.
        UnlessNewer = "unless_newer",
    }
}

switch! {
    /// Who wins where both values were set at the same time.
    Tie {
        /// The survivor.
        Survivor = "survivor",
        /// The absorbed profile.
        Absorbed = "absorbed",
    }
}

switch! {
    /// What happens to objects.
    Objects {
        /// One takes the place of the other as a whole.
        Replaced = "replaced",
        /// Their members are settled one by one.
        Deep = "deep",
    }
}

/// How a strategy settles properties.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PropertyPolicy {
    /// Which value stays.
    pub rule: PropertyRule,
    /// What is no value.
    pub empty: Empty,
    /// Who wins a tie.
    pub tie: Tie,
    /// Objects.
    pub objects: Objects,
}

/// A value with the time at which it was set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ValueAt<'v> {
    pub(crate) json: &'v str,
    pub(crate) at: Timestamp,
    /// The place of its source in the order of sources.
    pub(crate) rank: u8,
}

impl ValueAt<'_> {
    /// Whether it stays where the rule asks for times or sources.
    pub(crate) fn is_before(self, other: Self, rule: PropertyRule) -> bool {
        match rule {
            PropertyRule::Newest => self.at > other.at,
            PropertyRule::SourceOrder => {
                (self.rank, Reverse(self.at)) < (other.rank, Reverse(other.at))
            }
            _ => false,
        }
    }

    /// When a value of both was set: when the later was.
    pub(crate) fn of_both(self, other: Option<Self>) -> Timestamp {
        other.map_or(self.at, |other| self.at.max(other.at))
    }
}

/// Whose value stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Picked {
    Survivors,
    Absorbeds,
    Both(String),
}

impl PropertyPolicy {
    /// Settles a property that the absorbed profile has and the survivor may have.
    pub(crate) fn pick(&self, survivor: Option<ValueAt<'_>>, absorbed: ValueAt<'_>) -> Picked {
        if self.rule == PropertyRule::Lost {
            return Picked::Survivors;
        }
        let Some(survivor) = survivor else {
            return Picked::Absorbeds;
        };
        match (
            self.is_empty(survivor, absorbed),
            self.is_empty(absorbed, survivor),
        ) {
            (_, true) => Picked::Survivors,
            (true, false) => Picked::Absorbeds,
            (false, false) => self.of_two_values(survivor, absorbed),
        }
    }

    fn is_empty(&self, value: ValueAt<'_>, other: ValueAt<'_>) -> bool {
        let is_blank = matches!(value.json, "null" | "\"\"");
        match self.empty {
            Empty::Missing => false,
            Empty::Null => value.json == "null",
            Empty::EmptyText => is_blank,
            Empty::UnlessNewer => is_blank && value.at <= other.at,
        }
    }

    fn of_two_values(&self, survivor: ValueAt<'_>, absorbed: ValueAt<'_>) -> Picked {
        let whole = match self.rule {
            PropertyRule::Newest | PropertyRule::SourceOrder => {
                self.of_the_first(survivor, absorbed, self.rule)
            }
            // Each was given once, so far as anybody knows.
            PropertyRule::MostFrequent => {
                self.of_the_first(survivor, absorbed, PropertyRule::Newest)
            }
            PropertyRule::AbsorbedFirst => Picked::Absorbeds,
            PropertyRule::SurvivorFirst | PropertyRule::Lost => Picked::Survivors,
            PropertyRule::Sum => sum(survivor.json, absorbed.json),
            PropertyRule::Earliest => smaller(survivor.json, absorbed.json, true),
            PropertyRule::Latest => smaller(survivor.json, absorbed.json, false),
            PropertyRule::EveryValue => every(survivor.json, absorbed.json),
        };
        match self.objects {
            Objects::Deep => deep(survivor.json, absorbed.json, &whole).unwrap_or(whole),
            Objects::Replaced => whole,
        }
    }

    fn of_the_first(
        &self,
        survivor: ValueAt<'_>,
        absorbed: ValueAt<'_>,
        rule: PropertyRule,
    ) -> Picked {
        match (
            survivor.is_before(absorbed, rule),
            absorbed.is_before(survivor, rule),
        ) {
            (true, _) => Picked::Survivors,
            (_, true) => Picked::Absorbeds,
            (false, false) => match self.tie {
                Tie::Survivor => Picked::Survivors,
                Tie::Absorbed => Picked::Absorbeds,
            },
        }
    }
}

/// What is no number counts as none; whole numbers stay whole.
fn sum(survivor: &str, absorbed: &str) -> Picked {
    if let (Ok(one), Ok(other)) = (survivor.parse::<i64>(), absorbed.parse::<i64>())
        && let Some(sum) = one.checked_add(other)
    {
        return Picked::Both(format!("{sum}"));
    }
    match (survivor.parse::<f64>(), absorbed.parse::<f64>()) {
        // Beyond all numbers there is no JSON.
        (Ok(one), Ok(other)) if !(one + other).is_finite() => Picked::Survivors,
        (Ok(one), Ok(other)) => Picked::Both(format!("{}", one + other)),
        (Err(_), Ok(_)) => Picked::Absorbeds,
        _ => Picked::Survivors,
    }
}

fn smaller(survivor: &str, absorbed: &str, is_wanted: bool) -> Picked {
    let is_smaller = match (survivor.parse::<f64>(), absorbed.parse::<f64>()) {
        (Ok(one), Ok(other)) => one <= other,
        _ => survivor <= absorbed,
    };
    if is_smaller == is_wanted || survivor == absorbed {
        Picked::Survivors
    } else {
        Picked::Absorbeds
    }
}

fn every(survivor: &str, absorbed: &str) -> Picked {
    let mut all = values(survivor);
    for value in values(absorbed) {
        if !all.contains(&value) {
            all.push(value);
        }
    }
    match all.as_slice() {
        [_] => Picked::Survivors,
        _ => Picked::Both(format!("{}", Value::Array(all))),
    }
}

/// A list that an earlier merge made is gone on with.
fn values(json: &str) -> Vec<Value> {
    match serde_json::from_str(json) {
        Ok(Value::Array(values)) => values,
        Ok(value) => vec![value],
        Err(_) => Vec::new(),
    }
}

/// Both objects' members, those in both from the one that the rule picked.
fn deep(survivor: &str, absorbed: &str, picked: &Picked) -> Option<Picked> {
    let object = |json| serde_json::from_str::<Map<_, _>>(json).ok();
    let (mut lower, mut upper) = (object(absorbed)?, object(survivor)?);
    if *picked == Picked::Absorbeds {
        core::mem::swap(&mut lower, &mut upper);
    }
    lay_over(&mut lower, upper);
    Some(Picked::Both(format!("{}", Value::Object(lower))))
}

fn lay_over(lower: &mut Map<String, Value>, upper: Map<String, Value>) {
    for (name, value) in upper {
        match (lower.get_mut(&name), value) {
            (Some(Value::Object(lower)), Value::Object(upper)) => lay_over(lower, upper),
            (_, value) => {
                lower.insert(name, value);
            }
        }
    }
}
