//! A look-up, not a merge: each call is answered with one profile, by the log-in first and the device then.
//! The modes differ in what a new log-in and a log-out lead to.

use super::super::{Because, LedgerId, Owner, Verdict, View};

/// What a new log-in does with the anonymous profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// It is written onto it.
    Conversion,
    /// It gets a profile of its own, and the anonymous one is left for good.
    Link,
    /// It gets a profile of its own, and the anonymous one waits for the log-out.
    Isolation,
}

pub(super) fn decide(view: &View<'_>, ids: &[LedgerId], mode: Mode) -> Verdict {
    let Some(first) = ids.first() else {
        return Verdict::new(Owner::Nobody, Because::Missing);
    };
    let logins = ids.iter().copied().filter(|id| view.is_hard(*id));
    let devices = ids.iter().copied().filter(|id| !view.is_hard(*id));
    if !view.is_hard(*first) {
        return anonymous(view, devices);
    }
    let known = logins.clone().find_map(|id| view.holder(id));
    let converted = (mode == Mode::Conversion && known.is_none())
        .then(|| devices.clone().find_map(|id| view.holder(id)))
        .flatten();
    let fresh = logins.filter(|id| view.holder(*id).is_none());
    let mut verdict = Verdict::found_or_created(known.or(converted), Because::LookedUp).with(fresh);
    // What leads from the device to its anonymous profile ends with it.
    verdict.released = match mode {
        Mode::Conversion => devices
            .filter(|id| converted.is_some() && view.holder(*id) == converted)
            .collect(),
        Mode::Link => devices.filter(|id| view.holder(*id).is_some()).collect(),
        Mode::Isolation => alloc::vec::Vec::new(),
    };
    verdict
}

fn anonymous(view: &View<'_>, devices: impl Iterator<Item = LedgerId> + Clone) -> Verdict {
    let known = devices.clone().find_map(|id| view.holder(id));
    let fresh = devices.filter(|id| view.holder(*id).is_none());
    Verdict::found_or_created(known, Because::LookedUp).with(fresh)
}
