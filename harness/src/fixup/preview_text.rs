//! A preview for a reader: what differs before and after, side by side, as text that fits a terminal and as Markdown.

use super::{Change, Preview, PreviewedKey, Shown, What, counted};

const TITLE: &str = "Preview on a copy of the project";
const DELETED: &str = "The copy is deleted; nothing was sent to the project itself.";

impl Preview {
    /// Both sides of the first addresses in two columns of together this width.
    pub fn text(&self, width: usize, keys_max: usize) -> String {
        let mut text = format!("{TITLE}\n");
        for key in self.keys.iter().take(keys_max) {
            text.push_str(&key.text(width));
        }
        if let more @ 1.. = self.keys.len().saturating_sub(keys_max) {
            let more = counted(more, "more address");
            text.push_str(&format!(
                "\nand {more}; --print markdown --out FILE writes them all\n"
            ));
        }
        text + &self.end()
    }

    /// Both sides of every address.
    pub fn markdown(&self) -> String {
        let mut text = format!("# {TITLE}\n");
        for key in &self.keys {
            text.push_str(&key.markdown());
        }
        text + &self.end()
    }

    fn end(&self) -> String {
        format!("\n{}\n{DELETED}\n", self.verification.text())
    }
}

impl PreviewedKey {
    fn counts(&self) -> String {
        let counts = |side: &[Shown]| {
            let events = side.iter().flat_map(|shown| shown.events.values());
            (counted(side.len(), "profile"), events.sum::<usize>())
        };
        let ((before, events_before), (after, events_after)) =
            (counts(&self.before), counts(&self.after));
        format!("{before} with {events_before} events before, {after} with {events_after} after")
    }

    fn text(&self, width: usize) -> String {
        let mut text = format!("\n{}: {}\n", self.key, self.counts());
        let labels = self
            .changes
            .iter()
            .map(|change| change.label().chars().count());
        let label = labels.max().unwrap_or(0).min(width / 3);
        let column = width.saturating_sub(label + 6).max(20) / 2;
        let mut row = |cells: [&str; 3]| {
            let widths = [label, column, column];
            let cells = [0, 1, 2].map(|at| wrapped(cells[at], widths[at].max(4)));
            let lines = cells.iter().map(Vec::len).max().unwrap_or(0);
            for line in 0..lines {
                let cell = |at: usize| cells[at].get(line).map_or("", String::as_str);
                let (name, before, after) = (cell(0), cell(1), cell(2));
                let shown = format!("  {name:label$}  {before:column$}  {after}");
                text.push_str(&format!("{}\n", shown.trim_end()));
            }
        };
        row(["", "before", "after"]);
        for change in &self.changes {
            let [before, after] = change.sides();
            row([&change.label(), before, after]);
        }
        text
    }

    fn markdown(&self) -> String {
        let mut text = format!(
            "\n## {}\n\n{}\n\n| | Before | After |\n|---|---|---|\n",
            self.key,
            self.counts()
        );
        for change in &self.changes {
            let [before, after] = change.sides().map(|side| side.replace('|', "\\|"));
            text.push_str(&format!("| {} | {before} | {after} |\n", change.label()));
        }
        text
    }
}

impl Change {
    fn label(&self) -> String {
        match self.what {
            What::Profile => format!("#{}", self.profile),
            what => format!("#{} {} {}", self.profile, what.name(), self.name),
        }
    }

    fn sides(&self) -> [&str; 2] {
        let gone = match self.what {
            What::Profile => "joined with another",
            _ => "none",
        };
        [
            self.before.as_deref().unwrap_or("none"),
            self.after.as_deref().unwrap_or(gone),
        ]
    }
}

fn wrapped(text: &str, width: usize) -> Vec<String> {
    let lines = textwrap::wrap(text, width).into_iter();
    lines.map(std::borrow::Cow::into_owned).collect()
}
