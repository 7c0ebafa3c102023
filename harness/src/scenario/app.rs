//! The block `app`: calls of a mobile SDK, from one device.
//! Unlike the web SDK it sends every ID it has stored with every call, and queues calls while it is offline or
//! cannot get them through.

use std::{collections::VecDeque, ops::Range};

use super::{
    block::Block,
    failing::Failing,
    js,
    sdk::{Dialect, Identity, Method, Named, Told},
    world::World,
    write::{Answer, Write},
};
use crate::problem::Problem;

/// A mobile SDK as apps call it.
pub(crate) const DIALECT: Dialect = Dialect {
    prefixes: &["", "exponea.", "Exponea."],
    methods: &[
        ("identifyCustomer", Method::IdentifyByType),
        ("trackEvent", Method::Track),
        ("anonymize", Method::Anonymize),
        ("offline", Method::Offline),
        ("online", Method::Online),
    ],
};

/// An app's calls on one device.
#[derive(Clone, Debug)]
pub(crate) struct App {
    device: String,
    failing: Failing,
    calls: Vec<(Range<usize>, Told)>,
}

/// What a device remembers from call to call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Device {
    identified: Named,
    queue: VecDeque<Write>,
    is_offline: bool,
}

impl App {
    pub(crate) fn parse(block: &Block) -> Result<Self, Problem> {
        let device = block.required("device", "phone")?;
        block.only(&["device", "fails"])?;
        Ok(Self {
            device,
            failing: Failing::of(block)?,
            calls: js::understood(&DIALECT, block)?,
        })
    }

    pub(crate) async fn run(&self, block: &Block, world: &mut World) -> Result<(), Problem> {
        let mut failing = self.failing;
        for (range, told) in &self.calls {
            self.take(told, block, world)?;
            self.flush(block, range, world, &mut failing).await?;
        }
        failing.check(block, world);
        Ok(())
    }

    /// Sends what is in the queue, up to the first call that fails; that one and those behind it stay there.
    async fn flush(
        &self,
        block: &Block,
        range: &Range<usize>,
        world: &mut World,
        failing: &mut Failing,
    ) -> Result<(), Problem> {
        while let Some(write) = self.device(world).next() {
            let answer = write.send(world, "app-sdk", (&block.body, range)).await;
            if let Answer::Failed(failure) = answer {
                return failing.take(failure.problem);
            }
            self.device(world).queue.pop_front();
        }
        Ok(())
    }

    fn device<'w>(&self, world: &'w mut World) -> &'w mut Device {
        world.devices.entry(self.device.clone()).or_default()
    }

    /// Takes one call in: what is to be sent goes into the queue.
    fn take(&self, told: &Told, block: &Block, world: &mut World) -> Result<(), Problem> {
        let cookie = world.cookies.of(&self.device);
        let own = world.soft_id(block, cookie)?;
        let device = self.device(world);
        match told {
            Told::Identify(Identity::ByType(ids), properties) => {
                device.identified.extend(ids.clone());
                let ids = device.ids(own);
                device.queue.push_back(Write::customer(&ids, properties));
            }
            Told::Track(event_type, properties) => {
                let ids = device.ids(own);
                let event = Write::event(&ids, event_type, properties);
                device.queue.push_back(event);
            }
            Told::Anonymize => {
                device.identified.clear();
                world.cookies.renew(&self.device);
            }
            Told::Offline => device.is_offline = true,
            Told::Online => device.is_offline = false,
            Told::Identify(Identity::Value(_), _) | Told::Update(_) => {}
        }
        Ok(())
    }
}

impl Device {
    fn ids(&self, own: Named) -> Named {
        let mut ids = own;
        ids.extend(self.identified.clone());
        ids
    }

    /// What is to be sent next.
    fn next(&self) -> Option<Write> {
        let next = self.queue.front().filter(|_| !self.is_offline);
        next.cloned()
    }
}
