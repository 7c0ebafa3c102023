//! Following a decision: customers are created and folded, IDs added, moved and forgotten.
//! Nothing is decided here.

use alloc::vec::Vec;

use super::Project;
use crate::{
    decision::{Decision, Effect},
    ids::{IdKind, ReadIds},
    profile::merge_properties,
    rule::Rules,
    store::{Json, Store},
    time::Timestamp,
};

impl Project {
    /// Follows a decision; the rules that chose between properties are added to those it rests on.
    pub(super) fn carry_out(
        &mut self,
        decision: &Decision,
        read: &ReadIds<'_>,
        at: Timestamp,
        because: &mut Rules,
    ) {
        for name in &read.declared {
            self.settings.schema.declare_soft(name);
        }
        let survivor = decision.survivor.index();
        if decision.created {
            self.store.create();
        }
        let rule = self.settings.switches.property_conflict;
        for absorbed in &decision.absorbed {
            because.add_all(self.store.absorb(survivor, absorbed.index(), rule));
        }
        if !decision.absorbed.is_empty() {
            self.track_merge(decision, read, at);
        }
        for held in read.held() {
            self.store.touch(held.at, survivor);
        }
        for effect in &decision.effects {
            match effect {
                Effect::Added { given } => {
                    if let Some(id) = read.given(*given) {
                        self.store.add_id(id, survivor);
                    }
                }
                Effect::Moved { given, .. } => {
                    if let Some(held) = read.given(*given).and_then(|id| id.held) {
                        self.store.move_id(held.at, false, survivor);
                    }
                }
                Effect::Displaced(displaced) => self.forget(&displaced.id_type, &displaced.value),
                _ => {}
            }
        }
    }

    pub(super) fn forget(&mut self, id_type: &str, value: &str) {
        let Some(position) = self.schema().position(id_type) else {
            return;
        };
        let hard = self.schema().at(position).kind == IdKind::Hard;
        if let Some(at) = self.store.find(position, value) {
            self.store.forget_id(at, hard);
        }
    }

    fn track_merge(&mut self, decision: &Decision, read: &ReadIds<'_>, at: Timestamp) {
        let linked = read
            .ids
            .iter()
            .filter(|id| id.held.is_some() && !decision.drops(id.given));
        let linked: Vec<(&str, &str)> = linked
            .map(|id| {
                (
                    self.settings.schema.at(id.id_type).name.as_str(),
                    &*id.key.text,
                )
            })
            .collect();
        let properties = merge_properties(decision, &linked);
        let Store {
            customers,
            events,
            event_types,
            ..
        } = &mut self.store;
        let merge = event_types.intern("merge");
        events.push(
            customers,
            decision.survivor.index(),
            merge,
            at,
            Json(&properties),
        );
    }
}
