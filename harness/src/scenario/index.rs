//! The index of a catalogue: a page generated from the front matter, by directory.
//! It is Markdown that reads well on a code host, and says nothing that the files do not.

use std::{fmt::Write, path::Path, sync::Arc};

use super::Scenario;

const INTRODUCTION: &str = "# Scenarios

Each file is a story, a test and a lesson: prose explains, fenced blocks act or state what must be seen. Run them all
with `twinfold run scenarios`, or one by its path. *Evidence* says how well the point of the story is known:
**documented** by the vendor, **observed** in real clients, or **assumed**. This page is generated from the front matter
(`twinfold index scenarios`).
";

/// The page for the files of a directory; links are relative to it.
pub fn index(scenarios: &[Arc<Scenario>], directory: &Path) -> String {
    let mut page = INTRODUCTION.to_owned();
    let mut shown: Option<&Path> = None;
    for scenario in scenarios {
        let path = scenario
            .path()
            .strip_prefix(directory)
            .unwrap_or(scenario.path());
        let group = path.parent().unwrap_or(Path::new(""));
        if shown != Some(group) {
            let name = group.display();
            let _ = write!(
                page,
                "\n## {name}\n\n| Scenario | Effect | Remedy | Evidence |\n|---|---|---|---|\n"
            );
            shown = Some(group);
        }
        page.push_str(&row(scenario, path));
    }
    page
}

fn row(scenario: &Scenario, path: &Path) -> String {
    let front = scenario.front();
    let link: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    let cell = |text: &str| text.replace('|', "\\|");
    format!(
        "| [{}]({}) | {} | {} | {} |\n",
        cell(&front.title),
        link.join("/"),
        cell(&front.effect),
        cell(&front.remedy),
        front.evidence.word(),
    )
}
