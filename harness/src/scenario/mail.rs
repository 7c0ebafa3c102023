//! The block `mail`: a link of a mail is opened in a browser, or the mails to an address are stated.
//! Opening a link sends the browser's cookie along, as a browser does.

use serde::Deserialize;

use super::{
    block::Block,
    cell::{self, Line},
    difference, table,
    world::{self, World},
};
use crate::{
    problem::{Problem, nearest},
    target::Request,
};

/// The cookie by which a browser is known.
const COOKIE: &str = "__exponea_etc__";

/// What happens to the mails of an address.
#[derive(Clone, Debug)]
pub(crate) enum Mail {
    Click {
        to: String,
        link: String,
        browser: String,
    },
    State {
        to: String,
    },
}

#[derive(Debug, Deserialize)]
struct Sent {
    to: Option<String>,
    subject: Option<String>,
    #[serde(default)]
    links: Vec<Link>,
}

#[derive(Debug, Deserialize)]
struct Link {
    name: String,
    path: String,
}

impl Mail {
    pub(crate) fn parse(block: &Block) -> Result<Self, Problem> {
        block.only(&["to", "click", "browser"])?;
        let to = block.required("to", "ada@example.com")?;
        if block.argument("click").is_none() {
            if block.argument("browser").is_some() {
                block.required("click", "confirm")?;
            }
            check(block)?;
            return Ok(Self::State { to });
        }
        if let Some((at, line)) = block.body.rows().next() {
            return Err(block
                .body
                .problem(
                    at..at + line.len(),
                    "a mail whose link is opened has no lines",
                )
                .help("state the mails in a block of their own, without `click=`"));
        }
        Ok(Self::Click {
            to,
            link: block.required("click", "confirm")?,
            browser: block.required("browser", "laptop")?,
        })
    }

    pub(crate) async fn run(&self, block: &Block, world: &mut World) -> Result<(), Problem> {
        match self {
            Self::Click { to, link, browser } => click(block, world, (to, link, browser)).await,
            Self::State { to } => {
                let mails = mails(block, world).await?;
                let to_address = mails.iter().filter(|mail| mail.is_to(to));
                let seen: Vec<Vec<String>> = to_address.map(Sent::cells).collect();
                let seen = table::columns(&seen);
                if let Some(problem) = difference::of_lines(block, &seen) {
                    world.fails(block, problem, &seen);
                }
                Ok(())
            }
        }
    }
}

fn check(block: &Block) -> Result<(), Problem> {
    for (at, line) in block.body.rows() {
        let mut line = Line::new(&block.body, at, line);
        while !line.is_done() {
            if line.peek() == "links:" {
                break;
            }
            let cell = line.cell()?;
            if cell.name != "subject" {
                let problem = block
                    .body
                    .problem(cell.range, "a line states a mail's subject and links");
                return Err(problem.expected("`subject=\"Please confirm\"  links: confirm`"));
            }
        }
    }
    Ok(())
}

async fn mails(block: &Block, world: &World) -> Result<Vec<Sent>, Problem> {
    #[derive(Deserialize)]
    struct Outbox {
        mails: Vec<Sent>,
    }
    let outbox: Outbox = world::understood(block, world.control(block, "/mails").await?)?;
    Ok(outbox.mails)
}

async fn click(block: &Block, world: &World, what: (&str, &str, &str)) -> Result<(), Problem> {
    let (to, name, browser) = what;
    let mails = mails(block, world).await?;
    let newest = mails.iter().rev().find(|mail| mail.is_to(to));
    let newest = newest.ok_or_else(|| no_mail(block, to, &mails))?;
    let link = newest.links.iter().find(|link| link.name == name);
    let link = link.ok_or_else(|| newest.no_link(block, name))?;
    let cookie = format!("{COOKIE}={}", world.cookies.of(browser));
    let request = Request::get(&link.path).header("cookie", cookie);
    let reply = world.client.target.send(request).await;
    let reply = reply.map_err(|error| block.problem(error.to_string()))?;
    if reply.status == 302 {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&reply.body).into_owned();
    let problem = block.problem(format!("the link `{name}` does not lead on"));
    Err(problem
        .expected("302")
        .found(reply.status.to_string())
        .difference(text))
}

fn no_mail(block: &Block, to: &str, mails: &[Sent]) -> Problem {
    let problem = block.problem(format!("no mail went to `{to}`"));
    let mut others: Vec<&str> = mails.iter().filter_map(|mail| mail.to.as_deref()).collect();
    others.sort_unstable();
    others.dedup();
    if others.is_empty() {
        return problem.help("no mail was sent at all");
    }
    problem.help(format!("mails went to {}", others.join(", ")))
}

impl Sent {
    fn is_to(&self, address: &str) -> bool {
        self.to
            .as_deref()
            .is_some_and(|to| to.eq_ignore_ascii_case(address))
    }

    fn no_link(&self, block: &Block, name: &str) -> Problem {
        let names: Vec<&str> = self.links.iter().map(|link| link.name.as_str()).collect();
        let problem = block.problem(format!("the newest mail has no link `{name}`"));
        match nearest(name, &names) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None if names.is_empty() => problem.help("it has no links"),
            None => problem.help(format!("its links are {}", names.join(", "))),
        }
    }

    fn cells(&self) -> Vec<String> {
        let subject = serde_json::Value::from(self.subject.as_deref().unwrap_or_default());
        let links: Vec<String> = self.links.iter().map(|link| cell::id(&link.name)).collect();
        let links = if links.is_empty() {
            String::new()
        } else {
            format!("links: {}", links.join(" "))
        };
        vec![format!("subject={subject}"), links]
    }
}
