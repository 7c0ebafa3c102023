//! The block `fault`: the next replies of the project fail, one fault a line.
//! A fault that has not met its requests by the end of the file fails the scenario, because its story did not happen.

use std::ops::Range;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    block::Block,
    keys,
    world::{self, World},
};
use crate::{
    problem::Problem,
    target::{Request, TargetError},
};

const KINDS: [&str; 8] = [
    "429", "500", "502", "503", "504", "timeout", "reset", "item",
];
const MODIFIERS: [&str; 4] = ["retry-after", "times", "skip", "on"];

/// The faults of a block.
#[derive(Clone, Debug)]
pub(crate) struct Faults(Vec<Fault>);

/// A line of the block, as the control API takes it.
#[derive(Clone, Debug)]
struct Fault {
    planned: Value,
    range: Range<usize>,
}

/// A fault that the server waits for.
#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    id: u64,
    times: u64,
    block: Block,
    range: Range<usize>,
}

impl Faults {
    pub(crate) fn parse(block: &Block) -> Result<Self, Problem> {
        block.only(&[])?;
        let lines = block.body.rows();
        let faults = lines.map(|(at, line)| Line::new(block, at, line).fault());
        let faults: Vec<Fault> = faults.collect::<Result<_, _>>()?;
        if faults.is_empty() {
            let problem = block.problem("the block `fault` plans nothing");
            return Err(problem.expected(EXAMPLE));
        }
        Ok(Self(faults))
    }

    pub(crate) async fn run(&self, block: &Block, world: &mut World) -> Result<(), Problem> {
        for fault in &self.0 {
            let mut planned = fault.planned.clone();
            if let Some(path) = planned["path"].as_str() {
                planned["path"] = json!(keys::filled(path, &world.client.credentials));
            }
            let request = Request::post(world.client.control_path("/faults"), &planned);
            let reply = world.client.accepted(request).await;
            let reply = reply.map_err(|error| refused(block, fault, &error))?;
            world.faults.push(Waiting {
                id: reply["id"].as_u64().unwrap_or_default(),
                times: planned["times"].as_u64().unwrap_or(1),
                block: block.clone(),
                range: fault.range.clone(),
            });
        }
        Ok(())
    }
}

const EXAMPLE: &str =
    "a line such as `429 retry-after 5`, `503 times 2`, `timeout`, `reset` or `item 3: an error`";

fn refused(block: &Block, fault: &Fault, error: &TargetError) -> Problem {
    let says = match error {
        TargetError::Refused { body, .. } => serde_json::from_str::<Value>(body)
            .ok()
            .and_then(|body| body["error"].as_str().map(str::to_owned)),
        _ => None,
    };
    let says = says.unwrap_or_else(|| error.to_string());
    let range = fault.range.clone();
    block.body.problem(
        range,
        format!("the server does not plan this fault: {says}"),
    )
}

/// Notes every fault that has met fewer requests than it was planned for.
pub(crate) async fn check(world: &mut World) -> Result<(), Problem> {
    #[derive(Deserialize)]
    struct Listed {
        faults: Vec<Met>,
    }
    #[derive(Deserialize)]
    struct Met {
        id: u64,
        fired: u64,
    }
    let Some(first) = world.faults.first() else {
        return Ok(());
    };
    let block = first.block.clone();
    let listed: Listed = world::understood(&block, world.control(&block, "/faults").await?)?;
    for waiting in &world.faults {
        let met = listed.faults.iter().find(|met| met.id == waiting.id);
        let fired = met.map_or(0, |met| met.fired);
        if fired < waiting.times {
            world.failures.push(waiting.problem(fired));
        }
    }
    Ok(())
}

impl Waiting {
    fn problem(&self, fired: u64) -> Problem {
        let says = match fired {
            0 => "the fault met no request until the end of the file".to_owned(),
            _ => "the fault met fewer requests than planned until the end of the file".to_owned(),
        };
        let requests = |count: u64| match count {
            1 => "1 request".to_owned(),
            _ => format!("{count} requests"),
        };
        let problem = self.block.body.problem(self.range.clone(), says);
        problem
            .expected(requests(self.times))
            .found(requests(fired))
            .help("put the block before the request that is to fail; look at `on` and `skip`, or take the line out")
    }
}

/// A line while it is read, word by word.
struct Line<'a> {
    block: &'a Block,
    at: usize,
    text: &'a str,
    /// The words before the colon, each with its offset in the line.
    words: std::vec::IntoIter<(usize, &'a str)>,
    /// What stands behind the colon of an item.
    error: Option<&'a str>,
}

impl<'a> Line<'a> {
    fn new(block: &'a Block, at: usize, text: &'a str) -> Self {
        let is_item = text.starts_with("item");
        let (before, error) = match text.split_once(':') {
            Some((before, error)) if is_item => (before, Some(error.trim())),
            _ => (text, None),
        };
        let offset = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
        let words = before.split_whitespace().map(|word| (offset(word), word));
        let words: Vec<_> = words.collect();
        Self {
            block,
            at,
            text,
            words: words.into_iter(),
            error,
        }
    }

    fn fault(mut self) -> Result<Fault, Problem> {
        let mut fault = self.kind()?;
        let mut planned = json!({});
        while let Some((at, word)) = self.words.next() {
            match word {
                "retry-after" if fault["kind"] == "status" => {
                    fault["retry_after"] = self.number(at, word, 0)?;
                }
                "retry-after" => {
                    let problem = self.problem(at, word, "`retry-after` belongs to a status");
                    return Err(problem.expected("`429 retry-after 5`"));
                }
                "times" => planned["times"] = self.number(at, word, 1)?,
                "skip" => planned["skip"] = self.number(at, word, 0)?,
                "on" => planned["path"] = self.path(at, word)?,
                _ => {
                    let says = format!("unknown word `{word}`");
                    return Err(self.problem(at, word, says).choice(word, &MODIFIERS));
                }
            }
        }
        if let Some(error) = self.error.filter(|error| !error.is_empty()) {
            fault["error"] = json!(error);
        }
        planned["fault"] = fault;
        let range = self.at..self.at + self.text.len();
        Ok(Fault { planned, range })
    }

    fn kind(&mut self) -> Result<Value, Problem> {
        let (at, word) = self.words.next().unwrap_or((0, self.text));
        if let Some(status) = word.parse::<u16>().ok().filter(|code| is_fault(*code)) {
            return Ok(json!({"kind": "status", "status": status}));
        }
        match word {
            "timeout" | "reset" => Ok(json!({"kind": word})),
            "item" => Ok(json!({"kind": "item", "item": self.number(at, word, 1)?})),
            _ => {
                let problem = self.problem(at, word, format!("unknown fault `{word}`"));
                let is_status = word.parse::<u16>().is_ok();
                let problem = match is_status {
                    true => problem.expected("429, or 500 to 599").found(word),
                    false => problem.choice(word, &KINDS),
                };
                Err(problem.help(format!("write {EXAMPLE}")))
            }
        }
    }

    /// The whole number that must follow.
    fn number(&mut self, at: usize, word: &str, least: u32) -> Result<Value, Problem> {
        let next = self.words.next();
        let number = next.and_then(|(_, text)| text.parse::<u32>().ok());
        let number = number.filter(|number| *number >= least);
        number.map(Value::from).ok_or_else(|| {
            let (at, found) = next.unwrap_or((at, word));
            self.problem(
                at,
                found,
                format!("`{word}` needs a whole number from {least} on"),
            )
            .expected(match word {
                "item" => "`item 3: an error`".to_owned(),
                _ => format!("`{word} 2`"),
            })
        })
    }

    fn path(&mut self, at: usize, word: &str) -> Result<Value, Problem> {
        let next = self.words.next();
        let path = next.filter(|(_, path)| path.starts_with('/'));
        path.map(|(_, path)| Value::from(path)).ok_or_else(|| {
            let (at, found) = next.unwrap_or((at, word));
            self.problem(at, found, "`on` needs the beginning or the end of a path")
                .expected("`on /customers/events`")
        })
    }

    fn problem(&self, at: usize, word: &str, says: impl Into<String>) -> Problem {
        let start = self.at + at;
        self.block.body.problem(start..start + word.len(), says)
    }
}

fn is_fault(status: u16) -> bool {
    status == 429 || (500..600).contains(&status)
}
