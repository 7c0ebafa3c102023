//! What can be known of a contestant before it runs: as published by whom, its switches, and what it promises.

use std::fmt::Write;

use twinfold_engine::ledger::{LedgerInvariant, LedgerStrategy};

use super::Contestant;

/// For a terminal: everything that is listed about one contestant.
pub fn about(contestant: Contestant) -> String {
    let (by, label, leaves_out) = contestant.about();
    let mut text = format!("{}\n  as published by  {by}\n", contestant.name());
    let _ = writeln!(text, "  evidence         {}", label.name());
    let without_asking = match Contestant::all().contains(&contestant) {
        true => "always",
        false => "with --strategy",
    };
    let _ = writeln!(text, "  compared         {without_asking}");
    if !leaves_out.is_empty() {
        let _ = writeln!(text, "  leaves out       {leaves_out}");
    }
    switches(&mut text, contestant);
    if let Contestant::Ledger(strategy) = contestant {
        invariants(&mut text, "promises", strategy, true);
        invariants(&mut text, "does not promise", strategy, false);
    }
    text
}

/// The chosen one of each switch stands in brackets.
fn switches(text: &mut String, contestant: Contestant) {
    for switch in contestant.switches() {
        let choices = switch.choices.iter().map(|choice| {
            if *choice == switch.chosen {
                format!("[{choice}]")
            } else {
                (*choice).to_owned()
            }
        });
        let choices: Vec<String> = choices.collect();
        let _ = writeln!(text, "  :{}={}", switch.name, choices.join("|"));
    }
}

fn invariants(text: &mut String, head: &str, strategy: LedgerStrategy, is_promised: bool) {
    let _ = writeln!(text, "  {head}");
    let all = LedgerInvariant::ALL.iter();
    for one in all.filter(|one| strategy.promises(**one) == is_promised) {
        let _ = writeln!(text, "    {:31} {}", one.slug(), one.says());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strategy_is_listed_with_its_switches_and_promises() {
        let contestant = Contestant::from_name("guarded-identify:guard=off").unwrap();
        let text = about(contestant);
        for part in [
            "dangerous-identify\n",
            "as published by  PostHog",
            ":guard=on|[off]",
            "  promises\n",
            "  does not promise\n    unique-types-are-unique",
        ] {
            assert!(text.contains(part), "`{part}` is not in\n{text}");
        }
        let changed = Contestant::from_name("guarded-identify:refused_values=only_blanks");
        for (contestant, evidence) in [(contestant, "observed"), (changed.unwrap(), "assumed")] {
            let said = about(contestant);
            let line = format!("  evidence         {evidence}\n");
            assert!(said.contains(&line), "{evidence} is not in\n{said}");
        }
        let engagement = about(Contestant::from_name("engagement").unwrap());
        let switch = ":contested_soft_id=[addressed]|newer_customer";
        assert!(engagement.contains(switch), "{engagement}");
    }
}
