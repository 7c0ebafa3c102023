//! A growing list that never copies what it holds: full chunks stay, only the first one doubles.

use alloc::vec::Vec;
use core::ops::{Index, IndexMut};

use super::words::copy_with_room;

const CHUNK: usize = 1 << 14;

/// A list in chunks of so many.
#[derive(Debug)]
pub(crate) struct Chunked<T> {
    chunks: Vec<Vec<T>>,
}

impl<T> Default for Chunked<T> {
    fn default() -> Self {
        Self { chunks: Vec::new() }
    }
}

impl<T: Clone> Clone for Chunked<T> {
    fn clone(&self) -> Self {
        let chunks = self.chunks.iter().map(copy_with_room);
        Self {
            chunks: chunks.collect(),
        }
    }
}

impl<T> Chunked<T> {
    pub(crate) fn len(&self) -> usize {
        let full = self.chunks.len().saturating_sub(1) * CHUNK;
        full + self.chunks.last().map_or(0, Vec::len)
    }

    pub(crate) fn push(&mut self, value: T) -> u32 {
        let position = self.len();
        match self.chunks.last_mut() {
            Some(last) if last.len() < CHUNK => last.push(value),
            first => {
                let mut chunk = match first {
                    Some(_) => Vec::with_capacity(CHUNK),
                    None => Vec::new(),
                };
                chunk.push(value);
                self.chunks.push(chunk);
            }
        }
        position as u32
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().flatten()
    }
}

impl<T> Index<u32> for Chunked<T> {
    type Output = T;

    fn index(&self, position: u32) -> &T {
        let position = position as usize;
        &self.chunks[position / CHUNK][position % CHUNK]
    }
}

impl<T> IndexMut<u32> for Chunked<T> {
    fn index_mut(&mut self, position: u32) -> &mut T {
        let position = position as usize;
        &mut self.chunks[position / CHUNK][position % CHUNK]
    }
}
