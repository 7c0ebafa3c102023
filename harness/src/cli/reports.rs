//! `--report FORMAT=FILE`: reports of a run for machines.

use std::{fs, path::PathBuf};

use super::Failure;
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
        fs::write(&file.path, text).map_err(|error| {
            let path = file.path.display();
            Failure::Input(format!("the report `{path}` cannot be written: {error}"))
        })?;
    }
    Ok(())
}
