//! The mails of a project, for tests to read, with the links that can be opened.

use serde::{Deserialize, Serialize};

use crate::settings::TransferIdentity;

/// How many mails an outbox keeps; older ones are forgotten first.
const MAILS_MAX: usize = 1_000;

/// A mail that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mail {
    /// Its number in the project, from 1.
    pub(crate) id: u32,
    /// When it was sent, as the bits of seconds since 1970.
    pub(crate) at_bits: u64,
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) sender: Option<String>,
    pub(crate) campaign_name: String,
    /// The recipient's IDs: type and value.
    pub(crate) customer_ids: Vec<(String, String)>,
    pub(crate) html: String,
    /// The template that it was made of, whose text is not known here.
    pub(crate) template_id: Option<String>,
    /// What the template was given; JSON.
    pub(crate) params: Option<String>,
    /// Names the recipient's consent page, if the mail links to it.
    pub(crate) consent_page: Option<String>,
    pub(crate) links: Vec<Link>,
    pub(crate) transfer_identity: TransferIdentity,
    /// Consent categories that the link named `confirm` accepts, as canonical event properties.
    pub(crate) confirms: Vec<String>,
}

/// A tracked link of a mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Link {
    /// Its `data-name`, else its text in lower case.
    pub(crate) name: String,
    /// Where it leads.
    pub(crate) target: String,
    /// How often it was opened.
    pub(crate) clicks: u32,
}

/// The mails of a project.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outbox {
    mails: Vec<Mail>,
    sent: u32,
}

impl Outbox {
    /// The number that the next mail gets.
    pub(crate) fn next_id(&self) -> u32 {
        self.sent + 1
    }

    pub(crate) fn mails(&self) -> &[Mail] {
        &self.mails
    }

    pub(crate) fn find(&self, id: u32) -> Option<&Mail> {
        self.mails.iter().find(|mail| mail.id == id)
    }

    pub(crate) fn send(&mut self, mail: Mail) {
        self.sent = mail.id;
        self.mails.push(mail);
        if self.mails.len() > MAILS_MAX {
            self.mails.remove(0);
        }
    }

    pub(crate) fn open(&mut self, mail: u32, link: u32) {
        let mail = self.mails.iter_mut().find(|other| other.id == mail);
        if let Some(link) = mail.and_then(|mail| mail.links.get_mut(link as usize)) {
            link.clicks += 1;
        }
    }
}

impl Mail {
    /// Whether opening a link now ties the browser to the recipient.
    pub(crate) fn transfers(&self, link: &Link) -> bool {
        match self.transfer_identity {
            TransferIdentity::Enabled => true,
            TransferIdentity::Disabled => false,
            TransferIdentity::FirstClick => link.clicks == 0,
        }
    }
}

/// The links of a mail's HTML: every `href` that leads to a web address.
pub(crate) fn links_of(html: &str) -> Vec<Link> {
    let anchors = html.match_indices("<a ").map(|(at, _)| &html[at..]);
    anchors.filter_map(link_of).collect()
}

fn link_of(anchor: &str) -> Option<Link> {
    let (attributes, rest) = anchor.split_once('>')?;
    let target = attribute(attributes, "href").filter(|target| target.starts_with("http"))?;
    let text = rest.split("</a").next().unwrap_or_default();
    let name = attribute(attributes, "data-name").unwrap_or(text);
    Some(Link {
        name: name.trim().to_lowercase(),
        target: target.replace("&amp;", "&"),
        clicks: 0,
    })
}

fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = attributes.split_once(&format!(" {name}="))?;
    let quote = rest
        .chars()
        .next()
        .filter(|quote| matches!(quote, '"' | '\''))?;
    rest[1..].split_once(quote).map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_have_names_and_targets() {
        let html = r#"<p>Hi, <a href="https://shop.example/ok?a=1&amp;b=2">Confirm</a> or
            <a class='x' data-name="no" href='https://shop.example/no'><b>No</b></a>,
            <a href="mailto:x@example.com">mail</a> <a href="https://broken"#;
        let found = links_of(html);
        let found: Vec<_> = found
            .iter()
            .map(|l| (l.name.as_str(), l.target.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                ("confirm", "https://shop.example/ok?a=1&b=2"),
                ("no", "https://shop.example/no")
            ]
        );
    }
}
