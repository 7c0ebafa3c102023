//! Which commands hang together: those that share an ID or an e-mail address, directly or by others.
//! Traffic of strangers falls apart into many small pieces, and one of them mostly comes to the goal alone.

use std::collections::{BTreeMap, HashMap};

use twinfold_engine::Settings;

use crate::{
    fixup::email_key,
    traffic::{Properties, Sent, SentAction},
};

/// The positions of the commands of each component, the component with the fewest commands first.
pub(super) fn components(settings: &Settings, commands: &[Sent]) -> Vec<Vec<usize>> {
    let mut leaders: Vec<usize> = (0..commands.len()).collect();
    let mut first = HashMap::<String, usize>::new();
    for (position, sent) in commands.iter().enumerate() {
        for mark in marks(settings, sent) {
            let other = *first.entry(mark).or_insert(position);
            let (one, other) = (leader(&mut leaders, position), leader(&mut leaders, other));
            leaders[one.max(other)] = one.min(other);
        }
    }
    let mut members = BTreeMap::<usize, Vec<usize>>::new();
    for position in 0..commands.len() {
        let leader = leader(&mut leaders, position);
        members.entry(leader).or_default().push(position);
    }
    let mut components: Vec<Vec<usize>> = members.into_values().collect();
    components.sort_by_key(Vec::len);
    components
}

fn leader(leaders: &mut [usize], position: usize) -> usize {
    let mut position = position;
    while leaders[position] != position {
        leaders[position] = leaders[leaders[position]];
        position = leaders[position];
    }
    position
}

/// What a command has in common with another that concerns the same person.
fn marks(settings: &Settings, sent: &Sent) -> Vec<String> {
    let mut marks = Vec::new();
    for id in sent.action.ids() {
        let Some(value) = id.value() else { continue };
        let id_type = settings.schema.get(&id.id_type);
        let value = id_type.map_or(value.into(), |id_type| id_type.normalise(value));
        marks.push(format!("{}={value}", id.id_type));
        marks.extend(email_key(&value));
    }
    if let SentAction::Customers {
        properties: Properties::Object(pairs),
        ..
    } = &sent.action
    {
        let texts = pairs
            .iter()
            .filter_map(|(_, json)| serde_json::from_str::<String>(json).ok());
        marks.extend(texts.filter_map(|text| email_key(&text)));
    }
    marks
}
