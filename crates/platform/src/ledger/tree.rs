//! Reading tiles, and making a tree grow.

use db::Conn;
use ledger::{
    EMPTY_ROOT, Hash, leaf_hash,
    proof::verify_consistency,
    tile::{self, Tile, TileSet},
};

use super::{
    problem::{Problem, Stopped},
    store::{self, PlacedRow, TileRow},
};
use crate::{Error, Result};

/// A tree's size and root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) size: u64,
    pub(super) root: Hash,
}

impl Head {
    /// Of the tree without leaves.
    pub(super) const EMPTY: Self = Self {
        size: 0,
        root: EMPTY_ROOT,
    };
}

/// What a batch makes of the tree.
pub(super) struct Growth {
    pub(super) head: Head,
    pub(super) tiles: Vec<(Tile, Vec<Hash>)>,
}

/// A row's hashes.
pub(super) fn hashes(row: &TileRow) -> Vec<Hash> {
    row.hashes.chunks(32).filter_map(Hash::from_slice).collect()
}

/// Puts those of the wanted tiles into the set that it lacks.
pub(super) async fn fetch(conn: &mut Conn, set: &mut TileSet, wanted: &[Tile]) -> Result<()> {
    let lacks = |tile: &Tile| {
        let held = set.get(tile.level, tile.index).map_or(0, <[Hash]>::len);
        held < usize::from(tile.width)
    };
    let missing: Vec<Tile> = wanted.iter().copied().filter(lacks).collect();
    for row in store::tiles(conn, &missing).await? {
        let (Ok(level), Ok(index)) = (row.level.try_into(), row.tile_index.try_into()) else {
            return Err(Error::internal("a tile is where none can be"));
        };
        set.insert(level, index, hashes(&row));
    }
    Ok(())
}

/// The leaves of events that were just given their places, each hashed anew from its text.
pub(super) fn leaves(placed: &[PlacedRow], first: u64) -> Result<Vec<Hash>, Problem> {
    let mut leaves = Vec::with_capacity(placed.len());
    for (row, place) in placed.iter().zip(first..) {
        let leaf = leaf_hash(row.canonical.as_bytes());
        // What the place is was asked for in the statement itself.
        if leaf.0.as_slice() != row.leaf_hash || u64::try_from(row.leaf_index) != Ok(place) {
            return Err(Problem::Changed(row.id.clone()));
        }
        leaves.push(leaf);
    }
    Ok(leaves)
}

/// Appends leaves to the tree that has this head, and proves that the new one grew out of it.
pub(super) async fn grow(conn: &mut Conn, old: Head, leaves: &[Hash]) -> Result<Growth, Stopped> {
    let mut set = TileSet::new();
    fetch(conn, &mut set, &tile::edge(old.size)).await?;
    let unreadable = |_| Problem::Unreadable(old.size);
    if tile::root(old.size, &set).map_err(unreadable)? != old.root {
        return Err(Problem::Rewritten(old.size).into());
    }
    let tiles = tile::append(old.size, &set, leaves).map_err(unreadable)?;
    for (tile, hashes) in &tiles {
        set.insert(tile.level, tile.index, hashes.clone());
    }
    let size = old.size.saturating_add(leaves.len() as u64);
    let root = tile::root(size, &set).map_err(unreadable)?;
    fetch(conn, &mut set, &tile::consistency_needs(old.size, size)).await?;
    let proof = tile::consistency(old.size, size, &set).map_err(unreadable)?;
    verify_consistency((old.size, &old.root), (size, &root), &proof)
        .map_err(|_| Problem::Rewritten(old.size))?;
    let head = Head { size, root };
    Ok(Growth { head, tiles })
}
