//! Which nodes of an RFC 6962 tree make up a root or a proof. Only numbers: no hash is here.

/// A perfect subtree: the `index`th of those with 2^`level` leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) level: u8,
    pub(crate) index: u64,
}

/// Leaves `from..to`, which RFC 6962 hashes as one subtree. `from` is a multiple of the least
/// power of two that holds them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) from: u64,
    pub(crate) to: u64,
}

impl Range {
    /// The perfect subtrees that it falls into, from the left, each smaller than the one before.
    pub(crate) fn nodes(self) -> impl Iterator<Item = Node> {
        let mut from = self.from;
        let length = self.to.saturating_sub(self.from);
        (0..64_u8)
            .rev()
            .filter(move |level| length >> level & 1 == 1)
            .map(move |level| {
                let node = Node {
                    level,
                    index: from >> level,
                };
                from = from.saturating_add(1 << level);
                node
            })
    }

    const fn length(self) -> u64 {
        self.to.saturating_sub(self.from)
    }

    /// Split as RFC 6962, section 2.1 does: the left part has the greatest power of two of
    /// leaves that is less than all. It has two leaves at least.
    fn halves(self) -> (Self, Self) {
        let largest = self.length().saturating_sub(1).checked_ilog2().unwrap_or(0);
        let middle = self.from.saturating_add(1 << largest);
        let left = Self { to: middle, ..self };
        let right = Self { from: middle, ..self };
        (left, right)
    }
}

/// PATH of RFC 6962, section 2.1.1: the subtrees beside the way from a leaf to the root, the
/// leaf's own neighbour first. `index` is less than `size`.
pub(crate) fn path(index: u64, size: u64) -> Vec<Range> {
    let mut here = Range { from: 0, to: size };
    let mut beside = Vec::new();
    while here.length() > 1 {
        let (left, right) = here.halves();
        let (next, other) = if index < right.from {
            (left, right)
        } else {
            (right, left)
        };
        beside.push(other);
        here = next;
    }
    beside.reverse();
    beside
}

/// PROOF of RFC 6962, section 2.1.2: the subtrees that tell how a tree of `old` leaves became
/// one of `new`. `old` is at most `new`.
pub(crate) fn growth(old: u64, new: u64) -> Vec<Range> {
    if old == 0 || old >= new {
        return Vec::new();
    }
    let mut here = Range { from: 0, to: new };
    let mut beside = Vec::new();
    while here.to != old {
        let (left, right) = here.halves();
        let (next, other) = if old <= right.from {
            (left, right)
        } else {
            (right, left)
        };
        beside.push(other);
        here = next;
    }
    // SUBPROOF's flag: the old tree as a whole is known to who asks.
    if here.from != 0 {
        beside.push(here);
    }
    beside.reverse();
    beside
}
