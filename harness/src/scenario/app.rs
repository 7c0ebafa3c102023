//! The block `app`: calls of a mobile SDK, from one device.
//! Unlike the web SDK it sends every ID it has stored with every call, and queues calls while it is offline.

use std::ops::Range;

use super::{
    block::Block,
    js,
    sdk::{Dialect, Identity, Method, Named, Told},
    world::World,
    write::Write,
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
    calls: Vec<(Range<usize>, Told)>,
}

/// What a device remembers from call to call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Device {
    identified: Named,
    queue: Vec<Write>,
    is_offline: bool,
}

impl App {
    pub(crate) fn parse(block: &Block) -> Result<Self, Problem> {
        let device = block.required("device", "phone")?;
        block.only(&["device"])?;
        Ok(Self {
            device,
            calls: js::understood(&DIALECT, block)?,
        })
    }

    pub(crate) async fn run(&self, block: &Block, world: &mut World) -> Result<(), Problem> {
        for (range, told) in &self.calls {
            let writes = self.take(told, block, world)?;
            for write in writes {
                write.send(world, "app-sdk", (&block.body, range)).await?;
            }
        }
        Ok(())
    }

    /// Takes one call in, and says what is to be sent now.
    fn take(&self, told: &Told, block: &Block, world: &mut World) -> Result<Vec<Write>, Problem> {
        let cookie = world.cookies.of(&self.device);
        let own = world.soft_id(block, cookie)?;
        let device = world.devices.entry(self.device.clone()).or_default();
        match told {
            Told::Identify(Identity::ByType(ids), properties) => {
                device.identified.extend(ids.clone());
                Ok(device.say(Write::customer(&device.ids(own), properties)))
            }
            Told::Track(event_type, properties) => {
                Ok(device.say(Write::event(&device.ids(own), event_type, properties)))
            }
            Told::Anonymize => {
                device.identified.clear();
                world.cookies.renew(&self.device);
                Ok(Vec::new())
            }
            Told::Offline => {
                device.is_offline = true;
                Ok(Vec::new())
            }
            Told::Online => {
                device.is_offline = false;
                Ok(std::mem::take(&mut device.queue))
            }
            Told::Identify(Identity::Value(_), _) | Told::Update(_) => Ok(Vec::new()),
        }
    }
}

impl Device {
    fn ids(&self, own: Named) -> Named {
        let mut ids = own;
        ids.extend(self.identified.clone());
        ids
    }

    fn say(&mut self, write: Write) -> Vec<Write> {
        if self.is_offline {
            self.queue.push(write);
            return Vec::new();
        }
        vec![write]
    }
}
