//! The coverage page: every route with its depth and its label, in Markdown.

use std::fmt::Write;

use super::document::family;
use crate::routes::{self, Endpoint};

const HEAD: &str = "# Which routes are there

Generated from the route table by `twinfold coverage`; do not edit.

Depth: *full* does what it says; *empty* is a valid answer without content, so that clients keep running; *declared* is
answered 501 with a body that says so. Label: how well the route is known. *Documented* by the vendor, *observed* in real
clients, or *assumed*. A reply names the weakest label among its route and the rules it used in the header
`twinfold-evidence`.
";

/// The page.
pub fn coverage() -> String {
    let mut page = HEAD.to_owned();
    let table = routes::table();
    let mut families: Vec<&str> = Vec::new();
    for endpoint in &table {
        let family = family(endpoint.path);
        if !families.contains(&family) {
            families.push(family);
        }
    }
    for family in families {
        section(&mut page, family, &table);
    }
    page
}

fn section(page: &mut String, name: &str, table: &[Endpoint]) {
    // Writing to a string cannot fail.
    let _ = write!(
        page,
        "\n## {name}\n\n| Route | Depth | Label | What |\n|---|---|---|---|\n"
    );
    for endpoint in table.iter().filter(|other| family(other.path) == name) {
        let _ = writeln!(
            page,
            "| `{} {}` | {} | {} | {} |",
            endpoint.method,
            endpoint.path,
            endpoint.depth.name(),
            endpoint.label.name(),
            endpoint.says,
        );
    }
}
