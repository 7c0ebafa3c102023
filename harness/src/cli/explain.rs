//! `twinfold explain`: how an ID came to its customer, what joined two IDs, or what keeps them apart.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::{
    Ended, Failure, Print,
    histories::{self, Named},
    project::Key,
};
use crate::{
    explain::{Answer, CurlBase, Explanation, explain_one, explain_two},
    history::Id,
};

/// Say how an ID came to its customer, what joined two IDs, or what keeps them apart
///
/// The chain of commands and rules comes with the label of each; what would have been otherwise is replayed.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// One ID or two, such as registered=ada@example.com cookie=laptop
    #[arg(required = true, num_args = 1..=2, value_name = "TYPE=VALUE", value_parser = id)]
    ids: Vec<Id>,
    /// A scenario file, which is run in this process, instead of a project
    #[arg(long, value_name = "FILE", conflicts_with = "journal")]
    scenario: Option<PathBuf>,
    /// A file that `twinfold journal` has written, instead of a project
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
    /// Base URL of a twinfold server
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    url: String,
    #[command(flatten)]
    key: Key,
    /// How to print
    #[arg(long, value_enum, default_value_t = Print::Text)]
    print: Print,
}

fn id(written: &str) -> Result<Id, String> {
    Id::parse(written).ok_or_else(|| "write an ID as TYPE=VALUE, such as cookie=laptop".into())
}

impl Explain {
    pub(super) fn run(self) -> Result<Ended, Failure> {
        let (histories, curl) = self.histories()?;
        let explained: Vec<(String, Explanation)> = histories
            .into_iter()
            .map(|named| {
                let explanation = match self.ids.as_slice() {
                    [one, other, ..] => explain_two(&named.traffic, one, other),
                    [one] => explain_one(&named.traffic, one),
                    [] => explain_one(&named.traffic, &Id::new("", "")),
                };
                (named.name, explanation)
            })
            .collect();
        match self.print {
            Print::Json => println!("{}", Value::from_iter(explained.iter().map(shown))),
            Print::Text => explained.iter().for_each(|(variant, explanation)| {
                if !variant.is_empty() {
                    println!("# Variant {variant}\n");
                }
                print!("{}", explanation.text(&curl));
            }),
        }
        let is_unknown =
            |(_, one): &(String, Explanation)| matches!(one.answer, Answer::Unknown(_));
        if explained.iter().any(is_unknown) {
            Ok(Ended::WithFindings)
        } else {
            Ok(Ended::Well)
        }
    }

    fn histories(&self) -> Result<(Vec<Named>, CurlBase), Failure> {
        match (&self.scenario, &self.journal) {
            (Some(path), _) => Ok((histories::of_scenario(path)?, CurlBase::default())),
            (_, Some(path)) => Ok((vec![histories::of_journal(path)?], CurlBase::default())),
            (None, None) => {
                let client = self.key.client(&self.url)?;
                let curl = CurlBase::new(client.target.base_url(), &client.credentials.token);
                Ok((vec![histories::of_project(&client)?], curl))
            }
        }
    }
}

fn shown((variant, explanation): &(String, Explanation)) -> Value {
    json!({"variant": variant, "explanation": explanation})
}
