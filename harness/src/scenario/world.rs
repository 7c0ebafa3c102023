//! What a running scenario knows: its project, its browsers and devices, and what went wrong so far.
//! Blocks act through it, one after the other.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::{
    app::Device, block::Block, customer::Customer, fault::Waiting, fix_up::FixUpSummary,
    goal::Pursuit, hooks::Hooks, import::ImportReport, keep::Kept, sdk::Named, verdict::Rewrite,
};
use twinfold_engine::{IdKind, IdSchema};

use crate::{
    problem::Problem,
    target::{ProjectClient, Request},
};

/// A scenario's run so far.
pub(crate) struct World {
    pub(crate) client: ProjectClient,
    pub(crate) schema: IdSchema,
    pub(crate) hooks: Hooks,
    /// The project is not ours, so only the emulated API answers.
    pub(crate) is_abroad: bool,
    pub(crate) cookies: Cookies,
    pub(crate) devices: BTreeMap<String, Device>,
    /// The last journal entry that a `decisions` block has shown.
    pub(crate) decisions_shown: u64,
    /// The last journal entry that a `journal` block has shown.
    pub(crate) journal_shown: u64,
    /// Values kept from replies.
    pub(crate) kept: Kept,
    /// Faults that the file has planned.
    pub(crate) faults: Vec<Waiting>,
    /// What is worth saying of a run that went well.
    pub(crate) notes: Vec<String>,
    /// Calls that change something, sent so far.
    pub(crate) writes: usize,
    pub(crate) pursuits: Vec<Pursuit>,
    pub(crate) failures: Vec<Problem>,
    pub(crate) rewrites: Vec<Rewrite>,
    pub(crate) imports: Vec<ImportReport>,
    pub(crate) fix_ups: Vec<FixUpSummary>,
}

/// The cookie of every browser and device: its name, numbered from the second one on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cookies(BTreeMap<String, usize>);

impl Cookies {
    pub(crate) fn of(&self, name: &str) -> String {
        match self.0.get(name) {
            None => name.to_owned(),
            Some(renewed) => format!("{name}-{}", renewed + 1),
        }
    }

    pub(crate) fn renew(&mut self, name: &str) {
        *self.0.entry(name.to_owned()).or_default() += 1;
    }
}

impl World {
    pub(crate) fn new(client: ProjectClient, schema: IdSchema, hooks: Hooks) -> Self {
        Self {
            client,
            schema,
            hooks,
            is_abroad: false,
            cookies: Cookies::default(),
            devices: BTreeMap::new(),
            decisions_shown: 0,
            journal_shown: 0,
            kept: Kept::default(),
            faults: Vec::new(),
            notes: Vec::new(),
            writes: 0,
            pursuits: Vec::new(),
            failures: Vec::new(),
            rewrites: Vec::new(),
            imports: Vec::new(),
            fix_ups: Vec::new(),
        }
    }

    /// The ID of a browser or device, by its type.
    pub(crate) fn soft_id(&self, block: &Block, cookie: String) -> Result<Named, Problem> {
        let id_type = self.schema.device_type().ok_or_else(|| {
            block
                .problem("the project has no soft ID type for a cookie")
                .help("add one to `ids` in the front matter, such as `cookie: soft`")
        })?;
        Ok(Named::from_iter([(
            id_type.name.clone(),
            Value::from(cookie),
        )]))
    }

    /// The type of a login.
    pub(crate) fn hard_type(&self, block: &Block) -> Result<String, Problem> {
        let id_type = self.schema.of_kind(IdKind::Hard).next().ok_or_else(|| {
            block
                .problem("the project has no hard ID type for a login")
                .help("add one to `ids` in the front matter, such as `registered: hard`")
        })?;
        Ok(id_type.name.clone())
    }

    /// What the control API says about the project at `path`.
    pub(crate) async fn control(&self, block: &Block, path: &str) -> Result<Value, Problem> {
        let request = Request::get(self.client.control_path(path));
        let value = self.client.accepted(request).await;
        value.map_err(|error| block.problem(error.to_string()))
    }

    /// All customers, in order of creation.
    pub(crate) async fn customers(&self, block: &Block) -> Result<Vec<Customer>, Problem> {
        if self.is_abroad {
            return super::abroad::customers(block, self).await;
        }
        #[derive(Deserialize)]
        struct Listed {
            customers: Vec<Customer>,
        }
        let value = self.control(block, "/customers").await?;
        let listed: Listed = understood(block, value)?;
        Ok(listed.customers)
    }

    /// The ID types of a table: those of the schema, then any other that a customer has.
    pub(crate) fn id_types(&self, customers: &[Customer]) -> Vec<String> {
        let mut types = super::schema::names(&self.schema);
        let seen: BTreeSet<&String> = customers.iter().flat_map(|one| one.ids.keys()).collect();
        for name in seen {
            if !types.contains(name) {
                types.push(name.clone());
            }
        }
        types
    }

    /// Notes that a block states something else than what is seen, and how it would be right.
    pub(crate) fn fails(&mut self, block: &Block, problem: Problem, seen: &[String]) {
        self.failures.push(problem);
        self.rewrites.push(Rewrite::of(block, seen));
    }
}

/// A reply of the control API in its shape.
pub(crate) fn understood<T: serde::de::DeserializeOwned>(
    block: &Block,
    value: Value,
) -> Result<T, Problem> {
    serde_json::from_value(value).map_err(|error| {
        block.problem(format!(
            "the control API's reply has another shape: {error}"
        ))
    })
}
