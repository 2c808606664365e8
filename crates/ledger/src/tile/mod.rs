//! Tiles: the tree cut into pieces of 256 hashes (C2SP tlog-tiles, height 8).
//!
//! The tile at level L and index N holds the roots of the perfect subtrees of 256^L leaves that
//! are numbered 256·N and on. Every node of the tree is in a tile or is made from one.
//!
//! Nothing is fetched here. What a question needs is asked for first (`edge`, the `.._needs`),
//! put into a [`TileSet`], and given to the function that answers.

mod path;

use std::collections::BTreeMap;

use crate::{
    EMPTY_ROOT, Hash, node_hash,
    tree::{self, Node, Range},
};

/// How many hashes a full tile has.
pub const WIDTH: u16 = 256;
/// Its logarithm.
const HEIGHT: u8 = 8;

/// A tile's place and how many hashes it has there: 1 to 256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    /// 0 holds leaves.
    pub level: u8,
    /// Which one of its level.
    pub index: u64,
    /// 256 when it is full.
    pub width: u16,
}

/// A question about the tree that cannot be answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// A tile is not there, or has too few hashes.
    #[error("the tile {} is missing or too short", .0.path())]
    MissingTile(Tile),
    /// The leaf is not in the tree.
    #[error("leaf {index} is not in a tree of {size}")]
    NotInTree {
        /// Which leaf.
        index: u64,
        /// How many the tree has.
        size: u64,
    },
    /// A log only grows.
    #[error("a tree of {new} cannot have grown out of one of {old}")]
    Shrunk {
        /// The size before.
        old: u64,
        /// The size that is said to be later.
        new: u64,
    },
    /// More than 2^64 - 1 leaves.
    #[error("the log is full")]
    Full,
}

/// Tiles that were fetched.
#[derive(Clone, Debug, Default)]
pub struct TileSet {
    tiles: BTreeMap<(u8, u64), Vec<Hash>>,
}

impl TileSet {
    /// None yet.
    pub const fn new() -> Self {
        Self {
            tiles: BTreeMap::new(),
        }
    }

    /// Puts in a tile's hashes, as many as there are. A wider tile takes a narrower one's place.
    pub fn insert(&mut self, level: u8, index: u64, hashes: Vec<Hash>) {
        let held = self.tiles.entry((level, index)).or_default();
        if held.len() <= hashes.len() {
            *held = hashes;
        }
    }

    /// A tile's hashes, as many as are there.
    pub fn get(&self, level: u8, index: u64) -> Option<&[Hash]> {
        self.tiles.get(&(level, index)).map(Vec::as_slice)
    }

    /// At least as many hashes as `tile` is wide, cut to that.
    fn read(&self, tile: Tile) -> Result<&[Hash], LedgerError> {
        self.get(tile.level, tile.index)
            .and_then(|hashes| hashes.get(..usize::from(tile.width)))
            .ok_or(LedgerError::MissingTile(tile))
    }
}

/// How many hashes stand at a level of tiles in a tree of `size`.
const fn row(size: u64, level: u8) -> u64 {
    match size.checked_shr(HEIGHT as u32 * level as u32) {
        Some(row) => row,
        None => 0,
    }
}

/// The tile at a place, as wide as it is in a tree of `size`. It has at least one hash there.
fn placed(level: u8, index: u64, size: u64) -> Tile {
    let left = row(size, level).saturating_sub(index.saturating_mul(u64::from(WIDTH)));
    let width = u16::try_from(left).map_or(WIDTH, |left| left.min(WIDTH));
    Tile { level, index, width }
}

/// The tiles at the right edge that are not full: what must be fetched to append to `size`.
pub fn edge(size: u64) -> Vec<Tile> {
    (0..HEIGHT)
        .map(|level| placed(level, row(size, level) / u64::from(WIDTH), size))
        .filter(|tile| tile.width > 0)
        .collect()
}

/// Appends leaves to a tree of `size`, of which `tiles` holds the [`edge`]. Gives each tile that
/// is new or wider now, with all that it holds.
pub fn append(size: u64, tiles: &TileSet, leaves: &[Hash]) -> Result<Vec<(Tile, Vec<Hash>)>, LedgerError> {
    let more = u64::try_from(leaves.len()).map_err(|_| LedgerError::Full)?;
    size.checked_add(more).ok_or(LedgerError::Full)?;
    let edge = edge(size);
    let mut written = Vec::new();
    let mut rising = leaves.to_vec();
    for level in 0..HEIGHT {
        if rising.is_empty() {
            break;
        }
        let mut hashes = match edge.iter().find(|tile| tile.level == level) {
            Some(tile) => tiles.read(*tile)?.to_vec(),
            None => Vec::new(),
        };
        hashes.append(&mut rising);
        let first = row(size, level) / u64::from(WIDTH);
        for (index, content) in (first..).zip(hashes.chunks(usize::from(WIDTH))) {
            let width = u16::try_from(content.len()).map_err(|_| LedgerError::Full)?;
            if width == WIDTH {
                rising.push(perfect(content));
            }
            written.push((Tile { level, index, width }, content.to_vec()));
        }
    }
    Ok(written)
}

/// The root over 2^n hashes.
fn perfect(hashes: &[Hash]) -> Hash {
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        row = row
            .chunks(2)
            .filter_map(|pair| match pair {
                [left, right] => Some(node_hash(left, right)),
                _ => None,
            })
            .collect();
    }
    row.first().copied().unwrap_or(EMPTY_ROOT)
}

/// The tile that a node is made from in a tree of `size`, and where in it its hashes begin.
fn home(node: Node, size: u64) -> (Tile, usize) {
    let level = node.level / HEIGHT;
    let first = node.index << (node.level % HEIGHT);
    let tile = placed(level, first / u64::from(WIDTH), size);
    // Less than 256.
    let offset = usize::try_from(first % u64::from(WIDTH)).unwrap_or(0);
    (tile, offset)
}

fn read_node(node: Node, size: u64, tiles: &TileSet) -> Result<Hash, LedgerError> {
    let (tile, offset) = home(node, size);
    let wanted = 1_usize << (node.level % HEIGHT);
    let hashes = tiles.read(tile)?;
    let below = hashes.get(offset..offset.saturating_add(wanted));
    below.map(perfect).ok_or(LedgerError::MissingTile(tile))
}

/// MTH of RFC 6962, section 2.1: the perfect subtrees folded from the right.
fn read_range(range: Range, size: u64, tiles: &TileSet) -> Result<Hash, LedgerError> {
    let nodes: Vec<Node> = range.nodes().collect();
    let mut folded: Option<Hash> = None;
    for node in nodes.into_iter().rev() {
        let left = read_node(node, size, tiles)?;
        folded = Some(folded.map_or(left, |right| node_hash(&left, &right)));
    }
    Ok(folded.unwrap_or(EMPTY_ROOT))
}

fn needs(ranges: &[Range], size: u64) -> Vec<Tile> {
    let nodes = ranges.iter().flat_map(|range| range.nodes());
    let mut tiles: Vec<Tile> = nodes.map(|node| home(node, size).0).collect();
    tiles.sort_unstable();
    tiles.dedup();
    tiles
}

fn read_all(ranges: &[Range], size: u64, tiles: &TileSet) -> Result<Vec<Hash>, LedgerError> {
    let hashes = ranges.iter().map(|range| read_range(*range, size, tiles));
    hashes.collect()
}

/// The tiles that [`root`] reads: those of the [`edge`].
pub fn root_needs(size: u64) -> Vec<Tile> {
    needs(&[Range { from: 0, to: size }], size)
}

/// The root of the tree of the first `size` leaves.
pub fn root(size: u64, tiles: &TileSet) -> Result<Hash, LedgerError> {
    read_range(Range { from: 0, to: size }, size, tiles)
}

/// The tiles that [`inclusion`] reads; none where the leaf is not in the tree.
pub fn inclusion_needs(index: u64, size: u64) -> Vec<Tile> {
    if index < size {
        needs(&tree::path(index, size), size)
    } else {
        Vec::new()
    }
}

/// The proof that leaf `index` is in the tree of `size` (RFC 6962, section 2.1.1).
pub fn inclusion(index: u64, size: u64, tiles: &TileSet) -> Result<Vec<Hash>, LedgerError> {
    if index >= size {
        return Err(LedgerError::NotInTree { index, size });
    }
    read_all(&tree::path(index, size), size, tiles)
}

/// The tiles that [`consistency`] reads; none where there is nothing to prove.
pub fn consistency_needs(old: u64, new: u64) -> Vec<Tile> {
    needs(&tree::growth(old, new), new)
}

/// The proof that the tree of `new` begins with the tree of `old` (RFC 6962, section 2.1.2).
/// Empty for equal sizes, and for an empty old tree.
pub fn consistency(old: u64, new: u64, tiles: &TileSet) -> Result<Vec<Hash>, LedgerError> {
    if old > new {
        return Err(LedgerError::Shrunk { old, new });
    }
    read_all(&tree::growth(old, new), new, tiles)
}
