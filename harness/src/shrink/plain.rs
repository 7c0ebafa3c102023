//! Traffic in the words of a scenario file: every command one request, at the times of a scenario's clock.
//! A link becomes the call that ties the same IDs, and who was anonymized by internal ID is named by an external one.

use twinfold_engine::{IdKind, InternalId, Project, Settings, Timestamp};

use crate::traffic::{Properties, Sent, SentAction, SentId, SentWho, Traffic};

/// Where the clock of every scenario begins.
const START_SECONDS: f64 = 1_767_225_600.0;

/// When the command at this position arrives in a scenario.
pub(super) fn arrival(position: usize) -> Timestamp {
    Timestamp::new(START_SECONDS + position as f64).unwrap_or_default()
}

/// The commands of the traffic as a scenario would send them.
pub(super) fn plain(traffic: &Traffic) -> Vec<Sent> {
    let by_internal_id = |sent: &Sent| {
        let SentAction::Anonymize { who, .. } = &sent.action else {
            return false;
        };
        matches!(who, SentWho::Internal(_))
    };
    let mut project = traffic
        .commands
        .iter()
        .any(by_internal_id)
        .then(|| Project::new(traffic.settings.clone()));
    let mut commands = Vec::with_capacity(traffic.commands.len());
    for sent in &traffic.commands {
        let action = named(sent, project.as_ref(), &traffic.settings);
        if let Some(project) = &mut project {
            let _rejected_or_not = sent.apply_to(project);
        }
        let at = arrival(commands.len());
        commands.extend(action.map(|action| timed(sent, action, at)));
    }
    commands
}

/// What the command asks for, by external IDs; nothing if that cannot be said.
fn named(sent: &Sent, project: Option<&Project>, settings: &Settings) -> Option<SentAction> {
    match &sent.action {
        SentAction::OpenLink { ids } => Some(SentAction::Customers {
            ids: one_of_each(ids, settings),
            properties: Properties::Object(Vec::new()),
            update_timestamp: None,
        }),
        SentAction::Anonymize {
            who: SentWho::Internal(customer),
            fresh,
        } => Some(SentAction::Anonymize {
            who: SentWho::Ids(vec![an_id_of(project?, *customer)?]),
            fresh: fresh.clone(),
        }),
        action => Some(action.clone()),
    }
}

/// A body names each type once: the recipient's hard ID, and of soft types the browser's, which comes last.
fn one_of_each(ids: &[SentId], settings: &Settings) -> Vec<SentId> {
    let mut kept: Vec<SentId> = Vec::new();
    for id in ids {
        let same = kept.iter_mut().find(|other| other.id_type == id.id_type);
        let is_hard = settings.schema.get(&id.id_type).map(|own| own.kind) == Some(IdKind::Hard);
        match same {
            None => kept.push(id.clone()),
            Some(_) if is_hard => {}
            Some(same) => *same = id.clone(),
        }
    }
    kept
}

fn an_id_of(project: &Project, customer: InternalId) -> Option<SentId> {
    let ids = project.profile(customer)?.ids;
    ids.into_iter()
        .find_map(|(id_type, values)| Some(SentId::text(id_type, values.into_iter().next()?)))
}

/// At another arrival, times that the command names keep their distance to it.
fn timed(sent: &Sent, action: SentAction, at: Timestamp) -> Sent {
    let moved = |named: Timestamp| {
        Timestamp::new(named.seconds() - sent.at.seconds() + at.seconds()).unwrap_or(named)
    };
    let action = match action {
        SentAction::Customers {
            ids,
            properties,
            update_timestamp,
        } => SentAction::Customers {
            ids,
            properties,
            update_timestamp: update_timestamp.map(moved),
        },
        SentAction::Event {
            ids,
            event_type,
            timestamp,
            properties,
        } => SentAction::Event {
            ids,
            event_type,
            timestamp: timestamp.map(moved),
            properties,
        },
        other => other,
    };
    Sent {
        at,
        action,
        ..sent.clone()
    }
}
