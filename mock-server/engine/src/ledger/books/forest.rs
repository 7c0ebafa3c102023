//! Which profiles became one. The smaller tree hangs under the larger, whoever survives, so that no way to a survivor
//! is longer than the logarithm of how many there are, and looking never has to write.

use alloc::vec::Vec;

use super::ProfileNumber;

#[derive(Clone, Copy, Debug)]
struct Node {
    parent: u32,
    size: u32,
    /// Who survived, if this is the root of its tree.
    survivor: u32,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Forest {
    nodes: Vec<Node>,
    joined: usize,
}

impl Forest {
    pub(super) fn plant(&mut self) -> ProfileNumber {
        let number = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        self.nodes.push(Node {
            parent: number,
            size: 1,
            survivor: number,
        });
        ProfileNumber(number)
    }

    pub(super) fn trees(&self) -> usize {
        self.nodes.len() - self.joined
    }

    pub(super) fn survivor_of(&self, profile: ProfileNumber) -> ProfileNumber {
        let root = self.nodes.get(self.root(profile.0) as usize);
        root.map_or(profile, |root| ProfileNumber(root.survivor))
    }

    /// The two trees become one, and the first one's survivor is that of both.
    pub(super) fn join(&mut self, survivor: ProfileNumber, absorbed: ProfileNumber) {
        let (one, other) = (self.root(survivor.0), self.root(absorbed.0));
        let sizes = self.size(one) + self.size(other);
        let (upper, lower) = if self.size(one) >= self.size(other) {
            (one, other)
        } else {
            (other, one)
        };
        if let Some(node) = self.nodes.get_mut(lower as usize) {
            node.parent = upper;
        }
        if let Some(node) = self.nodes.get_mut(upper as usize) {
            node.size = sizes;
            node.survivor = survivor.0;
        }
        self.joined += 1;
    }

    fn size(&self, node: u32) -> u32 {
        self.nodes.get(node as usize).map_or(0, |node| node.size)
    }

    fn root(&self, node: u32) -> u32 {
        let mut at = node;
        while let Some(node) = self.nodes.get(at as usize)
            && node.parent != at
        {
            at = node.parent;
        }
        at
    }
}
