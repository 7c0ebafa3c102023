//! Patience with a target: what is sent again, and after which pause.
//! A value, so that a test waits for nothing.

use std::time::Duration;

use super::{Reply, TargetError};

/// How often a request is sent, and the pauses between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// How often at most.
    pub attempts_max: u32,
    /// The first pause; each further one is twice as long.
    pub first: Duration,
    /// No pause is longer, whatever `Retry-After` asks for.
    pub longest: Duration,
}

impl Default for Retry {
    /// Once.
    fn default() -> Self {
        Self {
            attempts_max: 1,
            first: Duration::ZERO,
            longest: Duration::ZERO,
        }
    }
}

impl Retry {
    /// For work that must come to an end: 8 times, with pauses from half a second to two minutes.
    pub fn patient() -> Self {
        Self {
            attempts_max: 8,
            first: Duration::from_millis(500),
            longest: Duration::from_secs(120),
        }
    }

    /// The pause before the next attempt; none if the answer stands. `attempts` have been made.
    pub(super) fn pause(
        &self,
        attempts: u32,
        answer: &Result<Reply, TargetError>,
    ) -> Option<Duration> {
        let asked = match answer {
            Ok(reply) if reply.status == 429 || reply.status >= 500 => {
                let seconds = reply
                    .header("retry-after")
                    .and_then(|text| text.trim().parse().ok());
                seconds.map(Duration::from_secs)
            }
            Err(TargetError::Unreachable { .. }) => None,
            _ => return None,
        };
        let doubled = self
            .first
            .saturating_mul(2u32.saturating_pow(attempts.saturating_sub(1)));
        let pause = asked.unwrap_or(doubled).min(self.longest);
        (attempts < self.attempts_max).then_some(pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16, retry_after: Option<&str>) -> Result<Reply, TargetError> {
        let headers = retry_after.map(|text| ("retry-after".to_owned(), text.to_owned()));
        Ok(Reply {
            status,
            headers: headers.into_iter().collect(),
            body: Vec::new(),
        })
    }

    #[test]
    fn pauses_double_up_to_a_limit_and_the_server_may_name_its_own() {
        let retry = Retry {
            attempts_max: 4,
            first: Duration::from_secs(1),
            longest: Duration::from_secs(3),
        };
        let broken = Err(TargetError::Unreachable {
            base: "x".into(),
            cause: "reset".into(),
        });
        for (attempts, answer, seconds) in [
            (1, reply(200, None), None),
            (1, reply(400, None), None),
            (1, reply(503, None), Some(1)),
            (2, reply(503, None), Some(2)),
            (3, reply(503, None), Some(3)),
            (4, reply(503, None), None),
            (1, reply(429, Some("2")), Some(2)),
            (1, reply(429, Some("3600")), Some(3)),
            (1, reply(429, Some("soon")), Some(1)),
            (2, broken, Some(2)),
        ] {
            let pause = retry.pause(attempts, &answer);
            assert_eq!(pause, seconds.map(Duration::from_secs), "{answer:?}");
        }
    }
}
