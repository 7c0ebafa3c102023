//! `twinfold import`: a CSV file into a project, or with --dry-run what it would do there.

use std::{fs, path::PathBuf};

use clap::Args;
use serde_json::json;

use super::{
    Ended, Failure, Print, Threads, hooks,
    project::{Key, is_loopback, schema_of},
    runtime,
};
use crate::{
    import::{self, Events, File, ImportError, Mapping, Preview, PropertyColumn, Report},
    scenario,
    target::{ProjectClient, TargetError},
};

/// Import a CSV file, or with --dry-run say what it would do
///
/// The first row of the file has the names of the columns. At least one column must be paired with
/// an identifier by --id. With --dry-run the import runs on a copy of the project, so nothing is
/// written; that needs twinfold's own server. Exit code 1 says that rows were refused, or that the
/// preview found something to think about: warnings, new duplicates, values overwritten by blanks.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Import {
    /// The CSV file
    file: PathBuf,
    /// Pair a column with an identifier, such as registered=email
    #[arg(long = "id", value_name = "TYPE=COLUMN")]
    ids: Vec<String>,
    /// Map a column to a property, such as age=years:number, or city when both have that name; types
    /// are string, number, boolean, list, date, datetime
    #[arg(long = "property", value_name = "NAME[=COLUMN][:TYPE]")]
    properties: Vec<String>,
    /// Column with the time at which each row was true; older values do not overwrite newer ones
    #[arg(long, value_name = "COLUMN", conflicts_with = "event")]
    update_timestamp: Option<String>,
    /// Each row is an event of this type
    #[arg(long, value_name = "TYPE", requires = "timestamp")]
    event: Option<String>,
    /// Column with the time of each event
    #[arg(long, value_name = "COLUMN", requires = "event")]
    timestamp: Option<String>,
    /// An empty cell writes nothing, instead of overwriting the value by a blank
    #[arg(long)]
    skip_empty: bool,
    /// Take the mapping from a YAML file, written as in the block `import` of a scenario
    #[arg(long, value_name = "YAML", conflicts_with_all = ["ids", "properties", "update_timestamp", "event", "skip_empty"])]
    map: Option<PathBuf>,
    /// Write nothing; say what would be created, merged, duplicated, blanked and refused
    #[arg(long)]
    dry_run: bool,
    /// Base URL of the server
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    url: String,
    #[command(flatten)]
    key: Key,
    /// Allow an import on a server that is not on this machine
    #[arg(long)]
    remote: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t = Print::Text)]
    print: Print,
}

const EXAMPLES: &str = "Examples:
  twinfold import customers.csv --id registered=email --property email --property age=years:number --dry-run
  twinfold import orders.csv --id registered=email --event purchase --timestamp at --property total_price:number";

impl Import {
    pub(super) fn run(self) -> Result<Ended, Failure> {
        let file = self.file()?;
        let mapping = self.mapping(&file)?;
        mapping.check(file.columns()).map_err(Failure::Input)?;
        self.refuse_remote()?;
        let client = self.key.client(&self.url)?;
        runtime(Threads::One)?.block_on(async {
            match self.dry_run {
                true => self.preview(&client, &mapping, &file).await,
                false => self.import(&client, &mapping, &file).await,
            }
        })
    }

    async fn preview(
        &self,
        client: &ProjectClient,
        mapping: &Mapping,
        file: &File,
    ) -> Result<Ended, Failure> {
        let schema = schema_of(client).await?;
        let options = hooks::options(&schema);
        let preview = import::preview(client, mapping, file, &schema, &options).await;
        let preview: Preview = preview.map_err(failure)?;
        match self.print {
            Print::Json => println!("{}", json!({"preview": preview})),
            Print::Text => print!("{preview}"),
        }
        Ok(ended(preview.is_clean()))
    }

    async fn import(
        &self,
        client: &ProjectClient,
        mapping: &Mapping,
        file: &File,
    ) -> Result<Ended, Failure> {
        let report: Report = import::send(client, mapping, file).await.map_err(failure)?;
        match self.print {
            Print::Json => println!("{}", json!({"report": report})),
            Print::Text => {
                print!("{report}");
                let unmapped = mapping.unmapped(file.columns());
                if !unmapped.is_empty() {
                    println!("not mapped: {}", unmapped.join(", "));
                }
            }
        }
        Ok(ended(report.rejected == 0))
    }

    fn file(&self) -> Result<File, Failure> {
        let content = text(&self.file)?;
        let path = self.file.display();
        File::read(content).map_err(|says| Failure::Input(format!("`{path}`: {says}")))
    }

    fn mapping(&self, file: &File) -> Result<Mapping, Failure> {
        let name = self.file.file_name().unwrap_or_default().to_string_lossy();
        if let Some(path) = &self.map {
            let mapping = scenario::import_mapping(path, text(path)?, file.columns());
            let mapping = mapping.map_err(|problem| Failure::Input(problem.render(false)));
            return mapping.map(|mapping| match mapping.name.is_empty() {
                true => Mapping {
                    name: name.into_owned(),
                    ..mapping
                },
                false => mapping,
            });
        }
        let ids = self.ids.iter().map(|written| id(written));
        let properties = self.properties.iter().map(|written| property(written));
        let events = self.event.clone().zip(self.timestamp.clone());
        Ok(Mapping {
            name: name.into_owned(),
            ids: ids.collect::<Result<_, _>>()?,
            properties: properties.collect(),
            update_timestamp: self.update_timestamp.clone(),
            events: events.map(|(event_type, timestamp)| Events {
                event_type,
                timestamp,
            }),
            skip_empty: self.skip_empty,
        })
    }

    fn refuse_remote(&self) -> Result<(), Failure> {
        if self.dry_run || self.remote || is_loopback(&self.url) {
            return Ok(());
        }
        Err(Failure::Input(format!(
            "`{}` is not on this machine, and an import cannot be undone; look at --dry-run on a server of your own, \
             then add --remote",
            self.url
        )))
    }
}

fn text(path: &PathBuf) -> Result<String, Failure> {
    let shown = path.display();
    let bytes = fs::read(path)
        .map_err(|error| Failure::Input(format!("`{shown}` cannot be read: {error}")))?;
    String::from_utf8(bytes)
        .map_err(|_| Failure::Input(format!("`{shown}` is not UTF-8; save it as UTF-8")))
}

fn id(written: &str) -> Result<(String, String), Failure> {
    match written.split_once('=') {
        Some((id_type, column)) if !id_type.is_empty() && !column.is_empty() => {
            Ok((id_type.to_owned(), column.to_owned()))
        }
        _ => Err(Failure::Input(format!(
            "`{written}` in --id pairs nothing; write TYPE=COLUMN, such as registered=email"
        ))),
    }
}

/// `name`, `name=column`, `name:type`, `name=column:type`.
fn property(written: &str) -> PropertyColumn {
    let (place, kind) = match written.rsplit_once(':') {
        Some((place, kind)) if !kind.is_empty() => (place, kind),
        _ => (written, "string"),
    };
    let (name, column) = place.split_once('=').unwrap_or((place, place));
    PropertyColumn {
        name: name.to_owned(),
        column: column.to_owned(),
        kind: kind.to_owned(),
    }
}

fn ended(clean: bool) -> Ended {
    match clean {
        true => Ended::Well,
        false => Ended::WithFindings,
    }
}

fn failure(error: ImportError) -> Failure {
    match error {
        ImportError::Refused(_) => Failure::Input(error.to_string()),
        ImportError::Target(TargetError::Unreachable { .. }) => Failure::Server(error.to_string()),
        other => Failure::Server(other.to_string()),
    }
}
