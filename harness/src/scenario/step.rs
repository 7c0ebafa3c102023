//! A step of a scenario: a block that has been understood.
//! Acting blocks change the project; stating blocks compare what is seen.

use std::sync::Arc;

use super::{
    app::App, block::Block, clock::Clock, decisions, fix_up::FixUp, goal::Goal, http::Http,
    import::Import, js::Js, mail::Mail, profiles, world::World,
};
use twinfold_engine::IdSchema;

use crate::problem::Problem;

/// A block and what it means.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    block: Arc<Block>,
    meaning: Meaning,
}

/// What becomes of a step on a project that is not ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Abroad {
    /// It is carried out.
    Runs,
    /// It is carried out and compared.
    Compared,
    /// It states what only our server shows.
    LeftOut,
    /// It does what only our server can, so what follows it would not hold.
    Ends,
}

#[derive(Clone, Debug)]
enum Meaning {
    Js(Js),
    App(App),
    Http(Box<Http>),
    Import(Import),
    Mail(Mail),
    Clock(Clock),
    FixUp(FixUp),
    Profiles,
    Decisions,
    Diagnosis,
    Consents,
    Goal(Goal),
}

impl Step {
    pub(crate) fn parse(block: Block, schema: &IdSchema) -> Result<Self, Problem> {
        Ok(Self {
            meaning: Meaning::parse(&block, schema)?,
            block: Arc::new(block),
        })
    }

    /// Whether the step changes the project, so that it runs for a file that is given to another one.
    pub(crate) fn acts(&self) -> bool {
        use Meaning::{App, Clock, FixUp, Http, Import, Js, Mail as Post};
        match &self.meaning {
            Js(_) | App(_) | Http(_) | Import(_) | Clock(_) | FixUp(_) => true,
            Post(mail) => matches!(mail, Mail::Click { .. }),
            _ => false,
        }
    }

    /// What becomes of the step on a project that is not ours.
    pub(crate) fn abroad(&self) -> Abroad {
        match &self.meaning {
            Meaning::Js(_) | Meaning::App(_) => Abroad::Runs,
            Meaning::Http(http) if http.is_emulated() => Abroad::Compared,
            Meaning::Profiles => Abroad::Compared,
            _ if self.acts() => Abroad::Ends,
            _ => Abroad::LeftOut,
        }
    }

    /// Runs the step. What it states and does not see is noted in the world; an error ends the run.
    pub(crate) async fn run(&self, world: &mut World) -> Result<(), Problem> {
        let block = &self.block;
        match &self.meaning {
            Meaning::Js(js) => js.run(block, world).await,
            Meaning::App(app) => app.run(block, world).await,
            Meaning::Http(http) => http.run(block, world).await,
            Meaning::Import(import) => import.run(block, world).await,
            Meaning::Mail(mail) => mail.run(block, world).await,
            Meaning::Clock(clock) => clock.run(block, world).await,
            Meaning::FixUp(fix_up) => fix_up.run(block, world).await,
            Meaning::Profiles => profiles::compare(block, world).await,
            Meaning::Decisions => decisions::compare(block, world).await,
            Meaning::Diagnosis => decisions::compare_diagnosis(block, world).await,
            Meaning::Consents => profiles::compare_consents(block, world).await,
            Meaning::Goal(goal) => goal.run(block, world).await,
        }
    }

    /// The block behind the step.
    pub(crate) fn block(&self) -> &Block {
        &self.block
    }
}

impl Meaning {
    fn parse(block: &Block, schema: &IdSchema) -> Result<Self, Problem> {
        Ok(match block.word {
            "js" => Self::Js(Js::parse(block)?),
            "app" => Self::App(App::parse(block)?),
            "http" => Self::Http(Box::new(Http::parse(block)?)),
            "import" => Self::Import(Import::parse(block)?),
            "mail" => Self::Mail(Mail::parse(block)?),
            "clock" => Self::Clock(Clock::parse(block)?),
            "fix-up" => Self::FixUp(FixUp::parse(block)?),
            "goal" => Self::Goal(Goal::parse(block)?),
            "profiles" => {
                profiles::check(block, schema)?;
                Self::Profiles
            }
            "consents" => {
                profiles::check_consents(block)?;
                Self::Consents
            }
            "decisions" => {
                block.only(&[])?;
                Self::Decisions
            }
            _ => {
                block.only(&[])?;
                Self::Diagnosis
            }
        })
    }
}
