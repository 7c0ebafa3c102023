//! The log of a run on disk: the plan, what the project held before, and each call before and after it
//! is made. A run that broke off goes on from its log and ends as an undisturbed one.

use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    io::{self, Write},
    path::Path,
};

use serde::{Deserialize, Serialize};

use super::{Before, Call, Done, FixUpError, Plan, Watch};

/// The version of the log's lines, counted from 1.
const LOG_VERSION: u32 = 2;

/// A log that is being written.
#[derive(Debug)]
pub struct RunLog {
    file: File,
    done: BTreeMap<usize, Done>,
}

/// What a log begins with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Run {
    /// The version of the lines.
    pub version: u32,
    /// A digest of the plan, by which a log that was changed is noticed.
    pub digest: String,
    /// What is carried out.
    pub plan: Plan,
    /// What is compared in the end.
    pub before: Before,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Line {
    Run(Box<Run>),
    Begins {
        at: usize,
        key: String,
        step: String,
        own: String,
    },
    Ended {
        at: usize,
        done: Done,
    },
}

impl RunLog {
    /// A new log; a file that is there already is left alone.
    pub fn create(path: &Path, plan: &Plan, before: &Before) -> Result<Self, FixUpError> {
        let file = OpenOptions::new().write(true).create_new(true).open(path)?;
        let mut log = Self {
            file,
            done: BTreeMap::new(),
        };
        log.write(&Line::Run(Box::new(Run {
            version: LOG_VERSION,
            digest: digest(plan),
            plan: plan.clone(),
            before: before.clone(),
        })))?;
        log.file.sync_data()?;
        Ok(log)
    }

    /// The log of a run that broke off, and the run. A last line that was not written whole is dropped.
    pub fn resume(path: &Path) -> Result<(Self, Run), FixUpError> {
        let text = std::fs::read(path)?;
        let whole = text.iter().rposition(|byte| *byte == b'\n');
        let whole = whole.map_or(0, |at| at + 1);
        let mut run = None;
        let mut done = BTreeMap::new();
        for (at, line) in text[..whole].split(|byte| *byte == b'\n').enumerate() {
            if line.is_empty() {
                continue;
            }
            match serde_json::from_slice(line) {
                Ok(Line::Run(found)) if at == 0 => run = Some(*found),
                Ok(Line::Ended { at, done: what }) => drop(done.insert(at, what)),
                Ok(Line::Begins { .. }) => {}
                _ => return Err(unreadable(path, at + 1, "is no line of a run log")),
            }
        }
        let run = run.ok_or_else(|| unreadable(path, 1, "must hold the plan"))?;
        if run.version != LOG_VERSION || run.digest != digest(&run.plan) {
            return Err(unreadable(
                path,
                1,
                "holds a plan that was changed or is of another version",
            ));
        }
        let file = OpenOptions::new().append(true).open(path)?;
        file.set_len(u64::try_from(whole).unwrap_or(u64::MAX))?;
        Ok((Self { file, done }, run))
    }

    /// Out of this process before anything else happens. Only the first line is waited for until it is on disk: a call
    /// whose line is lost with the machine is made again, looks first, and finds its work done.
    fn write(&mut self, line: &Line) -> io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        self.file.write_all(&text)
    }
}

impl Watch for RunLog {
    fn done(&self, at: usize) -> Option<Done> {
        self.done.get(&at).cloned()
    }

    fn begins(&mut self, at: usize, key: &str, call: &Call) -> io::Result<()> {
        self.write(&Line::Begins {
            at,
            key: key.to_owned(),
            step: call.step.slug().to_owned(),
            own: call.own.to_string(),
        })
    }

    fn ended(&mut self, at: usize, done: &Done) -> io::Result<()> {
        self.write(&Line::Ended {
            at,
            done: done.clone(),
        })
    }
}

fn unreadable(path: &Path, line: usize, problem: &str) -> FixUpError {
    FixUpError::NoRunLog {
        file: path.display().to_string(),
        line,
        problem: problem.to_owned(),
    }
}

/// FNV-1a over the plan as JSON: enough to notice a hand that edited it.
fn digest(plan: &Plan) -> String {
    let text = serde_json::to_vec(plan).unwrap_or_default();
    let digest = text
        .into_iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |digest, byte| {
            (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    format!("{digest:016x}")
}
