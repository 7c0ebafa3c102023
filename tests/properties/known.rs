//! Where engine and model are known to differ and the dispute is open: random histories keep away from it.
//! Each has its shortest history in `corners.rs`, ignored until it is settled; then its line here goes too.

use std::collections::BTreeSet;

use twinfold::model::Model;
use twinfold_engine::{Effect, GivenValue, Rule, Settings};

use crate::step::Step;

pub(crate) fn is_disputed(settings: &Settings, model: &Model, step: &Step) -> bool {
    repeats_an_id(settings, step) || merges_beside_a_stranger(model, step)
}

/// `first_hard_type_wins`: a merge in a call with a hard ID that was not set, because a stranger holds it.
fn merges_beside_a_stranger(model: &Model, step: &Step) -> bool {
    let mut model_after = model.clone();
    let Ok(outcome) = step.with(|command| model_after.apply(command)) else {
        return false;
    };
    let strangers = outcome.dropped.iter().any(|effect| match effect {
        Effect::Dropped { given, rule } if *rule == Rule::FirstHardTypeWins => {
            let id = step.ids()[usize::from(*given)];
            model.find(&[id]).is_ok_and(|owner| owner.is_some())
        }
        _ => false,
    });
    strangers && !outcome.absorbed.is_empty()
}

/// The same ID twice in one call, or an undeclared type twice.
fn repeats_an_id(settings: &Settings, step: &Step) -> bool {
    let mut seen = BTreeSet::new();
    step.ids().iter().any(|id| {
        let text = match id.value {
            GivenValue::Text(text) | GivenValue::Number(text) => text,
            GivenValue::Null | GivenValue::Other => return false,
        };
        let key = match settings.schema.get(id.id_type) {
            Some(_) => text.trim().to_lowercase(),
            None => String::new(),
        };
        !seen.insert((id.id_type, key))
    })
}
