//! What a step asks of the engine, in the engine's words; one step by one, or a run of entries as one stream.

use smallvec::SmallVec;
use twinfold_engine::{
    Action, Command, GivenId, InternalId, Json, Project, PropertiesGiven, Timestamp, Who,
};

use super::{Entry, Step};
use crate::wire::given::Id;

/// What a step asks of the engine; nothing if it does not concern it.
pub(crate) fn asked<T>(step: &Step<'_>, answer: impl FnOnce(Action<'_>) -> T) -> Option<T> {
    // Filled where they stay: collecting them would move all their room.
    let mut all_ids = Few::new();
    all_ids.extend(ids(step));
    let mut all_values = Few::new();
    all_values.extend(values(step));
    action(step, &all_ids, &all_values).map(answer)
}

/// Asks the engine for what entries asked it for, in their order; it looks up the next ones ahead.
///
/// What was rejected then is rejected again, and changes nothing again.
pub(super) fn ask_again(project: &mut Project, entries: &[Entry<'_>]) {
    // All IDs in one place and all properties in another, each entry's beside those of the one before.
    let all_ids: Vec<GivenId<'_>> = entries.iter().flat_map(|one| ids(&one.step)).collect();
    let all_values: Vec<_> = entries.iter().flat_map(|one| values(&one.step)).collect();
    let (mut ids_left, mut values_left) = (&all_ids[..], &all_values[..]);
    let commands = entries.iter().filter_map(|Entry { at, step, .. }| {
        let own_ids = ids_left.split_off(..ids(step).len())?;
        let own_values = values_left.split_off(..values(step).len())?;
        let action = action(step, own_ids, own_values)?;
        let at = Timestamp::new(*at).unwrap_or_default();
        Some(Command { at, action })
    });
    let commands: Vec<Command<'_>> = commands.collect();
    project.apply_all(&commands, |_, _as_it_was_then| {});
}

/// Most commands bring no more, so that they need no memory of their own.
type Few<T> = SmallVec<[T; 8]>;

fn ids<'s>(step: &'s Step<'_>) -> impl ExactSizeIterator<Item = GivenId<'s>> {
    let ids: &[Id<'_>] = match step {
        Step::Customers { ids, .. }
        | Step::Event { ids, .. }
        | Step::Anonymize { ids, .. }
        | Step::OpenLink { ids, .. } => ids,
        _ => &[],
    };
    ids.iter().map(Id::given)
}

fn values<'s>(step: &'s Step<'_>) -> impl ExactSizeIterator<Item = (&'s str, Json<'s>)> {
    let properties = match step {
        Step::Customers { properties, .. } => properties.as_deref(),
        _ => None,
    };
    let properties = properties.unwrap_or_default().iter();
    properties.map(|(name, value)| (&**name, Json(value)))
}

/// What a step asks for with these IDs and properties, which are its own.
fn action<'s>(
    step: &'s Step<'_>,
    ids: &'s [GivenId<'s>],
    values: &'s [(&'s str, Json<'s>)],
) -> Option<Action<'s>> {
    Some(match step {
        Step::Customers {
            properties,
            update_timestamp,
            ..
        } => Action::SetProperties {
            ids,
            properties: match properties {
                Some(_) => PropertiesGiven::Object(values),
                None => PropertiesGiven::NotAnObject,
            },
            update_timestamp: update_timestamp.and_then(Timestamp::new),
        },
        Step::Event {
            event_type,
            timestamp,
            properties,
            ..
        } => Action::TrackEvent {
            ids,
            event_type: event_type.as_deref(),
            timestamp: timestamp.and_then(Timestamp::new),
            properties: match properties {
                Some(object) => PropertiesGiven::Object(Json(object)),
                None => PropertiesGiven::NotAnObject,
            },
        },
        Step::Anonymize { fresh, .. } => Action::Anonymize {
            who: Who::Ids(ids),
            fresh,
        },
        Step::AnonymizeInternal { customer, fresh } => Action::Anonymize {
            who: Who::Internal(InternalId::from_number(*customer)?),
            fresh,
        },
        Step::OpenLink { .. } if !ids.is_empty() => Action::OpenLink { ids },
        _ => return None,
    })
}
