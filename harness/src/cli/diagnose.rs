//! `twinfold diagnose`: which profiles share an e-mail address, why, and which call to change first.

use clap::Args;
use serde_json::json;

use super::{
    Ended, Failure, Print, Threads,
    plan_view::View,
    profiles::{Found, From, failure},
    runtime,
};
use crate::fixup::{self, DiagnosedKey, Evidence, RootCause};

/// Say which profiles share an e-mail address, and why
#[derive(Debug, Args)]
pub(super) struct Diagnose {
    #[command(flatten)]
    from: From,
    /// How to print
    #[arg(long, value_enum, default_value_t = Print::Text)]
    print: Print,
}

impl Diagnose {
    pub(super) fn run(self) -> Result<Ended, Failure> {
        runtime(Threads::One)?.block_on(async {
            let found = self.from.find().await?;
            let options = self.from.options(found.schema());
            let (keys, roots) = match &found {
                Found::File(export) => {
                    let (profiles, types) = (&export.profiles, &export.types);
                    let evidence = Evidence::ProfilesOnly;
                    let keys = fixup::diagnose_profiles(profiles, types, &options, &evidence);
                    (keys, Vec::new())
                }
                Found::Live(client, types) => fixup::diagnose_causes(client, types, &options)
                    .await
                    .map_err(failure)?,
            };
            self.print(&keys, &roots);
            Ok(if keys.is_empty() {
                Ended::Well
            } else {
                Ended::WithFindings
            })
        })
    }

    fn print(&self, keys: &[DiagnosedKey], roots: &[RootCause]) {
        match self.print {
            Print::Json => println!("{}", json!(keys)),
            Print::Text if keys.is_empty() => println!("no two profiles share an e-mail address"),
            Print::Text => {
                let view = View::of_stdout();
                print!("{}", view.root_causes(roots));
                if !roots.is_empty() {
                    println!();
                }
                for key in keys {
                    print!("{}", view.diagnosis(key));
                }
            }
        }
    }
}
