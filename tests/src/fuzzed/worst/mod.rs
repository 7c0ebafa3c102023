//! The worst case of each reader, as large as it may come: deep, wide, endless, or small and meant to grow.
//! Each must end in a few seconds, with a reply or an error.

mod files;
mod requests;
mod stories;

use std::fmt::Write as _;

/// A kind's worst inputs, each with what it is.
pub fn worst(kind: &str) -> Vec<(&'static str, Vec<u8>)> {
    let texts = match kind {
        "body" => requests::bodies(),
        "batch" => requests::batches(),
        "scenario" => stories::scenarios(),
        "import" => files::imports(),
        "export" => files::exports(),
        "plan" => files::plans(),
        _ => vec![(
            "a hundred thousand lines",
            "{\"begins\":{}}\n".repeat(100_000),
        )],
    };
    let bytes = texts
        .into_iter()
        .map(|(name, text)| (name, text.into_bytes()));
    bytes.collect()
}

type Texts = Vec<(&'static str, String)>;

/// `{` and so many members, each `"name number": value`, and `}`.
fn wide(count: usize, value: &str) -> String {
    let mut text = "{".to_owned();
    for at in 0..count {
        let comma = if at > 0 { "," } else { "" };
        write!(text, "{comma}\"n{at}\":{value}").unwrap();
    }
    text + "}"
}

fn deep(levels: usize) -> String {
    "[".repeat(levels) + &"]".repeat(levels)
}
