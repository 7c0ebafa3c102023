//! Faults at every request of a repair, others who write between any two, and both at once. Without others the project
//! ends as after an undisturbed run; with them nothing is lost or joined by a guess, and one more run mends the rest.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use axum::Router;
use proptest::collection::vec;
use serde_json::json;
use twinfold::{
    fixup::{self, Call, FixUpError, Mode, Outcome, Plan, Policy, Report, RunLog, Step},
    target::ProjectClient,
};
use twinfold_engine::ContestedSoftId;
use twinfold_server::{Projects, router};

use crate::{
    command::{Command, Sent, command},
    concurrent::Judge,
    history::{History, history},
    lived::{self, Customers},
    naive,
    resolving::{self, bits, bits_for, options, policies, runner},
    transport::{Disturbance, Fault, Moment, Seen, Transport},
};

/// Histories per run unless `PROPTEST_CASES` says otherwise; each is repaired many times.
const CASES_DEFAULT: u32 = 8;

/// What was reached, by name.
type Reached = RefCell<BTreeMap<String, usize>>;

fn reach(reached: &Reached, what: String) {
    *reached.borrow_mut().entry(what).or_default() += 1;
}

/// A server with one project in which a history was lived, and a directory for logs.
struct Place<'h> {
    history: &'h History,
    bits: u8,
    server: Router,
    project: ProjectClient,
    directory: tempfile::TempDir,
}

impl<'h> Place<'h> {
    async fn of(history: &'h History, bits: u8) -> Self {
        let server = router(Projects::new());
        let memory = Path::new("/dev/shm");
        let directory = match memory.is_dir() {
            true => tempfile::tempdir_in(memory),
            false => tempfile::tempdir(),
        };
        Self {
            history,
            bits: bits_for(history, bits),
            project: lived::live_in(history, &server).await,
            server,
            directory: directory.unwrap(),
        }
    }

    fn log(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    async fn run(&self, client: &ProjectClient, log: &Path) -> Result<Report, FixUpError> {
        fixup::repair_logged(client, &self.history.told(), &options(self.bits), log).await
    }

    async fn resume(&self, client: &ProjectClient, log: &Path) -> Result<Report, FixUpError> {
        fixup::resume(client, &self.history.told(), log).await
    }

    /// One run on a copy of the project, with what was seen on the way.
    async fn disturbed(&self, disturbance: Disturbance, name: &str) -> Run {
        let fork = self.project.fork().await.unwrap();
        let log = self.log(name);
        let (client, transport) = Transport::client(&self.server, &fork, disturbance, &log);
        let result = self.run(&client, &log).await;
        Run {
            fork,
            log,
            result,
            seen: transport.seen(),
        }
    }
}

struct Run {
    fork: ProjectClient,
    log: PathBuf,
    result: Result<Report, FixUpError>,
    seen: Seen,
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_time().build().unwrap().block_on(work)
}

#[test]
fn faults_at_every_request_change_nothing() {
    let reached = Reached::default();
    let proved = runner(CASES_DEFAULT).run(&(history(), bits()), |(history, bits)| {
        block_on(every_fault(&history, bits, &reached));
        Ok(())
    });
    if let Err(failure) = proved {
        panic!("{failure}");
    }
    let reached = reached.into_inner();
    println!("{reached:#?}");
    for fault in Fault::ALL {
        for step in STEPS.iter().filter(|step| may_hit(fault, **step)) {
            let what = format!("{fault:?} at {}", step.slug());
            assert!(reached.contains_key(&what), "{what} is never reached");
        }
    }
}

const STEPS: [Step; 7] = [
    Step::Identify,
    Step::Realign,
    Step::CopyProperties,
    Step::CopyEvents,
    Step::HandOver,
    Step::ReadBack,
    Step::Anonymize,
];

/// Only batches hold commands, and of these steps each may send one.
fn may_hit(fault: Fault, step: Step) -> bool {
    let sends_batches = matches!(
        step,
        Step::Identify | Step::CopyProperties | Step::CopyEvents
    );
    fault != Fault::Command || sends_batches
}

async fn every_fault(history: &History, bits: u8, reached: &Reached) {
    let place = Place::of(history, bits).await;
    let calm = place.disturbed(Disturbance::default(), "calm").await;
    proved(&calm.result.unwrap());
    let undisturbed = state(&calm.fork).await;
    for fault in Fault::ALL {
        let numbers = match fault {
            Fault::Command => calm.seen.batches.clone(),
            _ => (0..calm.seen.requests).collect(),
        };
        for at in numbers {
            let disturbance = Disturbance {
                fault: Some((at, fault)),
                ..Disturbance::default()
            };
            let run = place
                .disturbed(disturbance, &format!("{fault:?}-{at}"))
                .await;
            let step = run.seen.hit.as_deref().unwrap_or("nothing");
            reach(reached, format!("{fault:?} at {step}"));
            let logged = match &run.result {
                Ok(report) => {
                    proved(report);
                    true
                }
                Err(error) => {
                    let stops = [Fault::Command, Fault::Crash].contains(&fault);
                    assert!(stops, "{fault:?} at {at}: {error}");
                    place.mend(&run, at, reached).await
                }
            };
            // A device that is free since its profile was emptied is known to the log only.
            let frees = history.switches.contested_soft_id == ContestedSoftId::NewerCustomer;
            if frees && !logged {
                continue;
            }
            let told = format!(
                "{fault:?} at request {at} ({step}), policies {}",
                place.bits
            );
            assert_eq!(state(&run.fork).await, undisturbed, "{told}");
        }
    }
}

impl Place<'_> {
    /// A run that broke off goes on: from its log with a torn line, from the log after a second crash, or without it.
    /// Whether the log was there.
    async fn mend(&self, run: &Run, at: usize, reached: &Reached) -> bool {
        if !run.log.exists() || at % 3 == 0 {
            reach(reached, "a run from the start after a crash".to_owned());
            let report = self.run(&run.fork, &self.log(&format!("again-{at}"))).await;
            std::fs::remove_file(self.log(&format!("again-{at}"))).unwrap();
            proved(&report.unwrap());
            return false;
        }
        tear(&run.log);
        if at % 3 == 1 {
            reach(reached, "a crash of the resumed run".to_owned());
            let disturbance = Disturbance {
                fault: Some((at % 5, Fault::Crash)),
                ..Disturbance::default()
            };
            let (client, _) = Transport::client(&self.server, &run.fork, disturbance, &run.log);
            if let Ok(report) = self.resume(&client, &run.log).await {
                proved(&report);
                return true;
            }
            tear(&run.log);
        }
        reach(reached, "a resumed run".to_owned());
        proved(&self.resume(&run.fork, &run.log).await.unwrap());
        true
    }
}

/// A last line as a crash leaves it.
fn tear(log: &Path) {
    let mut text = std::fs::read(log).unwrap();
    text.extend(br#"{"ended":{"at":"#);
    std::fs::write(log, text).unwrap();
}

fn proved(report: &Report) {
    let Outcome::Applied { verification, .. } = &report.outcome else {
        panic!("not applied");
    };
    assert!(verification.is_proved(), "{}", report.text());
}

/// All customers, without the fresh IDs of the anonymous and without times that a write moves on.
async fn state(client: &ProjectClient) -> Customers {
    let mut customers = lived::customers(client).await;
    for customer in customers.values_mut() {
        customer.ids.values_mut().for_each(|values| values.sort());
        let is_rest = customer.ids.values().map(Vec::len).sum::<usize>() == 1
            && customer.properties.keys().all(|name| name != "email");
        if is_rest {
            customer.ids.clear();
        }
        // Realigning again is later, and what is copied from there too.
        if let Some((_, at)) = customer.properties.get_mut("email") {
            *at = 0.0;
        }
    }
    customers
}

/// Histories per run unless `PROPTEST_CASES` says otherwise; each is repaired once per request.
const CONCURRENT_CASES_DEFAULT: u32 = 24;

#[test]
fn others_may_write_between_any_two_requests() {
    let reached = Reached::default();
    let lives = (history(), bits(), vec(command(4), 12));
    let proved = runner(CONCURRENT_CASES_DEFAULT).run(&lives, |(history, bits, others)| {
        block_on(beside_others(&history, bits, &others, &reached));
        Ok(())
    });
    if let Err(failure) = proved {
        panic!("{failure}");
    }
    let reached = reached.into_inner();
    println!("{reached:#?}");
    for step in STEPS {
        let what = format!("others before {}", step.slug());
        assert!(reached.contains_key(&what), "{what} is never reached");
    }
}

async fn beside_others(history: &History, bits: u8, others: &[Command], reached: &Reached) {
    let place = Place::of(history, bits).await;
    let dry = resolving::run(&place.project, history, place.bits, Mode::DryRun).await;
    let mut writes = touching(&dry.plan);
    writes.extend(
        others
            .iter()
            .filter_map(|c| c.sent(|id_type| history.sends(id_type))),
    );
    let calm = place.disturbed(Disturbance::default(), "calm").await;
    for at in 0..calm.seen.requests {
        let before = lived::customers(&place.project).await;
        let two = [at * 7 % writes.len(), (at * 5 + 3) % writes.len()];
        let some = two.map(|one| writes[one].clone()).to_vec();
        let fault = (at % 4 == 3).then(|| (at + 1, Fault::ALL[at / 4 % Fault::ALL.len()]));
        let disturbance = Disturbance {
            fault,
            traffic: BTreeMap::from([(at, some.clone())]),
        };
        let name = format!("beside-{at}");
        let mut run = place.disturbed(disturbance.clone(), &name).await;
        let told = format!(
            "{some:#?} before request {at}, {fault:?}, policies {}",
            place.bits
        );
        place.judge(&run, &before, reached, &told).await;
        if let Some((_, fault)) = fault.filter(|_| run.seen.hit.is_some()) {
            reach(reached, format!("others and {fault:?}"));
        }
        // A crash is resumed from its log, if it came so far.
        if run.result.is_err() && run.log.exists() {
            run.result = place.resume(&run.fork, &run.log).await;
        }
        place.once_more(&run.fork, &told).await;
    }
}

/// What others may write about those whom the plan is about: everything that can change under its hands.
fn touching(plan: &Plan) -> Vec<Sent> {
    let touching = |call: &Call| {
        let (own, hard) = (&call.own, &call.hard_id);
        let ids = |id: &fixup::Id| json!({&id.id_type: id.value});
        let track = |id| json!({"customer_ids": ids(id), "event_type": "view", "properties": {"item": "late"}});
        let set = |id, name: &str, value: &str| json!({"customer_ids": ids(id), "properties": {name: value}});
        let mut moved = ids(own);
        moved["registered"] = json!("somebody@else.example");
        vec![
            Sent::Track("customers/events", track(own)),
            Sent::Track("customers", set(own, "city", "Late")),
            Sent::Anonymize(json!({"customer_ids": ids(own)})),
            Sent::Track(
                "customers",
                json!({"customer_ids": moved, "properties": {}}),
            ),
            Sent::Track("customers", set(own, "email", "somebody@else.example")),
            Sent::Track("customers/events", track(hard)),
            Sent::Track("customers", set(hard, "city", "Late too")),
            Sent::Anonymize(json!({"customer_ids": ids(hard)})),
            Sent::Track("customers", set(hard, "email", "somebody@else.example")),
        ]
    };
    plan.calls().flat_map(|(_, call)| touching(call)).collect()
}

impl Place<'_> {
    /// Laws 2 and 3, as far as the run came.
    async fn judge(&self, run: &Run, before: &Customers, reached: &Reached, told: &str) {
        let logged = run
            .log
            .exists()
            .then(|| RunLog::resume(&run.log).unwrap().1);
        let plan = logged.as_ref().map(|logged| &logged.plan);
        let after = lived::customers(&run.fork).await;
        let mut judge = Judge::new(self.history, plan, before);
        let checked = std::panic::AssertUnwindSafe(|| judge.check(&run.seen.moments, &after));
        let checked = std::panic::catch_unwind(checked);
        assert!(checked.is_ok(), "{told}");
        for (what, count) in judge.races {
            *reached.borrow_mut().entry(what.to_owned()).or_default() += count;
        }
        for moment in &run.seen.moments {
            if let Moment::Traffic { step, .. } = moment {
                reach(reached, format!("others before {step}"));
            }
        }
    }

    /// Law 1 after one more run, beside which nobody writes.
    async fn once_more(&self, client: &ProjectClient, told: &str) {
        let report = resolving::run(client, self.history, self.bits, Mode::Apply).await;
        let Outcome::Applied { verification, .. } = &report.outcome else {
            panic!("not applied");
        };
        assert!(verification.is_proved(), "{told}: {}", report.text());
        let after = lived::customers(client).await;
        let listed = crate::laws::listed(&report.plan);
        for (key, members) in naive::members(&after) {
            let one = members.all.len() == 1 || listed.contains(key.as_str());
            assert!(one, "law 1: `{key}` has {members:?}: {told}");
        }
        for (key, conflict) in report.plan.conflicts() {
            let may_stay = policies(self.bits).of(conflict.kind) == Policy::Report;
            assert!(may_stay, "law 1: `{key}` is listed: {conflict:?}: {told}");
        }
        let second = resolving::run(client, self.history, self.bits, Mode::DryRun).await;
        assert_eq!(
            second.plan.calls().count(),
            0,
            "law 1: {told}: {}",
            second.text()
        );
    }
}
