//! The argument `fails` of a block: one of its calls gets no usable reply, and that belongs to the story.
//! Without it such a call is an error, and with it so is a block in which nothing fails.

use super::{block::Block, world::World};
use crate::problem::Problem;

/// Whether calls of a block fail, and how many did.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Failing {
    is_meant: bool,
    failed: usize,
}

impl Failing {
    pub(crate) fn of(block: &Block) -> Result<Self, Problem> {
        let argument = block.argument("fails");
        if let Some(argument) = argument.filter(|argument| !argument.value.is_empty()) {
            let span = argument.span.clone();
            let problem = Problem::new(block.body.source(), span, "`fails` takes no value");
            return Err(problem.expected("`fails`"));
        }
        Ok(Self::meant(argument.is_some()))
    }

    pub(crate) fn meant(is_meant: bool) -> Self {
        let failed = 0;
        Self { is_meant, failed }
    }

    /// Takes a failure as part of the story, or gives it back.
    pub(crate) fn take(&mut self, failure: Problem) -> Result<(), Problem> {
        if !self.is_meant {
            return Err(
                failure.help("if that is meant, say `fails` on the first line of the block")
            );
        }
        self.failed += 1;
        Ok(())
    }

    /// Notes that nothing failed where something had to.
    pub(crate) fn check(self, block: &Block, world: &mut World) {
        if self.is_meant && self.failed == 0 {
            let says = format!(
                "nothing failed in this block `{}`, which says `fails`",
                block.word
            );
            let problem = block.problem(says);
            world.failures.push(
                problem.help("take `fails` out, or plan a fault for it in a block `fault` above"),
            );
        }
    }
}
