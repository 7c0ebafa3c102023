//! Where a repair is disturbed: a server with one project in which a history was lived, copied for every run.
//! What was reached on the way is counted by name.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use axum::Router;
use twinfold::{
    fixup::{self, FixUpError, Report, Step},
    target::ProjectClient,
};
use twinfold_server::{Projects, router};

use crate::{
    history::History,
    lived,
    resolving::{bits_for, options},
    transport::{Disturbance, Seen, Transport},
};

/// What was reached, by name.
pub(crate) type Reached = RefCell<BTreeMap<String, usize>>;

pub(crate) fn reach(reached: &Reached, what: String) {
    *reached.borrow_mut().entry(what).or_default() += 1;
}

/// A server with one project in which a history was lived, and a directory for logs.
pub(crate) struct Place<'h> {
    pub(crate) history: &'h History,
    pub(crate) bits: u8,
    pub(crate) server: Router,
    pub(crate) project: ProjectClient,
    pub(crate) directory: tempfile::TempDir,
}

impl<'h> Place<'h> {
    pub(crate) async fn of(history: &'h History, bits: u8) -> Self {
        let server = router(Projects::new());
        let memory = Path::new("/dev/shm");
        let directory = match memory.is_dir() {
            true => tempfile::tempdir_in(memory),
            false => tempfile::tempdir(),
        };
        Self {
            history,
            bits: bits_for(history, bits),
            project: lived::live_in(history, &server).await,
            server,
            directory: directory.unwrap(),
        }
    }

    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) async fn run(
        &self,
        client: &ProjectClient,
        log: &Path,
    ) -> Result<Report, FixUpError> {
        fixup::repair_logged(client, &self.history.told(), &options(self.bits), log).await
    }

    pub(crate) async fn resume(
        &self,
        client: &ProjectClient,
        log: &Path,
    ) -> Result<Report, FixUpError> {
        fixup::resume(client, &self.history.told(), log).await
    }

    /// One run on a copy of the project, with what was seen on the way.
    pub(crate) async fn disturbed(&self, disturbance: Disturbance, name: &str) -> Run {
        let fork = self.project.fork().await.unwrap();
        let log = self.log(name);
        let (client, transport) = Transport::client(&self.server, &fork, disturbance, &log);
        let result = self.run(&client, &log).await;
        Run {
            fork,
            log,
            result,
            seen: transport.seen(),
        }
    }
}

pub(crate) struct Run {
    pub(crate) fork: ProjectClient,
    pub(crate) log: PathBuf,
    pub(crate) result: Result<Report, FixUpError>,
    pub(crate) seen: Seen,
}

pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_time().build().unwrap().block_on(work)
}

pub(crate) const STEPS: [Step; 7] = [
    Step::Identify,
    Step::Realign,
    Step::CopyProperties,
    Step::CopyEvents,
    Step::HandOver,
    Step::ReadBack,
    Step::Anonymize,
];
