//! The log against the definition, against others' code, and against forgers.
#![cfg(test)]

mod events;
mod naive;
mod notes;
mod oracles;
mod paths;
mod stored;
mod trees;
mod vectors;
mod walks;
mod witnesses;

use ledger::{
    Hash, leaf_hash,
    tile::{self, TileSet},
};

/// The `n`th leaf that tests use.
fn leaf(n: u64) -> Hash {
    leaf_hash(format!("event {n}").as_bytes())
}

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(leaf).collect()
}

/// Everything of a tree, appended in batches of the given sizes.
fn grown(batches: &[u64]) -> TileSet {
    let (mut tiles, mut size) = (TileSet::new(), 0);
    for batch in batches {
        let more: Vec<Hash> = (size..size + batch).map(leaf).collect();
        for (tile, hashes) in tile::append(size, &tiles, &more).unwrap() {
            assert_eq!(usize::from(tile.width), hashes.len());
            tiles.insert(tile.level, tile.index, hashes);
        }
        size += batch;
    }
    tiles
}

/// Only those tiles, each cut to what was asked for: what a caller has who fetched what it was
/// told to.
fn fetched(all: &TileSet, needs: &[tile::Tile]) -> TileSet {
    let mut some = TileSet::new();
    for tile in needs {
        let hashes = all.get(tile.level, tile.index).unwrap();
        some.insert(tile.level, tile.index, hashes[..usize::from(tile.width)].to_vec());
    }
    some
}
