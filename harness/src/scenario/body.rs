//! Text taken out of a scenario file that remembers where it stood.
//! Fences inside lists are indented and placeholders are filled in, so a place in the text is not a place in the file.

use std::{ops::Range, sync::Arc};

use crate::problem::{Problem, Source};

/// Text and the places in the file that it came from.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    source: Arc<Source>,
    text: String,
    pieces: Vec<Piece>,
}

/// A run of the text that stands in the file in one piece; a filled-in value stands for its placeholder.
#[derive(Clone, Copy, Debug)]
struct Piece {
    at: usize,
    source: usize,
    source_len: usize,
}

impl Body {
    pub(crate) fn empty(source: &Arc<Source>) -> Self {
        Self {
            source: Arc::clone(source),
            text: String::new(),
            pieces: Vec::new(),
        }
    }

    /// The text at `span` of the file.
    pub(crate) fn of(source: &Arc<Source>, span: Range<usize>) -> Self {
        let mut body = Self::empty(source);
        let text = source.text().get(span.clone()).unwrap_or_default();
        body.push(text, span);
        body
    }

    /// Appends `text`, which stands for `span` of the file.
    pub(crate) fn push(&mut self, text: &str, span: Range<usize>) {
        self.pieces.push(Piece {
            at: self.text.len(),
            source: span.start,
            source_len: span.len(),
        });
        self.text.push_str(text);
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// The part at `range`, with its places.
    pub(crate) fn slice(&self, range: Range<usize>) -> Self {
        let mut part = Self::empty(&self.source);
        let bounds = self.pieces.iter().map(|piece| piece.at);
        let ends = bounds.skip(1).chain([self.text.len()]);
        for (piece, end) in self.pieces.iter().zip(ends) {
            let within = range.start.max(piece.at)..range.end.min(end);
            if let Some(text) = self.text.get(within.clone())
                && !text.is_empty()
            {
                part.push(text, self.span(within));
            }
        }
        if part.pieces.is_empty() {
            part.push("", self.span(range.start..range.start));
        }
        part
    }

    /// The lines, each with the offset of its first byte.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut offset = 0;
        self.text.split_inclusive('\n').map(move |line| {
            let start = offset;
            offset += line.len();
            (start, line.trim_end_matches(['\n', '\r']))
        })
    }

    /// The lines that say something, trimmed, each with the offset of its first byte.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.lines().filter(|(_, line)| !line.trim().is_empty());
        lines.map(|(offset, line)| (offset + line.len() - line.trim_start().len(), line.trim()))
    }

    /// The place in the file of a range of the text.
    pub(crate) fn span(&self, range: Range<usize>) -> Range<usize> {
        let start = self.place(range.start);
        let last = self.place(range.end.saturating_sub(1));
        let end = if range.is_empty() {
            start
        } else {
            self.place(range.end).min(last + 1).max(last)
        };
        start..end.max(start)
    }

    fn place(&self, offset: usize) -> usize {
        let after = self.pieces.partition_point(|piece| piece.at <= offset);
        let Some(piece) = self.pieces.get(after.saturating_sub(1)) else {
            return 0;
        };
        piece.source + (offset.saturating_sub(piece.at)).min(piece.source_len)
    }

    /// A problem at `range` of the text.
    pub(crate) fn problem(&self, range: Range<usize>, message: impl Into<String>) -> Problem {
        Problem::new(&self.source, self.span(range), message)
    }

    /// The text with every `{{name}}` of `values` filled in.
    pub(crate) fn filled_in(&self, values: &[(String, String)]) -> Self {
        let mut filled = Self::empty(&self.source);
        let mut from = 0;
        for (range, name) in placeholders(&self.text) {
            let value = values.iter().find(|(known, _)| known == name);
            let Some((_, value)) = value.filter(|_| range.start >= from) else {
                continue;
            };
            filled.append(&self.slice(from..range.start));
            filled.push(value, self.span(range.clone()));
            from = range.end;
        }
        filled.append(&self.slice(from..self.text.len()));
        filled
    }

    /// How many bytes the text has once it is filled in.
    pub(crate) fn filled_len(&self, values: &[(String, String)]) -> usize {
        let longer = placeholders(&self.text).filter_map(|(range, name)| {
            let (_, value) = values.iter().find(|(known, _)| known == name)?;
            Some(value.len().saturating_sub(range.len()))
        });
        longer.fold(self.text.len(), usize::saturating_add)
    }

    fn append(&mut self, other: &Self) {
        let base = self.text.len();
        self.text.push_str(&other.text);
        let moved = other.pieces.iter().map(|piece| Piece {
            at: base + piece.at,
            ..*piece
        });
        self.pieces.extend(moved);
    }
}

/// Every `{{name}}` of a text: its range and the name.
pub(crate) fn placeholders(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    within(text, "{{").filter_map(|(range, inner)| {
        let name = inner.trim();
        let plain = !name.is_empty() && name.chars().all(is_name_character);
        plain.then_some((range, name))
    })
}

/// Everything from an opening such as `{{` to the next `}}`, and what stands between them. The end is looked for once
/// for all openings before it, so that a text of openings takes no longer than any other.
pub(crate) fn within<'t>(
    text: &'t str,
    opening: &'t str,
) -> impl Iterator<Item = (Range<usize>, &'t str)> {
    let mut closing = Some(0);
    text.match_indices(opening).filter_map(move |(start, _)| {
        let from = start + opening.len();
        if closing.is_some_and(|end| end < from) {
            closing = text[from..].find("}}").map(|end| from + end);
        }
        let end = closing?;
        Some((start..end + 2, &text[from..end]))
    })
}

fn is_name_character(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '-'
}

/// A line with single spaces between its words.
pub(crate) fn normal(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filled_in_text_points_at_its_placeholder() {
        let source = Source::new("a.md", "say {{word}} twice");
        let body = Body::of(&source, 0..18).filled_in(&[("word".into(), "hello there".into())]);
        assert_eq!(body.text(), "say hello there twice");
        assert_eq!(body.span(4..9).start, 4);
        assert_eq!(body.span(16..21), 13..18);
    }

    #[test]
    fn a_slice_keeps_its_place() {
        let source = Source::new("a.md", "0123456789");
        let mut body = Body::empty(&source);
        body.push("23", 2..4);
        body.push("78", 7..9);
        let part = body.slice(1..4);
        assert_eq!(part.text(), "378");
        assert_eq!(part.span(0..1), 3..4);
        assert_eq!(part.span(1..3), 7..9);
        assert_eq!(body.slice(4..4).span(0..0), 9..9);
    }
}
