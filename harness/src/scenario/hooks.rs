//! What a run needs from other parts of the harness: the repair and the diagnosis.
//! They are given as functions, so that a scenario can be run without either.

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use super::fix_up::{FixUpRequest, FixUpSummary};
use twinfold_engine::IdSchema;

use crate::target::ProjectClient;

/// What a hook gives back in the end; an error is said in one line.
pub type Pending<T> = Pin<Box<dyn Future<Output = Result<T, String>> + Send>>;

type FixUp = dyn Fn(ProjectClient, IdSchema, FixUpRequest) -> Pending<FixUpSummary> + Send + Sync;
type Lines = dyn Fn(ProjectClient, IdSchema) -> Pending<Vec<String>> + Send + Sync;

/// The repair, and what is said about a project, as functions of it.
#[derive(Clone)]
pub struct Hooks {
    fix_up: Arc<FixUp>,
    diagnosis: Arc<Lines>,
    causes: Arc<Lines>,
    plan: Arc<Lines>,
    anomalies: Arc<Lines>,
}

impl Default for Hooks {
    /// Neither a repair nor anything to say: a block that asks for one fails.
    fn default() -> Self {
        Self {
            fix_up: Arc::new(|_, _, _| Box::pin(async { Err("this run has no repair".into()) })),
            diagnosis: Arc::new(|_, _| Box::pin(async { Err("this run has no diagnosis".into()) })),
            causes: Arc::new(|_, _| {
                Box::pin(async {
                    Err("this run looks for no root causes; take the block out, or run the file by `twinfold run`".into())
                })
            }),
            plan: Arc::new(|_, _| {
                Box::pin(async {
                    Err("this run makes no plans; take the block out, or run the file by `twinfold run`".into())
                })
            }),
            anomalies: Arc::new(|_, _| {
                Box::pin(async {
                    Err("this run does not look for anomalies; take the block out, or run the file by `twinfold run`".into())
                })
            }),
        }
    }
}

impl Hooks {
    /// The same hooks with the repair of the block `fix-up`.
    pub fn with_fix_up<F, R>(mut self, fix_up: F) -> Self
    where
        F: Fn(ProjectClient, IdSchema, FixUpRequest) -> R + Send + Sync + 'static,
        R: Future<Output = Result<FixUpSummary, String>> + Send + 'static,
    {
        self.fix_up = Arc::new(move |client, ids, request| Box::pin(fix_up(client, ids, request)));
        self
    }

    /// The same hooks with the lines of the block `diagnosis`.
    pub fn with_diagnosis<F, R>(mut self, diagnosis: F) -> Self
    where
        F: Fn(ProjectClient, IdSchema) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Vec<String>, String>> + Send + 'static,
    {
        self.diagnosis = Arc::new(move |client, ids| Box::pin(diagnosis(client, ids)));
        self
    }

    /// The same hooks with the lines of the block `causes`.
    pub fn with_causes<F, R>(mut self, causes: F) -> Self
    where
        F: Fn(ProjectClient, IdSchema) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Vec<String>, String>> + Send + 'static,
    {
        self.causes = Arc::new(move |client, ids| Box::pin(causes(client, ids)));
        self
    }

    /// The same hooks with the lines of the block `plan`.
    pub fn with_plan<F, R>(mut self, plan: F) -> Self
    where
        F: Fn(ProjectClient, IdSchema) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Vec<String>, String>> + Send + 'static,
    {
        self.plan = Arc::new(move |client, ids| Box::pin(plan(client, ids)));
        self
    }

    /// The same hooks with the lines of the block `anomalies`.
    pub fn with_anomalies<F, R>(mut self, anomalies: F) -> Self
    where
        F: Fn(ProjectClient, IdSchema) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Vec<String>, String>> + Send + 'static,
    {
        self.anomalies = Arc::new(move |client, ids| Box::pin(anomalies(client, ids)));
        self
    }

    pub(crate) fn fix_up(
        &self,
        client: ProjectClient,
        ids: IdSchema,
        request: FixUpRequest,
    ) -> Pending<FixUpSummary> {
        (self.fix_up)(client, ids, request)
    }

    pub(crate) fn diagnosis(&self, client: ProjectClient, ids: IdSchema) -> Pending<Vec<String>> {
        (self.diagnosis)(client, ids)
    }

    pub(crate) fn causes(&self, client: ProjectClient, ids: IdSchema) -> Pending<Vec<String>> {
        (self.causes)(client, ids)
    }

    pub(crate) fn plan(&self, client: ProjectClient, ids: IdSchema) -> Pending<Vec<String>> {
        (self.plan)(client, ids)
    }

    pub(crate) fn anomalies(&self, client: ProjectClient, ids: IdSchema) -> Pending<Vec<String>> {
        (self.anomalies)(client, ids)
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hooks")
    }
}
