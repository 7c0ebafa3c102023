//! The server beside its peers: the same requests, in turns, on one machine.
//! A bare axum reply is the limit; what else the registries have is installed into a directory of the target.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a bench says what is missing by failing"
)]

mod contender;
mod load;
mod start_order;

use std::{env, fmt::Write, net::TcpListener};

use contender::Contender;
use load::{Load, Measured};

/// Which of the arguments makes this process the bare reply itself.
const BARE: &str = "--bare-axum";

/// Which of the arguments writes what starting runs, in the place of measuring.
const RECORD: &str = "--record-start";

fn main() {
    let arguments: Vec<String> = env::args().collect();
    if let Some(at) = arguments.iter().position(|one| one == BARE) {
        return bare_axum(&arguments[at + 1]);
    }
    if arguments.iter().any(|one| one == RECORD) {
        return start_order::record();
    }
    let rounds = number(&arguments, "--rounds").unwrap_or(5);
    let seconds = number(&arguments, "--seconds").unwrap_or(3);
    let mut contenders = Contender::all();
    for load in [Load::single(), Load::batch()] {
        for contender in contenders.iter_mut().filter(|one| load.suits(one)) {
            contender.measured.clear();
        }
        for _ in 0..rounds {
            for contender in contenders.iter_mut().filter(|one| load.suits(one)) {
                let measured = load.run(contender, seconds);
                contender.measured.push(measured);
            }
        }
        let suited: Vec<_> = contenders.iter().filter(|one| load.suits(one)).collect();
        println!("{}", table(&load, &suited, rounds, seconds));
    }
}

fn number(arguments: &[String], name: &str) -> Option<u32> {
    let at = arguments.iter().position(|one| one == name)?;
    arguments.get(at + 1)?.parse().ok()
}

/// The limit: a reply that never changes, from the same framework, on the same runtime as ours.
fn bare_axum(port: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let reply = || async {
        (
            [("content-type", "application/json")],
            r#"{"success":true}"#,
        )
    };
    let router = axum::Router::new().fallback(reply);
    runtime.block_on(async {
        let address = format!("127.0.0.1:{port}");
        let listener = tokio::net::TcpListener::bind(address).await.unwrap();
        axum::serve(listener, router).await.unwrap();
    });
}

/// Free at this moment; the contender binds it right away.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn table(load: &Load, contenders: &[&Contender], rounds: u32, seconds: u32) -> String {
    let mut table = format!(
        "{load}: medians of {rounds} rounds of {seconds} s, in turns\n\n\
         | What | requests/s | of the limit | p99 | CPU-µs/request | of the limit | first reply | idle RSS | RSS after |\n\
         |---|---|---|---|---|---|---|---|---|\n"
    );
    let limit = Measured::medians(&contenders[0].measured);
    for contender in contenders {
        let own = Measured::medians(&contender.measured);
        let _ = writeln!(
            table,
            "| {} | {:.0} | {:.2} | {} | {:.1} | {:.2} | {:.0} ms | {:.1} MiB | {:.1} MiB |",
            contender.name,
            own.rate,
            own.rate / limit.rate,
            own.p99,
            own.cpu_micros,
            own.cpu_micros / limit.cpu_micros,
            contender.first_reply.as_secs_f64() * 1e3,
            contender.idle_mib,
            contender.rss_mib(),
        );
    }
    table
}
