//! `--report FORMAT=FILE`: reports of a run for machines.

use std::path::PathBuf;

use super::{
    Failure,
    output_file::{self, Given},
};
use crate::scenario::{Format, Report, Verdict};

/// A report and where it goes.
#[derive(Clone, Debug)]
pub(super) struct ReportFile {
    format: Format,
    /// `-` is the standard output.
    path: PathBuf,
}

impl ReportFile {
    /// Whether it shows what the projects did.
    pub(super) fn shows_journal(&self) -> bool {
        self.format == Format::Html
    }

    pub(super) fn is_standard_output(&self) -> bool {
        self.path.as_os_str() == "-"
    }
}

/// Reads `FORMAT=FILE`.
pub(super) fn parse(written: &str) -> Result<ReportFile, String> {
    let (format, path) = written
        .split_once('=')
        .filter(|(_, path)| !path.is_empty())
        .ok_or("a report is written as FORMAT=FILE, such as junit=report.xml")?;
    Ok(ReportFile {
        format: format.parse()?,
        path: path.into(),
    })
}

/// Says before the run which report could not be written after it, or would take the place of another or of a scenario.
pub(super) fn check(files: &[ReportFile], scenarios: &[PathBuf]) -> Result<(), Failure> {
    let read: Vec<Given<'_>> = scenarios.iter().map(|path| ("<PATHS>", &**path)).collect();
    let written = files.iter().map(|file| ("--report", &*file.path));
    output_file::check_apart(&read, &Vec::from_iter(written))?;
    let files = files.iter().filter(|file| !file.is_standard_output());
    let written = files.map(|file| ("--report", &*file.path));
    output_file::check(&[], &Vec::from_iter(written))
}

/// Writes all reports.
pub(super) fn write(
    files: &[ReportFile],
    verdicts: &[Verdict],
    report: &Report,
) -> Result<(), Failure> {
    for file in files {
        let text = file.format.write(verdicts, report);
        if file.is_standard_output() {
            print!("{text}");
            continue;
        }
        output_file::write(&file.path, &text)?;
    }
    Ok(())
}
