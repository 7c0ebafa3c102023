//! Every measure as a column: its group, its name, how it is read, which way is better, and what it says.
//! The table, the JSON, the CSV and the page are all made from this one list, and so is the list that `--measures` prints.

use super::super::{
    close_look::{BlastRadius, TimeToRight},
    compare::Compared,
};

/// Measures that are looked at together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// The first look.
    Summary,
    /// Pairs of calls, calls, whole profiles.
    Quality,
    /// What is known and what chance would do.
    Agreement,
    /// What it takes to put it right.
    Repair,
    /// What customers notice.
    Customers,
    /// How many profiles there are and how large.
    Shape,
    /// When, in which order, how far: from the close look.
    Course,
}

impl Group {
    /// Every group, in the order in which they are shown.
    pub const ALL: [Self; 7] = [
        Self::Summary,
        Self::Quality,
        Self::Agreement,
        Self::Repair,
        Self::Customers,
        Self::Shape,
        Self::Course,
    ];

    /// As it is written at the command line.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Summary => "summary",
            Self::Quality => "quality",
            Self::Agreement => "agreement",
            Self::Repair => "repair",
            Self::Customers => "customers",
            Self::Shape => "shape",
            Self::Course => "course",
        }
    }

    /// The group of this name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.slug() == slug)
    }

    /// Its columns; the summary takes some of the others.
    pub fn columns(self) -> impl Iterator<Item = &'static Column> {
        COLUMNS.iter().filter(move |column| match self {
            Self::Summary => column.in_summary,
            group => column.group == group,
        })
    }
}

/// Which values are better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// Larger ones.
    More,
    /// Smaller ones.
    Less,
    /// It depends.
    Neither,
}

impl Better {
    /// In a word; nothing where it depends.
    pub fn word(self) -> Option<&'static str> {
        match self {
            Self::More => Some("more"),
            Self::Less => Some("less"),
            Self::Neither => None,
        }
    }
}

/// One measure.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Where it belongs.
    pub group: Group,
    /// Its name everywhere.
    pub name: &'static str,
    /// Its heading in a terminal, at most nine characters.
    pub short: &'static str,
    /// How it is read; nothing where it does not apply.
    pub value: fn(&Compared) -> Option<f64>,
    /// Digits behind the point.
    pub digits: usize,
    /// Which way is better.
    pub better: Better,
    /// Whether the summary shows it.
    pub in_summary: bool,
    /// What it says.
    pub says: &'static str,
}

impl Column {
    /// The column of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        COLUMNS.iter().find(|column| column.name == name)
    }

    /// What it says, and which way is better.
    pub fn explained(&self) -> String {
        let better = self.better.word();
        let better = better.map(|word| format!(" ({word} is better)"));
        self.says.to_owned() + &better.unwrap_or_default()
    }

    /// A value as it is shown.
    pub fn shown(&self, row: &Compared) -> String {
        let value = (self.value)(row);
        value.map_or_else(
            || NOT_APPLICABLE.to_owned(),
            |value| format!("{value:.*}", self.digits),
        )
    }
}

/// What stands where a measure does not apply.
pub const NOT_APPLICABLE: &str = "n/a";

/// A split costs so many merges in the merge distance: no API offers it.
pub const SPLIT_COST: f64 = 10.0;

fn per_1000_people(row: &Compared, count: u64) -> f64 {
    1000.0 * count as f64 / row.measures.people.max(1) as f64
}

fn per_1000_mails(row: &Compared, count: u64) -> Option<f64> {
    let sent = row.customer_side.messages.sent;
    (sent > 0).then(|| 1000.0 * count as f64 / sent as f64)
}

fn of_properties(row: &Compared, count: u64) -> Option<f64> {
    let all = row.customer_side.properties.all;
    (all > 0).then(|| count as f64 / all as f64)
}

macro_rules! columns {
    ($($group:ident $name:literal $short:literal $digits:literal $better:ident $summary:ident $says:literal |$row:ident| $value:expr;)+) => {
        /// Every measure.
        pub const COLUMNS: &[Column] = &[$(Column {
            group: Group::$group,
            name: $name,
            short: $short,
            value: |$row| $value,
            digits: $digits,
            better: Better::$better,
            in_summary: columns!($summary),
            says: $says,
        },)+];
    };
    (yes) => { true };
    (no) => { false };
}

columns! {
    Quality "bcubed_precision" "b3 prec" 4 More yes "of a call's profile, the share that is its person's; the mean over calls"
        |row| Some(row.measures.b_cubed.precision);
    Quality "bcubed_recall" "b3 recall" 4 More yes "of a person's calls, the share on a call's profile; the mean over calls"
        |row| Some(row.measures.b_cubed.recall);
    Quality "bcubed_f1" "b3 F1" 4 More no "the harmonic mean of both"
        |row| Some(row.measures.b_cubed.f1());
    Quality "pair_precision" "pair prec" 4 More no "of pairs of calls on one profile, the share of one person"
        |row| Some(row.measures.pairs.precision);
    Quality "pair_recall" "pair rec" 4 More no "of pairs of calls of one person, the share on one profile"
        |row| Some(row.measures.pairs.recall);
    Quality "pair_f1" "pair F1" 4 More no "the harmonic mean of both"
        |row| Some(row.measures.pairs.f1());
    Quality "exact_precision" "exact pr" 4 More no "of profiles, the share that is all of one person and nobody else"
        |row| Some(row.measures.exact.precision);
    Quality "exact_recall" "exact" 4 More yes "of people, the share with exactly one profile of their own"
        |row| Some(row.measures.exact.recall);
    Agreement "homogeneity" "homogen" 4 More no "how much of who made a call is known once its profile is"
        |row| Some(row.measures.v.precision);
    Agreement "completeness" "complete" 4 More no "how much of a call's profile is known once its person is"
        |row| Some(row.measures.v.recall);
    Agreement "v_measure" "V" 4 More no "the harmonic mean of both"
        |row| Some(row.measures.v.f1());
    Agreement "variation_of_information" "VI nats" 4 Less no "information lost and added, in nats"
        |row| Some(row.measures.variation_of_information);
    Agreement "rand" "Rand" 6 More no "of all pairs of calls, the share on which profiles and people agree; near 1 for everyone"
        |row| Some(row.measures.rand);
    Agreement "adjusted_rand" "adj Rand" 4 More no "the same beyond chance"
        |row| Some(row.measures.adjusted_rand);
    Repair "splits" "splits" 0 Less yes "cuts until every profile holds one person; no API offers them"
        |row| Some(row.measures.splits as f64);
    Repair "merges" "merges" 0 Less yes "joins until every person has one profile, after the cuts"
        |row| Some(row.measures.merges as f64);
    Repair "merge_distance" "distance" 1 Less no "generalised merge distance per 1,000 people, a split at the cost of ten merges"
        |row| Some(1000.0 * row.measures.merge_distance(SPLIT_COST) / row.measures.people.max(1) as f64);
    Repair "duplicate_addresses" "dupl addr" 0 Less no "e-mail addresses with several profiles (Engagement's rules only)"
        |row| row.repair.map(|repair| repair.duplicates as f64);
    Repair "fix_calls" "fix calls" 1 Less no "calls of the fix-up that resolves everything, per 1,000 people (Engagement's rules only)"
        |row| row.repair.map(|repair| per_1000_people(row, repair.calls));
    Repair "fix_irreversible" "no undo" 1 Less no "of those, calls that cannot be undone, per 1,000 people (Engagement's rules only)"
        |row| row.repair.map(|repair| per_1000_people(row, repair.irreversible));
    Repair "fix_conflicts" "conflicts" 1 Less no "conflicts that need a human where nothing is guessed, per 1,000 people (Engagement's rules only)"
        |row| row.repair.map(|repair| per_1000_people(row, repair.conflicts));
    Repair "fix_unresolvable" "no remedy" 1 Less no "conflicts that no call can join, per 1,000 people (Engagement's rules only)"
        |row| row.repair.map(|repair| per_1000_people(row, repair.unresolvable));
    Customers "over_merged" "over" 4 Less no "people who share a profile with somebody"
        |row| Some(row.measures.over_merged);
    Customers "under_merged" "under" 4 Less no "people who are spread over several profiles"
        |row| Some(row.measures.under_merged);
    Customers "wrong_person" "wrong" 4 Less yes "events on a profile that is mostly somebody else's, by weight: a purchase is 10, another event 1"
        |row| row.measures.on_the_wrong_person;
    Customers "properties_lost" "lost" 4 Less no "of people's properties, the share missing or out of date on their main profile"
        |row| of_properties(row, row.customer_side.properties.lost);
    Customers "properties_wrong" "others'" 4 Less no "of people's properties, the share that reads as somebody else's value"
        |row| of_properties(row, row.customer_side.properties.wrong);
    Customers "consents_leaked" "leaked" 1 Less yes "of 1,000 mails, those to an address all of whose people say no or nothing by their newest word"
        |row| per_1000_mails(row, row.customer_side.messages.consent_leaked);
    Customers "mails_twice" "twice" 1 Less no "of 1,000 mails, those that come once more than they should"
        |row| per_1000_mails(row, row.customer_side.messages.twice);
    Customers "mails_to_the_wrong_person" "misdirect" 1 Less no "of 1,000 mails, those with one person's content at another one's address"
        |row| per_1000_mails(row, row.customer_side.messages.to_the_wrong_person);
    Customers "mails_missed" "missed" 1 Less no "people and kinds of mail with a yes and no mail, per 1,000 people"
        |row| (row.customer_side.messages.sent + row.customer_side.messages.missed > 0)
            .then(|| per_1000_people(row, row.customer_side.messages.missed));
    Shape "profiles" "profiles" 0 Neither no "profiles with a call"
        |row| Some(row.measures.profiles as f64);
    Shape "size_median" "median" 0 Neither no "calls of a profile: half have no more"
        |row| Some(row.measures.shape.median as f64);
    Shape "size_99" "99 in 100" 0 Neither no "calls of a profile: 99 of 100 have no more"
        |row| Some(row.measures.shape.largest_but_1_percent as f64);
    Shape "size_max" "largest" 0 Neither no "calls of the largest profile"
        |row| Some(row.measures.shape.largest as f64);
    Shape "people_in_one" "people" 0 Less no "people in the fullest profile"
        |row| Some(row.measures.people_in_one as f64);
    Shape "link_degree" "links" 2 Neither no "other IDs with which an ID came and is on one profile, the mean over IDs"
        |row| row.links.map(|links| links.degree);
    Shape "link_degree_max" "links max" 0 Neither no "the same for the ID that has most"
        |row| row.links.map(|links| links.degree_max as f64);
    Shape "link_density" "density" 4 Neither no "of the pairs of IDs of a profile, the share that came in one call; the mean over profiles with two IDs"
        |row| row.links.and_then(|links| links.density);
    Shape "link_bridges" "bridges" 4 Neither no "of the pairs of IDs that came in one call, the share without which their profile falls apart"
        |row| row.links.and_then(|links| links.bridges);
    Shape "ns_per_call" "ns/call" 0 Less yes "time for a call, while other strategies ran beside it; not the same twice"
        |row| Some(row.took.as_nanos() as f64 / row.measures.calls.max(1) as f64);
    Course "neighbourhoods" "looked at" 0 Neither no "close look: how many neighbourhoods of about eight people were looked at"
        |row| row.close.map(|close| close.worlds as f64);
    Course "right_in_the_end" "right" 3 More no "close look: people whose profile is right when all calls have come"
        |row| row.close.map(|close| close.time.right);
    Course "calls_until_right" "calls" 0 Less no "close look: own calls until it was right for good, the median of those who are right"
        |row| of_right(row, |time| time.calls_median);
    Course "calls_until_right_9_in_10" "9 in 10" 0 Less no "close look: the same, for nine of ten of those who are right"
        |row| of_right(row, |time| time.calls_of_9_in_10);
    Course "got_worse" "worsened" 3 Less no "close look: people whose profile was right and then was not"
        |row| row.close.map(|close| close.time.got_worse);
    Course "order_sensitive" "order" 3 Less yes "close look: neighbourhoods that end otherwise in some of 20 other orders"
        |row| row.close.map(|close| close.order.sensitive);
    Course "order_outcomes" "outcomes" 1 Less no "close look: different ends over 21 orders, the mean"
        |row| row.close.map(|close| close.order.outcomes);
    Course "order_worst_f1" "worst F1" 4 More no "close look: B-cubed F1 of the worst order, the mean"
        |row| row.close.map(|close| close.order.worst_f1);
    Course "blast_profiles" "bl prof" 2 Less no "close look: profiles that one wrong call changes, the mean"
        |row| of_blasts(row, |blast| blast.profiles);
    Course "blast_events" "bl calls" 1 Less no "close look: calls that one wrong call brings into other company, the mean"
        |row| of_blasts(row, |blast| blast.events);
    Course "blast_events_max" "bl max" 0 Less no "close look: the most calls that one wrong call reached"
        |row| of_blasts(row, |blast| blast.events_max as f64);
    Course "blast_segments" "bl segm" 2 Less no "close look: segments that somebody enters or leaves by one wrong call, the mean"
        |row| of_blasts(row, |blast| blast.segments);
}

/// Of people whose profile is right in the end, if there are any.
fn of_right(row: &Compared, value: impl Fn(TimeToRight) -> u64) -> Option<f64> {
    let time = row.close?.time;
    (time.right > 0.0).then(|| value(time) as f64)
}

/// Of wrong calls, if any could be tried: that takes a device and a hard ID of somebody else.
fn of_blasts(row: &Compared, value: impl Fn(BlastRadius) -> f64) -> Option<f64> {
    let blast = row.close?.blast;
    (blast.tried > 0).then(|| value(blast))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// A group of twelve columns of at most seven characters, mostly, fits a terminal.
    #[test]
    fn names_differ_and_groups_fit() {
        let names: BTreeSet<_> = COLUMNS.iter().map(|column| column.name).collect();
        assert_eq!(names.len(), COLUMNS.len());
        for group in Group::ALL {
            assert_eq!(Group::from_slug(group.slug()), Some(group));
            let count = group.columns().count();
            assert!((1..=12).contains(&count), "{}: {count}", group.slug());
        }
        assert!(COLUMNS.iter().all(|column| column.short.len() <= 9));
    }
}
