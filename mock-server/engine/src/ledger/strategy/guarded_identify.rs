//! The first ID of a call is its target, every other one a source that is folded into it.
//! A source that is identified already is not, unless nobody holds the target: that branch has no guard.

use super::super::{Because, LedgerId, Owner, ProfileNumber, Verdict, View};

/// Where identified profiles are protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guard {
    /// As published.
    WhereBothKnown,
    /// Also where nobody holds the target.
    Everywhere,
    Off,
}

/// Refused in any case of letters.
const WORDS: [&str; 10] = [
    "anonymous",
    "guest",
    "distinctid",
    "distinct_id",
    "id",
    "not_authenticated",
    "email",
    "undefined",
    "true",
    "false",
];

/// Refused as written.
const EXACT: [&str; 6] = ["[object Object]", "NaN", "None", "none", "null", "0"];

pub(super) fn refuses(value: &str) -> bool {
    let bare = value
        .trim()
        .trim_matches(|letter| letter == '"' || letter == '\'');
    bare.is_empty()
        || EXACT.contains(&bare)
        || WORDS.iter().any(|word| word.eq_ignore_ascii_case(bare))
}

pub(super) fn decide(view: &View<'_>, ids: &[LedgerId], guard: Guard) -> Verdict {
    let Some((target, sources)) = ids.split_first() else {
        return Verdict::new(Owner::Nobody, Because::Missing);
    };
    let mut owner = view.holder(*target);
    let mut verdict = Verdict::found_or_created(owner, Because::OneKnown).with([*target]);
    for source in sources {
        match (view.holder(*source), owner) {
            (None, _) => verdict.attached.push(*source),
            (Some(known), None) if is_refused(view, known, guard == Guard::Everywhere) => {
                verdict.dropped.push(*source);
                verdict.because = Because::MergeRefused;
            }
            (Some(known), None) => {
                owner = Some(known);
                verdict.owner = Owner::Found(known);
                verdict.because = Because::OneKnown;
            }
            (Some(known), Some(own)) if known == own => {}
            (Some(known), Some(_)) if is_refused(view, known, guard != Guard::Off) => {
                verdict.dropped.push(*source);
                verdict.because = Because::MergeRefused;
            }
            (Some(known), Some(_)) => {
                verdict.absorbed.push(known);
                verdict.because = Because::Merged;
            }
        }
    }
    verdict.marks_identified = sources.len() > verdict.dropped.len();
    verdict
}

fn is_refused(view: &View<'_>, source: ProfileNumber, is_guarded: bool) -> bool {
    is_guarded && view.books.is_identified(source)
}
