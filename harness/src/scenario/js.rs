//! The block `js`: a page's calls of the web SDK, from one browser.
//! The browser's cookie is its name, so that tables read well; after `anonymize` it is a new one.

use std::ops::Range;

use super::{
    block::Block,
    calls,
    sdk::{Dialect, Identity, Method, Named, Told},
    world::World,
    write::Write,
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

/// A page's calls in one browser.
#[derive(Clone, Debug)]
pub(crate) struct Js {
    browser: String,
    calls: Vec<(Range<usize>, Told)>,
}

impl Js {
    pub(crate) fn parse(block: &Block) -> Result<Self, Problem> {
        let browser = block.required("browser", "laptop")?;
        block.only(&["browser"])?;
        Ok(Self {
            browser,
            calls: understood(&DIALECT, block)?,
        })
    }

    pub(crate) async fn run(&self, block: &Block, world: &mut World) -> Result<(), Problem> {
        for (range, told) in &self.calls {
            if *told == Told::Anonymize {
                world.cookies.renew(&self.browser);
                continue;
            }
            let own = world.cookies.of(&self.browser);
            let own = world.soft_id(block, own)?;
            if let Some(write) = spoken(told, own, block, world)? {
                write.send(world, "js-sdk", (&block.body, range)).await?;
            }
        }
        Ok(())
    }
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
