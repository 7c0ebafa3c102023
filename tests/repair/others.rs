//! Others who write between any two requests of a repair, to those whom the plan is about, in a quarter together with a
//! fault: nothing is lost, doubled or joined by a guess, and one more run mends the rest.

use std::collections::BTreeMap;

use proptest::collection::vec;
use serde_json::json;
use twinfold::{
    fixup::{self, Call, Mode, Outcome, Plan, Policy, RunLog},
    target::ProjectClient,
};

use crate::{
    command::{Command, Sent, command},
    concurrent::Judge,
    history::{History, history},
    lived::{self, Customers},
    naive,
    place::{Place, Reached, Run, STEPS, block_on, reach},
    resolving::{self, bits, policies, runner},
    transport::{Disturbance, Fault, Moment, Transport},
};

/// Histories per run unless `PROPTEST_CASES` says otherwise; each is repaired once per request.
const CASES_DEFAULT: u32 = 24;

#[test]
fn others_may_write_between_any_two_requests() {
    let reached = Reached::default();
    let lives = (history(), bits(), vec(command(4), 12));
    let proved = runner(CASES_DEFAULT).run(&lives, |(history, bits, others)| {
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
    if writes.is_empty() {
        return;
    }
    let calm = place.disturbed(Disturbance::default(), "calm").await;
    for at in 0..calm.seen.requests {
        let before = lived::customers(&place.project).await;
        let two = [at * 7 % writes.len(), (at * 5 + 3) % writes.len()];
        let some = two.map(|one| writes[one].clone()).to_vec();
        let fault = (at % 4 == 3).then(|| (at + 1, Fault::ALL[at / 4 % Fault::ALL.len()]));
        let disturbance = Disturbance {
            fault,
            traffic: BTreeMap::from([(at, some.clone())]),
            ..Disturbance::default()
        };
        let name = format!("beside-{at}");
        let mut run = place.disturbed(disturbance.clone(), &name).await;
        let told = format!(
            "{some:#?} before request {at}, {fault:?}, policies {}",
            place.bits
        );
        let hit = fault.filter(|_| run.seen.hit.is_some());
        if let Some((_, fault)) = hit {
            reach(reached, format!("others and {fault:?}"));
        }
        match &run.result {
            Ok(_) => {}
            Err(error) => {
                let stops = hit.is_some_and(|(_, fault)| fault.stops());
                assert!(stops, "{told}: {error}");
                place.go_on(&mut run, &told).await;
            }
        }
        place
            .judge(&run, &before, hit.is_some(), reached, &told)
            .await;
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
    /// A run that broke off is resumed from its log, if it came so far, and watched on.
    async fn go_on(&self, run: &mut Run, told: &str) {
        if !run.log.exists() {
            return;
        }
        let disturbance = Disturbance {
            first: run.seen.requests,
            is_watched: true,
            ..Disturbance::default()
        };
        let (client, transport) = Transport::client(&self.server, &run.fork, disturbance, &run.log);
        run.result = self.resume(&client, &run.log).await;
        if let Err(error) = &run.result {
            panic!("{told}, resumed: {error}");
        }
        run.seen.moments.extend(transport.seen().moments);
    }

    /// Laws 2 and 3, over the whole run.
    async fn judge(
        &self,
        run: &Run,
        before: &Customers,
        has_fault: bool,
        reached: &Reached,
        told: &str,
    ) {
        let logged = run
            .log
            .exists()
            .then(|| RunLog::resume(&run.log).unwrap().1);
        let plan = logged.as_ref().map(|logged| &logged.plan);
        let after = lived::customers(&run.fork).await;
        let mut judge = Judge::new(self.history, plan, before, has_fault);
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
