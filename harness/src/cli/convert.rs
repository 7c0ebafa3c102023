//! `twinfold convert`: records of which a public data set says who is the same person, as traffic.
//! It goes where that of made-up people goes, with the truth beside it.

use std::{fs::File, path::PathBuf};

use clap::Args;

use super::{Ended, Failure, outlet::Outlet};
use crate::population::{RecordId, RecordIds, Records};

/// Make traffic of a CSV of records whose true identity is known, such as the FEBRL sets: one import row for each record
///
/// The truth stands in a column: `rec-N-org` and `rec-N-dup-M` are person N, any other text is a person of that name.
/// Every record has a soft ID `record` of its own beside those that are asked for.
#[derive(Debug, Args)]
pub(super) struct Convert {
    /// CSV files with a header; people of the same name in several files are the same
    #[arg(required = true)]
    records: Vec<PathBuf>,
    /// The column that says who it is
    #[arg(long, default_value = "rec_id", value_name = "COLUMN")]
    person: String,
    /// A hard ID type and the columns of which its values are made, such as soc_sec_id=soc_sec_id [default, if no ID
    /// type is given: hard soc_sec_id, soft name_and_birth and surname_and_address of the FEBRL sets]
    #[arg(long, value_name = "TYPE=COLUMN+...", value_parser = hard)]
    hard: Vec<RecordId>,
    /// A soft ID type and the columns of which its values are made
    #[arg(long, value_name = "TYPE=COLUMN+...", value_parser = soft)]
    soft: Vec<RecordId>,
    #[command(flatten)]
    outlet: Outlet,
}

fn hard(written: &str) -> Result<RecordId, String> {
    id(written, true)
}

fn soft(written: &str) -> Result<RecordId, String> {
    id(written, false)
}

fn id(written: &str, is_hard: bool) -> Result<RecordId, String> {
    let (name, columns) = written
        .split_once('=')
        .ok_or("write TYPE=COLUMN, or TYPE=COLUMN+COLUMN")?;
    Ok(RecordId {
        name: name.to_owned(),
        is_hard,
        columns: columns.split('+').map(str::to_owned).collect(),
    })
}

impl Convert {
    pub(super) fn run(self) -> Result<Ended, Failure> {
        let read = self.records.iter().map(|path| ("<RECORDS>", &**path));
        self.outlet.check(&Vec::from_iter(read))?;
        let ids = self.ids();
        ids.check()
            .map_err(|error| Failure::Input(error.to_string()))?;
        let project = ids.project();
        let mut records = Records::new(ids);
        for path in &self.records {
            let wrong = |error: &dyn std::fmt::Display| {
                Failure::Input(format!("`{}` cannot be read: {error}", path.display()))
            };
            let file = File::open(path).map_err(|error| wrong(&error))?;
            records.read(file).map_err(|error| wrong(&error))?;
        }
        let people = records.people();
        eprintln!("{} records of {people} people", records.len());
        self.outlet.pour(records, project, people)
    }

    fn ids(&self) -> RecordIds {
        let types: Vec<RecordId> = self.hard.iter().chain(&self.soft).cloned().collect();
        let usual = RecordIds::of_febrl();
        RecordIds {
            person: self.person.clone(),
            types: if types.is_empty() { usual.types } else { types },
        }
    }
}
