//! The habit of a source: how often and how lately it made calls of one shape, and how often it has done right
//! since. One right call proves little where a login page is right and a checkout is wrong, so runs are compared.

use std::collections::BTreeSet;

use super::{
    Activity, CallShape, Cause, IdKind, IdSchema, IdType, Moment, PlanOptions,
    key::email_key,
    roots::Wrong,
    shape::{Seen, Spelling},
};

/// What the journal says of the calls of one shape.
#[derive(Default)]
pub(super) struct Habit {
    pub(super) calls: usize,
    pub(super) first: Moment,
    pub(super) last: Moment,
    pub(super) right_since: usize,
    /// Right calls in a row before some wrong one, at most.
    right_before: usize,
    mended: Mended,
}

/// What ends a habit.
#[derive(Clone, Copy, Default, PartialEq)]
enum Mended {
    /// Right calls in place of the wrong ones.
    #[default]
    Calls,
    /// The ID type, which now writes every value one way.
    IdType,
    /// Nothing that a call shows: it is about people.
    Nothing,
}

impl Habit {
    pub(super) fn of(
        shape: &CallShape,
        example: &Wrong<'_>,
        keys: &BTreeSet<&str>,
        seen: &[Seen<'_>],
        types: &IdSchema,
        options: &PlanOptions,
    ) -> Self {
        let judge = Judge {
            shape,
            example,
            keys,
            types,
            options,
        };
        let mut habit = Self {
            mended: judge.mended(),
            ..Self::default()
        };
        let of_source = seen
            .iter()
            .filter(|seen| seen.entry.source == example.entry.source);
        for seen in of_source {
            if judge.is_wrong(seen) {
                habit.wrong(seen);
            } else if judge.is_right(seen) {
                habit.right_since += 1;
            }
        }
        habit
    }

    fn wrong(&mut self, seen: &Seen<'_>) {
        let place = Moment {
            seq: seen.entry.seq,
            at: seen.entry.at,
        };
        if self.calls == 0 {
            self.first = place;
        }
        self.calls += 1;
        self.last = place;
        self.right_before = self.right_before.max(self.right_since);
        self.right_since = 0;
    }

    pub(super) fn activity(&self) -> Activity {
        match self.mended {
            Mended::IdType => Activity::Mended,
            Mended::Nothing => Activity::Unsure,
            Mended::Calls if self.right_since == 0 => Activity::Active,
            Mended::Calls if self.right_since > self.right_before => Activity::Mended,
            Mended::Calls => Activity::Unsure,
        }
    }
}

/// Tells wrong calls from right ones, for one cause.
struct Judge<'a> {
    shape: &'a CallShape,
    example: &'a Wrong<'a>,
    keys: &'a BTreeSet<&'a str>,
    types: &'a IdSchema,
    options: &'a PlanOptions,
}

impl Judge<'_> {
    fn email_type(&self) -> Option<&IdType> {
        self.types.get(&self.options.email_type)
    }

    fn mended(&self) -> Mended {
        match self.example.cause {
            Cause::TwoAccounts | Cause::SharedAddress | Cause::Unknown => Mended::Nothing,
            Cause::CaseVariant if self.email_type().is_some_and(|t| t.lowercase) => Mended::IdType,
            Cause::WhiteSpace if self.email_type().is_some_and(|t| t.trim) => Mended::IdType,
            _ => Mended::Calls,
        }
    }

    /// The shape says it, unless it is right for others: an address that is nobody's is wrong and every other is
    /// not, and a property of a customer who has the hard ID does no harm.
    fn is_wrong(&self, seen: &Seen<'_>) -> bool {
        let is_of_keys = || {
            let mut carried = carried(seen, self.options);
            carried.any(|key| self.keys.contains(key.as_str()))
        };
        let harms = match self.example.cause {
            Cause::Placeholder | Cause::TwoAccounts | Cause::SharedAddress => is_of_keys(),
            _ => !seen.is_identified,
        };
        seen.shape == *self.shape && harms
    }

    fn is_right(&self, seen: &Seen<'_>) -> bool {
        let is_hard = |name: &&String| {
            let found = self.types.get(name);
            found.is_some_and(|t| t.kind == IdKind::Hard)
        };
        let mut hard = self.shape.id_types.iter().filter(is_hard);
        let names_all = hard.all(|name| seen.shape.id_types.contains(name));
        let by_address = email_key(self.example.target).is_some();
        let has_id = match by_address {
            true => seen.shape.spelling().is_some_and(|how| self.is_fine(how)),
            false => seen.shape.id_types.contains(&self.options.email_type),
        };
        names_all && has_id
    }

    fn is_fine(&self, spelling: Spelling) -> bool {
        let email_type = self.email_type();
        match spelling {
            Spelling::AsKey => true,
            Spelling::WhiteSpace => email_type.is_some_and(|t| t.trim),
            Spelling::OtherCase => {
                email_type.is_some_and(|t| t.lowercase) || self.example.cause != Cause::CaseVariant
            }
        }
    }
}

fn carried(seen: &Seen<'_>, options: &PlanOptions) -> impl Iterator<Item = String> {
    let command = &seen.entry.command;
    let ids = command.customer_ids.iter().flatten();
    let ids = ids.filter_map(|(_, value)| value.as_str());
    let texts = ids.chain(command.sets(&options.email_property));
    texts.filter_map(email_key)
}
