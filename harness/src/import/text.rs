//! A report and a preview in words.

use std::fmt::{self, Display, Formatter};

use super::{Preview, RejectedRow, Report};

/// How many examples are shown; the rest is counted.
const SHOWN_MAX: usize = 20;

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "rows       {}", self.rows)?;
        writeln!(f, "accepted   {}", self.accepted)?;
        writeln!(f, "created    {}", counted(self.created, "profile"))?;
        writeln!(f, "merged     {}", counted(self.merged, "profile"))?;
        duplicates(f, self.duplicate_events)?;
        rejections(f, self.rejected, &self.rejections)
    }
}

impl Display for Preview {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "rows             {}", self.rows)?;
        writeln!(f, "would create     {}", counted(self.created, "profile"))?;
        writeln!(f, "would merge      {}", counted(self.merged, "profile"))?;
        let duplicated = counted(self.duplicated.len(), "e-mail address");
        writeln!(f, "would duplicate  {duplicated}")?;
        examples(f, self.duplicated.iter())?;
        let values = self.blanked.iter().map(|blanked| blanked.profiles).sum();
        writeln!(f, "would blank      {}", counted(values, "value"))?;
        let blanked = self.blanked.iter();
        examples(
            f,
            blanked.map(|one| format!("{} of {}", one.property, counted(one.profiles, "profile"))),
        )?;
        duplicates(f, self.duplicate_events)?;
        rejections(f, self.rejected, &self.rejections)?;
        if !self.unmapped.is_empty() {
            writeln!(f, "not mapped: {}", self.unmapped.join(", "))?;
        }
        for warning in &self.warnings {
            writeln!(f, "warning: {warning}")?;
        }
        Ok(())
    }
}

fn duplicates(f: &mut Formatter<'_>, events: usize) -> fmt::Result {
    if events == 0 {
        return Ok(());
    }
    writeln!(
        f,
        "dropped    {} that are there already",
        counted(events, "event")
    )
}

fn rejections(f: &mut Formatter<'_>, count: usize, rejections: &[RejectedRow]) -> fmt::Result {
    writeln!(f, "rejected   {}", counted(count, "row"))?;
    let lines = rejections.iter();
    examples(
        f,
        lines.map(|one| format!("row {}: {}", one.row, one.reason)),
    )?;
    Ok(())
}

fn examples(
    f: &mut Formatter<'_>,
    lines: impl ExactSizeIterator<Item = impl Display>,
) -> fmt::Result {
    let more = lines.len().saturating_sub(SHOWN_MAX);
    for line in lines.take(SHOWN_MAX) {
        writeln!(f, "    {line}")?;
    }
    match more {
        0 => Ok(()),
        more => writeln!(f, "    and {more} more"),
    }
}

fn counted(count: usize, what: &str) -> String {
    match (count, what.ends_with('s')) {
        (1, _) => format!("1 {what}"),
        (_, true) => format!("{count} {what}es"),
        (_, false) => format!("{count} {what}s"),
    }
}
