//! What the fix-up would have to do to what Engagement's rules leave behind. Its calls are Engagement's API, so there is no
//! such figure for other strategies; what they need is in splits and merges.

use twinfold_engine::Project;

use crate::fixup::{PlanOptions, Policies, plan, profiles_of};

/// A plan in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RepairCost {
    /// E-mail addresses with more than one profile.
    pub duplicates: u64,
    /// Calls of the plan that resolves every kind of conflict.
    pub calls: u64,
    /// Of those, calls that cannot be undone.
    pub irreversible: u64,
    /// Conflicts that a plan which guesses nothing leaves to a human.
    pub conflicts: u64,
    /// Conflicts that no call can resolve.
    pub unresolvable: u64,
}

/// Plans the repair of a project, without making a call.
pub(super) fn repair_cost(project: &Project) -> RepairCost {
    let profiles = profiles_of(project);
    let schema = project.schema();
    let careful = plan(&profiles, schema, &PlanOptions::default());
    let resolving = PlanOptions {
        policies: Policies::resolve_all(),
        ..PlanOptions::default()
    };
    let resolving = plan(&profiles, schema, &resolving);
    let calls = resolving.keys.iter().flat_map(|key| &key.calls);
    let left = |conflicts: &std::collections::BTreeMap<_, usize>| conflicts.values().sum::<usize>();
    RepairCost {
        duplicates: resolving.summary.duplicate_keys as u64,
        calls: resolving.summary.calls as u64,
        irreversible: calls.filter(|call| call.is_irreversible()).count() as u64,
        conflicts: left(&careful.summary.conflicts) as u64,
        unresolvable: left(&resolving.summary.conflicts) as u64,
    }
}
