//! `twinfold run --watch`: the run is repeated for the files that change.
//! Several changes of one moment, as an editor makes them, are one.

use std::{collections::BTreeSet, path::PathBuf, sync::mpsc, time::Duration};

use notify_debouncer_mini::{DebouncedEvent, new_debouncer, notify::RecursiveMode};

use super::{Ended, Failure};

/// Changes that follow each other within this time are one.
const MOMENT: Duration = Duration::from_millis(150);

/// Runs all, then again what changes, until the process is interrupted. What fails is said and does not end it.
pub(super) fn again_and_again(
    paths: &[PathBuf],
    run: impl Fn(&[PathBuf]) -> Result<Ended, Failure>,
) -> Result<Ended, Failure> {
    let (sender, changes) = mpsc::channel();
    let unwatched = |error: notify_debouncer_mini::notify::Error| {
        Failure::Input(format!("the files cannot be watched: {error}"))
    };
    let mut debouncer = new_debouncer(MOMENT, sender).map_err(unwatched)?;
    for path in paths {
        let watched = debouncer.watcher().watch(path, RecursiveMode::Recursive);
        watched.map_err(unwatched)?;
    }
    say(run(&[]));
    println!("\nwatching; Ctrl-C ends");
    for change in changes {
        let changed: Vec<PathBuf> = scenarios(&change.map_err(unwatched)?).into_iter().collect();
        if changed.is_empty() {
            continue;
        }
        let names: Vec<_> = changed
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        println!("\nchanged: {}", names.join(", "));
        say(run(&changed));
    }
    Ok(Ended::Well)
}

fn say(ended: Result<Ended, Failure>) {
    if let Err(Failure::Input(says) | Failure::Server(says)) = ended {
        eprintln!("error: {says}");
    }
}

/// The scenario files among what changed; a file that is gone is none.
fn scenarios(events: &[DebouncedEvent]) -> BTreeSet<PathBuf> {
    let paths = events.iter().map(|event| event.path.clone());
    paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "md") && path.is_file())
        .collect()
}
