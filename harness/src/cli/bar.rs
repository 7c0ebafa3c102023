//! A progress bar for long work, on the terminal's error stream; nothing is drawn where there is no terminal.

use std::sync::{Mutex, PoisonError};

use indicatif::{ProgressBar, ProgressStyle};

use crate::fixup::{Progress, Stage};

/// Work of fewer steps is over before a bar could be read.
const STEPS_MIN: usize = 200;

/// The bar of the stage that runs now.
#[derive(Default)]
pub(super) struct Bar(Mutex<Option<ProgressBar>>);

impl Bar {
    fn shown(&self) -> std::sync::MutexGuard<'_, Option<ProgressBar>> {
        // A bar is a picture: whoever panicked left one that can be drawn over.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Progress for Bar {
    fn begins(&self, stage: Stage, steps: usize) {
        let mut shown = self.shown();
        if let Some(before) = shown.take() {
            before.finish_and_clear();
        }
        if steps < STEPS_MIN {
            return;
        }
        let bar = ProgressBar::new(steps as u64);
        let template = "{msg} {wide_bar} {human_pos}/{human_len} {eta}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(stage.name());
        *shown = Some(bar);
    }

    fn advances(&self, steps: usize) {
        if let Some(bar) = &*self.shown() {
            bar.inc(steps as u64);
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = self.shown().take() {
            bar.finish_and_clear();
        }
    }
}
