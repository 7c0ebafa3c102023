//! What must hold for any bytes that come in from outside, one function per kind of input.
//! libFuzzer calls them (`tests/fuzz`), and so does the test `fuzzed`, with the seeds and mutations of them.

mod api;
mod files;
mod mutations;
mod repairs;
mod seeds;
mod worst;

use tokio::runtime::{Builder, Runtime};

pub use api::{batch, body};
pub use files::{import, scenario};
pub use mutations::mutated;
pub use repairs::{export, plan, run_log};
pub use seeds::seeds;
pub use worst::worst;

/// What a reader made of an input; what must hold was asserted either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Read {
    /// It was taken, and what comes after reading was done.
    Taken,
    /// It was refused, with what is wrong.
    Refused,
}

impl Read {
    fn taken_if(is_taken: bool) -> Self {
        if is_taken { Self::Taken } else { Self::Refused }
    }
}

/// A kind of input.
pub struct Kind {
    /// Its name, which is that of its libFuzzer target and of its folders.
    pub name: &'static str,
    /// Asserts what must hold.
    pub check: fn(&[u8]) -> Read,
}

/// Every kind of input.
pub const KINDS: [Kind; 7] = [
    Kind::new("body", body),
    Kind::new("batch", batch),
    Kind::new("scenario", scenario),
    Kind::new("import", import),
    Kind::new("export", export),
    Kind::new("plan", plan),
    Kind::new("run_log", run_log),
];

impl Kind {
    const fn new(name: &'static str, check: fn(&[u8]) -> Read) -> Self {
        Self { name, check }
    }
}

/// Runs to the end, on a clock that jumps ahead as soon as nothing but time is waited for.
fn run<T>(future: impl Future<Output = T>) -> T {
    thread_local! {
        static RUNTIME: Runtime = Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
    }
    RUNTIME.with(|runtime| runtime.block_on(future))
}
