//! A server process under load: how it is started, what it costs to have it idle.
//! It ends with the value that stands for it.

use std::{
    env, fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use procfs::process::Process;

use crate::{BARE, free_port, load::Measured};

/// Where `npm` puts what it installs; it is left there for the next run.
const PEERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/peers");

/// The packages of the registry that are peers, and at which version.
const PACKAGES: [&str; 2] = ["wiremock@3.13.2", "@stoplight/prism-cli@5.16.0"];

/// A running server.
pub(crate) struct Contender {
    pub(crate) name: String,
    pub(crate) port: u16,
    pub(crate) token: String,
    pub(crate) authorization: String,
    /// From the start of the process to the first reply with status 200.
    pub(crate) first_reply: Duration,
    pub(crate) idle_mib: f64,
    pub(crate) measured: Vec<Measured>,
    /// It is one of the two that take any length of body without a stub.
    pub(crate) takes_batches: bool,
    child: Child,
    /// The process that answers: the child, or a child of it.
    pid: i32,
}

impl Contender {
    /// The limit first, then ours, then those that could be installed.
    pub(crate) fn all() -> Vec<Self> {
        let ours = binary();
        let me = env::current_exe().unwrap();
        let mut all = vec![
            Self::start("axum, constant reply (the limit)", &me, |command, port| {
                command.args([BARE, port]);
            }),
            Self::start("twinfold", &ours, |command, port| {
                command.args(["serve", "--print", "json", "--port", port]);
            }),
        ];
        for contender in &mut all {
            contender.takes_batches = true;
        }
        match install() {
            Ok(()) => all.extend([wiremock(), prism()]),
            Err(why) => eprintln!("no peers beside the limit: {why}"),
        }
        all
    }

    /// Ours, under callgrind until its first reply; the program that ran.
    pub(crate) fn run_under_callgrind(profile: &Path) -> PathBuf {
        let ours = binary();
        let valgrind = Path::new("valgrind");
        let mut contender = Self::start("twinfold", valgrind, |command, port| {
            let profile = format!("--callgrind-out-file={}", profile.display());
            command.args(["--tool=callgrind", "--demangle=no", &profile]);
            command.arg(&ours);
            command.args(["serve", "--print", "json", "--port", port]);
        });
        let pid = contender.pid.to_string();
        let interrupted = Command::new("kill").args(["-INT", &pid]).status();
        assert!(interrupted.is_ok_and(|status| status.success()));
        contender.child.wait().unwrap();
        ours
    }

    fn start(name: &str, program: &Path, arguments: impl FnOnce(&mut Command, &str)) -> Self {
        let port = free_port();
        let mut command = Command::new(program);
        arguments(&mut command, &port.to_string());
        let start = Instant::now();
        let child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{} cannot be started: {error}", program.display()));
        let mut contender = Self {
            name: name.to_owned(),
            port,
            token: "shop".to_owned(),
            authorization: "Basic a2V5OnNlY3JldA==".to_owned(),
            first_reply: Duration::ZERO,
            idle_mib: 0.0,
            measured: Vec::new(),
            takes_batches: false,
            pid: child.id().cast_signed(),
            child,
        };
        if name == "twinfold" {
            contender.read_keys();
        }
        contender.wait_for_reply(start);
        contender.pid = contender.listening();
        contender.idle_mib = contender.rss_mib();
        contender
    }

    fn read_keys(&mut self) {
        let mut line = String::new();
        let output = self.child.stdout.as_mut().unwrap();
        BufReader::new(output).read_line(&mut line).unwrap();
        let printed: serde_json::Value = serde_json::from_str(&line).unwrap();
        let key = |name: &str| printed["project"][name].as_str().unwrap().to_owned();
        self.token = key("token");
        let pair = format!("{}:{}", key("api_key_id"), key("api_secret"));
        let pair = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, pair);
        self.authorization = format!("Basic {pair}");
    }

    fn wait_for_reply(&mut self, start: Instant) {
        while !self.answers() {
            assert!(
                start.elapsed() < Duration::from_secs(60),
                "{} does not answer with 200",
                self.name
            );
            std::thread::yield_now();
        }
        self.first_reply = start.elapsed();
    }

    fn answers(&self) -> bool {
        let body = r#"{"customer_ids":{"registered":"ada@example.com"},"properties":{"visits":1}}"#;
        let request = format!(
            "POST {} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nauthorization: {}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.path(),
            self.authorization,
            body.len(),
        );
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) else {
            return false;
        };
        let mut reply = [0; 12];
        stream.write_all(request.as_bytes()).is_ok()
            && stream.read_exact(&mut reply).is_ok()
            && reply.ends_with(b"200")
    }

    /// Where properties of a customer are updated.
    pub(crate) fn path(&self) -> String {
        format!("/track/v2/projects/{}/customers", self.token)
    }

    /// `node` and `java` may stand behind a process that only starts them.
    fn listening(&self) -> i32 {
        let mut pid = self.pid;
        let parents: Vec<(i32, i32)> = procfs::process::all_processes()
            .unwrap()
            .filter_map(|process| process.ok()?.stat().ok())
            .map(|stat| (stat.ppid, stat.pid))
            .collect();
        while let Some((_, child)) = parents.iter().find(|(parent, _)| *parent == pid) {
            pid = *child;
        }
        pid
    }

    /// User and system time so far.
    pub(crate) fn cpu(&self) -> Duration {
        let stat = Process::new(self.pid).unwrap().stat().unwrap();
        let ticks = (stat.utime + stat.stime) as f64;
        Duration::from_secs_f64(ticks / procfs::ticks_per_second() as f64)
    }

    pub(crate) fn rss_mib(&self) -> f64 {
        let status = Process::new(self.pid).unwrap().status().unwrap();
        status.vmrss.unwrap_or_default() as f64 / 1024.0
    }
}

impl Drop for Contender {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|ended| ended.is_some()) {
            return;
        }
        let pid = self.pid.to_string();
        let _ = Command::new("kill").arg(pid).status();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Ours, built as it is shipped.
fn binary() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let built = Command::new(env!("CARGO"))
        .current_dir(&root)
        .args(["build", "--release", "--locked", "--package", "twinfold"])
        .status();
    assert!(built.is_ok_and(|status| status.success()));
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), Into::into);
    target.join("release/twinfold")
}

fn install() -> Result<(), String> {
    fs::create_dir_all(PEERS).map_err(|error| format!("{PEERS}: {error}"))?;
    let installed = Command::new("npm")
        .args([
            "install",
            "--no-audit",
            "--no-fund",
            "--silent",
            "--prefix",
            PEERS,
        ])
        .args(PACKAGES)
        .status();
    match installed {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("npm ended with {status}")),
        Err(error) => Err(format!("npm cannot be started: {error}")),
    }
}

fn wiremock() -> Contender {
    let stubs = Path::new(PEERS).join("stubs/mappings");
    fs::create_dir_all(&stubs).unwrap();
    let stub = r#"{"request": {"method": "POST", "urlPattern": ".*"},
        "response": {"status": 200, "jsonBody": {"success": true}}}"#;
    fs::write(stubs.join("any.json"), stub).unwrap();
    let program = Path::new(PEERS).join("node_modules/.bin/wiremock");
    Contender::start("WireMock 3.13.2", &program, |command, port| {
        let root = stubs.parent().unwrap();
        command.args(["--port", port, "--no-request-journal", "--root-dir"]);
        command.arg(root);
    })
}

fn prism() -> Contender {
    let program = Path::new(PEERS).join("node_modules/.bin/prism");
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/../mock-server/openapi.json");
    Contender::start(
        "Prism 5.16.0, our OpenAPI document",
        &program,
        |command, port| {
            command.args(["mock", "--port", port, document]);
        },
    )
}
