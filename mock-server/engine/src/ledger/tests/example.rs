//! Reads worked examples: a head that holds until it changes (`source`, `types`, `by`), then for each example its evidence,
//! its calls, two spaces in, and what is expected afterwards, a line each.

use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};

use super::named::Named;
use crate::{
    ledger::{LedgerStrategy, NamedProperty, PropertyRule, property::Empty},
    rule::Label,
};

#[derive(Clone)]
pub(super) struct Example {
    pub(super) name: String,
    pub(super) source: String,
    pub(super) strategy: LedgerStrategy,
    types: String,
    evidence: String,
    properties: Vec<NamedProperty>,
    calls: Vec<String>,
    expected: Vec<(String, String)>,
}

pub(super) fn read(file: &str, text: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let mut head = Example {
        name: String::new(),
        source: String::new(),
        strategy: LedgerStrategy::NeverMerge,
        types: String::new(),
        evidence: String::new(),
        properties: Vec::new(),
        calls: Vec::new(),
        expected: Vec::new(),
    };
    for line in text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        if let Some(call) = line.strip_prefix("  ") {
            examples.last_mut().unwrap().calls.push(call.into());
            continue;
        }
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        // What stands before the calls of an example holds for it as well; properties hold for it alone.
        let own = examples.last_mut().filter(|last| last.calls.is_empty());
        if head.reads(word, rest) {
            own.map(|own| own.reads(word, rest));
            continue;
        }
        match (word, own) {
            ("example", _) => examples.push(Example {
                name: format!("{file}: {rest}"),
                ..head.clone()
            }),
            ("evidence", Some(own)) => own.evidence = rest.into(),
            ("property", Some(own)) => own.properties.push(property(rest)),
            _ => {
                let last = examples.last_mut().unwrap();
                last.expected.push((word.into(), rest.into()));
            }
        }
    }
    examples
}

fn strategy(name: &str) -> LedgerStrategy {
    LedgerStrategy::from_name(name).unwrap_or_else(|wrong| panic!("{wrong}"))
}

fn property(text: &str) -> NamedProperty {
    let mut words = text.split(' ');
    let name = words.next().unwrap().into();
    let rule = words.next().and_then(PropertyRule::from_slug).unwrap();
    let empty = words.next().and_then(Empty::from_slug).unwrap_or_default();
    NamedProperty { name, rule, empty }
}

impl Example {
    /// Whether the line is one of the head.
    fn reads(&mut self, word: &str, rest: &str) -> bool {
        match word {
            "source" => self.source = rest.into(),
            "types" => self.types = rest.into(),
            "by" => self.strategy = strategy(rest),
            _ => return false,
        }
        true
    }

    pub(super) fn is_row(&self, section: &str, row: u32) -> bool {
        let number = self.name.split_once(&format!("{section} #"));
        let number = number.map(|(_, rest)| rest.split([':', ',', ' ']).next().unwrap_or_default());
        let (first, last) = match number.map(|number| number.split_once('-')) {
            Some(Some(range)) => range,
            Some(None) => (number.unwrap(), number.unwrap()),
            None => return false,
        };
        (first.parse().unwrap()..=last.parse().unwrap()).contains(&row)
    }

    /// The weakest of the letters: D is documented; what was read in a vendor's code, tests or threads (C, T, I) is
    /// observed; A is assumed. M says that the row was computed from its rule, and changes nothing.
    pub(super) fn label(&self) -> Option<Label> {
        let labels = self.evidence.split(' ').filter_map(|letter| match letter {
            "D" => Some(Label::Documented),
            "C" | "T" | "I" => Some(Label::Observed),
            "A" => Some(Label::Assumed),
            "M" => None,
            other => panic!("`{other}` is no evidence, in {}", self.name),
        });
        labels
            .max()
            .or((self.evidence == "M").then_some(Label::Assumed))
    }

    /// What is not as expected.
    pub(super) fn differs(&self) -> Option<String> {
        let mut named = Named::new(self.strategy, &self.types, self.properties.clone());
        for call in &self.calls {
            named.send(call);
        }
        let differences = self.expected.iter().filter_map(|(word, expected)| {
            let found = named.found(word, expected);
            (found != *expected).then(|| format!("  {word}: {expected}\n  but: {found}"))
        });
        let differences: Vec<String> = differences.collect();
        let because = named.because();
        let story = vec![format!("{} ({because})", self.name)];
        let story: Vec<String> = story
            .into_iter()
            .chain(differences.iter().cloned())
            .collect();
        (!differences.is_empty()).then(|| story.join("\n").to_string())
    }
}
