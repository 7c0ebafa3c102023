//! Planned faults of a project: its next replies fail as a test asks for it.
//! They are no part of the project's state: nothing of them is journaled, and a fork starts without.

use std::{
    collections::BTreeMap,
    num::NonZeroU32,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use serde::{Deserialize, Serialize};

/// Beyond so many seconds nobody waits for a reply.
const HOLD_MAX: f64 = 600.0;

const COMMANDS_MAX: usize = 50;

/// What happens to a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Fault {
    /// It is answered so, and not carried out.
    Status {
        status: u16,
        /// Seconds, for the header `Retry-After`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<u64>,
    },
    /// It is carried out, and the connection breaks before the reply.
    Timeout {
        /// Seconds before it breaks.
        #[serde(default)]
        hold: f64,
    },
    /// It is not carried out, and the connection breaks.
    Reset,
    /// One command of a batch is refused inside a 200; the others are carried out.
    Item {
        /// Its position, counted from 1.
        item: usize,
        #[serde(default = "internal_error")]
        error: String,
    },
}

fn internal_error() -> String {
    "Internal error".into()
}

/// A fault and the requests that it waits for.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Planned {
    fault: Fault,
    /// How many requests it meets.
    #[serde(default = "once")]
    times: NonZeroU32,
    /// How many matching requests it lets pass first.
    #[serde(default)]
    skip: u32,
    /// With what the path of a request begins or ends; any path without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    /// How many requests it has met.
    #[serde(default, skip_deserializing)]
    fired: u32,
}

fn once() -> NonZeroU32 {
    NonZeroU32::MIN
}

impl Planned {
    /// What is wrong with it, for its planner.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.path.is_some() && matches!(self.fault, Fault::Item { .. }) {
            return Err(
                "a fault of kind `item` waits for a batch; it takes no `path`, only `skip`".into(),
            );
        }
        match &self.fault {
            Fault::Status { status, .. } if *status != 429 && !(500..600).contains(status) => Err(
                format!("`status` must be 429 or between 500 and 599, not {status}"),
            ),
            Fault::Timeout { hold } if !(0.0..=HOLD_MAX).contains(hold) => Err(format!(
                "`hold` must be seconds between 0 and {HOLD_MAX}, not {hold}"
            )),
            Fault::Item { item, .. } if !(1..=COMMANDS_MAX).contains(item) => Err(format!(
                "`item` must be the position of a command in a batch, 1 to {COMMANDS_MAX}, not {item}"
            )),
            _ => Ok(()),
        }
    }

    fn is_open(&self) -> bool {
        self.fired < self.times.get()
    }

    fn is_about(&self, path: &str) -> bool {
        let own = self.path.as_deref().unwrap_or_default();
        path.starts_with(own) || path.ends_with(own)
    }

    /// Whether it meets this request, which it has been waiting for.
    fn fires(&mut self) -> bool {
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        self.fired += 1;
        true
    }
}

/// The faults of one project.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    /// Read by every request, so that none has to wait for the list while it is empty.
    is_any_open: AtomicBool,
    planned: Mutex<Vec<Planned>>,
}

/// Whether a fault was ever planned on a server; shared by its projects.
pub(crate) type EverPlanned = Arc<AtomicBool>;

impl Faults {
    /// Adds a fault behind the others and says which number it has, counted from 1.
    pub(crate) fn plan(&self, planned: Planned) -> usize {
        let mut list = self.list();
        list.push(planned);
        self.is_any_open.store(true, Ordering::Release);
        list.len()
    }

    /// Forgets all of them.
    pub(crate) fn clear(&self) {
        let mut list = self.list();
        list.clear();
        self.is_any_open.store(false, Ordering::Release);
    }

    /// All of them, in the order in which they were planned.
    pub(crate) fn planned(&self) -> Vec<Planned> {
        self.list().clone()
    }

    /// Whether one still waits for its request.
    pub(crate) fn is_any_open(&self) -> bool {
        self.is_any_open.load(Ordering::Acquire)
    }

    /// The first fault that meets a request to this path, which is about the reply as a whole.
    pub(crate) fn of_request(&self, path: &str) -> Option<Fault> {
        if !self.is_any_open() {
            return None;
        }
        let mut list = self.list();
        let mut waiting = list.iter_mut().filter(|planned| {
            planned.is_open()
                && !matches!(planned.fault, Fault::Item { .. })
                && planned.is_about(path)
        });
        let fault = waiting.find_map(|planned| planned.fires().then(|| planned.fault.clone()));
        self.note(&list);
        fault
    }

    /// The commands of a batch that are refused, by position counted from 0, each with its error. A batch that is too
    /// short for a position does not count for that fault.
    pub(crate) fn of_items(&self, commands: usize) -> BTreeMap<usize, String> {
        let mut refused = BTreeMap::new();
        if !self.is_any_open() {
            return refused;
        }
        let mut list = self.list();
        for planned in list.iter_mut().filter(|planned| planned.is_open()) {
            if let Fault::Item { item, error } = &planned.fault
                && *item <= commands
            {
                let (position, error) = (item - 1, error.clone());
                if planned.fires() {
                    refused.insert(position, error);
                }
            }
        }
        self.note(&list);
        refused
    }

    fn note(&self, list: &[Planned]) {
        let is_any_open = list.iter().any(Planned::is_open);
        self.is_any_open.store(is_any_open, Ordering::Release);
    }

    fn list(&self) -> MutexGuard<'_, Vec<Planned>> {
        self.planned.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn planned(body: serde_json::Value) -> Planned {
        serde_json::from_value(body).unwrap()
    }

    #[test]
    fn faults_fire_in_their_order_as_often_as_planned() {
        let faults = Faults::default();
        assert_eq!(faults.of_request("/a/b"), None);
        let reset = json!({"fault": {"kind": "reset"}, "path": "/b", "skip": 1, "times": 2});
        faults.plan(planned(reset));
        faults.plan(planned(
            json!({"fault": {"kind": "status", "status": 503}, "path": "/a"}),
        ));
        let status = Fault::Status {
            status: 503,
            retry_after: None,
        };
        let met = ["/c", "/a/b", "/a/b", "/b", "/b", "/a"].map(|path| faults.of_request(path));
        let reset = Some(Fault::Reset);
        assert_eq!(met, [None, Some(status), reset.clone(), reset, None, None]);
        assert!(!faults.is_any_open());
        let fired: Vec<u32> = faults.planned().iter().map(|one| one.fired).collect();
        assert_eq!(fired, [2, 1]);
    }

    #[test]
    fn an_item_waits_for_a_batch_that_is_long_enough() {
        let faults = Faults::default();
        faults.plan(planned(json!({"fault": {"kind": "item", "item": 3}})));
        assert_eq!(faults.of_request("/batch"), None);
        assert!(faults.of_items(2).is_empty());
        let refused = faults.of_items(3);
        assert_eq!(refused.get(&2).map(String::as_str), Some("Internal error"));
        assert!(faults.of_items(3).is_empty());
    }

    #[test]
    fn what_cannot_happen_is_refused() {
        for (body, says) in [
            (json!({"kind": "status", "status": 404}), "429 or between"),
            (json!({"kind": "item", "item": 0}), "1 to 50"),
            (json!({"kind": "timeout", "hold": -1}), "between 0 and"),
        ] {
            let error = planned(json!({"fault": body})).check().unwrap_err();
            assert!(error.contains(says), "{error}");
        }
        let body = json!({"fault": {"kind": "item", "item": 1}, "path": "/batch"});
        assert!(planned(body).check().unwrap_err().contains("no `path`"));
    }
}
