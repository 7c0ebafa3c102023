//! Policy `resolve`: the calls that end a conflict. A realigned account gets its own address as
//! e-mail; a rehomed one is copied to the profile that stands for the key, read back and anonymized.

use std::collections::BTreeMap;

use serde_json::json;

use super::{
    Call, Conflict, ConflictKind, Id, IdKind, IdSchema, Loss, PlanOptions, Policy, Profile, Step,
    conflicts::Left,
    identify::{Fate, hard_ids, takes_hard},
    losses::Losses,
};

/// What is done about the conflicts of a key, and what is left.
#[derive(Default)]
pub(super) struct Resolved {
    pub(super) calls: Vec<Call>,
    pub(super) resolved: Vec<Conflict>,
    pub(super) left: Vec<Conflict>,
}

/// A profile as it stands once the calls of step `identify` are made.
struct Standing<'a> {
    people: Vec<&'a Profile>,
    hard_ids: BTreeMap<String, String>,
    /// A hard ID by which a call can name it.
    name: Option<Id>,
}

/// One conflict after the other, as the policies say.
pub(super) fn resolve<'a>(
    conflicts: Vec<Left<'a>>,
    canonical: Option<&'a Profile>,
    fates: &[Fate<'a>],
    types: &IdSchema,
    options: &PlanOptions,
) -> Resolved {
    let resolver = Resolver {
        fates,
        types,
        options,
    };
    let canonical = canonical.map(|profile| resolver.standing(profile));
    let mut losses = canonical.as_ref().and_then(|standing| {
        let (head, others) = standing.people.split_first()?;
        let mut losses = Losses::new(head, types);
        others.iter().for_each(|other| drop(losses.joining(other)));
        Some(losses)
    });
    let mut done = Resolved::default();
    for left in conflicts {
        let calls = match options.policies.of(left.conflict.kind) {
            Policy::Report => Err(None),
            Policy::Resolve => resolver.calls(&left, canonical.as_ref().zip(losses.as_mut())),
        };
        match calls {
            Ok(calls) => {
                done.calls.extend(calls);
                done.resolved.push(left.conflict);
            }
            Err(why) => done.left.push(unresolved(left.conflict, why)),
        }
    }
    done
}

/// A conflict that stays: as it is, or as one that no call can end.
fn unresolved(conflict: Conflict, why: Option<&'static str>) -> Conflict {
    match why {
        None => conflict,
        Some(why) => Conflict {
            kind: ConflictKind::Unreachable,
            explanation: why.to_owned(),
            ..conflict
        },
    }
}

const NOBODY_TO_TAKE_IT: &str = "Nobody stands for the address while others of it need a guess. Resolve those too, or decide about them.";
const NO_NAME: &str = "The project changes or refuses every hard ID by which a call would name it or its target. Mend the stored ID with the vendor, or leave it.";
const NO_SOFT_TYPE: &str = "The project has no soft ID type, so that nobody in it can be anonymized. Leave it, or ask the vendor for a soft type.";
const WOULD_MERGE: &str = "A call that names both would merge them, since no hard type keeps them apart. Decide whether they are one person.";

struct Resolver<'a, 'o> {
    fates: &'o [Fate<'a>],
    types: &'o IdSchema,
    options: &'o PlanOptions,
}

impl<'a> Resolver<'a, '_> {
    fn calls(
        &self,
        left: &Left<'a>,
        target: Option<(&Standing<'a>, &mut Losses<'a>)>,
    ) -> Result<Vec<Call>, Option<&'static str>> {
        let head = left.people.first().copied().ok_or(None)?;
        if left.conflict.kind == ConflictKind::AnotherAddress {
            return self.realign(head).map(|call| vec![call]);
        }
        let (target, losses) = target.ok_or(Some(NOBODY_TO_TAKE_IT))?;
        self.rehome(left, &self.standing(head), target, losses)
    }

    fn realign(&self, profile: &Profile) -> Result<Call, Option<&'static str>> {
        let address = profile.id(&self.options.email_type).unwrap_or_default();
        let own = self.name_of(&hard_ids(profile, self.types));
        let own = own.ok_or(Some(NO_NAME))?;
        let property = &self.options.email_property;
        let old = profile.properties.get(property).cloned();
        let number = profile.shown_number();
        Ok(Call {
            step: Step::Realign,
            hard_id: own.clone(),
            own,
            joins: vec![number],
            reason: format!(
                "#{number} is the account of `{address}` and gets that as `{property}`"
            ),
            expects: hard_ids(profile, self.types),
            loses: vec![Loss::Property {
                property: property.clone(),
                values: [old.unwrap_or_default(), json!(address)],
            }],
            sets: BTreeMap::from([(property.clone(), json!(address))]),
            kind: Some(ConflictKind::AnotherAddress),
        })
    }

    fn rehome(
        &self,
        left: &Left<'a>,
        from: &Standing<'a>,
        to: &Standing<'a>,
        losses: &mut Losses<'a>,
    ) -> Result<Vec<Call>, Option<&'static str>> {
        let (own, hard_id) = from
            .name
            .clone()
            .zip(to.name.clone())
            .ok_or(Some(NO_NAME))?;
        if self.types.of_kind(IdKind::Soft).next().is_none() {
            return Err(Some(NO_SOFT_TYPE));
        }
        let clash = |(name, value): (&String, &String)| {
            to.hard_ids.get(name).is_some_and(|other| other != value)
        };
        if !from.hard_ids.iter().any(clash) {
            return Err(Some(WOULD_MERGE));
        }
        let mut loses = from.gives_up();
        let joining = from.people.iter();
        loses.extend(joining.flat_map(|profile| losses.joining(profile)));
        let draft = Draft {
            kind: left.conflict.kind,
            own,
            hard_id,
            numbers: [from.number(), to.number()],
            expects: &from.hard_ids,
        };
        let mut calls = vec![
            draft.call(Step::CopyProperties),
            draft.call(Step::CopyEvents),
        ];
        calls.extend(self.soft_ids(from).map(|id| draft.hands_over(id)));
        calls.push(draft.call(Step::ReadBack));
        calls.push(Call {
            loses,
            ..draft.call(Step::Anonymize)
        });
        Ok(calls)
    }

    fn soft_ids<'s>(&'s self, from: &'s Standing<'a>) -> impl Iterator<Item = Id> + 's {
        self.types.of_kind(IdKind::Soft).flat_map(move |id_type| {
            let people = from.people.iter();
            let values = people.flat_map(|profile| profile.values(&id_type.name));
            let taken = values.filter(|value| id_type.takes(value));
            taken.map(|value| Id::new(&id_type.name, value))
        })
    }

    /// Whom a profile stands for: itself, and those who follow it by calls of step `identify`.
    fn standing(&self, profile: &'a Profile) -> Standing<'a> {
        let mut standing = Standing {
            people: vec![profile],
            hard_ids: hard_ids(profile, self.types),
            name: None,
        };
        for fate in self.fates {
            if let Fate::OnePerson {
                head,
                joining,
                hard_id,
                ..
            } = fate
                && std::ptr::eq(*head, profile)
                && !joining.is_empty()
            {
                let others = joining.iter().map(|(other, _)| *other);
                standing
                    .people
                    .extend(others.filter(|other| !std::ptr::eq(*other, profile)));
                let known = standing
                    .people
                    .iter()
                    .flat_map(|one| hard_ids(one, self.types));
                standing.hard_ids = known.collect();
                standing
                    .hard_ids
                    .insert(hard_id.id_type.clone(), hard_id.value.clone());
                standing.name = Some(hard_id.clone());
            }
        }
        standing.name = standing.name.or_else(|| self.name_of(&standing.hard_ids));
        standing
    }

    /// The e-mail's type first, then in schema order.
    fn name_of(&self, hard_ids: &BTreeMap<String, String>) -> Option<Id> {
        let email_type = self.options.email_type.as_str();
        let others = self
            .types
            .of_kind(IdKind::Hard)
            .map(|id_type| id_type.name.as_str());
        let mut named = std::iter::once(email_type)
            .chain(others)
            .filter_map(|name| {
                let value = hard_ids.get(name)?;
                takes_hard(self.types, name, value).then(|| Id::new(name, value))
            });
        named.next()
    }
}

impl Standing<'_> {
    /// The oldest of them, which survives.
    fn number(&self) -> u64 {
        let numbers = self.people.iter().map(|profile| profile.shown_number());
        numbers.min().unwrap_or_default()
    }

    fn gives_up(&self) -> Vec<Loss> {
        let ids = self.hard_ids.iter();
        ids.map(|(name, value)| Loss::HardId {
            id: Id::new(name, value),
        })
        .collect()
    }
}

/// What the calls of one rehoming have in common.
struct Draft<'e> {
    kind: ConflictKind,
    own: Id,
    hard_id: Id,
    /// From whom to whom.
    numbers: [u64; 2],
    expects: &'e BTreeMap<String, String>,
}

impl Draft<'_> {
    fn call(&self, step: Step) -> Call {
        let [from, to] = self.numbers;
        let reason = match step {
            Step::CopyProperties => format!(
                "properties of #{from} go to #{to} with their update times; a newer value there stays"
            ),
            Step::CopyEvents => {
                format!(
                    "events of #{from} go to #{to} with their times; `merge` events stay behind"
                )
            }
            Step::HandOver => format!("a device of #{from} belongs to #{to} from now on"),
            Step::ReadBack => {
                format!("#{to} must hold every event and every property of #{from} by now")
            }
            _ => format!("#{from} is emptied: #{to} stands for it"),
        };
        Call {
            step,
            own: self.own.clone(),
            hard_id: self.hard_id.clone(),
            joins: self.numbers.to_vec(),
            reason,
            expects: self.expects.clone(),
            loses: Vec::new(),
            sets: BTreeMap::new(),
            kind: Some(self.kind),
        }
    }

    fn hands_over(&self, id: Id) -> Call {
        Call {
            own: id,
            ..self.call(Step::HandOver)
        }
    }
}
