//! The block `http`: any request, and the reply that it must get.
//! The project's token and keys are filled in; without `authorization`, the private key is sent. A reading request may
//! wait for its reply on the project's clock.

use std::ops::Range;

use super::{
    block::Block,
    body::Body,
    clock,
    headers::headers,
    keep, keys,
    reply::{self, Expected},
    wait::Wait,
    world::World,
    write::{self, SOURCE_HEADER},
};
use crate::{
    problem::Problem,
    target::{CONTROL, Credentials, Reply, Request, TargetError},
};

const SOURCES: [&str; 6] = ["js-sdk", "app-sdk", "api", "import", "link", "repair"];
const METHODS: [&str; 4] = ["GET", "POST", "PUT", "DELETE"];

/// A request and what is expected of its reply.
#[derive(Clone, Debug)]
pub(crate) struct Http {
    source: String,
    method: http::Method,
    path: String,
    headers: Vec<(String, String)>,
    body: String,
    request_range: Range<usize>,
    expected: Option<Expected>,
    wait: Option<Wait>,
}

impl Http {
    pub(crate) fn parse(block: &Block) -> Result<Self, Problem> {
        block.only(&["source", "raw", "until", "every"])?;
        let (request, reply) = divided(&block.body);
        let mut lines = block.body.rows();
        let (at, line) = lines.next().ok_or_else(|| {
            block
                .problem("the block `http` has no request")
                .expected(EXAMPLE)
        })?;
        let (method, path) = request_line(&block.body, at, line)?;
        let (headers, body_start) = headers(&block.body, at + line.len(), request.end)?;
        let body = body_start..request.end.max(body_start);
        let is_raw = block.argument("raw").is_some();
        if !is_raw {
            reply::json(&block.body, body.clone())?;
        }
        let http = Self {
            source: source(block)?,
            method,
            path,
            headers,
            body: block.body.text()[body].trim().to_owned(),
            request_range: at..at + line.len(),
            expected: reply
                .map(|reply| Expected::parse(&block.body, reply))
                .transpose()?,
            wait: Wait::of(block)?,
        };
        http.check(block, request.end)?;
        Ok(http)
    }

    /// Only a reply is kept from, and only a reading request is repeated.
    fn check(&self, block: &Block, request_end: usize) -> Result<(), Problem> {
        let kept = keep::keeps(&block.body);
        if let Some((range, name)) = kept.iter().find(|(range, _)| range.start < request_end) {
            let says = format!("`{name}` is kept from a request");
            let problem = block.body.problem(range.clone(), says);
            return Err(problem.help("keep it from the reply, below `HTTP 200`"));
        }
        let found = self.expected.as_ref().map_or(0, Expected::count_kept);
        if let Some((range, name)) = kept.first().filter(|_| found < kept.len()) {
            let problem = block
                .body
                .problem(range.clone(), "only a whole value can be kept");
            return Err(problem.expected(format!("`\"{{{{keep {name}}}}}\"`")));
        }
        let says = match &self.wait {
            None => return Ok(()),
            Some(_) if self.expected.is_none() => "the block waits for no reply: it states none",
            Some(_) if self.changes_something() => {
                "a request that changes something cannot be repeated"
            }
            Some(_) => return Ok(()),
        };
        let problem = block.body.problem(self.request_range.clone(), says);
        Err(problem.help("`until` takes a `GET`, or a `POST` to `/data/` that reads, and `HTTP 200` with what to wait for"))
    }

    pub(crate) async fn run(&self, block: &Block, world: &mut World) -> Result<(), Problem> {
        if self.changes_something() {
            world.writes += 1;
        }
        let reply = self.send(block, world).await?;
        let Some(expected) = &self.expected else {
            return self.accepted(block, reply.as_ref());
        };
        let Some(wait) = self.wait else {
            let failure = expected.failure(&block.body, reply.as_ref());
            if failure.is_none() {
                expected.keep(reply.as_ref(), &mut world.kept);
            }
            world.failures.extend(failure);
            return Ok(());
        };
        self.wait(block, world, (expected, wait), reply).await
    }

    /// Repeats the request on the project's clock until the reply is as expected or the time is over.
    async fn wait(
        &self,
        block: &Block,
        world: &mut World,
        (expected, wait): (&Expected, Wait),
        mut reply: Option<Reply>,
    ) -> Result<(), Problem> {
        let mut waited = 0;
        while let Some(failure) = expected.failure(&block.body, reply.as_ref()) {
            if waited + wait.every > wait.until {
                let tries = waited / wait.every + 1;
                let span = clock::shown(waited);
                let failure = failure.after(&format!("still after {tries} tries in {span}"));
                world
                    .failures
                    .push(failure.help("wait longer with `until`, or mend what is waited for"));
                return Ok(());
            }
            clock::advance(block, world, wait.every).await?;
            waited += wait.every;
            reply = self.send(block, world).await?;
        }
        expected.keep(reply.as_ref(), &mut world.kept);
        if waited == 0 {
            return Ok(());
        }
        let (line, span) = (block.line(), clock::shown(waited));
        world.notes.push(format!(
            "line {line}: the reply came after {span} on the project's clock"
        ));
        Ok(())
    }

    /// The reply; nothing if the connection broke and that is expected.
    async fn send(&self, block: &Block, world: &World) -> Result<Option<Reply>, Problem> {
        let request = self.request(&world.client.credentials);
        match world.client.send(request).await {
            Ok(reply) => Ok(Some(reply)),
            Err(TargetError::Unreachable { .. })
                if self.expected.as_ref().is_some_and(Expected::is_broken) =>
            {
                Ok(None)
            }
            Err(error) => {
                let problem = write::at(&block.body, self.request_range.clone())(error);
                Err(problem
                    .help("if that is meant, end the block with a blank line and `HTTP broken`"))
            }
        }
    }

    /// Without a stated reply, only a yes will do.
    fn accepted(&self, block: &Block, reply: Option<&Reply>) -> Result<(), Problem> {
        let Some(reply) = reply.filter(|reply| !(200..300).contains(&reply.status)) else {
            return Ok(());
        };
        let (status, text) = (reply.status, String::from_utf8_lossy(&reply.body));
        let says = format!("the request was answered {status}: {text}");
        let problem = block.body.problem(self.request_range.clone(), says);
        let help = format!("if that is meant, end the block with a blank line and `HTTP {status}`");
        Err(problem.help(help))
    }

    /// Whether it asks the emulated API, and not the control API.
    /// Whether a project that is not ours can be asked: nobody has told us its public key, whoever is anonymized
    /// has lost the IDs by which we could find the profile again, and a catalog or an import would stay behind.
    pub(crate) fn can_go_abroad(&self) -> bool {
        let asks_for_key = |text: &str| text.contains("public_token}}");
        let headers = self.headers.iter().map(|(_, value)| value.as_str());
        let mut texts = headers.chain([&*self.path, &*self.body]);
        let only_ours = [CONTROL, "/imports/"]
            .iter()
            .any(|root| self.path.starts_with(root));
        let leaves_traces = ["anonymize", "/catalogs"]
            .iter()
            .any(|part| self.path.contains(part));
        !only_ours && !leaves_traces && !texts.any(asks_for_key)
    }

    fn changes_something(&self) -> bool {
        let reads = self.method == http::Method::GET
            || (self.path.starts_with("/data/") && !self.path.contains("anonymize"));
        !reads
    }

    fn request(&self, keys: &Credentials) -> Request {
        let fill = |text: &str| keys::filled(text, keys);
        let mut request = Request {
            method: self.method.clone(),
            path: fill(&self.path),
            headers: Vec::new(),
            body: fill(&self.body).into_bytes(),
        };
        let has = |name: &str| self.headers.iter().any(|(own, _)| own == name);
        if !self.body.is_empty() && !has("content-type") {
            request = request.header("content-type", "application/json");
        }
        if !has(SOURCE_HEADER) {
            request = request.header(SOURCE_HEADER, &*self.source);
        }
        for (name, value) in &self.headers {
            request = request.header(name, keys::header(name, value, keys));
        }
        request
    }
}

const EXAMPLE: &str = "a request line such as `POST /track/v2/projects/{{token}}/customers`";

fn source(block: &Block) -> Result<String, Problem> {
    let Some(argument) = block.argument("source") else {
        return Ok("api".into());
    };
    if SOURCES.contains(&argument.value.as_str()) {
        return Ok(argument.value.clone());
    }
    let message = format!("unknown source `{}`", argument.value);
    let problem = Problem::new(block.body.source(), argument.span.clone(), message);
    Err(problem.choice(&argument.value, &SOURCES))
}

/// The ranges of the request and of the expected reply.
fn divided(body: &Body) -> (Range<usize>, Option<Range<usize>>) {
    let end = body.text().len();
    let mut is_after_blank = false;
    for (at, line) in body.lines() {
        let is_status = line
            .strip_prefix("HTTP ")
            .is_some_and(|rest| !rest.trim().is_empty());
        if is_after_blank && is_status {
            return (0..at, Some(at..end));
        }
        is_after_blank = line.trim().is_empty();
    }
    (0..end, None)
}

fn request_line(body: &Body, at: usize, line: &str) -> Result<(http::Method, String), Problem> {
    let mut words = line.split_whitespace();
    let (method, path) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    if !METHODS.contains(&method) {
        let range = at..at + method.len();
        return Err(body
            .problem(range, format!("unknown method `{method}`"))
            .choice(method, &METHODS));
    }
    let range = at..at + line.len();
    let is_path = path
        .replace("{{token}}", "t")
        .parse::<http::uri::PathAndQuery>()
        .is_ok();
    if !path.starts_with('/') || !is_path || words.next().is_some() {
        return Err(body
            .problem(range, "this is no request line")
            .expected(EXAMPLE));
    }
    let method = method
        .parse()
        .map_err(|_| body.problem(range, "this is no request line"))?;
    Ok((method, path.to_owned()))
}
