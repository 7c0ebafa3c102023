//! Faults at every request of a repair: whatever happens, the project ends as after an undisturbed run.
//! A run that broke off goes on from a torn log, after a second crash, or without its log.

use std::path::Path;

use twinfold::{
    fixup::{Outcome, Report, Step},
    target::ProjectClient,
};
use twinfold_engine::ContestedSoftId;

use crate::{
    history::{History, history},
    lived::{self, Customers},
    place::{Place, Reached, Run, STEPS, block_on, reach},
    resolving::{bits, runner},
    transport::{Disturbance, Fault, Transport},
};

/// Histories per run unless `PROPTEST_CASES` says otherwise; each is repaired many times.
const CASES_DEFAULT: u32 = 8;

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
    proved(calm.result.as_ref().unwrap());
    let hands_over = calm
        .result
        .as_ref()
        .unwrap()
        .plan
        .calls()
        .any(|(_, call)| call.step == Step::HandOver);
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
            let remembers = match &run.result {
                Ok(report) => {
                    proved(report);
                    true
                }
                Err(error) => {
                    assert!(fault.stops(), "{fault:?} at {at}: {error}");
                    place.mend(&run, at, reached).await
                }
            };
            // A device that is free since its profile was emptied is known to the log only.
            let frees = history.switches.contested_soft_id == ContestedSoftId::NewerCustomer;
            if frees && hands_over && !remembers {
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
    /// Whether all is known that was known before: there was no log yet, or it was gone on from.
    async fn mend(&self, run: &Run, at: usize, reached: &Reached) -> bool {
        if !run.log.exists() || at.is_multiple_of(3) {
            reach(reached, "a run from the start after a crash".to_owned());
            let report = self.run(&run.fork, &self.log(&format!("again-{at}"))).await;
            std::fs::remove_file(self.log(&format!("again-{at}"))).unwrap();
            proved(&report.unwrap());
            return !run.log.exists();
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
