//! The prose and blocks of a scenario file as HTML, everything escaped.
//! Of raw HTML only `<details>` and `<summary>` come through, and only in pairs: the report has folds of its own.

use maud::{Markup, PreEscaped, Render};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

const PASSED_ON: [&str; 2] = ["details", "summary"];

/// The story behind the front matter.
pub(super) fn story(text: &str) -> Markup {
    let mut written = String::new();
    // The link's address decides whether it is one, so its end must know.
    let mut links = Vec::new();
    let mut open = Vec::new();
    for event in Parser::new_ext(behind_front_matter(text), Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => {
                let is_link = ["http://", "https://"]
                    .iter()
                    .any(|scheme| dest_url.starts_with(scheme));
                if is_link {
                    written += &format!("<a href=\"{}\">", escaped(&dest_url));
                }
                links.push(is_link);
            }
            Event::End(TagEnd::Link) if links.pop() == Some(true) => written += "</a>",
            Event::Start(tag) => written += &start(&tag),
            Event::End(tag) => written += end(tag),
            Event::Text(text) => written += &escaped(&text),
            Event::Code(text) => written += &format!("<code>{}</code>", escaped(&text)),
            Event::Html(html) | Event::InlineHtml(html) => written += &tamed(&html, &mut open),
            Event::SoftBreak => written.push('\n'),
            Event::HardBreak => written += "<br>",
            Event::Rule => written += "<hr>",
            _ => {}
        }
    }
    for name in open.iter().rev() {
        written += &format!("</{name}>");
    }
    PreEscaped(written)
}

fn behind_front_matter(text: &str) -> &str {
    let mut offset = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        offset += line.len();
        if number > 0 && line.trim_end() == "---" {
            return text.get(offset..).unwrap_or_default();
        }
    }
    text
}

fn escaped(text: &str) -> String {
    text.render().into_string()
}

fn tamed(html: &str, open: &mut Vec<&'static str>) -> String {
    let mut pieces = html.split('<');
    let mut written = escaped(pieces.next().unwrap_or_default());
    for piece in pieces {
        let tag = piece.split_once('>');
        match tag.and_then(|(tag, text)| Some((passed_on(tag, open)?, text))) {
            Some((tag, text)) => written += &format!("<{tag}>{}", escaped(text)),
            None => written += &escaped(&format!("<{piece}")),
        }
    }
    written
}

/// The tag if it comes through: it opens, or it closes what was opened last.
fn passed_on<'a>(tag: &'a str, open: &mut Vec<&'static str>) -> Option<&'a str> {
    let name = tag.strip_prefix('/').unwrap_or(tag);
    let name = *PASSED_ON.iter().find(|known| **known == name)?;
    if tag == name {
        open.push(name);
        return Some(tag);
    }
    open.pop_if(|last| *last == name).map(|_| tag)
}

fn start(tag: &Tag<'_>) -> String {
    let plain = match tag {
        Tag::CodeBlock(CodeBlockKind::Fenced(info)) if !info.is_empty() => {
            return format!("<p class=\"fence\">{}</p><pre>", escaped(info));
        }
        Tag::Heading { level, .. } => return format!("<h{}>", (*level as u8 + 2).min(6)),
        Tag::Paragraph => "<p>",
        Tag::BlockQuote(_) => "<blockquote>",
        Tag::CodeBlock(_) => "<pre>",
        Tag::List(Some(_)) => "<ol>",
        Tag::List(None) => "<ul>",
        Tag::Item => "<li>",
        Tag::Emphasis => "<em>",
        Tag::Strong => "<strong>",
        Tag::Table(_) => "<div class=\"wide\"><table>",
        Tag::TableHead | Tag::TableRow => "<tr>",
        Tag::TableCell => "<td>",
        _ => "",
    };
    plain.into()
}

fn end(tag: TagEnd) -> &'static str {
    match tag {
        TagEnd::Heading(level) => match level as u8 {
            1 => "</h3>",
            2 => "</h4>",
            3 => "</h5>",
            _ => "</h6>",
        },
        TagEnd::Paragraph => "</p>",
        TagEnd::BlockQuote(_) => "</blockquote>",
        TagEnd::CodeBlock => "</pre>",
        TagEnd::List(true) => "</ol>",
        TagEnd::List(false) => "</ul>",
        TagEnd::Item => "</li>",
        TagEnd::Emphasis => "</em>",
        TagEnd::Strong => "</strong>",
        TagEnd::Table => "</table></div>",
        TagEnd::TableHead | TagEnd::TableRow => "</tr>",
        TagEnd::TableCell => "</td>",
        _ => "",
    }
}
