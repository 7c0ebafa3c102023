//! Made-up people and converted records, printed, written with their truth, and sent to a server.

use serde_json::Value;

use super::{code, twinfold};

#[tokio::test]
async fn a_population_is_printed_with_its_truth_and_sent() {
    let projects = twinfold_server::Projects::new();
    let server = twinfold_server::Server::start([127, 0, 0, 1].into(), 0, projects);
    let server = server.await.unwrap();
    let url = server.base_url();
    tokio::task::spawn_blocking(move || check(&url))
        .await
        .unwrap();
}

fn check(url: &str) {
    let folder = tempfile::tempdir().unwrap();
    let [calls, truth] = ["calls.jsonl", "truth.jsonl"].map(|name| folder.path().join(name));
    let shop = ["generate", "--preset", "every-cause", "--people", "60"];
    let mut written = twinfold();
    written
        .args(shop)
        .arg("--with-person")
        .arg("--calls")
        .arg(&calls);
    assert_eq!(
        code(written.arg("--truth").arg(&truth)),
        (Some(0), String::new())
    );
    let lines = |path| -> Vec<Value> {
        let text = std::fs::read_to_string(path).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    };
    let (calls, people) = (lines(&calls), lines(&truth));
    assert!((60..64).contains(&people.len()));
    for person in &people {
        for line in person["calls"].as_array().unwrap() {
            let line = line.as_u64().unwrap() as usize;
            assert_eq!(calls[line - 1]["person"], person["person"]);
        }
    }
    let (sent, says) = code(twinfold().args(shop).args(["--url", url]));
    assert_eq!(sent, Some(0), "{says}");
    let count = format!("{} commands sent, ", calls.len());
    assert!(says.contains(&count), "{says}");
    let project = says
        .lines()
        .find(|line| line.starts_with("--project "))
        .unwrap();
    let mut diagnose = twinfold();
    diagnose
        .args(["diagnose", "--url", url])
        .args(project.split(' '));
    let (found, keys) = code(&mut diagnose);
    assert_eq!(found, Some(1), "{keys}");
    assert!(keys.contains("double-opt-in"), "{keys}");
}

#[test]
fn records_are_converted_or_say_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let set = folder.path().join("set.csv");
    std::fs::write(
        &set,
        "rec_id, surname\nrec-1-org, byron\nrec-1-dup-0, byrom\n",
    )
    .unwrap();
    let mut convert = twinfold();
    convert
        .arg("convert")
        .arg(&set)
        .args(["--soft", "name=surname"]);
    let (converted, says) = code(&mut convert);
    assert_eq!(converted, Some(0), "{says}");
    assert!(
        says.contains(r#""customer_ids":{"name":"byrom","record":"2"}"#),
        "{says}"
    );
    assert!(says.ends_with("2 records of 1 people\n"), "{says}");
    let (misread, says) = code(twinfold().arg("convert").arg(&set));
    assert_eq!(misread, Some(2));
    assert!(says.contains("there is no column `soc_sec_id`"), "{says}");
}
