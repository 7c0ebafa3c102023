//! Scenarios are run: each in a project of its own, many at a time, with their verdicts in the order of the files.
//! A failed statement does not end a run, a failed action does.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::{sync::Semaphore, task::JoinSet, time::Instant};
use twinfold_server::Credentials as DefaultCredentials;

use super::{
    Scenario,
    abroad::{self, Footprint, ForeignProject},
    decisions, fault, goal,
    hooks::Hooks,
    journal, project,
    step::{Abroad, Step},
    verdict::{Record, Verdict},
    world::World,
};
use crate::{
    problem::Problem,
    target::{Credentials, InProcess, ProjectClient, ShownAs, Target, TargetError},
};

/// Where and how scenarios are run.
#[derive(Clone, Debug)]
pub struct Runner {
    target: Target,
    hooks: Hooks,
    at_once_max: usize,
    fails_fast: bool,
    records: bool,
}

impl Runner {
    /// Runs go to `target`, four at a time.
    pub fn new(target: Target, hooks: Hooks) -> Self {
        Self {
            target,
            hooks,
            at_once_max: 4,
            fails_fast: false,
            records: false,
        }
    }

    /// The same runner with at most `count` scenarios at a time, at least one.
    pub fn at_once(mut self, count: usize) -> Self {
        self.at_once_max = count.max(1);
        self
    }

    /// The same runner; after the first failure nothing new is begun, if so said.
    pub fn fail_fast(mut self, fails_fast: bool) -> Self {
        self.fails_fast = fails_fast;
        self
    }

    /// The same runner; verdicts keep the file and the journal of every case, if so said.
    pub fn recording(mut self, records: bool) -> Self {
        self.records = records;
        self
    }

    /// Runs all scenarios; the verdicts are in the order of `scenarios`.
    pub async fn run(&self, scenarios: &[Arc<Scenario>]) -> Vec<Verdict> {
        let permits = Arc::new(Semaphore::new(self.at_once_max));
        let has_failed = Arc::new(AtomicBool::new(false));
        let mut tasks = JoinSet::new();
        for (index, scenario) in scenarios.iter().enumerate() {
            let (runner, scenario) = (self.clone(), Arc::clone(scenario));
            let (permits, has_failed) = (Arc::clone(&permits), Arc::clone(&has_failed));
            tasks.spawn(async move {
                let _permit = permits.acquire_owned().await;
                if runner.fails_fast && has_failed.load(Ordering::Relaxed) {
                    return (index, left_out(&scenario));
                }
                let verdict = runner.run_one(&scenario).await;
                has_failed.fetch_or(verdict.failed(), Ordering::Relaxed);
                (index, verdict)
            });
        }
        let mut verdicts: Vec<Verdict> = scenarios
            .iter()
            .map(|scenario| broken_off(scenario))
            .collect();
        while let Some(done) = tasks.join_next().await {
            if let Ok((index, verdict)) = done {
                verdicts[index] = verdict;
            }
        }
        if self.records {
            for (verdict, scenario) in verdicts.iter_mut().zip(scenarios) {
                verdict.scenario = Some(Arc::clone(scenario));
            }
        }
        verdicts
    }

    async fn run_one(&self, scenario: &Scenario) -> Verdict {
        run_cases(scenario, &self.target, &self.hooks, self.records).await
    }
}

/// Runs scenarios on a project that is not ours, one after the other, each as far as it can be compared there.
pub async fn run_abroad(
    scenarios: &[Arc<Scenario>],
    project: &ForeignProject,
    ours: &Target,
    hooks: &Hooks,
) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    for scenario in scenarios {
        let start = Instant::now();
        let verdict = abroad::run(scenario, project, ours, hooks).await;
        verdicts.push(Verdict {
            elapsed: start.elapsed(),
            ..verdict
        });
    }
    verdicts
}

/// What scenarios would write to a project that is not ours.
pub async fn footprint(
    scenarios: &[Arc<Scenario>],
    project: &ForeignProject,
    ours: &Target,
    hooks: &Hooks,
) -> Result<Footprint, TargetError> {
    let mut sum = Footprint::default();
    for scenario in scenarios {
        sum = sum.with(abroad::footprint(scenario, project, ours, hooks).await?);
    }
    Ok(sum)
}

/// Runs one scenario, once for each of its variants, each time in a fresh project that is deleted afterwards.
pub async fn run_scenario(scenario: &Scenario, target: &Target, hooks: &Hooks) -> Verdict {
    run_cases(scenario, target, hooks, false).await
}

async fn run_cases(scenario: &Scenario, target: &Target, hooks: &Hooks, records: bool) -> Verdict {
    let start = Instant::now();
    let mut verdict = Verdict {
        has_run: true,
        ..empty(scenario)
    };
    for case in scenario.cases() {
        let mut done = run_case(scenario, &case.steps, target, hooks, records).await;
        let suffix = case.suffix();
        for record in &mut done.records {
            record.variant.clone_from(&suffix);
        }
        verdict.has_run &= done.has_run;
        verdict.problems.extend(
            done.problems
                .into_iter()
                .map(|problem| problem.in_variant(&suffix)),
        );
        verdict.calls.extend(done.calls);
        verdict.records.extend(done.records);
        verdict.rewrites.extend(done.rewrites);
        verdict.imports.extend(done.imports);
        verdict.fix_ups.extend(done.fix_ups);
        verdict.notes.extend(done.notes);
    }
    verdict.elapsed = start.elapsed();
    verdict
}

pub(super) fn empty(scenario: &Scenario) -> Verdict {
    Verdict {
        path: scenario.path().to_owned(),
        title: scenario.front().title.clone(),
        evidence: scenario.front().evidence,
        ..Verdict::default()
    }
}

fn left_out(scenario: &Scenario) -> Verdict {
    Verdict {
        was_left_out: true,
        has_run: true,
        ..empty(scenario)
    }
}

fn broken_off(scenario: &Scenario) -> Verdict {
    let problem = Problem::new(
        scenario.source(),
        0..3,
        "the run broke off; this is a bug of twinfold",
    );
    Verdict {
        problems: vec![problem],
        ..empty(scenario)
    }
}

async fn run_case(
    scenario: &Scenario,
    steps: &[Step],
    target: &Target,
    hooks: &Hooks,
    records: bool,
) -> Verdict {
    let mut verdict = empty(scenario);
    let top = |error: TargetError| Problem::new(scenario.source(), 0..3, error.to_string());
    let client = match project::create(target, scenario.front().project_settings()).await {
        Ok(client) => client,
        Err(error) => {
            verdict
                .problems
                .push(top(error).help("the project of this scenario could not be made"));
            return verdict;
        }
    };
    let mut world = World::new(client.clone(), scenario.front().ids.clone(), hooks.clone());
    let ended = play(scenario, steps, &mut world).await;
    verdict.has_run = true;
    verdict.problems = world.failures;
    verdict.problems.extend(ended.err());
    if records {
        match project::journal(&client).await {
            Ok(entries) => verdict.records.push(Record {
                variant: String::new(),
                entries,
            }),
            Err(error) => verdict.problems.push(top(error)),
        }
    }
    verdict
        .problems
        .extend(project::delete(&client).await.map_err(top).err());
    if verdict.failed() {
        verdict.calls = calls(&client);
    }
    verdict.rewrites = world.rewrites;
    verdict.imports = world.imports;
    verdict.fix_ups = world.fix_ups;
    verdict.notes = world.notes;
    verdict
}

/// As they would be sent to the first project of `twinfold serve`, because this one is gone.
fn calls(client: &ProjectClient) -> Vec<String> {
    let first = DefaultCredentials::of_default_project();
    let shown = ShownAs {
        base_url: InProcess::BASE_URL.to_owned(),
        credentials: Credentials {
            token: first.token,
            api_key_id: first.api_key_id,
            api_secret: first.api_secret,
            public_token: first.public_token,
            access_groups: Vec::new(),
        },
    };
    let calls = client.calls.taken();
    let texts = calls
        .iter()
        .map(|call| call.text(&client.credentials, &shown));
    texts.collect()
}

/// One step; what it states and does not see is noted in the world.
pub(super) async fn play_step(step: &Step, world: &mut World) -> Result<(), Problem> {
    match world.is_abroad && step.abroad() == Abroad::LeftOut {
        true => Ok(()),
        false => step.run(world).await,
    }
}

pub(super) async fn play(
    scenario: &Scenario,
    steps: &[Step],
    world: &mut World,
) -> Result<(), Problem> {
    for step in scenario.given() {
        step.run(world).await?;
    }
    if let Some(last) = scenario.given().last() {
        decisions::skip(last.block(), world).await?;
        journal::skip(last.block(), world).await?;
    }
    for step in steps {
        step.run(world).await?;
    }
    fault::check(world).await?;
    goal::check(world).await
}
