//! Requests that differ from each other, from `wrk`, and what they cost the server.
//! CPU time of its own process is what noise harms least.

use std::{fmt, io::Write, process::Command};

use crate::contender::Contender;

/// A few thousand customers, two IDs and two properties each; a batch holds the same as commands.
const SCRIPT: &str = r#"
local size = tonumber(os.getenv("BATCH"))
local count = 0
local function customer()
  count = count + 1
  local n = (count * 7919) % 4000
  return string.format('{"customer_ids":{"registered":"customer%d@example.com","cookie":"cookie-of-%d"},'
    .. '"properties":{"first_name":"Name %d","visits":%d}}', n, n, n, count)
end
local headers = {["content-type"] = "application/json", ["authorization"] = os.getenv("AUTHORIZATION")}
function request()
  if size == 1 then return wrk.format("POST", nil, headers, customer()) end
  local commands = {}
  for i = 1, size do commands[i] = '{"name":"customers","data":' .. customer() .. '}' end
  return wrk.format("POST", nil, headers, '{"commands":[' .. table.concat(commands, ",") .. ']}')
end
"#;

/// What is sent.
pub(crate) struct Load {
    batch: u32,
}

/// One round.
#[derive(Clone)]
pub(crate) struct Measured {
    /// Requests per second.
    pub(crate) rate: f64,
    /// As `wrk` writes it, with its unit.
    pub(crate) p99: String,
    /// User and system time of the server per request.
    pub(crate) cpu_micros: f64,
}

impl Load {
    pub(crate) fn single() -> Self {
        Self { batch: 1 }
    }

    pub(crate) fn batch() -> Self {
        Self { batch: 50 }
    }

    /// A stub answers a batch with something else than a batch's reply, so only the limit is comparable.
    pub(crate) fn suits(&self, contender: &Contender) -> bool {
        self.batch == 1 || contender.takes_batches
    }

    pub(crate) fn run(&self, contender: &Contender, seconds: u32) -> Measured {
        let mut script = tempfile::NamedTempFile::with_suffix(".lua").unwrap();
        script.write_all(SCRIPT.as_bytes()).unwrap();
        let path = if self.batch == 1 {
            contender.path()
        } else {
            format!("/track/v2/projects/{}/batch", contender.token)
        };
        let before = contender.cpu();
        let output = Command::new("wrk")
            .args([
                "-t1",
                "-c64",
                "--latency",
                "-d",
                &format!("{seconds}s"),
                "-s",
            ])
            .arg(script.path())
            .arg(format!("http://127.0.0.1:{}{path}", contender.port))
            .env("BATCH", self.batch.to_string())
            .env("AUTHORIZATION", &contender.authorization)
            .output()
            .expect("wrk is in Debian's packages: apt-get install wrk");
        let cpu = contender.cpu() - before;
        Measured::of(&String::from_utf8_lossy(&output.stdout), cpu.as_secs_f64())
    }
}

impl fmt::Display for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.batch {
            1 => f.write_str("Updates of one customer, 64 connections"),
            batch => write!(f, "Batches of {batch} updates, 64 connections"),
        }
    }
}

impl Measured {
    fn of(printed: &str, cpu: f64) -> Self {
        let behind = |name: &str| {
            let line = printed.lines().find(|line| line.trim().starts_with(name));
            let line = line.unwrap_or_else(|| panic!("wrk says no `{name}`: {printed}"));
            line.trim()[name.len()..].trim().to_owned()
        };
        assert!(
            !printed.contains("Non-2xx"),
            "not every reply was 200: {printed}"
        );
        let requests = printed.lines().find(|line| line.contains(" requests in "));
        let requests = requests.and_then(|line| line.split_whitespace().next());
        let requests: f64 = requests.unwrap().parse().unwrap();
        Self {
            rate: behind("Requests/sec:").parse().unwrap(),
            p99: behind("99%"),
            cpu_micros: cpu * 1e6 / requests,
        }
    }

    /// Each figure's own median; the latency is that of the round with the median rate.
    pub(crate) fn medians(rounds: &[Self]) -> Self {
        let mut rounds = rounds.to_vec();
        let middle = rounds.len() / 2;
        rounds.sort_by(|one, other| one.cpu_micros.total_cmp(&other.cpu_micros));
        let cpu_micros = rounds[middle].cpu_micros;
        rounds.sort_by(|one, other| one.rate.total_cmp(&other.rate));
        Self {
            cpu_micros,
            ..rounds[middle].clone()
        }
    }
}
