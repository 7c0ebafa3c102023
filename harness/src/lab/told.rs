//! A decision as a reader is told it: the call, whose profile it is, what happened to its IDs, and why.
//! What happened to an ID is read off its holder before and after, so that all contestants are told alike.

use serde_json::{Value, json};

use super::{
    running::{Running, Step},
    traffic::{Given, Traffic},
};

/// One decision.
#[derive(Clone, Debug)]
pub struct Told {
    /// The number of the call in its traffic, counted from 1.
    pub call: u64,
    /// When it arrived, in seconds since 1970.
    pub at: u64,
    /// Who sent it.
    pub source: String,
    /// `customers`, or the type of the event.
    pub kind: String,
    /// The person behind it, as the population numbers people.
    pub person: u64,
    /// Its IDs, as `cookie=...`.
    pub ids: Vec<String>,
    /// Whose profile it is, by the strategy's own number; nobody's if it was refused.
    pub owner: Option<u64>,
    /// Profiles that became part of the owner.
    pub absorbed: Vec<u64>,
    /// What happened to its IDs.
    pub effects: Vec<Effect>,
    /// The rules that decided.
    pub because: String,
}

/// What happened to one ID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// In a word.
    pub says: Happened,
    /// The type of the ID.
    pub id_type: String,
    /// The ID.
    pub value: String,
    /// The profile that held it, if that is another one.
    pub from: Option<u64>,
}

/// What can happen to an ID of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happened {
    /// Nobody held it; the owner does now.
    Added,
    /// It left a profile that lives on.
    Moved,
    /// It leads elsewhere, or nowhere.
    LeftOut,
}

impl Happened {
    fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Moved => "moved",
            Self::LeftOut => "left out",
        }
    }
}

impl Told {
    /// Takes a call and tells what was decided.
    pub(super) fn take(running: &mut Running<'_>, traffic: &Traffic, number: usize) -> Self {
        let call = traffic.call(number);
        let before: Vec<_> = call.ids.iter().map(|id| running.holder(*id)).collect();
        let step = running.take(&call);
        Self {
            call: number as u64 + 1,
            at: u64::from(call.at),
            source: traffic.source(number).to_owned(),
            kind: traffic.kind(number).to_owned(),
            person: traffic.number_of(call.person),
            ids: call.ids.iter().map(|id| traffic.written(*id)).collect(),
            effects: effects(running, traffic, &call, &before, &step),
            because: step.because(),
            owner: step.owner,
            absorbed: step.absorbed,
        }
    }

    /// Whether it did more than add to a profile what is known of it.
    pub(super) fn changed_identities(&self) -> bool {
        self.owner.is_none() || !self.effects.is_empty() || !self.absorbed.is_empty()
    }

    /// In one sentence, without the call.
    pub fn decided(&self) -> String {
        let Some(owner) = self.owner else {
            return format!("refused ({})", self.because);
        };
        let absorbed = self.absorbed.iter().map(|one| format!(", absorbs #{one}"));
        let effects = self.effects.iter().map(|effect| {
            let from = effect.from.map(|from| match effect.says {
                Happened::LeftOut => format!(", which #{from} holds"),
                Happened::Added | Happened::Moved => format!(" from #{from}"),
            });
            let (says, id_type) = (effect.says.word(), &effect.id_type);
            let value = &effect.value;
            format!(", {says} {id_type}={value}{}", from.unwrap_or_default())
        });
        let rest: String = absorbed.chain(effects).collect();
        format!("to #{owner}{rest} ({})", self.because)
    }

    /// As an entry of a journal, which the identity graph draws.
    pub(crate) fn entry(&self) -> Value {
        let effects = self.effects.iter().map(|effect| {
            json!({
                "effect": effect.says.word(),
                "id_type": effect.id_type,
                "value": effect.value,
                "from": effect.from.filter(|_| effect.says == Happened::Moved),
            })
        });
        let decision = self.owner.map(|owner| {
            json!({"survivor": owner, "absorbed": self.absorbed, "effects": Vec::from_iter(effects)})
        });
        json!({
            "seq": self.call,
            "command": {"kind": format!("{} of person {}", self.kind, self.person)},
            "decision": decision,
        })
    }
}

fn effects(
    running: &Running<'_>,
    traffic: &Traffic,
    call: &Given<'_>,
    before: &[Option<u64>],
    step: &Step,
) -> Vec<Effect> {
    // The truth holds no IDs.
    let Some(owner) = step.owner.filter(|_| !running.is_the_truth()) else {
        return Vec::new();
    };
    let ids = call.ids.iter().zip(before);
    let told = ids.filter_map(|(id, before)| {
        let after = running.holder(*id);
        let elsewhere = before.filter(|one| *one != owner && !step.absorbed.contains(one));
        let (says, from) = match (after, before) {
            (Some(after), None) if after == owner => (Happened::Added, None),
            (Some(after), Some(_)) if after == owner => (Happened::Moved, Some(elsewhere?)),
            _ => (Happened::LeftOut, after.or(elsewhere)),
        };
        Some(Effect {
            says,
            id_type: traffic.type_of(*id).name.clone(),
            value: traffic.text(*id).to_owned(),
            from,
        })
    });
    told.collect()
}
