//! A plan as a text that reads in a terminal and as Markdown: numbers first, then each key with its
//! cause, its calls as curl lines and its conflicts.

use super::{Call, Cause, Conflict, Plan, PlannedKey, Step, Summary};

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
    /// The whole plan for a reader.
    pub fn text(&self, curl: &CurlTarget) -> String {
        let mut text = self.summary_text();
        for planned in &self.keys {
            text.push('\n');
            text.push_str(&planned.text(curl));
        }
        text
    }

    /// The plan in short, one line for each call and each conflict.
    pub fn lines(&self) -> Vec<String> {
        self.keys.iter().flat_map(PlannedKey::lines).collect()
    }

    /// The plan in numbers.
    pub fn summary_text(&self) -> String {
        let summary = &self.summary;
        let mut text = format!(
            "# Repair plan\n\n{}, {} with more than one profile, {}, {} left to a human\n",
            counted(summary.profiles, "profile"),
            counted(summary.duplicate_keys, "address"),
            counted(summary.calls, "call"),
            counted(summary.keys_with_conflicts, "address"),
        );
        for warning in &self.warnings {
            text.push_str(&format!("\nWarning: {warning}.\n"));
        }
        if !summary.causes.is_empty() {
            text.push_str("\nCauses:\n\n");
        }
        for (cause, count) in &summary.causes {
            let about = cause.about();
            text.push_str(&format!(
                "- {count} x {} ({}, fact {}, {}): {} {}\n",
                about.slug,
                about.name,
                about.fact,
                about.evidence.name(),
                about.explanation,
                about.remedy
            ));
        }
        if !summary.conflicts.is_empty() {
            text.push_str("\nConflicts:\n\n");
        }
        for (kind, count) in &summary.conflicts {
            text.push_str(&format!(
                "- {count} x {} ({}): {}\n",
                kind.slug(),
                kind.name(),
                kind.question()
            ));
        }
        text.push_str(&resolved_summary(summary));
        if summary.calls > 0 {
            text.push_str(
                "\nEvery call that joins profiles is irreversible: a merge cannot be undone.\n",
            );
        }
        text
    }
}

fn resolved_summary(summary: &Summary) -> String {
    if summary.resolved.is_empty() {
        return String::new();
    }
    let mut text = "\nConflicts that the calls resolve:\n\n".to_owned();
    for (kind, count) in &summary.resolved {
        text.push_str(&format!("- {count} x {} ({})\n", kind.slug(), kind.name()));
    }
    text.push_str(
        "\nResolving is irreversible: an anonymized profile loses its IDs, and its private properties for good. Its \
        events stay on it, anonymous, beside their copies. Copied events are tracked anew, so that automations may answer to them.\n",
    );
    text
}

impl PlannedKey {
    fn lines(&self) -> Vec<String> {
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

    fn text(&self, curl: &CurlTarget) -> String {
        let guess = if self.diagnosis.certain {
            ""
        } else {
            "  (inferred, not proved)"
        };
        let mut text = format!(
            "## {}\n\n{}{guess}\n",
            self.diagnosis.key,
            self.diagnosis.line()
        );
        if self.diagnosis.cause == Cause::Placeholder && !self.calls.is_empty() {
            text.push_str("\nCareful: this looks like nobody's address, and its calls would join strangers for good.\n");
        }
        for (at, call) in self.calls.iter().enumerate() {
            text.push_str(&call_text(at + 1, call, curl));
        }
        for conflict in &self.resolved {
            text.push_str(&resolved_text(conflict));
        }
        for conflict in &self.conflicts {
            text.push_str(&conflict_text(conflict));
        }
        text
    }
}

fn call_text(at: usize, call: &Call, curl: &CurlTarget) -> String {
    let effect = match (call.step, call.joins.len()) {
        (Step::Identify, 0 | 1) => {
            format!("sets `{}` on {}", call.hard_id, numbers(&call.joins))
        }
        (Step::Identify, _) => format!("joins {} for good", numbers(&call.joins)),
        (Step::HandOver, _) => format!("hand-over of `{}`", call.own),
        (step, _) => step.slug().to_owned(),
    };
    let mut text = format!("\n{at}. {effect}: {}\n", call.reason);
    for loss in &call.loses {
        text.push_str(&format!("   may give up {loss}\n"));
    }
    if call.step != Step::Identify && call.is_irreversible() {
        text.push_str("   irreversible\n");
    }
    text.push_str(&format!("\n   ```sh\n   {}\n   ```\n", curl.line(call)));
    text
}

fn resolved_text(conflict: &Conflict) -> String {
    format!(
        "\nResolved {}: {}\n",
        conflict.kind.slug(),
        numbers(&conflict.members)
    )
}

fn conflict_text(conflict: &Conflict) -> String {
    let beside = match conflict.candidates.len() {
        0 => String::new(),
        _ => format!(", beside {}", numbers(&conflict.candidates)),
    };
    format!(
        "\nConflict {}: {}{beside}. {}\n",
        conflict.kind.slug(),
        numbers(&conflict.members),
        conflict.explanation
    )
}

fn numbers(numbers: &[u64]) -> String {
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
