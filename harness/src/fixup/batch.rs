//! Commands of a repair in batches: as many as a batch may hold, and what came of each by its position.
//! A batch that is answered 200 may still hold commands that failed.

use serde_json::{Value, json};

use super::{
    FixUpError,
    apply::{refused, send},
};
use crate::target::{ProjectClient, Request};

/// How many commands one batch may hold.
pub(super) const COMMANDS_MAX: usize = 50;
/// Well under the 800,000 bytes that a body may have.
const BYTES_MAX: usize = 400_000;

/// What the project says against a command, in its own words.
pub(super) type Answer = Result<(), String>;

/// Sends commands in one batch and reads the answer of each.
pub(super) async fn send_batch(
    client: &ProjectClient,
    commands: &[Value],
) -> Result<Vec<Answer>, FixUpError> {
    let path = client.track_path("/batch");
    let request = Request::post(path, &json!({"commands": commands}));
    let reply = send(client, request).await?;
    let results = reply.get("results").and_then(Value::as_array);
    let results = results.map(Vec::as_slice).unwrap_or_default();
    if results.len() != commands.len() {
        let says = format!(
            "a batch of {} was answered with {} results",
            commands.len(),
            results.len()
        );
        return Err(refused(says));
    }
    let answers = results.iter().map(|result| {
        let is_well = result.get("success") == Some(&Value::Bool(true));
        if is_well {
            Ok(())
        } else {
            Err(result.to_string())
        }
    });
    Ok(answers.collect())
}

/// As many commands as a batch may hold, by number and by bytes.
pub(super) fn batches(commands: &[Value]) -> Vec<&[Value]> {
    let (mut batches, mut start, mut bytes) = (Vec::new(), 0, 0);
    for (at, command) in commands.iter().enumerate() {
        let len = command.to_string().len();
        if at > start && (at - start == COMMANDS_MAX || bytes + len > BYTES_MAX) {
            batches.push(&commands[start..at]);
            (start, bytes) = (at, 0);
        }
        bytes += len;
    }
    if start < commands.len() {
        batches.push(&commands[start..]);
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_full_by_number_or_by_bytes() {
        let lens = |commands: &[Value]| -> Vec<usize> {
            batches(commands).iter().map(|batch| batch.len()).collect()
        };
        assert_eq!(lens(&[]), Vec::<usize>::new());
        assert_eq!(lens(&vec![json!(1); 101]), [50, 50, 1]);
        let long = json!("x".repeat(150_000));
        assert_eq!(lens(&vec![long; 5]), [2, 2, 1]);
        assert_eq!(lens(&[json!("x".repeat(900_000)), json!(1)]), [1, 1]);
    }
}
