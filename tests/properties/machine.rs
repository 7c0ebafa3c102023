//! Random histories: the model generates and predicts, the engine is compared after every step.
//! At the end the whole history runs once more, and must say and leave the same.

use std::fmt;

use proptest::{
    prelude::{ProptestConfig, Strategy},
    strategy::BoxedStrategy,
    test_runner::FileFailurePersistence,
};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use twinfold::model::{Model, ModelOutcome};
use twinfold_engine::{Outcome, Project, Rejection, Settings};

use crate::{checks, generate, step::Step};

/// Where seeds of failures are kept: beside the test, to be committed with the fix.
const REGRESSIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/properties/regressions.txt");

/// Histories per run unless `PROPTEST_CASES` says otherwise.
const CASES_DEFAULT: u32 = 2_000;

/// The model with what it last predicted.
#[derive(Clone)]
pub(crate) struct Expected {
    pub(crate) settings: Settings,
    pub(crate) model: Model,
    pub(crate) last: Option<Result<ModelOutcome, Rejection>>,
}

impl fmt::Debug for Expected {
    /// The settings that matter, in few lines: a history starts with them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for t in self.settings.schema.types() {
            let (name, kind, cap) = (&t.name, t.kind, t.values_max);
            writeln!(
                f,
                "{name}: {kind:?} trim={} lowercase={} cap={cap}",
                t.trim, t.lowercase
            )?;
        }
        let switches = self.settings.switches;
        let slugs = [
            switches.unknown_id_type.slug(),
            switches.hard_id_conflict.slug(),
            switches.contested_soft_id.slug(),
            switches.property_conflict.slug(),
        ];
        write!(f, "{}, ", slugs.join(", "))?;
        write!(
            f,
            "attributes_max={}",
            self.settings.customer_attributes_max
        )
    }
}

pub(crate) struct Histories;

impl ReferenceStateMachine for Histories {
    type State = Expected;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Expected> {
        generate::settings()
            .prop_map(|settings| Expected {
                model: Model::new(settings.clone()),
                settings,
                last: None,
            })
            .boxed()
    }

    fn transitions(state: &Expected) -> BoxedStrategy<Step> {
        generate::step(&state.settings.schema)
    }

    fn apply(mut state: Expected, step: &Step) -> Expected {
        state.last = Some(step.with(|command| state.model.apply(command)));
        state
    }
}

pub(crate) struct Engine {
    project: Project,
    settings: Settings,
    history: Vec<Step>,
    pub(crate) outcomes: Vec<Result<Outcome, Rejection>>,
}

impl StateMachineTest for Engine {
    type SystemUnderTest = Self;
    type Reference = Histories;

    fn init_test(expected: &Expected) -> Self {
        Self {
            project: Project::new(expected.settings.clone()),
            settings: expected.settings.clone(),
            history: Vec::new(),
            outcomes: Vec::new(),
        }
    }

    fn apply(mut engine: Self, expected: &Expected, step: Step) -> Self {
        let last = expected.last.as_ref().expect("the model goes first");
        let outcome = checks::step(&mut engine.project, &step, &expected.model, last);
        engine.outcomes.push(outcome);
        engine.history.push(step);
        engine
    }

    fn teardown(engine: Self, _: Expected) {
        engine.is_deterministic();
    }
}

impl Engine {
    /// The same commands with the same times give the same outcomes and the same state.
    pub(crate) fn is_deterministic(&self) {
        let mut again = Project::new(self.settings.clone());
        let outcomes = self
            .history
            .iter()
            .map(|s| s.with(|command| again.apply(command)));
        let outcomes: Vec<_> = outcomes.collect();
        assert_eq!(outcomes, self.outcomes, "determinism: outcomes");
        assert_eq!(
            format!("{again:?}"),
            format!("{:?}", self.project),
            "determinism: states"
        );
    }
}

/// How many histories run, and where a failing seed is kept.
pub(crate) fn config(cases_default: u32) -> ProptestConfig {
    let from_environment = ProptestConfig::default();
    let cases = match std::env::var_os("PROPTEST_CASES") {
        Some(_) => from_environment.cases,
        None => cases_default,
    };
    ProptestConfig {
        cases,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(REGRESSIONS))),
        max_shrink_iters: 20_000,
        ..from_environment
    }
}

prop_state_machine! {
    #![proptest_config(config(CASES_DEFAULT))]

    #[test]
    fn the_engine_agrees_with_the_model(sequential 1..40 => Engine);
}
