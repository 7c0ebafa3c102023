//! Two neighbours that do not commute: the end is another when they change places.
//! The commands before them are reduced to those without which they would commute.

use twinfold_engine::{Outcome, Rejection, Rule, Settings};

use super::{
    delivery::{Delivery, afterwards},
    state::End,
};
use crate::{shrink::minimal, traffic::Sent};

/// How many orders are looked through for a smaller example.
const ORDERS_LOOKED_THROUGH_MAX: usize = 24;

/// Rules that nearly every command rests on.
const MATTER_OF_COURSE: [Rule; 4] = [
    Rule::FoundById,
    Rule::CreatedByHardId,
    Rule::CreatedBySoftId,
    Rule::IdAdded,
];

/// With more commands no swap is looked for: there are too many on the way from one order to another.
const COMMANDS_MAX: usize = 2_000;

/// Two commands whose order matters, and what has to be there before and after them for that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swap {
    /// The positions of the commands in their order, those of the two among them.
    pub order: Vec<usize>,
    /// Where in `order` the first of the two stands.
    pub place: usize,
    /// The rules that the two rest on in one order and not in the other; all of theirs if these are the same.
    pub rules: Vec<Rule>,
}

impl Swap {
    /// The other order.
    pub fn swapped(&self) -> Vec<usize> {
        swapped(&self.order, self.place)
    }
}

/// The smallest swap that makes a difference, on the ways from the recorded order to those that end otherwise.
pub(super) fn smallest(
    settings: &Settings,
    commands: &[Sent],
    differing: &[&[usize]],
) -> Option<Swap> {
    if commands.len() > COMMANDS_MAX {
        return None;
    }
    let end = |order: &[usize]| {
        let project = Delivery::singly(order.to_vec()).replay(settings, commands);
        End::of(&project, afterwards(commands))
    };
    let differs = |order: &[usize], place: usize| end(order) != end(&swapped(order, place));
    let ways = differing.iter().take(ORDERS_LOOKED_THROUGH_MAX);
    let found = ways.filter_map(|order| on_the_way(order, &end));
    let smaller = found.map(|(order, place)| {
        let pair = [order[place], order[place + 1]];
        let left = minimal(order, |some| {
            place_of(some, pair).is_some_and(|place| differs(some, place))
        });
        (place_of(&left, pair).unwrap_or_default(), left)
    });
    let (place, order) = smaller.min_by_key(|(place, order)| (order.len(), *place))?;
    let rules = rules(settings, commands, &order, place);
    Some(Swap {
        order,
        place,
        rules,
    })
}

fn swapped(order: &[usize], place: usize) -> Vec<usize> {
    let mut other = order.to_vec();
    other.swap(place, place + 1);
    other
}

fn place_of(order: &[usize], pair: [usize; 2]) -> Option<usize> {
    order.windows(2).position(|two| two == pair)
}

/// Sorts the order by swaps of neighbours into the recorded one; a swap that changes the end, found by halving.
fn on_the_way(order: &[usize], end: &impl Fn(&[usize]) -> End) -> Option<(Vec<usize>, usize)> {
    let places = sorting_swaps(order);
    let after = |count: usize| {
        let mut order = order.to_vec();
        places[..count]
            .iter()
            .for_each(|&place| order.swap(place, place + 1));
        order
    };
    let recorded = end(&after(places.len()));
    let (mut other, mut same) = (0, places.len());
    while same > other + 1 {
        let middle = other + (same - other) / 2;
        match end(&after(middle)) == recorded {
            true => same = middle,
            false => other = middle,
        }
    }
    (same > other).then(|| (after(same), places[other]))
}

fn sorting_swaps(order: &[usize]) -> Vec<usize> {
    let mut order = order.to_vec();
    let mut places = Vec::new();
    for end in 1..order.len() {
        let mut place = end;
        while place > 0 && order[place - 1] > order[place] {
            order.swap(place - 1, place);
            place -= 1;
            places.push(place);
        }
    }
    places
}

fn rules(settings: &Settings, commands: &[Sent], order: &[usize], place: usize) -> Vec<Rule> {
    let of = |order: Vec<usize>| {
        let results = Delivery::singly(order).results(settings, commands);
        let two = results.iter().skip(place).take(2);
        two.map(reasons).collect::<Vec<_>>()
    };
    let (one, other) = (of(order.to_vec()), of(swapped(order, place)));
    let only = |of: &[Vec<Rule>], not: &[Vec<Rule>]| {
        let of = of.iter().flatten();
        let only = of.filter(|rule| !not.iter().flatten().any(|other| other == *rule));
        only.copied().collect::<Vec<Rule>>()
    };
    let mut rules = [only(&one, &other), only(&other, &one)].concat();
    if rules.is_empty() {
        rules = one.concat();
    }
    // That somebody is found or created is so in every order; what else happens then decides.
    let tells = |rule: &Rule| !MATTER_OF_COURSE.contains(rule);
    if rules.iter().any(tells) {
        rules.retain(tells);
    }
    rules.sort();
    rules.dedup();
    rules
}

fn reasons(result: &Result<Outcome, Rejection>) -> Vec<Rule> {
    match result {
        Ok(outcome) => outcome.because.iter().collect(),
        Err(rejection) => vec![rejection.rule()],
    }
}
