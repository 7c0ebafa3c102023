//! A project's settings and what people did in it: the input of one proof.
//! ID types stand in any order and transform as they like; every combination of switches occurs.

use std::fmt;

use proptest::{
    collection::vec,
    prelude::{Just, Strategy, any, prop_oneof},
    sample::select,
};
use serde_json::json;
use twinfold::fixup::{IdKind, IdSchema, IdType};
use twinfold_engine::{ContestedSoftId, HardIdConflict, PropertyConflict, Switches, UnknownIdType};

use crate::command::{Command, command};

/// An ID type that no project declares and some commands carry.
pub(crate) const UNDECLARED: &str = "shop_id";

/// A project and what happened in it.
#[derive(Clone)]
pub(crate) struct History {
    pub(crate) types: IdSchema,
    pub(crate) switches: Switches,
    /// By how much each write moves the clock; 0 makes all times equal.
    pub(crate) clock_step: u8,
    /// Whether the repair is told of the ID type that a command declared on the way.
    pub(crate) tells_declared: bool,
    /// Whether a confirmation link ties the browser to the recipient.
    pub(crate) transfer: &'static str,
    /// How many commands go in one request.
    pub(crate) batch: usize,
    pub(crate) commands: Vec<Command>,
}

/// Any history of 2 to 4 people.
pub(crate) fn history() -> impl Strategy<Value = History> {
    let commands = (2..=4usize).prop_flat_map(|people| vec(command(people), 3..32));
    let clock_step = prop_oneof![3 => Just(1u8), 1 => Just(0)];
    (
        types(),
        switches(),
        clock_step,
        any::<bool>(),
        select(&["enabled", "first_click", "disabled"][..]),
        1..=12usize,
        commands,
    )
        .prop_map(
            |(types, switches, clock_step, tells_declared, transfer, batch, commands)| History {
                types,
                switches,
                clock_step,
                tells_declared,
                transfer,
                batch,
                commands,
            },
        )
}

/// `registered` and up to two more hard types, 0-2 soft types, in any order.
fn types() -> impl Strategy<Value = IdSchema> {
    let hard = prop_oneof![1 => Just(0usize), 3 => Just(1), 3 => Just(2)];
    let soft = prop_oneof![1 => Just(0usize), 4 => Just(1), 3 => Just(2)];
    let types = (hard, soft).prop_flat_map(|(hard, soft)| {
        let hard = ["crm", "loyalty"].into_iter().take(hard).map(IdType::hard);
        let soft = ["cookie", "device"]
            .into_iter()
            .take(soft)
            .map(IdType::soft);
        let all = [IdType::hard("registered")]
            .into_iter()
            .chain(hard)
            .chain(soft);
        all.map(id_type).collect::<Vec<_>>().prop_shuffle()
    });
    types.prop_map(|types| IdSchema::new(types).unwrap())
}

fn id_type(plain: IdType) -> impl Strategy<Value = IdType> {
    let trim = prop_oneof![3 => Just(true), 1 => Just(false)];
    let values_max = match plain.kind {
        IdKind::Hard => vec![1],
        IdKind::Soft => vec![64, 64, 1, 2, 3],
    };
    (trim, any::<bool>(), select(values_max)).prop_map(move |(trim, lowercase, values_max)| {
        IdType {
            trim,
            lowercase,
            values_max,
            ..plain.clone()
        }
    })
}

fn switches() -> impl Strategy<Value = Switches> {
    let switches = (
        select(UnknownIdType::ALL),
        select(HardIdConflict::ALL),
        select(ContestedSoftId::ALL),
        select(PropertyConflict::ALL),
    );
    switches.prop_map(|(unknown, hard, contested, property)| Switches {
        unknown_id_type: unknown,
        hard_id_conflict: hard,
        contested_soft_id: contested,
        property_conflict: property,
    })
}

impl History {
    /// Whether a command sends this ID type: its own, and the one that nobody declared.
    pub(crate) fn sends(&self, id_type: &str) -> bool {
        id_type == UNDECLARED || self.types.get(id_type).is_some()
    }

    /// The ID types that the repair is told.
    pub(crate) fn told(&self) -> IdSchema {
        let declares = self.switches.unknown_id_type == UnknownIdType::DeclareSoft;
        let mut types = self.types.types().to_vec();
        if declares && self.tells_declared {
            types.push(IdType::soft(UNDECLARED));
        }
        IdSchema::new(types).unwrap()
    }

    /// The body of `POST /projects`, as text: the order of the ID types counts.
    pub(crate) fn settings(&self) -> String {
        let types = self.types.types().iter().map(|id_type| {
            let mut object = json!({"trim": id_type.trim, "lowercase": id_type.lowercase});
            object["kind"] = json!(match id_type.kind {
                IdKind::Hard => "hard",
                IdKind::Soft => "soft",
            });
            if id_type.kind == IdKind::Soft {
                object["values_max"] = json!(id_type.values_max);
            }
            format!("{}: {object}", json!(id_type.name))
        });
        let types: Vec<_> = types.collect();
        let switches = json!({
            "unknown_id_type": self.switches.unknown_id_type.slug(),
            "hard_id_conflict": self.switches.hard_id_conflict.slug(),
            "contested_soft_id": self.switches.contested_soft_id.slug(),
            "property_conflict": self.switches.property_conflict.slug(),
        });
        let clock = json!({"start": 1000, "step": self.clock_step});
        let types = types.join(", ");
        let opt_in = json!({"transfer_identity": self.transfer});
        format!(
            r#"{{"id_types": {{{types}}}, "switches": {switches}, "clock": {clock}, "double_opt_in": {opt_in}}}"#
        )
    }
}

impl fmt::Debug for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{}\n  told {UNDECLARED}: {}, {} a request:",
            self.settings(),
            self.tells_declared,
            self.batch
        )?;
        let mut commands = self.commands.iter();
        commands.try_for_each(|command| writeln!(f, "  {command:?}"))
    }
}
