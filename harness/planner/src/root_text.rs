//! Root causes for a reader: which call of which source to change, the line as it is and as it should be.
//! They stand before any call of the plan, because a repair does not last while they are active.

use super::{Activity, Plan, RootCause, Snippet, counted};

impl Plan {
    /// Those that still make duplicates, as far as the journal tells.
    pub fn active_causes(&self) -> impl Iterator<Item = &RootCause> {
        self.root_causes.iter().filter(|root| root.is_active())
    }

    pub(super) fn root_causes_markdown(&self) -> String {
        markdown(&self.root_causes)
    }
}

/// Root causes as Markdown; nothing if there are none.
pub fn markdown(roots: &[RootCause]) -> String {
    if roots.is_empty() {
        return String::new();
    }
    let mut text = "\n## Root causes first\n".to_owned();
    if roots.iter().any(RootCause::is_active) {
        text.push_str("\n**A cause is still active: what is repaired now comes back. Change the call first.**\n");
    }
    for root in roots {
        text.push_str(&root.markdown());
    }
    text
}

impl RootCause {
    /// The cause in one line: `active: update-instead-of-identify by js-sdk, 3 addresses`.
    pub fn headline(&self) -> String {
        format!(
            "{}: {} by {}, {}",
            self.activity.slug(),
            self.cause,
            self.source,
            counted(self.keys, "address")
        )
    }

    /// The cause in short: its headline, the line to change, and what to write instead.
    pub fn lines(&self) -> Vec<String> {
        let say = |word: &'static str| {
            move |snippet: &Snippet| {
                let lines: Vec<_> = snippet.text.lines().collect();
                format!("{word} {}", lines.join("  "))
            }
        };
        let original = self.correction.original.iter().map(say("now:"));
        let corrected = self.correction.corrected.iter().map(say("write:"));
        let headline = std::iter::once(self.headline());
        headline.chain(original).chain(corrected).collect()
    }

    /// Where and how often the journal shows it, in sentences.
    pub fn account(&self) -> String {
        let people = match (self.activity, self.correction.call.is_some()) {
            (Activity::Unsure, false) => {
                "; it is about people, so that no later call shows whether it goes on"
            }
            _ => "",
        };
        let since = match people {
            "" => format!("; {}", self.since()),
            people => people.to_owned(),
        };
        let entries = match (self.first.seq, self.last.seq) {
            (first, last) if first == last => format!("entry {last}"),
            (first, last) => format!("entries {first} to {last}"),
        };
        format!(
            "{}. {} in the journal, {entries}{since}.",
            self.shape.words(),
            counted(self.calls, "call"),
        )
    }

    /// The example and where it stands in the journal.
    pub fn example_line(&self) -> String {
        let example = &self.example;
        let item = match example.item {
            Some(item) => format!(", item {item}"),
            None => String::new(),
        };
        format!(
            "`{}` on #{}: journal entry {}{item}, {}",
            example.key, example.member, example.seq, example.request
        )
    }

    fn markdown(&self) -> String {
        let mut text = format!(
            "\n### {}\n\n{}\n\nFor example {}. {}\n",
            self.headline(),
            self.account(),
            self.example_line(),
            self.correction.remedy
        );
        let original = self.correction.original.iter();
        for snippet in original.chain(&self.correction.corrected) {
            text.push_str(&snippet.markdown());
        }
        text
    }
}

impl Snippet {
    fn markdown(&self) -> String {
        let (says, language, text) = (&self.says, self.language.slug(), &self.text);
        format!("\n{says}:\n\n```{language}\n{text}\n```\n")
    }
}
