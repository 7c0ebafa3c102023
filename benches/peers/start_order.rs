//! Records which functions starting and a first update run, for the linker: `harness/start.ld`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
    path::Path,
};

use gimli::{Dwarf, EndianSlice, LittleEndian};
use object::{File, Object, ObjectSection, ObjectSymbol, SymbolKind};

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
    let ran = names_of(&fs::read_to_string(&profile).unwrap());
    fs::write(SCRIPT, script(&functions(&program), &ran)).unwrap();
    println!("{SCRIPT} names {} functions", ran.len());
}

/// The names behind `fn=(12) name` and `cfn=(12) name`; a later `fn=(12)` names nothing new.
fn names_of(profile: &str) -> BTreeSet<String> {
    let named = profile.lines().filter_map(|line| {
        let line = line.strip_prefix('c').unwrap_or(line);
        let (_, name) = line.strip_prefix("fn=(")?.split_once(") ")?;
        // Recursion is told apart by a number.
        Some(name.split('\'').next().unwrap_or(name).to_owned())
    });
    named.collect()
}

/// A function of the program.
struct Function {
    symbol: String,
    size: u64,
    /// Where it is in the linker's script.
    pattern: String,
}

/// Every function of the program.
fn functions(program: &Path) -> Vec<Function> {
    let bytes = fs::read(program).unwrap();
    let file = File::parse(&*bytes).unwrap();
    let crates = crates(&file);
    let texts = file
        .symbols()
        .filter(|symbol| symbol.kind() == SymbolKind::Text);
    let functions = texts.filter_map(|symbol| {
        let name = symbol.name().ok()?;
        let before = crates.range(..=symbol.address()).next_back();
        let of_crate = before.filter(|(_, (end, _))| symbol.address() < *end);
        let objects = of_crate.map_or("*".to_owned(), |(_, (_, name))| format!("*.{name}.*"));
        Some(Function {
            symbol: name.to_owned(),
            size: symbol.size(),
            pattern: format!("{objects}(.text*.{})", pattern(name)),
        })
    });
    functions.collect()
}

/// Which crate the code between two addresses was compiled with: start, end, name. Functions of the standard library
/// and their like are in the program once for each crate and type, under one name.
fn crates(file: &File<'_>) -> BTreeMap<u64, (u64, String)> {
    let section = |id: gimli::SectionId| {
        let section = file.section_by_name(id.name());
        let data = section.and_then(|section| section.data().ok());
        Ok::<_, gimli::Error>(EndianSlice::new(data.unwrap_or_default(), LittleEndian))
    };
    let dwarf = Dwarf::load(section).unwrap();
    let mut places = BTreeMap::new();
    let mut headers = dwarf.units();
    while let Some(header) = headers.next().unwrap() {
        let unit = dwarf.unit(header).unwrap();
        // `src/lib.rs/@/tokio.1a2b-cgu.0`; the linker reads `….tokio.1a2b-cgu.0.rcgu.o`.
        let name = unit.name.unwrap_or_default().to_string_lossy().into_owned();
        let Some((name, _)) = name
            .split("/@/")
            .nth(1)
            .and_then(|unit| unit.split_once('.'))
        else {
            continue;
        };
        let mut ranges = dwarf.unit_ranges(&unit).unwrap();
        while let Some(range) = ranges.next().unwrap() {
            places.insert(range.begin, (range.end, name.to_owned()));
        }
    }
    places
}

/// One line for each pattern. Those that name little else than what ran come first: the rest of the others is then
/// not between them.
fn script(functions: &[Function], ran: &BTreeSet<String>) -> String {
    let mut patterns: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for function in functions {
        let (of_ran, of_all) = patterns.entry(&function.pattern).or_default();
        *of_all += function.size;
        if ran.contains(&function.symbol) {
            *of_ran += function.size;
        }
    }
    let mut patterns: Vec<_> = patterns
        .into_iter()
        .filter(|(_, (of_ran, _))| *of_ran > 0)
        .collect();
    patterns.sort_by_key(|(_, (of_ran, of_all))| std::cmp::Reverse(of_ran * 1_000_000 / of_all));
    let mut script = HEAD.to_owned();
    for (pattern, _) in patterns {
        writeln!(script, "    {pattern}").unwrap();
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
