//! Explanations as text that can be read aloud: numbered commands with what they did and the rules behind it, each
//! with its label.

use std::fmt::Write;

use twinfold_engine::Strategy;

use super::{
    Answer, Apart, Explanation, Joined, JoiningCall, Proof, Reason, Story, Told, ToldRule, Unknown,
    Without, apart::Call,
};
use crate::{
    anomaly::{listed, numbers},
    history::Id,
};

/// Where curl lines go, as a shell writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurlBase {
    customers_url: String,
}

impl CurlBase {
    /// A base URL and a project token.
    pub fn new(base_url: &str, token: &str) -> Self {
        Self {
            customers_url: format!("{base_url}/track/v2/projects/{token}/customers"),
        }
    }

    fn line(&self, call: &Call) -> String {
        let body = call.body().to_string().replace('\'', r"'\''");
        format!(
            "curl -X POST \"{}\" -u \"$API_KEY_ID:$API_SECRET\" -H 'content-type: application/json' -d '{body}'",
            self.customers_url
        )
    }
}

impl Default for CurlBase {
    /// `$BASE_URL` and `$PROJECT_TOKEN` of the shell.
    fn default() -> Self {
        Self::new("$BASE_URL", "$PROJECT_TOKEN")
    }
}

impl Explanation {
    /// The whole explanation for a reader.
    pub fn text(&self, curl: &CurlBase) -> String {
        let mut text = match &self.answer {
            Answer::Unknown(unknown) => unknown.text(),
            Answer::One(story) => story.text(self.strategy),
            Answer::Joined(joined) => joined.text(),
            Answer::Apart(apart) => apart.text(curl, self.strategy),
        };
        if let Some(forgotten) = &self.forgotten {
            text.push_str(&format!("\nMind: {forgotten}.\n"));
        }
        text
    }
}

impl Unknown {
    fn text(&self) -> String {
        let mut text = match self.points_to.as_slice() {
            [] => format!("Nobody holds {}.\n", self.id),
            customers => format!(
                "{} points to {}, so it does not say who is meant.\n",
                self.id,
                numbers(customers.iter().copied())
            ),
        };
        if let Some(types) = &self.known_types {
            let (name, types) = (&self.id.id_type, listed(types));
            line(
                &mut text,
                format!("The project has no ID type `{name}`; it has {types}."),
            );
        }
        if let Some(last) = &self.last_seen {
            line(
                &mut text,
                format!("It was seen last here:\n{}", last.indented()),
            );
        }
        if !self.near.is_empty() && self.points_to.is_empty() {
            line(&mut text, format!("Did you mean {}?", one_of(&self.near)));
        }
        text
    }
}

impl Story {
    fn text(&self, strategy: Strategy) -> String {
        let mut text = format!("#{} has {}.\n", self.customer, listed(&self.ids));
        if self.made_of.len() > 1 {
            let others = self.made_of.iter().copied().filter(|n| *n != self.customer);
            let others = numbers(others);
            let for_good = match strategy {
                Strategy::Engagement => ", and that cannot be undone",
                Strategy::Published(_) => "",
            };
            line(&mut text, format!("{others} became part of it{for_good}."));
        }
        text.push_str("\nHow it came about:\n\n");
        text.push_str(&listing(&self.steps));
        text
    }
}

impl Joined {
    fn text(&self) -> String {
        let [one, other] = &self.ids;
        let mut text = format!("{one} and {other} are both of #{}.\n", self.customer);
        if self.chain.is_empty() {
            text.extend(self.without.iter().map(Without::text));
            return text;
        }
        let commands = match self.chain.len() {
            1 => "one command".to_owned(),
            count => format!("{count} commands"),
        };
        line(
            &mut text,
            format!("The shortest chain from the one to the other is {commands}:\n"),
        );
        for (number, link) in (1..).zip(&self.chain) {
            text.push_str(&link.by.text(number));
            let tie = format!(
                "   So {} and {} belong to one customer.",
                link.from, link.to
            );
            line(&mut text, tie);
        }
        let labels = self.chain.iter().map(|link| link.by.label);
        let weakest = ["assumed", "observed", "documented"]
            .into_iter()
            .find(|label| labels.clone().any(|other| other == *label));
        let weakest = weakest.unwrap_or("documented");
        line(
            &mut text,
            format!("\nThe weakest rule in this chain is {weakest}."),
        );
        if let Some(without) = &self.without {
            text.push_str(&without.text());
        }
        text
    }
}

impl Without {
    fn text(&self) -> String {
        let (be, set) = match self.commands.len() {
            1 => ("command", "it"),
            _ => ("commands", "them"),
        };
        let proof = match (self.proof, self.commands.len()) {
            (Proof::Smallest, 1) => String::new(),
            (Proof::Smallest, _) => format!(
                " No smaller set does it: all were tried ({} replays).",
                self.replays
            ),
            (Proof::NothingToSpare, _) => format!(
                " With any one of them they would be joined again; whether another set is smaller was not tried out \
                 ({} replays).",
                self.replays
            ),
        };
        format!(
            "Without {be} {} the two would be apart: the rest was replayed without {set}.{proof}\n",
            listed(&self.commands)
        )
    }
}

impl Apart {
    fn text(&self, curl: &CurlBase, strategy: Strategy) -> String {
        let ([one, other], [a, b]) = (&self.ids, self.customers);
        let mut text = format!("{one} is #{a} and {other} is #{b}: they are apart.\n\n");
        text.push_str("What keeps them apart:\n\n");
        for reason in &self.reasons {
            text.push_str(&reason.text(strategy));
        }
        let (says, call) = match (&self.join, strategy) {
            (JoiningCall::Call(call), Strategy::Engagement) => (
                "\nThis one call would join them, for good; tried on a copy".to_owned(),
                call,
            ),
            (JoiningCall::Call(call), Strategy::Published(published)) => (
                format!(
                    "\nThis one call would join them; tried on a copy under `{}`",
                    published.name()
                ),
                call,
            ),
            (JoiningCall::None { because, moves }, _) => {
                line(
                    &mut text,
                    match strategy {
                        Strategy::Engagement => {
                            format!("\nNo single call can join them: {because}.")
                        }
                        Strategy::Published(_) => {
                            format!("\nNo single call was found that joins them: {because}.")
                        }
                    },
                );
                let Some(call) = moves else {
                    return text;
                };
                let says = match strategy {
                    Strategy::Engagement => {
                        "A call with both would only move the soft ID; events and profiles stay"
                            .to_owned()
                    }
                    Strategy::Published(_) => format!(
                        "A call with both brings the two IDs to one customer, while the customers stay two. Tried on a \
                         copy: {}",
                        call.did
                    ),
                };
                (says, call)
            }
        };
        let curl = curl.line(call);
        line(&mut text, format!("{says} ({}):\n\n{curl}", call.label));
        text
    }
}

impl Reason {
    fn text(&self, strategy: Strategy) -> String {
        match self {
            Self::HardIds {
                ids: [one, other],
                differ_in_form_only,
                label,
                fact,
            } => {
                let form = if *differ_in_form_only {
                    " They differ in case or white space only, and hard IDs are compared exactly (documented, fact 1.12)."
                } else {
                    ""
                };
                format!(
                    "- {one} and {other} are different values of one hard type; such customers never merge ({label}, fact {fact}).{form}\n"
                )
            }
            Self::Parted { by } => format!(
                "- IDs of both have met, and this command left them apart:\n{}",
                by.indented()
            ),
            Self::Rejected { by } => {
                format!(
                    "- A command with IDs of both was rejected:\n{}",
                    by.indented()
                )
            }
            Self::NeverTogether => match strategy {
                Strategy::Engagement => {
                    "- No command that was accepted carried an ID of both, so nothing links them.\n"
                        .into()
                }
                Strategy::Published(_) => {
                    "- No command that was accepted carried an ID of both, as they hold them today.\n"
                        .into()
                }
            },
            Self::Ambiguous { id, customers } => format!(
                "- {id} points to {}, so it does not say who is meant.\n",
                numbers(customers.iter().copied())
            ),
            Self::OtherStrategy { strategy } => format!(
                "- The project answers by `{strategy}`, not by Engagement's rules: why a command joined or parted them, \
                 or did not, is said by its decision in the journal.\n"
            ),
        }
    }
}

impl Told {
    /// The command as an item of a numbered list.
    fn text(&self, number: usize) -> String {
        self.item(&format!("{number}."))
    }

    /// The command below an item of a list.
    fn indented(&self) -> String {
        self.item(" ")
    }

    fn item(&self, mark: &str) -> String {
        let mut text = format!(
            "{mark} Command {}: {} sent {}. {}.\n",
            self.seq,
            self.source,
            self.sent,
            capital(&self.did)
        );
        for rule in &self.because {
            line(&mut text, format!("   - {}", rule.text()));
        }
        text
    }
}

impl ToldRule {
    fn text(&self) -> String {
        format!(
            "{} ({}, {}, fact {})",
            self.says, self.rule, self.label, self.fact
        )
    }
}

fn listing(steps: &[Told]) -> String {
    (1..)
        .zip(steps)
        .map(|(number, step)| step.text(number))
        .collect()
}

fn line(text: &mut String, says: String) {
    // Writing to a string cannot fail.
    let _written = writeln!(text, "{says}");
}

fn one_of(ids: &[Id]) -> String {
    listed(ids).replace(" and ", " or ")
}

/// With a capital letter in front, unless it begins with an ID, which is written as it is.
fn capital(text: &str) -> String {
    let first = text.split_whitespace().next();
    if first.is_some_and(|word| word.contains('=')) {
        return text.to_owned();
    }
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + chars.as_str()
}
