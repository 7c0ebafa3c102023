//! Shrinking: recorded traffic that ends badly is reduced to the fewest and simplest commands that still do,
//! and written as a scenario file that runs at once.

mod components;
mod goal;
mod made_up;
mod minimal;
mod plain;
mod prose;
mod search;
mod settings;
mod simpler;
#[cfg(test)]
mod tests;
mod write;

use crate::{fixup::PlanOptions, traffic::Traffic};

pub use goal::{GOALS, Goal};
pub use made_up::made_up;
pub(crate) use minimal::minimal;
pub use write::{WriteError, written};

use plain::plain;
use search::Search;

/// The smallest traffic that was found, and what it took.
#[derive(Clone, Debug, PartialEq)]
pub struct Shrunk {
    /// The commands that are left, each as simple as it can be.
    pub traffic: Traffic,
    /// What they come to.
    pub goal: Goal,
    /// Which e-mail addresses count.
    pub options: PlanOptions,
    /// How many commands there were.
    pub commands_before: usize,
    /// How many times traffic was replayed for it.
    pub replays: usize,
}

/// Why traffic could not be shrunk.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShrinkError {
    /// The traffic does not come to the goal.
    #[error("the {commands} commands do not come to this goal; nothing to shrink")]
    NotMet {
        /// How many commands it has.
        commands: usize,
    },
    /// The traffic does, but not with what a scenario file can say.
    #[error(
        "the commands come to this goal only at their own times or by their links; a scenario file cannot repeat that"
    )]
    NotRepeatable,
}

/// Reduces traffic until no command, ID or property can be taken away and no value be simpler.
///
/// The result depends on the arguments only.
pub fn shrink(
    traffic: &Traffic,
    goal: &Goal,
    options: &PlanOptions,
) -> Result<Shrunk, ShrinkError> {
    let mut search = Search::new(goal, options);
    let mut settings = traffic.settings.clone();
    let mut commands = plain(traffic);
    if !search.holds(&settings, &commands) {
        return Err(match search.holds_as_recorded(traffic) {
            true => ShrinkError::NotRepeatable,
            false => ShrinkError::NotMet {
                commands: traffic.commands.len(),
            },
        });
    }
    search.cut(&settings, &mut commands);
    search.keep_component(&settings, &mut commands);
    loop {
        search.remove_commands(&settings, &mut commands);
        let simpler = search.simplify_commands(&settings, &mut commands);
        if !search.simplify_settings(&mut settings, &commands) && !simpler {
            break;
        }
    }
    Ok(Shrunk {
        commands_before: traffic.commands.len(),
        replays: search.replays(),
        goal: goal.clone(),
        options: options.clone(),
        traffic: Traffic {
            settings,
            commands,
            folded: 0,
        },
    })
}
