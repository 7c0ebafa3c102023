//! One call, taken: how the engine and a ledger are asked, and what they decided.

use twinfold_engine::{
    Action, Command, GivenId, Json, Outcome, Project, PropertiesGiven, Rejection, Timestamp,
    ledger::{
        Because, GivenProperty, Ledger, LedgerAction, LedgerCommand, LedgerId, ProfileNumber,
        PropertyWrite, Verdict,
    },
};

use super::traffic::{Given, Traffic};

/// What a contestant decided about one call.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// Whose profile it is; nobody's if the call was refused.
    pub(super) owner: Option<u64>,
    /// Profiles that are part of the owner from now on.
    pub(super) absorbed: Vec<u64>,
    because: Why,
}

impl Step {
    /// The oracle's: the person is the profile.
    pub(super) fn of_truth(person: u32) -> Self {
        Self {
            owner: Some(u64::from(person)),
            absorbed: Vec::new(),
            because: Why::Truth,
        }
    }
}

#[derive(Clone, Debug)]
enum Why {
    Truth,
    Outcome(Result<Box<Outcome>, Rejection>),
    /// The rule for the call, then those for what was asked for behind it.
    Verdict(Because, Vec<Because>),
}

impl Step {
    /// The rules that decided, as a journal or a ledger names them.
    pub(super) fn because(&self) -> String {
        match &self.because {
            Why::Truth => "the truth".to_owned(),
            Why::Verdict(because, asked) => {
                let asked = asked
                    .iter()
                    .map(|because| format!(", asked for: {}", because.slug()));
                because.slug().to_owned() + &asked.collect::<String>()
            }
            Why::Outcome(Err(rejection)) => format!("rejected: {rejection}"),
            Why::Outcome(Ok(outcome)) => {
                let rules = outcome.decision.because.iter();
                Vec::from_iter(rules.map(|rule| rule.slug())).join(", ")
            }
        }
    }
}

pub(super) fn set(
    project: &mut Project,
    traffic: &Traffic,
    given: &Given<'_>,
) -> Result<Box<Outcome>, Rejection> {
    let ids = given.ids.iter().map(|id| traffic.given_id(*id));
    let ids: Vec<GivenId<'_>> = ids.collect();
    let properties = given.sets.iter();
    let properties = properties.map(|set| (traffic.name(*set), Json(traffic.value(*set))));
    let properties: Vec<(&str, Json<'_>)> = properties.collect();
    let action = Action::SetProperties {
        ids: &ids,
        properties: PropertiesGiven::Object(&properties),
        update_timestamp: Timestamp::new(f64::from(given.happened_at)),
    };
    let at = Timestamp::new(f64::from(given.at)).unwrap_or_default();
    project.apply(&Command { at, action }).map(Box::new)
}

pub(super) fn call(
    ledger: &mut Ledger,
    traffic: &Traffic,
    given: &Given<'_>,
    event: u32,
) -> Verdict {
    let properties = given.sets.iter().map(|set| GivenProperty {
        name: traffic.name(*set),
        value: Json(traffic.value(*set)),
        write: PropertyWrite::Replaces,
        set_at: Timestamp::new(f64::from(given.happened_at)).unwrap_or_default(),
        rank: given.rank,
    });
    let properties: Vec<GivenProperty<'_>> = properties.collect();
    ledger.apply(&LedgerCommand {
        at: Timestamp::new(f64::from(given.at)).unwrap_or_default(),
        action: LedgerAction::Call {
            ids: given.ids,
            properties: &properties,
            event: Some(event),
        },
    })
}

pub(super) fn told(outcome: Result<Box<Outcome>, Rejection>) -> Step {
    let decision = outcome.as_ref().ok().map(|outcome| &outcome.decision);
    let absorbed = decision.map(|decision| {
        let absorbed = decision.absorbed.iter();
        absorbed.map(|one| u64::from(one.number())).collect()
    });
    Step {
        owner: decision.map(|decision| u64::from(decision.survivor.number())),
        absorbed: absorbed.unwrap_or_default(),
        because: Why::Outcome(outcome),
    }
}

/// What a shop asks for whose product joins profiles only when it is told to: at a log-in, that the anonymous past of the
/// device becomes the person's. All of it takes place before the next call.
pub(super) fn log_in(ledger: &mut Ledger, traffic: &Traffic, given: &Given<'_>) -> Vec<Verdict> {
    let is_hard = |id: &LedgerId| traffic.type_of(*id).is_hard;
    let mut verdicts = Vec::new();
    let Some(target) = given.ids.iter().copied().find(is_hard) else {
        return verdicts;
    };
    let at = Timestamp::new(f64::from(given.at)).unwrap_or_default();
    for source in given.ids.iter().copied().filter(|id| !is_hard(id)) {
        let anonymous = ledger.profile_of(source);
        let anonymous = anonymous.filter(|one| Some(*one) != ledger.profile_of(target));
        if anonymous.is_none_or(|one| ledger.ids_of(one).any(|id| is_hard(&id))) {
            continue;
        }
        let action = LedgerAction::Merge { source, target };
        verdicts.push(ledger.apply(&LedgerCommand { at, action }));
        while let Some(waiting) = ledger.waiting().first() {
            let action = LedgerAction::Settle(waiting.number);
            verdicts.push(ledger.apply(&LedgerCommand { at, action }));
        }
    }
    verdicts
}

pub(super) fn judged(verdict: &Verdict, asked: &[Verdict], owner: Option<ProfileNumber>) -> Step {
    let absorbed = verdict.absorbed.iter();
    let absorbed = absorbed.chain(asked.iter().flat_map(|asked| &asked.absorbed));
    let asked = asked.iter().map(|asked| asked.because);
    Step {
        owner: owner.map(|one| u64::from(one.0)),
        absorbed: absorbed.map(|one| u64::from(one.0)).collect(),
        because: Why::Verdict(verdict.because, asked.collect()),
    }
}
