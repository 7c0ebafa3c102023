//! Documents that the binary prints: the API, the routes, completions, the manual page, and the committed copies.

use std::path::Path;

use super::{code, twinfold};

#[test]
fn documents_are_printed() {
    for (arguments, begins) in [
        (vec!["openapi"], "{\n  \"openapi\": \"3.1.0\""),
        (vec!["coverage"], "# Which routes are there\n"),
        (vec!["completions", "bash"], "_twinfold() {"),
        (vec!["man"], ".ie \\n(.g"),
    ] {
        let (found, text) = code(twinfold().args(&arguments));
        assert_eq!(found, Some(0));
        assert!(text.starts_with(begins), "{arguments:?}: {text}");
    }
}

#[test]
fn the_committed_documents_are_those_that_are_printed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (command, file) in [
        ("openapi", "mock-server/openapi.json"),
        ("coverage", "mock-server/COVERAGE.md"),
        ("schema", "scenarios/front-matter.schema.json"),
    ] {
        let committed = std::fs::read_to_string(root.join(file)).unwrap();
        let (_, printed) = code(twinfold().arg(command));
        assert!(
            committed == printed,
            "`twinfold {command} > {file}` makes it right"
        );
    }
}
