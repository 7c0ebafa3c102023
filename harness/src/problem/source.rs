//! A scenario file as it was read.
//! Places in it are byte offsets; people see line and column.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// A scenario file: where it lies and what it says.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    path: PathBuf,
    text: String,
}

impl Source {
    /// The file at `path`, whose content is `text`.
    pub fn new(path: impl Into<PathBuf>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self {
            path: path.into(),
            text: text.into(),
        })
    }

    /// Where it lies, as the user named it.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its content.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Line and column of a byte offset, both counted from 1, columns in characters.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let before = &self.text[..self.boundary_before(offset)];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (
            before.matches('\n').count() + 1,
            before[line_start..].chars().count() + 1,
        )
    }

    pub(super) fn boundary_before(&self, offset: usize) -> usize {
        let inside = offset.min(self.text.len());
        let boundary = (0..=inside)
            .rev()
            .find(|at| self.text.is_char_boundary(*at));
        boundary.unwrap_or_default()
    }

    pub(super) fn boundary_after(&self, offset: usize) -> usize {
        let end = self.text.len();
        (offset..end)
            .find(|at| self.text.is_char_boundary(*at))
            .unwrap_or(end)
    }
}
