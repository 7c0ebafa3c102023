//! Random histories: calls that name one value of each unique type at most, and the other commands among them.

use alloc::{format, string::String, vec, vec::Vec};

use proptest::{collection, option, prelude::*};

use super::super::{LedgerId, LedgerType};

/// One command of a history.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Call(Vec<LedgerId>, Given),
    Merge(LedgerId, LedgerId),
    Copy(LedgerId, LedgerId),
    Modify(LedgerId, LedgerId),
}

/// The property of a call, if it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Given {
    Nothing,
    Number,
    Blank,
    Null,
}

/// Two unique hard types and a soft one that two values of may be on a profile.
pub(super) const TYPES: [LedgerType; 3] = [
    LedgerType {
        is_hard: true,
        limit: 1,
    },
    LedgerType {
        is_hard: true,
        limit: 1,
    },
    LedgerType {
        is_hard: false,
        limit: 2,
    },
];

fn id(id_type: u8) -> impl Strategy<Value = LedgerId> {
    (0_u32..4).prop_map(move |value| LedgerId { id_type, value })
}

fn any_id() -> impl Strategy<Value = LedgerId> {
    (0_u8..3).prop_flat_map(id)
}

fn call() -> impl Strategy<Value = Step> {
    let given = prop_oneof![
        3 => Just(Given::Nothing),
        3 => Just(Given::Number),
        1 => Just(Given::Blank),
        1 => Just(Given::Null),
    ];
    let soft = collection::vec(id(2), 0..3);
    let ids = (option::of(id(0)), option::weighted(0.3, id(1)), soft);
    let ids = ids.prop_map(|(one, two, soft)| {
        let hard = [one, two].into_iter().flatten();
        hard.chain(soft).collect::<Vec<_>>()
    });
    let ids = ids.prop_filter("a call names somebody", |ids| !ids.is_empty());
    (ids, given).prop_map(|(ids, given)| Step::Call(ids, given))
}

/// Calls, and now and then one of the commands that few strategies have.
pub(super) fn histories() -> impl Strategy<Value = Vec<Step>> {
    let pair = || (any_id(), any_id());
    let step = prop_oneof![
        12 => call(),
        2 => pair().prop_map(|(source, target)| Step::Merge(source, target)),
        1 => pair().prop_map(|(source, target)| Step::Copy(source, target)),
        1 => pair().prop_map(|(whose, to)| Step::Modify(whose, to)),
    ];
    collection::vec(step, 1..10)
}

impl Step {
    /// The IDs of a call.
    pub(super) fn ids(&self) -> Option<&Vec<LedgerId>> {
        match self {
            Self::Call(ids, _) => Some(ids),
            _ => None,
        }
    }

    /// What it links with each other.
    pub(super) fn links(&self) -> Vec<LedgerId> {
        match self {
            Self::Call(ids, _) => ids.clone(),
            Self::Merge(one, other) | Self::Copy(one, other) | Self::Modify(one, other) => {
                vec![*one, *other]
            }
        }
    }
}

impl Given {
    /// The value of a call at this time, if it has one.
    pub(super) fn json(self, seconds: f64) -> Option<String> {
        match self {
            Self::Nothing => None,
            Self::Number => Some(format!("{seconds}")),
            Self::Blank => Some("\"\"".into()),
            Self::Null => Some("null".into()),
        }
    }

    fn told(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Number => " city=1",
            Self::Blank => " city=",
            Self::Null => " city=null",
        }
    }
}

/// A history, as it is shown.
pub(super) fn told(history: &[Step]) -> String {
    let name = |id: &LedgerId| format!("{}{}", ["U", "V", "c"][usize::from(id.id_type)], id.value);
    let steps = history.iter().map(|step| match step {
        Step::Call(ids, property) => {
            let ids: Vec<String> = ids.iter().map(name).collect();
            format!("{}{}", ids.join(" "), property.told())
        }
        Step::Merge(source, target) => format!("merge {} > {}", name(source), name(target)),
        Step::Copy(source, target) => format!("copy {} > {}", name(source), name(target)),
        Step::Modify(whose, to) => format!("modify {} to {}", name(whose), name(to)),
    });
    steps.collect::<Vec<_>>().join("; ")
}
