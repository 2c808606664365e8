//! The right edge of a tree that grows leaf by leaf, in as many hashes as its size has bits.

use crate::{EMPTY_ROOT, Hash, node_hash, tree::Node};

/// The roots of the perfect subtrees that the leaves so far fall into, from the left.
#[derive(Debug, Default)]
pub(super) struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    pub(super) const fn size(&self) -> u64 {
        self.size
    }

    /// Takes a leaf; gives the perfect subtrees that it completes, the leaf itself first.
    pub(super) fn push(&mut self, leaf: Hash) -> Vec<(Node, Hash)> {
        let completed = self.size.trailing_ones();
        let mut done = Vec::with_capacity(1);
        let mut hash = leaf;
        for level in 0..=completed {
            // Below 64.
            let level = u8::try_from(level).unwrap_or(u8::MAX);
            if level > 0
                && let Some(left) = self.peaks.pop()
            {
                hash = node_hash(&left, &hash);
            }
            let index = self.size >> level;
            done.push((Node { level, index }, hash));
        }
        self.peaks.push(hash);
        self.size = self.size.saturating_add(1);
        done
    }

    /// The root over all leaves so far.
    pub(super) fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let last = peaks.next().copied().unwrap_or(EMPTY_ROOT);
        peaks.fold(last, |right, left| node_hash(left, &right))
    }
}
