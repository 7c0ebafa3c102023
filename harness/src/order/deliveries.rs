//! Which deliveries are tried: all of them while there are few commands, a seeded sample when there are many.
//! Orders, batches and redeliveries vary one at a time, so that what makes the difference can be told.

use rand::{RngExt, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use twinfold_engine::{IdKind, Settings};

use super::{Options, delivery::Delivery};
use crate::traffic::{Sent, Traffic};

/// Up to this many commands every order is tried: 5,040 orders of 7.
pub const EVERY_ORDER_COMMANDS_MAX: usize = 7;

/// Up to this many commands every grouping is tried: 512 groupings of 10.
const EVERY_GROUPING_COMMANDS_MAX: usize = 10;

/// What varies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Variation {
    /// The order.
    Order,
    /// Which commands share a batch.
    Batches,
    /// Which command is delivered twice.
    Redelivery,
}

impl Variation {
    /// What varies, as a word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Batches => "batches",
            Self::Redelivery => "redelivery",
        }
    }
}

/// The deliveries to try, the recorded order first, and whether all orders are among them.
pub(super) fn deliveries(
    traffic: &Traffic,
    options: &Options,
) -> (Vec<(Variation, Delivery)>, bool) {
    let count = traffic.commands.len();
    let mut random = ChaCha8Rng::seed_from_u64(options.seed);
    let senders = senders(&traffic.settings, &traffic.commands);
    let keeps = |order: &[usize]| !options.keep_source_order || keeps_order(order, &senders);
    let every = count <= EVERY_ORDER_COMMANDS_MAX;
    let mut orders = vec![(0..count).collect::<Vec<usize>>()];
    if every {
        let all = arrangements(count, count).into_iter();
        orders.extend(all.skip(1).filter(|order| keeps(order)));
    } else {
        for _ in 1..options.orders {
            let mut order = orders[0].clone();
            order.shuffle(&mut random);
            if options.keep_source_order {
                put_in_order(&mut order, &senders);
            }
            orders.push(order);
        }
    }
    let orders = orders.into_iter().map(Delivery::singly);
    let mut deliveries: Vec<_> = orders.map(|one| (Variation::Order, one)).collect();
    deliveries.extend(groupings(count, options, &mut random).map(|one| (Variation::Batches, one)));
    let again = redeliveries(count, options, &mut random).into_iter();
    deliveries.extend(again.map(|one| (Variation::Redelivery, one)));
    (deliveries, every)
}

/// Every arrangement of `length` of `count` positions, in the order of a dictionary.
pub(super) fn arrangements(count: usize, length: usize) -> Vec<Vec<usize>> {
    let mut arrangements = vec![Vec::new()];
    for _ in 0..length {
        let longer = arrangements.iter().flat_map(|begun: &Vec<usize>| {
            let rest = (0..count).filter(|position| !begun.contains(position));
            rest.map(|position| [begun.as_slice(), &[position]].concat())
        });
        arrangements = longer.collect();
    }
    arrangements
}

/// Who sends each command: the source and, of an SDK, the soft ID by which the browser or device is known.
pub(super) fn senders(settings: &Settings, commands: &[Sent]) -> Vec<String> {
    let is_soft = |name: &str| {
        let id_type = settings.schema.get(name);
        id_type.is_some_and(|id_type| id_type.kind == IdKind::Soft)
    };
    let sender = |sent: &Sent| {
        let mut ids = sent.action.ids().iter();
        let device = ids.rfind(|id| sent.source.ends_with("-sdk") && is_soft(&id.id_type));
        let device = device.and_then(|id| id.value()).unwrap_or_default();
        format!("{} {device}", sent.source)
    };
    commands.iter().map(sender).collect()
}

/// Whether what one sender sent stays in its order.
pub(super) fn keeps_order(order: &[usize], senders: &[String]) -> bool {
    let mut last = std::collections::HashMap::new();
    order.iter().all(|&position| {
        let before = last.insert(senders.get(position), position);
        before.is_none_or(|before| before < position)
    })
}

fn put_in_order(order: &mut [usize], senders: &[String]) {
    let mut by_sender = std::collections::HashMap::<&String, Vec<usize>>::new();
    for (position, sender) in senders.iter().enumerate().rev() {
        by_sender.entry(sender).or_default().push(position);
    }
    for place in order {
        let next = senders
            .get(*place)
            .and_then(|sender| by_sender.get_mut(sender));
        if let Some(next) = next.and_then(Vec::pop) {
            *place = next;
        }
    }
}

/// The recorded order in other batches; one command by itself each is the recorded order already.
fn groupings(
    count: usize,
    options: &Options,
    random: &mut ChaCha8Rng,
) -> impl Iterator<Item = Delivery> {
    let places = count.saturating_sub(1);
    let mut groupings: Vec<Vec<bool>> = Vec::new();
    if count <= EVERY_GROUPING_COMMANDS_MAX {
        let bits = |mask: usize| (0..places).map(move |place| mask >> place & 1 == 1);
        groupings.extend((1..1_usize << places).map(|mask| bits(mask).collect()));
    } else {
        groupings.push(vec![true; places]);
        let more = (1..options.orders.min(1_000)).map(|_| {
            let together = random.random_range(0.1..0.9);
            (0..places).map(|_| random.random_bool(together)).collect()
        });
        groupings.extend(more.collect::<Vec<_>>());
    }
    groupings.into_iter().map(move |joined| Delivery {
        with_the_one_before: [&[false][..], &joined].concat(),
        order: (0..count).collect(),
    })
}

/// Each command again, right after itself and at every later place; a sample if there are too many.
fn redeliveries(count: usize, options: &Options, random: &mut ChaCha8Rng) -> Vec<Delivery> {
    let places = |position: usize| (1..=count - position).map(move |later| (position, later));
    let mut all: Vec<(usize, usize)> = match count * (count + 1) / 2 <= options.orders {
        true => (0..count).flat_map(places).collect(),
        false => {
            let one = |_| {
                let position = random.random_range(0..count);
                (position, random.random_range(1..=count - position))
            };
            (0..options.orders.min(1_000)).map(one).collect()
        }
    };
    all.dedup();
    let again = all.into_iter();
    again
        .map(|(position, later)| Delivery::again(count, position, later))
        .collect()
}
