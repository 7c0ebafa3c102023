//! The page is told from its parts: the drawing, the escaping.
//! A page that would load or run something is a failure.

use serde_json::{Value, json};

use std::{path::Path, sync::Arc, time::Duration};

use twinfold_server::{Projects, router};

use super::*;
use crate::{
    scenario::{Hooks, Runner, Scenario, discover},
    target::{InProcess, Target},
};

const HOSTILE: &str = "<script>alert(1)</script>";

fn entry(seq: u64, decision: Value) -> Value {
    let command = json!({"kind": "customers", "customer_ids": {"cookie": HOSTILE}, "properties": {HOSTILE: HOSTILE}});
    json!({"seq": seq, "at": 1, "source": "sdk", "command": command, "decision": decision})
}

fn added(id_type: &str, value: &str) -> Value {
    json!({"effect": "added", "id_type": id_type, "value": value})
}

fn journal(cookie: &str) -> Vec<Value> {
    vec![
        entry(
            1,
            json!({"survivor": 1, "created": true, "effects": [added("cookie", cookie)]}),
        ),
        entry(
            2,
            json!({"survivor": 2, "created": true, "effects": [added("registered", "ada")]}),
        ),
        entry(3, json!({"survivor": 1, "absorbed": [2], "effects": []})),
        entry(
            4,
            json!({"survivor": 3, "created": true, "effects": [
            added("registered", "bob"),
            {"effect": "moved", "id_type": "cookie", "value": cookie, "from": 1}]}),
        ),
    ]
}

#[test]
fn a_merge_and_a_moved_id_are_drawn() {
    insta::assert_snapshot!(
        graph::graph(&journal("laptop"))
            .into_string()
            .replace("><", ">\n<")
    );
}

#[test]
fn nothing_of_a_story_becomes_a_script() {
    let id_types = ["cookie".to_owned()];
    let record = Record {
        variant: HOSTILE.into(),
        entries: journal(HOSTILE),
    };
    let verdict = Verdict {
        title: HOSTILE.into(),
        ..Verdict::default()
    };
    let text = format!(
        "---\ntitle: x\n---\n{HOSTILE}\n\nin {HOSTILE} [x](javascript:a) ![x](http://a/b.png)\n\n<details>\n"
    );
    let written = [
        article(0, &verdict).into_string(),
        happened(&record, &id_types).into_string(),
        prose::story(&text).into_string(),
    ];
    for written in written {
        assert!(written.contains("&lt;script&gt;"), "{written}");
        for bad in ["<script", "javascript:", "src=", "<img"] {
            assert!(!written.contains(bad), "{written}");
        }
    }
    assert!(prose::story(&text).into_string().contains("<details>"));
}

#[test]
fn a_story_closes_what_it_opens_and_nothing_else() {
    for (story, page) in [
        ("<details>\nin\n", "<details>\nin\n</details>"),
        ("<details>\n</details>\n", "<details>\n</details>\n"),
        ("</details>\n", "&lt;/details&gt;\n"),
        (
            "<details>\n</summary>\n</details>\n",
            "<details>\n&lt;/summary&gt;\n</details>\n",
        ),
    ] {
        let story = format!("---\ntitle: x\n---\n{story}");
        assert_eq!(prose::story(&story).into_string(), page);
    }
}

#[tokio::test]
async fn the_page_of_the_catalogue_loads_nothing() {
    let catalogue = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios");
    let files = discover(&[catalogue]).unwrap();
    let read = files.iter().filter_map(|path| {
        let text = std::fs::read_to_string(path).ok()?;
        Scenario::parse(path, text).ok().map(Arc::new)
    });
    let target = Target::InProcess(InProcess::new(router(Projects::new())));
    let runner = Runner::new(target, Hooks::default()).recording(true);
    let verdicts = runner.run(&read.collect::<Vec<_>>()).await;
    let report = Report {
        place: "in process".into(),
        elapsed: Duration::ZERO,
        colour: false,
    };
    let written = html(&verdicts, &report);
    assert!(written.matches("<svg").count() > 100);
    for loads in [
        "src=", "url(", "@import", "<script", "<link", "<img", "<image", "<use",
    ] {
        assert!(!written.contains(loads), "{loads}");
    }
}
