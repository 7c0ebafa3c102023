//! A plan in short, one line for each call and each conflict, and the curl line of a call.
//! The whole plan for a reader is in `document`.

use super::{Call, Plan, PlannedKey};

/// Where the curl lines of a plan go, as a shell writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurlTarget {
    base_url: String,
    token: String,
}

impl Default for CurlTarget {
    /// `$BASE_URL` and `$PROJECT_TOKEN` of the shell.
    fn default() -> Self {
        Self::new("$BASE_URL", "$PROJECT_TOKEN")
    }
}

impl CurlTarget {
    /// A base URL and a project token.
    pub fn new(base_url: &str, token: &str) -> Self {
        Self {
            base_url: base_url.to_owned(),
            token: token.to_owned(),
        }
    }

    /// The line that makes this call by hand.
    pub fn line(&self, call: &Call) -> String {
        let body = call.body().to_string().replace('\'', r"'\''");
        format!(
            "curl -X POST \"{}{}\" -u \"$API_KEY_ID:$API_SECRET\" -H 'content-type: application/json' -H 'twinfold-source: repair' -d '{body}'",
            self.base_url,
            call.path(&self.token)
        )
    }
}

impl Plan {
    /// The plan in short, one line for each call and each conflict.
    pub fn lines(&self) -> Vec<String> {
        self.keys.iter().flat_map(PlannedKey::lines).collect()
    }
}

impl PlannedKey {
    /// This key in short.
    pub fn lines(&self) -> Vec<String> {
        let key = &self.diagnosis.key;
        let calls = self.calls.iter().map(|call| {
            let what = match call.joins.len() {
                0 | 1 => "sets",
                _ => "joins",
            };
            let (who, ids) = (numbers(&call.joins), [&call.own, &call.hard_id]);
            let [own, hard_id] = ids.map(ToString::to_string);
            format!(
                "{key}  {what} {who}  identify {own} {hard_id}  {}",
                call.reason
            )
        });
        let conflicts = self.conflicts.iter().map(|conflict| {
            let who = numbers(&conflict.members);
            format!("{key}  leaves {who}  conflict {}", conflict.kind.slug())
        });
        calls.chain(conflicts).collect()
    }
}

pub(super) fn numbers(numbers: &[u64]) -> String {
    let numbers: Vec<_> = numbers.iter().map(|number| format!("#{number}")).collect();
    numbers.join(", ")
}

/// `1 call`, `2 calls`, `2 addresses`.
pub fn counted(count: usize, what: &str) -> String {
    match (count, what.ends_with('s')) {
        (1, _) => format!("1 {what}"),
        (_, true) => format!("{count} {what}es"),
        _ => format!("{count} {what}s"),
    }
}
