//! A reader that has read enough, such as `head`, closes the pipe into which we print.
//! Then there is nothing to say and nothing more to do: the program ends as other filters do.

use std::panic;

/// What a shell shows of a program that a closed pipe ended: 128 and the number of the signal.
pub(super) const CLOSED: u8 = 141;

/// From now on a closed pipe ends the program without a word, also in the middle of printing.
pub(super) fn end_quietly() {
    let otherwise = panic::take_hook();
    panic::set_hook(Box::new(move |panicked| {
        let says = panicked.payload().downcast_ref::<String>();
        // A broken connection is another matter, and is told.
        let prints = |says: &&String| says.starts_with("failed printing to");
        if says.filter(prints).is_some_and(|says| is_closed(says)) {
            std::process::exit(i32::from(CLOSED));
        }
        otherwise(panicked);
    }));
}

/// Whether an error is about a pipe that was closed.
pub(super) fn is_closed(says: &str) -> bool {
    says.contains(&std::io::Error::from_raw_os_error(32).to_string())
}
