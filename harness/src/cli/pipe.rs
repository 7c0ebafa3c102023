//! Standard output and standard error that take no more.
//! A reader that has read enough, such as `head`, closes the pipe into which we print: then there is nothing to say, and
//! the program ends as other filters do. Anything else, such as a full disk, is said in a line.

use std::{
    fmt::Display,
    io::{self, Write},
    panic,
};

use super::Failure;

/// What a shell shows of a program that a closed pipe ended: 128 and the number of the signal.
pub(super) const CLOSED: u8 = 141;

/// What is answered when a file cannot be written, and standard output is one.
const UNPRINTED: u8 = 2;

/// From now on a failure to print ends the program, also in the middle of printing: without a word if the pipe was closed,
/// else with a line that says why.
pub(super) fn end_plainly() {
    let otherwise = panic::take_hook();
    panic::set_hook(Box::new(move |panicked| {
        let says = panicked.payload().downcast_ref::<String>();
        // A broken connection is another matter, and is told.
        let failed = says.and_then(|says| says.strip_prefix("failed printing to "));
        let Some((stream, error)) = failed.and_then(|failed| failed.split_once(": ")) else {
            otherwise(panicked);
            return;
        };
        if is_closed(error) {
            std::process::exit(i32::from(CLOSED));
        }
        let stream = match stream {
            "stdout" => "standard output",
            _ => "standard error",
        };
        // If this cannot be said either, the exit code is all that is left.
        let _said = writeln!(io::stderr(), "error: {}", cannot_take(stream, &error));
        std::process::exit(i32::from(UNPRINTED));
    }));
}

/// Whether an error is about a pipe that was closed.
pub(super) fn is_closed(says: &str) -> bool {
    says.contains(&io::Error::from_raw_os_error(32).to_string())
}

/// Prints what is still held back.
pub(super) fn flush() -> Result<(), Failure> {
    io::stdout().flush().map_err(|error| unprinted(&error))
}

/// Standard output did not take it.
pub(super) fn unprinted(error: &io::Error) -> Failure {
    Failure::Input(cannot_take("standard output", error))
}

fn cannot_take(stream: &str, error: &dyn Display) -> String {
    format!("{stream} cannot be written: {error}; free some space or choose another place")
}
