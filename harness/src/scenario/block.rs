//! The fenced blocks of a scenario: word, arguments, body, and where all that stands.
//! Only blocks with a block word come out; everything else in the file is prose.

use std::{ops::Range, sync::Arc};

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use super::{
    body::Body,
    words::{self, Word},
};
use crate::problem::{Problem, Source};

/// A fenced block that acts or states something.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) word: &'static str,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) body: Body,
    /// The info string in the file.
    pub(crate) info: Range<usize>,
    /// The lines between the fences in the file, whole.
    pub(crate) inner: Range<usize>,
    /// What stands before the fence on its line.
    pub(crate) indent: String,
}

/// `name=value`, or a bare `name`, behind the block word.
#[derive(Clone, Debug)]
pub(crate) struct Argument {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) span: Range<usize>,
}

/// All blocks of the file behind `from`.
pub(crate) fn blocks(source: &Arc<Source>, from: usize) -> (Vec<Block>, Vec<Problem>) {
    let story = source.text().get(from..).unwrap_or_default();
    let mut reader = Reader::new(source);
    for (event, range) in Parser::new(story).into_offset_iter() {
        reader.take(event, range.start + from..range.end + from);
    }
    (reader.blocks, reader.problems)
}

struct Reader<'a> {
    source: &'a Arc<Source>,
    open: Option<Block>,
    blocks: Vec<Block>,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    fn new(source: &'a Arc<Source>) -> Self {
        Self {
            source,
            open: None,
            blocks: Vec::new(),
            problems: Vec::new(),
        }
    }

    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => {
                match open(self.source, range) {
                    Ok(block) => self.open = block,
                    Err(problem) => self.problems.push(problem),
                }
            }
            Event::Text(text) => {
                if let Some(block) = &mut self.open {
                    block.body.push(&text, range);
                }
            }
            Event::End(TagEnd::CodeBlock) => self.blocks.extend(self.open.take()),
            _ => {}
        }
    }
}

fn open(source: &Arc<Source>, range: Range<usize>) -> Result<Option<Block>, Problem> {
    let Some(fence) = Fence::at(source, range) else {
        return Ok(None);
    };
    let info = &source.text()[fence.info.clone()];
    let word = info.split_whitespace().next().unwrap_or_default();
    let at = fence.info.start..fence.info.start + word.len();
    match words::meaning(word) {
        Word::Prose => Ok(None),
        Word::Block(word) => fence.block(source, word).map(Some),
        Word::Slip(near) => Err(Problem::new(source, at, format!("unknown block `{word}`"))
            .help(format!("did you mean `{near}`? `text` would make it prose"))),
    }
}

/// A fenced code block by its ranges in the file.
struct Fence {
    info: Range<usize>,
    inner: Range<usize>,
    indent: String,
    is_closed: bool,
}

impl Fence {
    fn at(source: &Source, range: Range<usize>) -> Option<Self> {
        let text = source.text();
        let whole = text.get(range.clone())?;
        let opening = whole.split_inclusive('\n').next()?;
        let mark = opening.trim_start().chars().next()?;
        let ticks = opening.trim_start_matches(' ');
        let behind = ticks.trim_start_matches(mark);
        let info = behind.trim();
        let info_start = range.start + opening.len() - behind.trim_start().len();
        let inner_start = range.start + opening.len();
        let closing = whole
            .get(opening.len()..)?
            .split_inclusive('\n')
            .next_back();
        let closing = closing.filter(|line| is_closing(line, mark));
        let line_start = text[..range.start]
            .rfind('\n')
            .map_or(0, |newline| newline + 1);
        Some(Self {
            info: info_start..info_start + info.len(),
            inner: inner_start..range.end - closing.map_or(0, str::len),
            indent: text[line_start..range.start].to_owned(),
            is_closed: closing.is_some(),
        })
    }

    fn block(self, source: &Arc<Source>, word: &'static str) -> Result<Block, Problem> {
        if !self.is_closed {
            return Err(Problem::new(
                source,
                self.info,
                format!("the block `{word}` is never closed"),
            )
            .help("put a line ``` behind its last line"));
        }
        let behind = self.info.start + word.len()..self.info.end;
        Ok(Block {
            word,
            arguments: arguments(source, behind),
            body: Body::empty(source),
            info: self.info,
            inner: self.inner,
            indent: self.indent,
        })
    }
}

fn is_closing(line: &str, mark: char) -> bool {
    let line = line.trim_matches([' ', '\t', '\r', '\n', '>']);
    line.len() >= 3 && line.chars().all(|character| character == mark)
}

fn arguments(source: &Source, range: Range<usize>) -> Vec<Argument> {
    let text = source.text().get(range.clone()).unwrap_or_default();
    let mut arguments = Vec::new();
    for word in text.split_whitespace() {
        let start = range.start + word.as_ptr() as usize - text.as_ptr() as usize;
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        arguments.push(Argument {
            name: name.to_owned(),
            value: value.trim_matches(['"', '\'']).to_owned(),
            span: start..start + word.len(),
        });
    }
    arguments
}

impl Block {
    /// The same block with placeholders filled in.
    pub(crate) fn filled_in(&self, values: &[(String, String)]) -> Self {
        let mut block = self.clone();
        block.body = self.body.filled_in(values);
        for argument in &mut block.arguments {
            for (name, value) in values {
                let placeholder = format!("{{{{{name}}}}}");
                argument.value = argument.value.replace(&placeholder, value);
            }
        }
        block
    }

    /// A problem with the block as a whole.
    pub(crate) fn problem(&self, message: impl Into<String>) -> Problem {
        Problem::new(self.body.source(), self.info.clone(), message)
    }

    /// The line of its fence in the file, counted from 1.
    pub(crate) fn line(&self) -> usize {
        self.body.source().position(self.info.start).0
    }

    /// Every argument is one of `known`, and none is given twice.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), Problem> {
        for (index, argument) in self.arguments.iter().enumerate() {
            let at =
                |message: String| Problem::new(self.body.source(), argument.span.clone(), message);
            let name = argument.name.as_str();
            if !known.contains(&name) {
                return Err(at(format!("unknown argument `{name}`")).choice(name, known));
            }
            if self.arguments[..index]
                .iter()
                .any(|other| other.name == name)
            {
                return Err(at(format!("the argument `{name}` is given twice")));
            }
        }
        Ok(())
    }

    /// The argument, if it is given.
    pub(crate) fn argument(&self, name: &str) -> Option<&Argument> {
        self.arguments.iter().find(|argument| argument.name == name)
    }

    /// The value of an argument that must be there.
    pub(crate) fn required(&self, name: &str, example: &str) -> Result<String, Problem> {
        match self.argument(name) {
            Some(argument) if !argument.value.is_empty() => Ok(argument.value.clone()),
            Some(argument) => {
                let span = argument.span.clone();
                let message = format!("the argument `{name}` has no value");
                Err(Problem::new(self.body.source(), span, message)
                    .expected(format!("`{name}={example}`")))
            }
            None => Err(self
                .problem(format!(
                    "the block `{}` lacks the argument `{name}`",
                    self.word
                ))
                .help(format!("add ` {name}={example}` to the line"))),
        }
    }
}
