//! The projects of a server, by token. Each has one owner at a time; a lock is never held across an await.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, atomic::Ordering},
};

use foldhash::fast::RandomState;
use serde::Serialize;
use twinfold_engine::Project;

use crate::{
    access::{self, Groups, RateLimit},
    evidence::FailOn,
    faults::{EverPlanned, Faults},
    fresh,
    settings::ProjectSettings,
    world::World,
};

/// A project's token, and the keys of the two groups that may do everything; the `project` object of the control API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Credentials {
    /// Part of every path.
    pub token: String,
    /// Private access: the key's ID.
    pub api_key_id: String,
    /// Private access: the key's secret.
    pub api_secret: String,
    /// Public access: 64 characters.
    pub public_token: String,
}

impl Credentials {
    /// The same on every start, so that a tool is configured once.
    pub fn of_default_project() -> Self {
        Self {
            token: "00000000-0000-4000-8000-000000000001".into(),
            api_key_id: "twinfold-key".into(),
            api_secret: "twinfold-secret".into(),
            public_token: format!("{:0>64}", "twinfold"),
        }
    }

    fn random() -> Self {
        Self {
            token: fresh::token(),
            api_key_id: fresh::key(),
            api_secret: fresh::key(),
            public_token: fresh::key(),
        }
    }
}

/// A project with its access groups and its world.
#[derive(Debug)]
pub(crate) struct Hosted {
    pub(crate) token: String,
    pub(crate) groups: Groups,
    pub(crate) rate_limit: Option<RateLimit>,
    pub(crate) faults: Faults,
    fail_on: Option<FailOn>,
    world: Mutex<World>,
}

impl Hosted {
    fn new(token: &str, groups: Groups, world: World) -> Self {
        Self {
            token: token.to_owned(),
            groups,
            rate_limit: None,
            faults: Faults::default(),
            fail_on: None,
            world: Mutex::new(world),
        }
    }

    /// From which label on replies of this project fail.
    pub(crate) fn fail_on(&self) -> Option<FailOn> {
        self.fail_on
    }

    /// Whether something has to be done before a request is answered: it is counted, or a fault waits for it.
    pub(crate) fn needs_guard(&self) -> bool {
        self.rate_limit.is_some() || self.faults.is_any_open()
    }

    /// The world, for the length of one command or read.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        // A panic while a command was carried out is a bug that was reported; the world stays readable.
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All projects of a server.
#[derive(Clone, Debug, Default)]
pub struct Projects {
    by_token: Arc<RwLock<HashMap<String, Arc<Hosted>, RandomState>>>,
    fail_on: Option<FailOn>,
    hides_control: bool,
    ever_planned: EverPlanned,
}

impl Projects {
    /// No project.
    pub fn new() -> Self {
        Self::default()
    }

    /// The default project, with default settings and known credentials.
    pub fn with_default_project() -> Self {
        let projects = Self::new();
        let settings = ProjectSettings::default();
        let world = World::new(Project::new(Default::default()), &settings);
        let credentials = Credentials::of_default_project();
        let groups = Groups::new(&credentials, &[]);
        let hosted = Hosted::new(&credentials.token, groups, world);
        projects.host(credentials, hosted);
        projects
    }

    /// The same projects; replies that are known no better than this fail in all of them.
    pub fn failing_on(self, fail_on: Option<FailOn>) -> Self {
        Self { fail_on, ..self }
    }

    /// The same projects without the control API, so that only what is emulated answers.
    pub fn without_control(self) -> Self {
        Self {
            hides_control: true,
            ..self
        }
    }

    pub(crate) fn hides_control(&self) -> bool {
        self.hides_control
    }

    /// From which label on replies of this project fail.
    pub(crate) fn fails_on(&self, project: Option<&Hosted>) -> Option<FailOn> {
        let of_project = project.and_then(|project| project.fail_on);
        [self.fail_on, of_project].into_iter().flatten().min()
    }

    /// A new project, or what is wrong with its settings.
    pub fn create(&self, settings: &ProjectSettings) -> Result<Credentials, String> {
        let asked = access::read_groups(&settings.access_groups)?;
        let world = World::new(Project::new(settings.engine()?), settings);
        let credentials = Credentials::random();
        let hosted = Hosted {
            rate_limit: settings.rate_limit.map(RateLimit::new),
            fail_on: settings.fail_on,
            ..Hosted::new(&credentials.token, Groups::new(&credentials, &asked), world)
        };
        Ok(self.host(credentials, hosted))
    }

    /// A copy of a project under keys of its own.
    pub(crate) fn fork(&self, project: &Hosted) -> Credentials {
        let world = project.world().clone();
        let credentials = Credentials::random();
        let limit = project.rate_limit.as_ref();
        let hosted = Hosted {
            rate_limit: limit.map(|limit| RateLimit::new(limit.setting())),
            fail_on: project.fail_on,
            ..Hosted::new(
                &credentials.token,
                project.groups.for_fork(&credentials),
                world,
            )
        };
        self.host(credentials, hosted)
    }

    pub(crate) fn get(&self, token: &str) -> Option<Arc<Hosted>> {
        let by_token = self.by_token.read().unwrap_or_else(PoisonError::into_inner);
        by_token.get(token).cloned()
    }

    /// Notes that some project has a fault planned.
    pub(crate) fn note_faults(&self) {
        self.ever_planned.store(true, Ordering::Release);
    }

    /// Whether some project ever had a fault planned.
    pub(crate) fn had_faults(&self) -> bool {
        self.ever_planned.load(Ordering::Acquire)
    }

    /// The project with an open fault whose token is the one looked for.
    pub(crate) fn faulty(&self, is_named: impl Fn(&str) -> bool) -> Option<Arc<Hosted>> {
        let by_token = self.by_token.read().unwrap_or_else(PoisonError::into_inner);
        let mut faulty = by_token
            .values()
            .filter(|project| project.faults.is_any_open());
        faulty.find(|project| is_named(&project.token)).cloned()
    }

    pub(crate) fn remove(&self, token: &str) -> bool {
        let mut by_token = self
            .by_token
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        by_token.remove(token).is_some()
    }

    /// The tokens, sorted.
    pub(crate) fn tokens(&self) -> Vec<String> {
        let by_token = self.by_token.read().unwrap_or_else(PoisonError::into_inner);
        let mut tokens: Vec<_> = by_token.keys().cloned().collect();
        tokens.sort_unstable();
        tokens
    }

    fn host(&self, credentials: Credentials, hosted: Hosted) -> Credentials {
        let mut by_token = self
            .by_token
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        by_token.insert(credentials.token.clone(), Arc::new(hosted));
        credentials
    }
}
