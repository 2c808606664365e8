//! What a proof costs, at trees of growing size: `cargo xtask bench ledger` runs it.
//!
//! One line a figure, `name size microseconds`. `hash` is one node's hash in the same run, so
//! that machines can be compared: a proof is mostly hashes.
#![expect(
    clippy::print_stdout,
    reason = "its figures are read from its standard output"
)]

use ledger::{
    Hash, leaf_hash, node_hash,
    proof::{verify_consistency, verify_inclusion},
    tile::{self, TileSet},
};
use std::hint::black_box;
use std::time::Instant;

/// Ten thousand to ten million leaves.
const SIZES: [u64; 4] = [10_000, 100_000, 1_000_000, 10_000_000];
/// Leaves that are appended at once.
const BATCH: u64 = 8_192;
const ROUNDS: u32 = 400;

fn leaf(n: u64) -> Hash {
    leaf_hash(&n.to_be_bytes())
}

fn main() {
    let (left, right) = (leaf(1), leaf(2));
    println!(
        "hash 0 {:.3}",
        each(|_| {
            black_box(node_hash(&left, &right));
        })
    );
    let (mut tiles, mut size) = (TileSet::new(), 0);
    for goal in SIZES {
        let start = now();
        let before = size;
        while size < goal {
            let more: Vec<Hash> = (size..goal.min(size + BATCH)).map(leaf).collect();
            let written = tile::append(size, &tiles, &more).unwrap_or_default();
            for (tile, hashes) in written {
                tiles.insert(tile.level, tile.index, hashes);
            }
            size += u64::try_from(more.len()).unwrap_or_default();
        }
        let micros = start.elapsed().as_secs_f64() * 1e6;
        #[expect(clippy::cast_precision_loss, reason = "a count far below 2^52")]
        let leaves = (goal - before) as f64;
        println!("appended {goal} {:.3}", micros / leaves);
        proofs(goal, &tiles);
    }
}

/// Which leaf, or which earlier size, in a round: all over the tree.
fn place(round: u32, size: u64) -> u64 {
    u64::from(round).wrapping_mul(0x9E37_79B9_7F4A_7C15) % size
}

fn proofs(size: u64, tiles: &TileSet) {
    let Ok(root) = tile::root(size, tiles) else { return };
    let inclusion = |round| tile::inclusion(place(round, size), size, tiles).unwrap_or_default();
    println!(
        "made {size} {:.3}",
        each(|round| drop(black_box(inclusion(round))))
    );
    let made: Vec<Vec<Hash>> = (0..ROUNDS).map(inclusion).collect();
    let checked = each(|round| {
        let (index, proof) = (
            place(round, size),
            made.get(index(round)).map_or(&[][..], Vec::as_slice),
        );
        assert!(verify_inclusion(&leaf(index), index, size, proof, &root).is_ok());
    });
    println!("checked {size} {checked:.3}");
    let growth = |round| tile::consistency(1 + place(round, size - 1), size, tiles).unwrap_or_default();
    println!("grown {size} {:.3}", each(|round| drop(black_box(growth(round)))));
    let made: Vec<(Hash, Vec<Hash>)> = (0..ROUNDS)
        .filter_map(|round| Some((tile::root(1 + place(round, size - 1), tiles).ok()?, growth(round))))
        .collect();
    let checked = each(|round| {
        if let Some((old, proof)) = made.get(index(round)) {
            let before = (1 + place(round, size - 1), old);
            assert!(verify_consistency(before, (size, &root), proof).is_ok());
        }
    });
    println!("consistent {size} {checked:.3}");
}

fn index(round: u32) -> usize {
    usize::try_from(round).unwrap_or_default()
}

#[expect(clippy::disallowed_methods, reason = "measuring is what this is for")]
fn now() -> Instant {
    Instant::now()
}

/// Microseconds a round.
fn each(work: impl Fn(u32)) -> f64 {
    let start = now();
    for round in 0..ROUNDS {
        work(round);
    }
    start.elapsed().as_secs_f64() * 1e6 / f64::from(ROUNDS)
}
