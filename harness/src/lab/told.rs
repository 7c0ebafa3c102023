//! A decision as a reader is told it: the call, whose profile it is, what happened to its IDs, and why.
//! What happened to an ID is read off its holder before and after, so that all contestants are told alike.

use serde_json::{Value, json};

use super::{
    running::Running,
    step::Step,
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
    /// No call, but the batch run of the strategy when all calls of a story have come.
    pub is_batch: bool,
    /// Whose profile it is, by the strategy's own number; nobody's if it was refused, and a batch run has none.
    pub owner: Option<u64>,
    /// Profiles that became part of the owner.
    pub absorbed: Vec<u64>,
    /// What happened to its IDs; in a story to those of other calls as well.
    pub effects: Vec<Effect>,
    /// In a story: others whose calls are on the profile, where this is the first of its person.
    pub beside: Vec<u64>,
    /// Earlier calls of a story that changed hands though no profile ended.
    pub calls_moved: Vec<CallsMoved>,
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
    /// The profile that holds it now, if that is not the owner.
    pub to: Option<u64>,
}

/// Earlier calls that went from one profile to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallsMoved {
    /// How many.
    pub calls: u64,
    /// Whose they were.
    pub from: u64,
    /// Whose they are.
    pub to: u64,
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
    /// It leads nowhere any more.
    LetGo,
}

impl Happened {
    fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Moved => "moved",
            Self::LeftOut => "left out",
            Self::LetGo => "let go",
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
            is_batch: false,
            owner: step.owner,
            absorbed: step.absorbed,
            beside: Vec::new(),
            calls_moved: Vec::new(),
        }
    }

    /// The batch run behind the last call of a story.
    pub(super) fn batch(last: &Self) -> Self {
        Self {
            is_batch: true,
            ids: Vec::new(),
            effects: Vec::new(),
            kind: "batch run".to_owned(),
            because: "batch run".to_owned(),
            owner: None,
            absorbed: Vec::new(),
            beside: Vec::new(),
            calls_moved: Vec::new(),
            ..last.clone()
        }
    }

    /// Who did what, without its IDs.
    pub fn says(&self) -> String {
        match self.is_batch {
            true => "the batch run behind this call".to_owned(),
            false => format!("{} of person {}", self.kind, self.person),
        }
    }

    /// Whether it did more than add to a profile what is known of it.
    pub(super) fn changed_identities(&self) -> bool {
        self.stirs() || !self.effects.is_empty()
    }

    /// Whether it brought people together or parted what was together; what only adds to a profile does not.
    pub(super) fn stirs(&self) -> bool {
        let stirs = |effect: &Effect| effect.says != Happened::Added;
        (self.owner.is_none() && !self.is_batch)
            || !self.absorbed.is_empty()
            || !self.beside.is_empty()
            || !self.calls_moved.is_empty()
            || self.effects.iter().any(stirs)
    }

    /// Every profile that it touched.
    pub(super) fn profiles(&self) -> impl Iterator<Item = u64> {
        let ends = |effect: &Effect| [effect.from, effect.to];
        let of_ids = self.effects.iter().flat_map(ends).flatten();
        let of_calls = self.calls_moved.iter().flat_map(|one| [one.from, one.to]);
        let owner = self.owner.into_iter();
        owner
            .chain(self.absorbed.iter().copied())
            .chain(of_ids)
            .chain(of_calls)
    }

    /// In one sentence, without the call.
    pub fn decided(&self) -> String {
        let to = match self.owner {
            Some(owner) => format!("to #{owner}"),
            None if self.is_batch => "put together anew".to_owned(),
            None => return format!("refused ({})", self.because),
        };
        let absorbed = self.absorbed.iter().map(|one| format!(", absorbs #{one}"));
        let effects = self.effects.iter().map(|effect| {
            let from = effect.from.map(|from| match effect.says {
                Happened::LeftOut => format!(", which #{from} holds"),
                Happened::Added | Happened::Moved | Happened::LetGo => format!(" from #{from}"),
            });
            let to = effect.to.map(|to| format!(" to #{to}"));
            let (says, id_type) = (effect.says.word(), &effect.id_type);
            let value = &effect.value;
            let (from, to) = (from.unwrap_or_default(), to.unwrap_or_default());
            format!(", {says} {id_type}={value}{from}{to}")
        });
        let moved = self.calls_moved.iter();
        let moved = moved.map(|one| format!(", {} from #{} to #{}", one.says(), one.from, one.to));
        let beside = self.beside_others().into_iter();
        let beside = beside.map(|beside| format!(", {beside}"));
        let rest: String = absorbed.chain(effects).chain(moved).chain(beside).collect();
        format!("{to}{rest} ({})", self.because)
    }

    fn beside_others(&self) -> Option<String> {
        let others: Vec<String> = self.beside.iter().map(u64::to_string).collect();
        (!others.is_empty()).then(|| format!("beside person {}", others.join(", ")))
    }

    /// As an entry of a journal, which the identity graph draws.
    pub(crate) fn entry(&self) -> Value {
        let effects = self.effects.iter().map(|effect| {
            json!({
                "effect": effect.says.word(),
                "id_type": effect.id_type,
                "value": effect.value,
                "from": effect.from.filter(|_| effect.says == Happened::Moved),
                "to": effect.to,
            })
        });
        let moved = self.calls_moved.iter();
        let moved = moved.map(|one| json!({"effect": one.says(), "from": one.from, "to": one.to}));
        let beside = self.beside_others().into_iter();
        let beside = beside.map(|beside| json!({"effect": beside}));
        let effects = effects.chain(moved).chain(beside);
        // A batch run is drawn in the lane of the first profile that it changed.
        let survivor = self.owner.or_else(|| self.profiles().next());
        let decision = survivor.map(|owner| {
            json!({"survivor": owner, "absorbed": self.absorbed, "effects": Vec::from_iter(effects)})
        });
        json!({
            "seq": self.call,
            "command": {"kind": self.says()},
            "decision": decision,
        })
    }
}

impl CallsMoved {
    fn says(self) -> String {
        match self.calls {
            1 => "1 earlier call".to_owned(),
            calls => format!("{calls} earlier calls"),
        }
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
            (None, Some(_)) => (Happened::LetGo, *before),
            _ => (Happened::LeftOut, after),
        };
        Some(Effect {
            says,
            id_type: traffic.type_of(*id).name.clone(),
            value: traffic.text(*id).to_owned(),
            from,
            to: None,
        })
    });
    told.collect()
}
