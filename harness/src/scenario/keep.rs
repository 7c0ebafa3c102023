//! Values that an `http` block keeps from its reply by `{{keep NAME}}`, for later blocks that write `{{NAME}}`.
//! Every placeholder is checked when the file is read: its name is kept above, a variant's, or a key of the project.

use std::ops::Range;

use serde_json::Value;

use super::{
    block::Block,
    body::{self, Body},
};
use crate::problem::{Problem, nearest};

/// Names that every project fills in.
const KEYS: [&str; 4] = ["token", "api_key_id", "api_secret", "public_token"];

const OPENING: &str = "{{keep ";

/// Shorter values are not put back in place of what was seen, because they stand everywhere.
const RECOGNISED_MIN: usize = 6;

/// Names with their values, in the order in which they were kept.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept(Vec<(String, String)>);

impl Kept {
    pub(crate) fn keep(&mut self, name: String, value: &Value) {
        let value = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        self.0.retain(|(other, _)| *other != name);
        self.0.push((name, value));
    }

    /// The block with the values of these names in it.
    pub(crate) fn fill(&self, block: &Block, names: &[String]) -> Result<Block, Problem> {
        let lacking = names.iter().find(|name| self.of(name).is_none());
        if let Some(name) = lacking {
            let problem = block.problem(format!("nothing was kept as `{name}`"));
            return Err(problem.help("the block that keeps it got another reply; mend that first"));
        }
        Ok(block.filled_in(&self.0))
    }

    /// What was seen, with the names in place of their values.
    pub(crate) fn put_back(&self, names: &[String], seen: &str) -> String {
        let mut text = seen.to_owned();
        for name in names {
            let value = self.of(name).unwrap_or_default();
            if value.len() >= RECOGNISED_MIN {
                text = text.replace(value, &format!("{{{{{name}}}}}"));
            }
        }
        text
    }

    fn of(&self, name: &str) -> Option<&str> {
        let mut pairs = self.0.iter();
        let (_, value) = pairs.find(|(known, _)| known == name)?;
        Some(value)
    }
}

/// The name in a text that is `{{keep NAME}}` and nothing else.
pub(crate) fn name(text: &str) -> Option<&str> {
    let name = text.strip_prefix(OPENING)?.strip_suffix("}}")?.trim();
    is_name(name).then_some(name)
}

/// Every `{{keep ...}}` of a body: its range and its name, right or not.
pub(crate) fn keeps(body: &Body) -> Vec<(Range<usize>, &str)> {
    let found = body::within(body.text(), OPENING);
    let found = found.filter(|(_, inner)| !inner.contains('\n'));
    found.map(|(range, inner)| (range, inner.trim())).collect()
}

fn is_name(name: &str) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    !name.is_empty() && name.chars().all(is_plain)
}

/// The names that a file knows while it is read from top to bottom.
pub(crate) struct Names<'a> {
    variants: Vec<&'a str>,
    kept: Vec<String>,
    /// Kept somewhere in the file, perhaps only further down.
    all: Vec<String>,
}

impl<'a> Names<'a> {
    /// `given` are kept by files that run first.
    pub(crate) fn new(variants: Vec<&'a str>, given: Vec<String>, blocks: &[Block]) -> Self {
        let kept = blocks.iter().flat_map(|block| keeps(&block.body));
        let all = kept.map(|(_, name)| name.to_owned()).collect();
        Self {
            variants,
            kept: given,
            all,
        }
    }

    /// The kept names that the block makes use of.
    pub(crate) fn used(&self, block: &Block) -> Vec<String> {
        let texts = block.arguments.iter().map(|argument| &*argument.value);
        let texts = texts.chain([block.body.text()]);
        let mut used: Vec<String> = texts
            .flat_map(body::placeholders)
            .map(|(_, name)| name.to_owned())
            .filter(|name| self.kept.contains(name))
            .collect();
        used.sort();
        used.dedup();
        used
    }

    /// What is wrong with the placeholders of a block; what it keeps is known from then on.
    pub(crate) fn read(&mut self, block: &Block) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (range, name) in body::placeholders(block.body.text()) {
            // With spaces it may be the template of a mail, which is none of ours.
            if range.len() == name.len() + 4 {
                let at = |says: String| block.body.problem(range.clone(), says);
                problems.extend(self.unknown(name, at));
            }
        }
        for argument in &block.arguments {
            for (_, name) in body::placeholders(&argument.value) {
                let span = argument.span.clone();
                let at = |says: String| Problem::new(block.body.source(), span.clone(), says);
                problems.extend(self.unknown(name, at));
            }
        }
        for (range, name) in keeps(&block.body) {
            match self.slip(block, name) {
                Some((says, help)) => {
                    problems.push(block.body.problem(range, says).help(help));
                }
                None => self.kept.push(name.to_owned()),
            }
        }
        problems
    }

    fn unknown(&self, name: &str, at: impl Fn(String) -> Problem) -> Option<Problem> {
        let known = self.known();
        if known.contains(&name) {
            return None;
        }
        if self.all.iter().any(|other| other == name) {
            let problem = at(format!("`{name}` is kept only further down"));
            return Some(problem.help("move this block behind the one that keeps it"));
        }
        let problem = at(format!("unknown placeholder `{name}`"));
        Some(problem.help(match nearest(name, &known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!(
                "keep it from the reply of an `http` block above by `\"{{{{keep {name}}}}}\"`"
            ),
        }))
    }

    fn known(&self) -> Vec<&str> {
        let own = self.kept.iter().map(String::as_str);
        KEYS.into_iter()
            .chain(self.variants.iter().copied())
            .chain(own)
            .collect()
    }

    fn slip(&self, block: &Block, name: &str) -> Option<(String, &'static str)> {
        if block.word != "http" {
            let says = format!("the block `{}` cannot keep a value", block.word);
            let help = "only the reply of an `http` block is kept from";
            return Some((says, help));
        }
        if !is_name(name) {
            let says = format!("`{name}` is no name for a kept value");
            return Some((says, "take letters, digits, `_` and `-`"));
        }
        let is_taken = KEYS.contains(&name) || self.variants.contains(&name);
        let says = format!("`{name}` has another meaning already");
        is_taken.then_some((says, "take another name for what is kept"))
    }
}
