//! The block `js`: a page's calls of the web SDK, from one browser.
//! The browser's cookie is its name, so that tables read well; after `anonymize` it is a new one.

use std::ops::Range;

use super::{
    block::Block,
    body::Body,
    calls,
    failing::Failing,
    sdk::{Dialect, Identity, Method, Named, Told},
    world::World,
    write::{Answer, Write},
};
use crate::problem::Problem;

/// The web SDK as shops call it.
pub(crate) const DIALECT: Dialect = Dialect {
    prefixes: &["exponea.", "window.exponea."],
    methods: &[
        ("identify", Method::Identify),
        ("update", Method::Update),
        ("track", Method::Track),
        ("anonymize", Method::Anonymize),
    ],
};

const RETRIES_MAX: usize = 100;

/// A page's calls in one browser.
#[derive(Clone, Debug)]
pub(crate) struct Js {
    browser: String,
    failing: Failing,
    retries: usize,
    calls: Vec<(Range<usize>, Told)>,
}

impl Js {
    pub(crate) fn parse(block: &Block) -> Result<Self, Problem> {
        let browser = block.required("browser", "laptop")?;
        block.only(&["browser", "fails", "retries"])?;
        Ok(Self {
            browser,
            failing: Failing::of(block)?,
            retries: retries(block)?,
            calls: understood(&DIALECT, block)?,
        })
    }

    pub(crate) async fn run(&self, block: &Block, world: &mut World) -> Result<(), Problem> {
        let mut failing = self.failing;
        for (range, told) in &self.calls {
            if *told == Told::Anonymize {
                world.cookies.renew(&self.browser);
                continue;
            }
            let own = world.cookies.of(&self.browser);
            let own = world.soft_id(block, own)?;
            if let Some(write) = spoken(told, own, block, world)? {
                let answer = self.send(&write, world, (&block.body, range)).await;
                if let Answer::Failed(failure) = answer {
                    failing.take(failure.problem)?;
                }
            }
        }
        failing.check(block, world);
        Ok(())
    }

    /// Sends it, and again if the connection broke or the server failed, as the web SDK does.
    async fn send(&self, write: &Write, world: &mut World, at: (&Body, &Range<usize>)) -> Answer {
        let mut answer = write.send(world, "js-sdk", at).await;
        for _ in 0..self.retries {
            if !matches!(&answer, Answer::Failed(failure) if failure.is_passing) {
                break;
            }
            answer = write.send(world, "js-sdk", at).await;
        }
        answer
    }
}

fn retries(block: &Block) -> Result<usize, Problem> {
    let Some(argument) = block.argument("retries") else {
        return Ok(0);
    };
    let count = argument.value.parse().ok();
    let count = count.filter(|count| (1..=RETRIES_MAX).contains(count));
    count.ok_or_else(|| {
        let span = argument.span.clone();
        let says = format!("`retries` must be a whole number from 1 to {RETRIES_MAX}");
        Problem::new(block.body.source(), span, says).expected("`retries=2`")
    })
}

fn spoken(told: &Told, own: Named, block: &Block, world: &World) -> Result<Option<Write>, Problem> {
    Ok(match told {
        Told::Identify(identity, properties) => {
            let mut ids = own;
            match identity {
                Identity::Value(value) => {
                    ids.insert(world.hard_type(block)?, value.clone());
                }
                Identity::ByType(named) => ids.extend(named.clone()),
            }
            Some(Write::customer(&ids, properties))
        }
        Told::Update(properties) => Some(Write::customer(&own, properties)),
        Told::Track(event_type, properties) => Some(Write::event(&own, event_type, properties)),
        Told::Anonymize | Told::Offline | Told::Online => None,
    })
}

/// The calls of a block, each with its place.
pub(crate) fn understood(
    dialect: &Dialect,
    block: &Block,
) -> Result<Vec<(Range<usize>, Told)>, Problem> {
    let calls = calls::calls(&block.body)?;
    let told = calls.into_iter().map(|call| {
        let told = dialect.understand(&block.body, &call)?;
        Ok((call.range, told))
    });
    told.collect()
}
