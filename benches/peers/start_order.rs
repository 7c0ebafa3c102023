//! Records which functions starting and a first update run, for the linker: `harness/start.ld`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
    path::Path,
};

use object::{Object, ObjectSymbol, SymbolKind};

use crate::contender::Contender;

/// Where the linker's script lies.
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../harness/start.ld");

const HEAD: &str = "\
/* What starting the server and answering its first update run, which the linker lays side by side: see build.rs.
   Written by `cargo bench -p twinfold-benches --bench peers -- --record-start`; an old list does no harm. */
SECTIONS {
  .text.start : {
";

/// Runs the server under callgrind and writes the script anew.
pub(crate) fn record() {
    let directory = tempfile::tempdir().unwrap();
    let profile = directory.path().join("callgrind");
    let program = Contender::run_under_callgrind(&profile);
    let ran = functions_of(&fs::read_to_string(&profile).unwrap());
    let script = script(&sizes(&program), &ran);
    fs::write(SCRIPT, script).unwrap();
    println!("{SCRIPT} names {} functions", ran.len());
}

/// The names behind `fn=(12) name` and `cfn=(12) name`; a later `fn=(12)` names nothing new.
fn functions_of(profile: &str) -> BTreeSet<String> {
    let named = profile.lines().filter_map(|line| {
        let line = line.strip_prefix('c').unwrap_or(line);
        let (_, name) = line.strip_prefix("fn=(")?.split_once(") ")?;
        // Recursion is told apart by a number.
        Some(name.split('\'').next().unwrap_or(name).to_owned())
    });
    named.collect()
}

/// Every function of the program with its bytes.
fn sizes(program: &Path) -> BTreeMap<String, u64> {
    let bytes = fs::read(program).unwrap();
    let file = object::File::parse(&*bytes).unwrap();
    let functions = file
        .symbols()
        .filter(|symbol| symbol.kind() == SymbolKind::Text);
    functions
        .filter_map(|symbol| Some((symbol.name().ok()?.to_owned(), symbol.size())))
        .collect()
}

/// One line for each pattern. Those that name little else than what ran come first: the rest of the others is then
/// not between them.
fn script(sizes: &BTreeMap<String, u64>, ran: &BTreeSet<String>) -> String {
    let mut patterns: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for (name, size) in sizes {
        let (of_ran, of_all) = patterns.entry(pattern(name)).or_default();
        *of_all += size;
        if ran.contains(name) {
            *of_ran += size;
        }
    }
    let mut patterns: Vec<_> = patterns
        .into_iter()
        .filter(|(_, (of_ran, _))| *of_ran > 0)
        .collect();
    // Each fraction against the other, without dividing.
    patterns.sort_by_key(|(_, (of_ran, of_all))| std::cmp::Reverse(of_ran * 1_000_000 / of_all));
    let mut script = HEAD.to_owned();
    for (pattern, _) in patterns {
        writeln!(script, "    *(.text*.{pattern})").unwrap();
    }
    script.push_str("  }\n} INSERT BEFORE .text;\n");
    script
}

/// A symbol without what changes from build to build, in the characters that a linker's script allows.
fn pattern(symbol: &str) -> String {
    let symbol = symbol.split(".llvm.").next().unwrap_or(symbol);
    let written = match symbol.rfind("17h") {
        Some(hash) if symbol.starts_with("_ZN") => format!("{}*", &symbol[..hash + 3]),
        _ if symbol.starts_with("_R") => format!("{}*", without_crate_hashes(symbol)),
        _ => symbol.to_owned(),
    };
    written.replace('$', "?")
}

/// `Cs1aB2c_4core` is the crate `core` as one compiler built it.
fn without_crate_hashes(symbol: &str) -> String {
    let mut parts = symbol.split("Cs");
    let mut written = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let hash = part.split_once('_').filter(|(hash, _)| {
            !hash.is_empty() && hash.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
        match hash {
            Some((_, rest)) => write!(written, "Cs*_{rest}").unwrap(),
            None => write!(written, "Cs{part}").unwrap(),
        }
    }
    written
}
