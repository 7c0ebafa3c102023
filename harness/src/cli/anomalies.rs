//! `twinfold anomalies`: what looks wrong in a scenario, a project or a journal file, and the catalogue of what can.

use clap::Args;
use serde_json::{Value, json};

use super::{Ended, Failure, Print, histories::Whence};
use crate::{
    anomaly::{self, Anomaly, Findings, witness},
    traffic::Traffic,
};

/// Find identity anomalies in a scenario, a project or a journal file
///
/// Duplicates, merged strangers, stolen cookies, lost values and consents: each with its evidence, the commands that
/// did it, and what to do.
#[derive(Debug, Args)]
pub(super) struct Anomalies {
    #[command(flatten)]
    whence: Whence,
    /// Print the catalogue instead: every anomaly with its evidence, its remedy, and what it implies
    #[arg(long)]
    list: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t = Print::Text)]
    print: Print,
}

impl Anomalies {
    pub(super) fn run(self) -> Result<Ended, Failure> {
        if self.list {
            match self.print {
                Print::Json => println!("{}", Value::from_iter(Anomaly::ALL.map(shown))),
                Print::Text => print!("{}", catalogue()),
            }
            return Ok(Ended::Well);
        }
        let found = self.whence.histories()?;
        let found: Vec<(String, Findings)> = found
            .into_iter()
            .map(|named| (named.name, anomaly::find(&named.traffic)))
            .collect();
        match self.print {
            Print::Json => println!("{}", Value::from_iter(found.iter().map(findings_shown))),
            Print::Text => print!("{}", text(&found)),
        }
        if found.iter().all(|(_, findings)| findings.all.is_empty()) {
            Ok(Ended::Well)
        } else {
            Ok(Ended::WithFindings)
        }
    }
}

fn text(found: &[(String, Findings)]) -> String {
    let mut text = String::new();
    for (variant, findings) in found {
        if !variant.is_empty() {
            text.push_str(&format!("variant {variant}\n"));
        }
        if findings.all.is_empty() {
            text.push_str("no anomaly was found\n");
        }
        for finding in findings.strongest() {
            let about = finding.anomaly.about();
            text.push_str(&format!(
                "{}\n    {}\n    remedy: {} (fact {})\n",
                finding.line(),
                finding.says,
                about.remedy,
                about.fact
            ));
        }
        for limit in &findings.limits {
            text.push_str(&format!("mind: {limit}\n"));
        }
    }
    text
}

fn findings_shown((variant, findings): &(String, Findings)) -> Value {
    json!({
        "variant": variant,
        "findings": findings.strongest().collect::<Vec<_>>(),
        "implied": findings.all.len() - findings.strongest().count(),
        "limits": findings.limits,
    })
}

fn catalogue() -> String {
    let mut text = String::new();
    for anomaly in Anomaly::ALL {
        let about = anomaly.about();
        let evidence = about.evidence.name();
        text.push_str(&format!(
            "{}  ({evidence}, fact {})\n    {}\n    remedy: {}\n",
            about.slug, about.fact, about.says, about.remedy
        ));
        for implied in implied(anomaly) {
            text.push_str(&format!("    implies: {}\n", implied.about().slug));
        }
        for command in smallest(anomaly) {
            text.push_str(&format!("    shown by: {command}\n"));
        }
    }
    text
}

fn shown(anomaly: Anomaly) -> Value {
    let mut shown = json!(anomaly.about());
    let implied = implied(anomaly).map(|implied| implied.about().slug);
    shown["implies"] = implied.collect();
    shown["witness"] = serde_json::from_str(witness(anomaly)).unwrap_or_default();
    shown
}

fn implied(anomaly: Anomaly) -> impl Iterator<Item = Anomaly> {
    let all = Anomaly::ALL.into_iter();
    all.filter(move |other| anomaly.implies(*other))
}

/// The commands of the smallest traffic that shows it, in words.
fn smallest(anomaly: Anomaly) -> Vec<String> {
    let traffic = Traffic::from_text(witness(anomaly));
    traffic.map_or_else(|_| Vec::new(), |traffic| crate::explain::in_words(&traffic))
}
