//! A log as a database holds it, for tests to spoil.

use std::collections::BTreeMap;

use ledger::{
    Hash,
    checkpoint::{Checkpoint, NoteSigner, sign},
    leaf_hash,
    tile::{self, TileSet},
    verify::{Fault, Verdict, Walk},
    witness::CosignSigner,
};
use serde_json::json;

pub(crate) const LOG: &str = "id.example/log";
pub(crate) const ROWS: u64 = 700;

pub(crate) fn signer() -> NoteSigner {
    NoteSigner::from_seed(LOG, &[1; 32]).unwrap()
}

pub(crate) fn witness() -> CosignSigner {
    CosignSigner::from_seed("w.example", &[2; 32]).unwrap()
}

#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) index: u64,
    pub(crate) canonical: String,
    pub(crate) stored: Hash,
    /// The event that retired it.
    pub(crate) retired: Option<String>,
}

/// A log as a database holds it.
#[derive(Clone)]
pub(crate) struct Stored {
    pub(crate) rows: Vec<Row>,
    pub(crate) tiles: BTreeMap<(u8, u64), Vec<Hash>>,
    pub(crate) checkpoints: Vec<(u64, String)>,
}

pub(crate) fn event(n: u64) -> String {
    json!({"schema": 2, "id": format!("evt_{n}"), "action": "member.invited", "metadata": {"n": n}})
        .to_string()
}

pub(crate) fn head(leaves: &[Hash], size: u64) -> Checkpoint {
    let size_here = usize::try_from(size).unwrap();
    Checkpoint {
        origin: LOG.to_owned(),
        size,
        root: crate::naive::root(&leaves[..size_here]),
    }
}

pub(crate) fn tiles(leaves: &[Hash]) -> BTreeMap<(u8, u64), Vec<Hash>> {
    let written = tile::append(0, &TileSet::new(), leaves).unwrap();
    written
        .into_iter()
        .map(|(tile, hashes)| ((tile.level, tile.index), hashes))
        .collect()
}

impl Stored {
    pub(crate) fn of(events: Vec<String>) -> Self {
        let rows: Vec<Row> = (0..)
            .zip(events)
            .map(|(index, canonical)| Row {
                index,
                stored: leaf_hash(canonical.as_bytes()),
                canonical,
                retired: None,
            })
            .collect();
        let mut log = Self {
            rows,
            tiles: BTreeMap::new(),
            checkpoints: Vec::new(),
        };
        log.build();
        log
    }

    pub(crate) fn sound() -> Self {
        Self::of((0..ROWS).map(event).collect())
    }

    pub(crate) fn leaves(&self) -> Vec<Hash> {
        self.rows.iter().map(|row| row.stored).collect()
    }

    /// Tiles and checkpoints anew, as whoever holds database and key can make them.
    pub(crate) fn build(&mut self) {
        let leaves = self.leaves();
        let all = u64::try_from(leaves.len()).unwrap();
        self.tiles = tiles(&leaves);
        self.checkpoints = [1, 100, 256, 500, 690]
            .into_iter()
            .filter(|size| *size <= all)
            .map(|size| (size, sign(&head(&leaves, size), &signer())))
            .collect();
    }

    pub(crate) fn set(&mut self, row: usize, canonical: &str) {
        canonical.clone_into(&mut self.rows[row].canonical);
        self.rows[row].stored = leaf_hash(canonical.as_bytes());
    }

    pub(crate) fn feed(&self, mut walk: Walk, with_tiles: bool) -> Result<Verdict, Fault> {
        let mut checkpoints = self.checkpoints.iter().peekable();
        for row in &self.rows {
            while let Some((filed, note)) = checkpoints.next_if(|(filed, _)| *filed <= row.index + 1) {
                walk.checkpoint(*filed, note)?;
            }
            if with_tiles {
                for place in walk.wants() {
                    if let Some(hashes) = self.tiles.get(&place) {
                        walk.tile(place.0, place.1, hashes.clone());
                    }
                }
            }
            match &row.retired {
                Some(event) => walk.retired(row.index, &row.stored, event)?,
                None => drop(walk.row(row.index, &row.canonical, Some(&row.stored))?),
            }
        }
        for (filed, note) in checkpoints {
            walk.checkpoint(*filed, note)?;
        }
        walk.finish()
    }

    pub(crate) fn verdict(&self) -> Result<Verdict, Fault> {
        self.feed(walk().with_tiles(), true)
    }

    pub(crate) fn fault(&self) -> Fault {
        self.verdict().unwrap_err()
    }

    /// As an export is checked: the rows and the checkpoints alone.
    pub(crate) fn without_tiles(&self) -> Result<Verdict, Fault> {
        self.feed(walk(), false)
    }
}

pub(crate) fn walk() -> Walk {
    Walk::new(vec![signer().vkey()], Vec::new(), 0)
}
