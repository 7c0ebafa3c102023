//! A step of a scenario: a block that has been understood.
//! Acting blocks change the project; stating blocks compare what is seen.

use std::sync::Arc;

use super::{
    app::App, block::Block, clock::Clock, decisions, fault::Faults, fix_up::FixUp, goal::Goal,
    http::Http, import::Import, journal, js::Js, keep, mail::Mail, profiles, said::Said,
    world::World,
};
use twinfold_engine::IdSchema;

use crate::problem::Problem;

/// A block and what it means.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    block: Arc<Block>,
    meaning: Meaning,
    /// The kept values that it makes use of: it is read again when they are known.
    used: Vec<String>,
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
    Faults(Faults),
    FixUp(FixUp),
    Profiles,
    Decisions,
    Journal,
    Said(Said),
    Consents,
    Goal(Goal),
}

impl Step {
    /// `used` are the kept values that the block makes use of.
    pub(crate) fn parse(
        block: Block,
        schema: &IdSchema,
        used: Vec<String>,
    ) -> Result<Self, Problem> {
        let meaning = match Meaning::parse(&block, schema) {
            // The placeholder may stand where only a number can.
            Err(problem) if !used.is_empty() => {
                let one = |name: &String| (name.clone(), "1".to_owned());
                let numbered = block.filled_in(&used.iter().map(one).collect::<Vec<_>>());
                Meaning::parse(&numbered, schema).map_err(|_| problem)?
            }
            meaning => meaning?,
        };
        Ok(Self {
            meaning,
            block: Arc::new(block),
            used,
        })
    }

    /// The names under which it keeps values.
    pub(crate) fn keeps(&self) -> Vec<String> {
        let keeps = keep::keeps(&self.block.body).into_iter();
        keeps.map(|(_, name)| name.to_owned()).collect()
    }

    /// Whether the step changes the project, so that it runs for a file that is given to another one.
    pub(crate) fn acts(&self) -> bool {
        use Meaning::{App, Clock, Faults, FixUp, Http, Import, Js, Mail as Post};
        match &self.meaning {
            Js(_) | App(_) | Http(_) | Import(_) | Clock(_) | Faults(_) | FixUp(_) => true,
            Post(mail) => matches!(mail, Mail::Click { .. }),
            _ => false,
        }
    }

    /// What becomes of the step on a project that is not ours.
    pub(crate) fn abroad(&self) -> Abroad {
        match &self.meaning {
            Meaning::Js(_) | Meaning::App(_) => Abroad::Runs,
            Meaning::Http(http) if http.can_go_abroad() => Abroad::Compared,
            Meaning::Profiles => Abroad::Compared,
            _ if self.acts() => Abroad::Ends,
            _ => Abroad::LeftOut,
        }
    }

    /// Runs the step. What it states and does not see is noted in the world; an error ends the run.
    pub(crate) async fn run(&self, world: &mut World) -> Result<(), Problem> {
        if self.used.is_empty() {
            return self.meaning.run(&self.block, world).await;
        }
        let block = world.kept.fill(&self.block, &self.used)?;
        let before = world.rewrites.len();
        let meaning = Meaning::parse(&block, &world.schema)?;
        meaning.run(&block, world).await?;
        for rewrite in &mut world.rewrites[before..] {
            rewrite.with(|seen| world.kept.put_back(&self.used, seen));
        }
        Ok(())
    }

    /// The block behind the step.
    pub(crate) fn block(&self) -> &Block {
        &self.block
    }
}

impl Meaning {
    async fn run(&self, block: &Block, world: &mut World) -> Result<(), Problem> {
        match self {
            Self::Js(js) => js.run(block, world).await,
            Self::App(app) => app.run(block, world).await,
            Self::Http(http) => http.run(block, world).await,
            Self::Import(import) => import.run(block, world).await,
            Self::Mail(mail) => mail.run(block, world).await,
            Self::Clock(clock) => clock.run(block, world).await,
            Self::Faults(faults) => faults.run(block, world).await,
            Self::FixUp(fix_up) => fix_up.run(block, world).await,
            Self::Profiles => profiles::compare(block, world).await,
            Self::Decisions => decisions::compare(block, world).await,
            Self::Journal => journal::compare(block, world).await,
            Self::Said(said) => said.compare(block, world).await,
            Self::Consents => profiles::compare_consents(block, world).await,
            Self::Goal(goal) => goal.run(block, world).await,
        }
    }

    fn parse(block: &Block, schema: &IdSchema) -> Result<Self, Problem> {
        Ok(match block.word {
            "js" => Self::Js(Js::parse(block)?),
            "app" => Self::App(App::parse(block)?),
            "http" => Self::Http(Box::new(Http::parse(block)?)),
            "import" => Self::Import(Import::parse(block)?),
            "mail" => Self::Mail(Mail::parse(block)?),
            "clock" => Self::Clock(Clock::parse(block)?),
            "fault" => Self::Faults(Faults::parse(block)?),
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
            word => {
                block.only(&[])?;
                Self::stating(word)
            }
        })
    }

    /// A block whose lines are only compared.
    fn stating(word: &str) -> Self {
        match word {
            "decisions" => Self::Decisions,
            "journal" => Self::Journal,
            "causes" => Self::Said(Said::Causes),
            "plan" => Self::Said(Said::Plan),
            "anomalies" => Self::Said(Said::Anomalies),
            _ => Self::Said(Said::Diagnosis),
        }
    }
}
