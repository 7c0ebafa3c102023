//! The binary as scripts use it: one line of JSON, a server behind it, exit codes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what went wrong by failing"
)]

mod compare;
mod documents;
mod histories;
mod imports;
mod outputs;
mod plans;
mod populations;
mod repairs;
mod reports;
mod scenarios;
mod serve;

use std::process::Command;

fn twinfold() -> Command {
    Command::new(env!("CARGO_BIN_EXE_twinfold"))
}

fn code(command: &mut Command) -> (Option<i32>, String) {
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    (output.status.code(), text.into_owned())
}
