//! What is checked of a tracking command before the project is told: the caller's permissions, then the limits.
//! A command that the project would reject for its IDs is let through, because IDs come before properties.

use twinfold_engine::{GivenId, Rejection, UnknownIdType};

use crate::{
    access::Permissions,
    error::Error,
    journal::Step,
    wire::{given::Id, limits},
    world::World,
};

/// Refuses a step that the caller may not do or that is beyond the limits.
pub(super) fn admit(world: &World, grants: &Permissions, step: &Step<'_>) -> Result<(), Error> {
    grants.allow(step, world.project())?;
    match limits::check(step) {
        Err(error) if has_ids(world, step) => Err(error),
        _ => Ok(()),
    }
}

fn has_ids(world: &World, step: &Step<'_>) -> bool {
    let (Step::Customers { ids, .. } | Step::Event { ids, .. }) = step else {
        return true;
    };
    let given: Vec<GivenId<'_>> = ids.iter().map(Id::given).collect();
    let project = world.project();
    match project.find(&given) {
        Ok(_) => true,
        // A read declares no type, so that it may find no ID where a write does.
        Err(Rejection::NoValidId) => {
            project.settings().switches.unknown_id_type == UnknownIdType::DeclareSoft
        }
        Err(_) => false,
    }
}
