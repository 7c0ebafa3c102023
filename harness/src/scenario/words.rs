//! The words that make a fenced block act, and the ones that leave it prose.
//! A word that is nearly a block word is a slip, because prose that looks like a step would silently do nothing.

use crate::problem::nearest;

/// Every block word, in the order of the documentation.
pub(crate) const BLOCKS: [&str; 17] = [
    "js",
    "app",
    "http",
    "import",
    "mail",
    "clock",
    "fault",
    "fix-up",
    "profiles",
    "decisions",
    "diagnosis",
    "causes",
    "plan",
    "anomalies",
    "consents",
    "journal",
    "goal",
];

/// Languages and formats whose names are near a block word.
const PROSE: [&str; 32] = [
    "json", "json5", "text", "txt", "bash", "sh", "zsh", "shell", "console", "yaml", "yml", "toml",
    "csv", "tsv", "html", "css", "xml", "ts", "jsx", "tsx", "python", "py", "ruby", "rust", "java",
    "kotlin", "swift", "php", "sql", "diff", "md", "mermaid",
];

/// What the first word of a fence means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// The block acts or states something.
    Block(&'static str),
    /// The word was probably meant to be this block word.
    Slip(&'static str),
    /// The block is read by people only.
    Prose,
}

/// The meaning of the first word of a fence.
pub(crate) fn meaning(word: &str) -> Word {
    if let Some(block) = BLOCKS.iter().find(|block| **block == word) {
        return Word::Block(block);
    }
    let plain = word.to_lowercase().replace('_', "-");
    if PROSE.contains(&plain.as_str()) || plain.chars().count() < 2 {
        return Word::Prose;
    }
    nearest(&plain, &BLOCKS).map_or(Word::Prose, Word::Slip)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_mean_what_they_say() {
        for (word, expected) in [
            ("js", Word::Block("js")),
            ("fix-up", Word::Block("fix-up")),
            ("journal", Word::Block("journal")),
            ("profils", Word::Slip("profiles")),
            ("Profiles", Word::Slip("profiles")),
            ("fix_up", Word::Slip("fix-up")),
            ("fixup", Word::Slip("fix-up")),
            ("HTTP", Word::Slip("http")),
            ("imports", Word::Slip("import")),
            ("json", Word::Prose),
            ("html", Word::Prose),
            ("javascript", Word::Prose),
            ("", Word::Prose),
            ("x", Word::Prose),
        ] {
            assert_eq!(meaning(word), expected, "{word}");
        }
    }
}
