//! Every anomaly is found in its witness and nowhere in a clean story; no command of a witness can be taken away.

use super::*;

fn traffic(text: &str) -> Traffic {
    Traffic::from_text(text).unwrap()
}

fn shows(traffic: &Traffic, anomaly: Anomaly) -> bool {
    let findings = find(traffic).all;
    findings.iter().any(|finding| finding.anomaly == anomaly)
}

#[test]
fn a_witness_shows_its_anomaly_and_nothing_can_be_taken_from_it() {
    for anomaly in Anomaly::ALL {
        let whole = traffic(witness(anomaly));
        assert!(shows(&whole, anomaly), "{anomaly:?}");
        for left_out in 0..whole.commands.len() {
            let mut less = whole.clone();
            less.commands.remove(left_out);
            assert!(!shows(&less, anomaly), "{anomaly:?} without {left_out}");
        }
    }
}

#[test]
fn the_lines_of_the_witnesses() {
    let lines = Anomaly::ALL.into_iter().flat_map(|anomaly| {
        let findings = find(&traffic(witness(anomaly)));
        let says = findings
            .strongest()
            .map(|finding| format!("    {}", finding.says));
        let says: Vec<String> = says.collect();
        let lines = findings.lines().into_iter().zip(says);
        let lines: Vec<String> = lines.flat_map(|(line, says)| [line, says]).collect();
        [format!("{}:", anomaly.about().slug)]
            .into_iter()
            .chain(lines)
    });
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
}
