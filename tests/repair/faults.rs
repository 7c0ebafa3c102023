//! Faults at every call of a repair: a lost reply, a duplicate delivery, 429, 5xx, and a crash with a
//! resumed run. Whatever happens, the project ends as after an undisturbed run.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body, extract::State, response::Response};
use http_body_util::BodyExt;
use tower::ServiceExt;
use twinfold::{
    fixup::{self, FixUpError, Outcome, Report},
    target::{InProcess, ProjectClient, Retry, Target},
};
use twinfold_server::{Projects, router};

use crate::{
    history::{History, history},
    lived::{self, Customers},
    resolving::{bits, bits_for, options, runner},
};

/// Histories per run unless `PROPTEST_CASES` says otherwise; each is repaired many times.
const CASES_DEFAULT: u32 = 8;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    /// Carried out, and the reply is lost.
    LostReply,
    /// Carried out twice.
    Twice,
    /// Not carried out.
    Status(u16),
    /// Nothing is answered from here on.
    Crash,
}

const FAULTS: [Fault; 4] = [
    Fault::LostReply,
    Fault::Twice,
    Fault::Status(429),
    Fault::Status(503),
];

/// The server behind a transport that fails at one request.
#[derive(Clone)]
struct Faulty {
    inner: Router,
    requests: Arc<AtomicUsize>,
    at: usize,
    fault: Fault,
}

impl Faulty {
    fn client(
        inner: &Router,
        project: &ProjectClient,
        at: usize,
        fault: Fault,
    ) -> (ProjectClient, Self) {
        let faulty = Self {
            inner: inner.clone(),
            requests: Arc::default(),
            at,
            fault,
        };
        let router = Router::new().fallback(answer).with_state(faulty.clone());
        let target = Target::InProcess(InProcess::new(router));
        let attempts_max = if fault == Fault::Crash { 1 } else { 3 };
        let client = ProjectClient::new(target, project.credentials.clone()).with_retry(Retry {
            attempts_max,
            first: Duration::ZERO,
            longest: Duration::ZERO,
        });
        (client, faulty)
    }
}

async fn answer(State(faulty): State<Faulty>, request: http::Request<Body>) -> Response {
    let number = faulty.requests.fetch_add(1, Ordering::Relaxed);
    let crashed = faulty.fault == Fault::Crash && number > faulty.at;
    let hit = number == faulty.at || crashed;
    if !hit {
        return forward(&faulty.inner, request).await;
    }
    match faulty.fault {
        Fault::Status(status) => refuse(status),
        Fault::Crash if crashed => refuse(502),
        // The last request before a crash reaches the server, and nobody hears of it.
        Fault::LostReply | Fault::Crash => {
            forward(&faulty.inner, request).await;
            refuse(502)
        }
        Fault::Twice => {
            let (parts, body) = request.into_parts();
            let bytes = body.collect().await.unwrap().to_bytes();
            let again = http::Request::from_parts(parts.clone(), Body::from(bytes.clone()));
            forward(&faulty.inner, again).await;
            forward(
                &faulty.inner,
                http::Request::from_parts(parts, Body::from(bytes)),
            )
            .await
        }
    }
}

async fn forward(inner: &Router, request: http::Request<Body>) -> Response {
    let Ok(response) = inner.clone().oneshot(request).await;
    response
}

fn refuse(status: u16) -> Response {
    let mut response = Response::new(Body::from("{}"));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
    response
        .headers_mut()
        .insert("retry-after", "7".parse().unwrap());
    response
}

#[test]
fn faults_at_every_call_change_nothing() {
    let hits = std::cell::Cell::new([0usize; 5]);
    let proved = runner(CASES_DEFAULT).run(&(history(), bits()), |(history, bits)| {
        let bits = bits_for(&history, bits);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build();
        let more = runtime.unwrap().block_on(prove(&history, bits));
        let mut sum = hits.get();
        sum.iter_mut()
            .zip(more)
            .for_each(|(sum, more)| *sum += more);
        hits.set(sum);
        Ok(())
    });
    if let Err(failure) = proved {
        panic!("{failure}");
    }
    let hits = hits.get();
    println!("lost reply, twice, 429, 503, crash: {hits:?}");
    assert!(
        hits.iter().all(|hits| *hits > 100),
        "every fault is reached: {hits:?}"
    );
}

/// How often which fault was met.
async fn prove(history: &History, bits: u8) -> [usize; 5] {
    let inner = router(Projects::new());
    let project = lived::live_in(history, &inner).await;
    let memory = Path::new("/dev/shm");
    let directory = match memory.is_dir() {
        true => tempfile::tempdir_in(memory),
        false => tempfile::tempdir(),
    };
    let directory = directory.unwrap();
    let undisturbed = {
        let fork = project.fork().await.unwrap();
        let log = directory.path().join("undisturbed");
        let report = logged(&fork, history, bits, &log).await.unwrap();
        proved(&report);
        state(&fork).await
    };
    let mut hits = [0; 5];
    for (which, fault) in FAULTS.into_iter().chain([Fault::Crash]).enumerate() {
        for at in 0.. {
            let fork = project.fork().await.unwrap();
            let (client, faulty) = Faulty::client(&inner, &fork, at, fault);
            let log = directory.path().join(format!("{which}-{at}"));
            let run = logged(&client, history, bits, &log).await;
            let was_hit = faulty.requests.load(Ordering::Relaxed) > at;
            hits[which] += usize::from(was_hit);
            match run {
                Ok(report) => proved(&report),
                Err(error) => {
                    assert_eq!(fault, Fault::Crash, "{fault:?} at {at}: {error}");
                    resume(&fork, history, bits, &log).await;
                }
            }
            assert_eq!(
                state(&fork).await,
                undisturbed,
                "{fault:?} at request {at}, policies {bits}"
            );
            if !was_hit {
                break;
            }
        }
    }
    hits
}

async fn logged(
    client: &ProjectClient,
    history: &History,
    bits: u8,
    log: &Path,
) -> Result<Report, FixUpError> {
    fixup::repair_logged(client, &history.told(), &options(bits), log).await
}

/// From the log if there is one by now, torn as a crash leaves it; else from the start.
async fn resume(client: &ProjectClient, history: &History, bits: u8, log: &Path) {
    if !log.exists() {
        let report = logged(client, history, bits, log).await.unwrap();
        return proved(&report);
    }
    let mut text = std::fs::read(log).unwrap();
    text.extend(br#"{"ended":{"at":"#);
    std::fs::write(log, text).unwrap();
    let report = fixup::resume(client, &history.told(), log).await.unwrap();
    proved(&report);
}

fn proved(report: &Report) {
    let Outcome::Applied { verification, .. } = &report.outcome else {
        panic!("not applied");
    };
    assert!(verification.is_proved(), "{}", report.text);
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
