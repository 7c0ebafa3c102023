//! A plan, its root causes and a preview for a terminal: short, wrapped to its width, in colour where it shows some.
//! Everything in full is the Markdown document.

use std::io::IsTerminal;

use owo_colors::{OwoColorize, Style};

use crate::fixup::{
    Activity, DiagnosedKey, Plan, PlannedKey, Preview, RootCause, Snippet, counted,
};

/// Wider lines are hard to read.
const WIDTH_MAX: usize = 120;

/// How something is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct View {
    width: usize,
    colour: bool,
}

impl View {
    /// As standard output is; 80 columns where it is no terminal.
    pub(super) fn of_stdout() -> Self {
        Self {
            width: textwrap::termwidth().clamp(40, WIDTH_MAX),
            colour: std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
        }
    }

    /// The plan in short, with the first addresses.
    pub(super) fn plan(&self, plan: &Plan, keys_max: usize) -> String {
        let mut text = self.paint("Repair plan", Style::new().bold()) + "\n";
        text.push_str(&self.wrapped(&plan.counts(), "  "));
        for warning in &plan.warnings {
            let warning = self.wrapped(&format!("Warning: {warning}."), "  ");
            text.push_str(&self.paint(&warning, Style::new().yellow()));
        }
        text.push_str(&self.root_causes(&plan.root_causes));
        text.push_str(&self.numbers(plan));
        text.push_str(&self.keys(plan, keys_max));
        text
    }

    /// Root causes with the line to change, the active ones first.
    pub(super) fn root_causes(&self, roots: &[RootCause]) -> String {
        if roots.is_empty() {
            return String::new();
        }
        let mut text = format!(
            "\n{}\n",
            self.paint("Root causes first", Style::new().bold())
        );
        for root in roots {
            text.push_str(&self.root_cause(root));
        }
        text
    }

    fn root_cause(&self, root: &RootCause) -> String {
        let style = match root.activity {
            Activity::Active => Style::new().red().bold(),
            Activity::Unsure => Style::new().yellow(),
            Activity::Mended => Style::new().green(),
        };
        let mut text = format!("  {}\n", self.paint(&root.headline(), style));
        text.push_str(&self.wrapped(&root.account(), "    "));
        text.push_str(&self.wrapped(&format!("For example {}.", root.example_line()), "    "));
        let correction = &root.correction;
        if let Some(snippet) = &correction.original {
            text.push_str(&self.snippet(snippet, Style::new().red()));
        }
        for snippet in &correction.corrected {
            text.push_str(&self.snippet(snippet, Style::new().green()));
        }
        if correction.corrected.is_empty() {
            text.push_str(&self.wrapped(&correction.remedy, "    "));
        }
        text
    }

    /// Code is not wrapped, so that it can be copied.
    fn snippet(&self, snippet: &Snippet, style: Style) -> String {
        let mut text = self.wrapped(&format!("{}:", snippet.says), "    ");
        for line in snippet.text.lines() {
            text.push_str(&format!("      {}\n", self.paint(line, style)));
        }
        text
    }

    /// One duplicate address with its cause, what else fits, and the remedy.
    pub(super) fn diagnosis(&self, key: &DiagnosedKey) -> String {
        let about = key.cause.about();
        let sure = if key.certain { "" } else { "probably: " };
        let (fact, evidence) = (about.fact, about.evidence.name());
        let mut text = format!("{}\n", key.line());
        let explanation = format!("{sure}{} (fact {fact}, {evidence})", about.explanation);
        text.push_str(&self.wrapped(&explanation, "    "));
        if !key.certain {
            for candidate in &key.candidates {
                let signs: Vec<_> = candidate.signs.iter().map(|sign| sign.says()).collect();
                let settled: Vec<_> = candidate.settled_by.iter().map(|s| s.says()).collect();
                let signs = match signs.is_empty() {
                    true => "fits as well".to_owned(),
                    false => signs.join("; "),
                };
                let fits = format!(
                    "{}: {signs}; settled by {}",
                    candidate.cause,
                    settled.join("; ")
                );
                text.push_str(&self.wrapped(&fits, "      "));
            }
        }
        text.push_str(&self.wrapped(&format!("remedy: {}", about.remedy), "    "));
        text
    }

    fn numbers(&self, plan: &Plan) -> String {
        let mut text = String::new();
        let summary = &plan.summary;
        let title = |name: &str| format!("\n{}\n", self.paint(name, Style::new().bold()));
        if !summary.causes.is_empty() {
            text.push_str(&title("Causes"));
        }
        for (cause, count) in &summary.causes {
            let about = cause.about();
            let line = format!("{count} x {}: {}", about.slug, about.explanation);
            text.push_str(&self.wrapped(&line, "  "));
        }
        if !summary.conflicts.is_empty() {
            text.push_str(&title("Left to a human"));
        }
        for (kind, count) in &summary.conflicts {
            let line = format!("{count} x {}: {}", kind.slug(), kind.question());
            text.push_str(&self.wrapped(&line, "  "));
        }
        if !summary.resolved.is_empty() {
            text.push_str(&title("Resolved by calls that need --confirm"));
        }
        for (kind, count) in &summary.resolved {
            let line = format!("{count} x {}: {}", kind.slug(), kind.name());
            text.push_str(&self.wrapped(&line, "  "));
        }
        let cautions = plan.cautions();
        if !cautions.is_empty() {
            text.push('\n');
        }
        for caution in cautions {
            text.push_str(&self.wrapped(&caution, "  "));
        }
        text
    }

    fn keys(&self, plan: &Plan, keys_max: usize) -> String {
        if plan.keys.is_empty() {
            return String::new();
        }
        let all = plan.keys.len();
        let title = match all > keys_max {
            true => format!("The first {keys_max} of {}", counted(all, "address")),
            false => counted(all, "address"),
        };
        let mut text = format!("\n{}\n", self.paint(&title, Style::new().bold()));
        for planned in plan.keys.iter().take(keys_max) {
            text.push_str(&self.key(planned));
        }
        let more = "All of it, with a curl line for every call: --print markdown --out plan.md";
        text.push_str(&format!("\n{}", self.wrapped(more, "")));
        text
    }

    fn key(&self, planned: &PlannedKey) -> String {
        let diagnosis = &planned.diagnosis;
        let guess = if diagnosis.certain {
            ""
        } else {
            "  (inferred)"
        };
        let line = format!("{}{guess}", diagnosis.line());
        let mut text = self.wrapped(&line, "  ");
        for call in &planned.calls {
            let what = format!("{}; {}", call.effect(), call.reversible());
            text.push_str(&self.wrapped(&what, "    "));
            for loss in &call.loses {
                text.push_str(&self.wrapped(&format!("may give up {loss}"), "      "));
            }
        }
        for conflict in &planned.conflicts {
            let numbers: Vec<_> = conflict.members.iter().map(|n| format!("#{n}")).collect();
            let what = format!("leaves {}: {}", numbers.join(", "), conflict.kind.name());
            text.push_str(&self.wrapped(&what, "    "));
        }
        text
    }

    /// Both sides of the first addresses.
    pub(super) fn preview(&self, preview: &Preview, keys_max: usize) -> String {
        preview.text(self.width, keys_max)
    }

    fn wrapped(&self, text: &str, indent: &str) -> String {
        let further = format!("{indent}  ");
        let options = textwrap::Options::new(self.width)
            .initial_indent(indent)
            .subsequent_indent(&further)
            // Names such as `js-sdk` stay whole.
            .word_splitter(textwrap::WordSplitter::NoHyphenation)
            .break_words(false);
        textwrap::fill(text, options) + "\n"
    }

    fn paint(&self, text: &str, style: Style) -> String {
        match self.colour {
            true => text.style(style).to_string(),
            false => text.to_owned(),
        }
    }
}
