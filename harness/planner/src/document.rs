//! The whole plan as Markdown: root causes first, then everything in numbers, then each address with its members,
//! its cause, its calls as curl lines, what may be given up and what is irreversible.

use super::{
    Call, Cause, Conflict, ConflictKind, CurlTarget, DiagnosedKey, Member, Place, Plan, PlannedKey,
    Role, Step, counted, text::numbers,
};

impl Plan {
    /// The whole plan for a reader.
    pub fn markdown(&self, curl: &CurlTarget) -> String {
        let mut text = "# Repair plan\n".to_owned();
        text.push_str(&format!("\n{}\n", self.counts()));
        for warning in &self.warnings {
            text.push_str(&format!("\nWarning: {warning}.\n"));
        }
        text.push_str(&self.root_causes_markdown());
        text.push_str(&self.numbers_markdown());
        for planned in &self.keys {
            text.push('\n');
            text.push_str(&planned.markdown(curl));
        }
        text
    }

    /// How much of what, in one line.
    pub fn counts(&self) -> String {
        let summary = &self.summary;
        format!(
            "{}, {} with more than one profile, {}, {} left to a human",
            counted(summary.profiles, "profile"),
            counted(summary.duplicate_keys, "address"),
            counted(summary.calls, "call"),
            counted(summary.keys_with_conflicts, "address"),
        )
    }

    /// What cannot be undone and what asks for `--confirm`, in sentences; none without calls.
    pub fn cautions(&self) -> Vec<String> {
        let of = |wanted: fn(&Call) -> bool| self.calls().filter(|(_, call)| wanted(call)).count();
        let (joins, empties) = (
            of(|call| call.step == Step::Identify && call.is_irreversible()),
            of(|call| call.step == Step::Anonymize),
        );
        let mut cautions = Vec::new();
        if joins > 0 {
            cautions.push(format!(
                "Irreversible: {} for good, because a merge cannot be undone.",
                match joins {
                    1 => "1 call joins profiles".to_owned(),
                    _ => format!("{joins} calls join profiles"),
                }
            ));
        }
        if empties > 0 {
            cautions.push(format!(
                "Irreversible: {}. An anonymized profile loses its IDs, and its private properties for good; its \
                 events stay on it, anonymous, beside their copies. Automations that listen answer to the copies again, as to a copied `double_opt_in`, which is mailed \
                 once more: pause them while the repair runs.",
                match empties {
                    1 => "1 profile is emptied".to_owned(),
                    _ => format!("{empties} profiles are emptied"),
                }
            ));
        }
        if self.needs_confirmation() {
            let kinds: Vec<_> = self
                .summary
                .resolved
                .keys()
                .map(|kind| kind.slug())
                .collect();
            cautions.push(format!(
                "Needs `--confirm`: the calls that resolve {}.",
                kinds.join(", ")
            ));
        }
        cautions
    }

    fn numbers_markdown(&self) -> String {
        let summary = &self.summary;
        let mut text = "\n## In numbers\n".to_owned();
        if !summary.causes.is_empty() {
            text.push_str("\n| Addresses | Cause | What happened | What to mend | Evidence |\n|---:|---|---|---|---|\n");
        }
        for (cause, count) in &summary.causes {
            let about = cause.about();
            text.push_str(&format!(
                "| {count} | {} | {} | {} | fact {}, {} |\n",
                about.slug,
                about.explanation,
                about.remedy,
                about.fact,
                about.evidence.name(),
            ));
        }
        text.push_str(&self.kinds_markdown());
        for caution in self.cautions() {
            text.push_str(&format!("\n{caution}\n"));
        }
        text
    }

    fn kinds_markdown(&self) -> String {
        let of = |kind| {
            let count = |counts: &std::collections::BTreeMap<_, usize>| {
                counts.get(kind).copied().unwrap_or(0)
            };
            [
                count(&self.summary.conflicts),
                count(&self.summary.resolved),
            ]
        };
        let rows = ConflictKind::ALL.iter().filter_map(|kind| {
            let [left, resolved] = of(kind);
            let confirm = if resolved > 0 { "yes" } else { "" };
            let (slug, name, question) = (kind.slug(), kind.name(), kind.question());
            (left + resolved > 0).then(|| {
                format!("| {slug}: {name} | {left} | {resolved} | {confirm} | {question} |\n")
            })
        });
        let rows: String = rows.collect();
        match rows.is_empty() {
            true => rows,
            false => format!(
                "\n| Conflict | Left | Resolved | Needs `--confirm` | What to decide |\n|---|---:|---:|---|---|\n{rows}"
            ),
        }
    }
}

impl PlannedKey {
    fn markdown(&self, curl: &CurlTarget) -> String {
        let mut text = format!("## {}\n\n", self.diagnosis.key);
        text.push_str(&self.diagnosis.markdown());
        if self.diagnosis.cause == Cause::Placeholder && !self.calls.is_empty() {
            text.push_str("\nCareful: this looks like nobody's address, and its calls would join strangers for good.\n");
        }
        for (at, call) in self.calls.iter().enumerate() {
            text.push_str(&call_markdown(at + 1, call, curl));
        }
        for conflict in &self.resolved {
            text.push_str(&format!(
                "\nResolved {}: {}\n",
                conflict.kind.slug(),
                numbers(&conflict.members)
            ));
        }
        for conflict in &self.conflicts {
            text.push_str(&conflict_markdown(conflict));
        }
        text
    }
}

impl DiagnosedKey {
    /// Members, writes and cause, with what is certain and what is not.
    fn markdown(&self) -> String {
        let mut text = "| Profile | Address | IDs |\n|---|---|---|\n".to_owned();
        for member in &self.members {
            text.push_str(&member.row());
        }
        let about = self.cause.about();
        let (fact, label) = (about.fact, about.evidence.name());
        let sure = match self.certain {
            true => "certain",
            false => "inferred",
        };
        text.push_str(&format!(
            "\nCause: {} ({sure}; fact {fact}, {label}). {}\n",
            about.slug, about.explanation
        ));
        for write in &self.writes {
            let item = write
                .item
                .map_or(String::new(), |item| format!(", row {item}"));
            text.push_str(&format!(
                "- journal entry {}: {} wrote it to #{} by {}{item}\n",
                write.seq, write.source, write.member, write.request
            ));
        }
        if !self.certain {
            text.push_str(&self.candidates_markdown());
        }
        text
    }

    fn candidates_markdown(&self) -> String {
        let mut text = String::new();
        for (at, candidate) in self.candidates.iter().enumerate() {
            let signs: Vec<_> = candidate.signs.iter().map(|sign| sign.says()).collect();
            let signs = match signs.is_empty() {
                true => "nothing speaks for it alone".to_owned(),
                false => signs.join("; "),
            };
            let settled: Vec<_> = candidate.settled_by.iter().map(|s| s.says()).collect();
            text.push_str(&format!(
                "{}. {}: {signs}. Settled by: {}.\n",
                at + 1,
                candidate.cause,
                settled.join("; ")
            ));
        }
        match text.is_empty() {
            true => text,
            false => format!("\nWhat fits, the likeliest first:\n\n{text}"),
        }
    }
}

impl Member {
    fn row(&self) -> String {
        let role = match self.role {
            Role::Owner => "owner",
            Role::Lacking => "lacks the hard ID",
            Role::Foreign => "holds another hard ID",
        };
        let place = match self.place {
            Place::HardId => "hard ID",
            Place::Property => "property",
            Place::SoftId => "property and soft ID",
            Place::OtherHardId => "property and another hard ID",
        };
        let ids = self.ids.iter();
        let ids = ids
            .flat_map(|(name, values)| values.iter().map(move |value| format!("`{name}={value}`")));
        let ids: Vec<_> = ids.collect();
        format!(
            "| #{} | {place}, {role} | {} |\n",
            self.number,
            ids.join(" ")
        )
    }
}

fn call_markdown(at: usize, call: &Call, curl: &CurlTarget) -> String {
    let mut text = format!("\n{at}. {}: {}\n", call.effect(), call.reason);
    for loss in &call.loses {
        text.push_str(&format!("   - may give up {loss}\n"));
    }
    text.push_str(&format!("   - {}\n", call.reversible()));
    text.push_str(&format!("\n   ```sh\n   {}\n   ```\n", curl.line(call)));
    text
}

impl Call {
    /// What it does, in a few words.
    pub fn effect(&self) -> String {
        match (self.step, self.joins.len()) {
            (Step::Identify, 0 | 1) => {
                format!("sets `{}` on {}", self.hard_id, numbers(&self.joins))
            }
            (Step::Identify, _) => format!("joins {} for good", numbers(&self.joins)),
            (Step::HandOver, _) => format!("hand-over of `{}`", self.own),
            (step, _) => step.slug().to_owned(),
        }
    }

    /// Whether it can be undone, and how.
    pub fn reversible(&self) -> &'static str {
        match (self.step, self.is_irreversible()) {
            (Step::Identify, true) => "irreversible: a merge cannot be undone",
            (Step::Identify, false) => {
                "joins nobody; no call takes the hard ID away again, except anonymizing"
            }
            (Step::Realign, _) => "reversible: set the property back",
            (Step::CopyProperties, _) => {
                "adds what the target lacks; reversible by setting the values back"
            }
            (Step::CopyEvents, _) => {
                "adds copies: no call deletes an event, and automations may answer to them"
            }
            (Step::HandOver, _) => {
                "reversible: the next call with the device and another hard ID takes it back"
            }
            (Step::ReadBack, _) => "only reads",
            (Step::Anonymize, _) => "irreversible: IDs and private properties are gone",
        }
    }
}

fn conflict_markdown(conflict: &Conflict) -> String {
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
