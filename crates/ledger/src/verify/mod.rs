//! The walk over a whole log that trusts nobody: rows in order of their place, the tiles and
//! checkpoints that are said to belong to them, and what somebody remembered from earlier.
//!
//! The tree is made anew from the rows. It must be the tree of the tiles, and at each
//! checkpoint's size it must have the checkpoint's root. The walk ends at the first [`Fault`].
//!
//! It takes memory for as many hashes as the log's size has bits, and for the checkpoints and
//! tiles that lie ahead: give those shortly before the rows that they cover.

mod fault;
mod frontier;
mod retirement;

use std::collections::BTreeMap;

use serde_json::Value;

pub use fault::Fault;
use frontier::Frontier;
use retirement::Retirements;

use crate::{
    Hash,
    checkpoint::{self, Checkpoint, NoteError, NoteKey},
    event, leaf_hash,
    tile::{Tile, WIDTH},
    tree::Node,
    witness,
};

/// A checkpoint that waits for the rows that it covers.
#[derive(Debug)]
struct Head {
    root: Hash,
    name: &'static str,
}

/// What a walk without a fault has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Rows, the retired ones among them.
    pub rows: u64,
    /// Retired rows.
    pub retired: u64,
    /// The root over all rows.
    pub root: Hash,
    /// Checkpoints that agree with the rows.
    pub checkpoints: u64,
    /// The rows that a checkpoint vouches for; those behind are not signed for yet.
    pub signed: u64,
    /// The rows that a checkpoint with enough witnesses vouches for.
    pub witnessed: u64,
}

/// A walk under way.
#[derive(Debug)]
pub struct Walk {
    logs: Vec<NoteKey>,
    witnesses: Vec<NoteKey>,
    quorum: usize,
    frontier: Frontier,
    heads: BTreeMap<u64, Head>,
    /// Whether the stored tree is given too: then each row must be in it.
    with_tiles: bool,
    tiles: BTreeMap<(u8, u64), Vec<Hash>>,
    retirements: Retirements,
    retired: u64,
    checkpoints: u64,
    signed: u64,
    witnessed: u64,
    most_witnesses: usize,
}

impl Walk {
    /// A walk over the log that signs with one of these keys (a restored log has a further one,
    /// under a name of its own); `quorum` of the witnesses must have cosigned a checkpoint.
    pub fn new(logs: Vec<NoteKey>, witnesses: Vec<NoteKey>, quorum: usize) -> Self {
        Self {
            logs,
            witnesses,
            quorum,
            frontier: Frontier::default(),
            heads: BTreeMap::new(),
            with_tiles: false,
            tiles: BTreeMap::new(),
            retirements: Retirements::default(),
            retired: 0,
            checkpoints: 0,
            signed: 0,
            witnessed: 0,
            most_witnesses: 0,
        }
    }

    /// The tiles will be given as well, each before the rows that it covers.
    #[must_use]
    pub const fn with_tiles(mut self) -> Self {
        self.with_tiles = true;
        self
    }

    /// How many rows were walked.
    pub const fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// The tile that the next row begins, if it begins one: it is to be given now. Tiles of
    /// higher levels come with the first row below them.
    pub fn wants(&self) -> Vec<(u8, u64)> {
        let size = self.size();
        let begins = |level: &u8| size.trailing_zeros() >= 8 * (u32::from(*level) + 1) || size == 0;
        (0..8)
            .take_while(begins)
            .map(|level| (level, size.checked_shr(8 * (u32::from(level) + 1)).unwrap_or(0)))
            .collect()
    }

    /// A tile of the stored tree, with all the hashes that it has.
    pub fn tile(&mut self, level: u8, index: u64, hashes: Vec<Hash>) {
        self.tiles.insert((level, index), hashes);
    }

    /// A published checkpoint, filed under `filed`, before the row of that number.
    pub fn checkpoint(&mut self, filed: u64, note: &str) -> Result<(), Fault> {
        let head = self.open(filed, note)?;
        if head.size != filed {
            return Err(Fault::Misfiled { filed });
        }
        let found = witness::count(note, &self.witnesses);
        let found = found.map_err(|why| Fault::Checkpoint { size: filed, why })?;
        self.most_witnesses = self.most_witnesses.max(found);
        if found >= self.quorum {
            self.witnessed = self.witnessed.max(filed);
        }
        self.expect(&head, "the checkpoint")
    }

    /// A checkpoint that somebody kept from an earlier time: the log must contain its tree.
    pub fn remembered(&mut self, note: &str) -> Result<(), Fault> {
        let claimed = checkpoint::peek(note).map_or(0, |head| head.size);
        let head = self.open(claimed, note)?;
        self.expect(&head, "the checkpoint that was remembered")
    }

    fn open(&self, size: u64, note: &str) -> Result<Checkpoint, Fault> {
        let opened = checkpoint::peek(note).and_then(|head| {
            let key = self.logs.iter().find(|key| key.name() == head.origin);
            match key {
                Some(key) => checkpoint::open(note, key),
                None => Err(NoteError::UnknownLog(head.origin)),
            }
        });
        opened.map_err(|why| Fault::Checkpoint { size, why })
    }

    fn expect(&mut self, head: &Checkpoint, name: &'static str) -> Result<(), Fault> {
        let (size, root) = (head.size, head.root);
        let walked = self.size();
        if size < walked {
            return Err(Fault::Late { size, walked });
        }
        self.checkpoints = self.checkpoints.saturating_add(1);
        if self.heads.get(&size).is_some_and(|other| other.root != root) {
            return Err(Fault::Forked { size });
        }
        self.heads.insert(size, Head { root, name });
        self.compare_head()
    }

    /// An event at its place, and the hash that is stored beside it, where one is.
    pub fn row(&mut self, index: u64, canonical: &str, stored: Option<&Hash>) -> Result<Value, Fault> {
        self.in_order(index)?;
        let leaf = leaf_hash(canonical.as_bytes());
        self.in_tree(index, &leaf)?;
        if stored.is_some_and(|stored| *stored != leaf) {
            return Err(if self.with_tiles {
                Fault::HashChanged { row: index }
            } else {
                Fault::Changed {
                    row: index,
                    proof: "stands beside it",
                }
            });
        }
        let parsed = serde_json::from_str(canonical).map_err(|_| Fault::NotAnEvent {
            row: index,
            what: "its text is not JSON",
        })?;
        self.retirements.event(&parsed);
        self.grow(leaf)?;
        Ok(parsed)
    }

    /// A row that is gone: its hash, and the id of the event that tells of it.
    pub fn retired(&mut self, index: u64, leaf: &Hash, event: &str) -> Result<(), Fault> {
        self.in_order(index)?;
        self.in_tree(index, leaf)?;
        self.retirements.row(index, leaf, event);
        self.retired = self.retired.saturating_add(1);
        self.grow(*leaf)
    }

    /// Events that retired rows name and that were not among the rows: they may wait for their
    /// place still.
    pub fn untold(&self) -> Vec<String> {
        self.retirements.untold()
    }

    /// Such an event, and all the rows that it retired, in order: some may have been there still
    /// when the walk came by.
    pub fn tell(&mut self, event: &str, canonical: &str, rows: impl IntoIterator<Item = (u64, Hash)>) {
        if let Ok(parsed) = serde_json::from_str(canonical) {
            self.retirements.event(&parsed);
        }
        self.retirements.recount(event, rows);
    }

    fn in_order(&self, index: u64) -> Result<(), Fault> {
        let expected = self.size();
        match index.checked_sub(expected) {
            Some(0) => Ok(()),
            Some(_) => Err(Fault::Missing {
                first: expected,
                last: index.saturating_sub(1),
            }),
            None => Err(Fault::Disordered { row: index }),
        }
    }

    fn in_tree(&self, row: u64, leaf: &Hash) -> Result<(), Fault> {
        if !self.with_tiles {
            return Ok(());
        }
        let (tile, offset) = split(row);
        let hashes = self.tiles.get(&(0, tile)).map_or(&[][..], Vec::as_slice);
        match hashes.get(offset) {
            None => Err(Fault::NotInTree { row }),
            Some(found) if found == leaf => Ok(()),
            Some(_) => {
                let place = (0..).zip(hashes).find(|(_, hash)| *hash == leaf);
                Err(place.map_or(
                    Fault::Changed {
                        row,
                        proof: "the tree has for it",
                    },
                    |(offset, _): (u64, _)| Fault::Swapped {
                        row,
                        belongs: tile.saturating_mul(u64::from(WIDTH)).saturating_add(offset),
                    },
                ))
            }
        }
    }

    fn grow(&mut self, leaf: Hash) -> Result<(), Fault> {
        for (node, hash) in self.frontier.push(leaf) {
            if self.with_tiles && node.level > 0 && node.level.is_multiple_of(8) {
                self.compare_node(node, &hash)?;
            }
        }
        self.compare_head()
    }

    /// A node of a higher tile against the rows below it. Tiles that are done with are forgotten.
    fn compare_node(&mut self, node: Node, hash: &Hash) -> Result<(), Fault> {
        let level = node.level / 8;
        let (index, offset) = split(node.index);
        self.tiles.remove(&(level.saturating_sub(1), node.index));
        let held = self
            .tiles
            .get(&(level, index))
            .and_then(|hashes| hashes.get(offset));
        if held == Some(hash) {
            return Ok(());
        }
        let tile = Tile {
            level,
            index,
            width: WIDTH,
        };
        Err(Fault::Tree {
            tile: tile.path(),
            first: node.index << node.level,
            last: self.size().saturating_sub(1),
        })
    }

    fn compare_head(&mut self) -> Result<(), Fault> {
        let size = self.size();
        let Some(head) = self.heads.remove(&size) else {
            return Ok(());
        };
        if head.root == self.frontier.root() {
            self.signed = size;
            return Ok(());
        }
        Err(Fault::Rewritten {
            first: self.signed,
            last: size.saturating_sub(1).max(self.signed),
            size,
            checkpoint: head.name,
        })
    }

    /// There are no further rows.
    pub fn finish(self) -> Result<Verdict, Fault> {
        let rows = self.size();
        if let Some((size, _)) = self.heads.last_key_value() {
            return Err(Fault::Cut {
                first: rows,
                size: *size,
                witness: "a signed checkpoint says",
            });
        }
        let claimed = self
            .tiles
            .iter()
            .map(|(place, hashes)| reach(*place, hashes.len()));
        let claimed = claimed.max().unwrap_or(0);
        if claimed > rows {
            return Err(Fault::Cut {
                first: rows,
                size: claimed,
                witness: "the tree says",
            });
        }
        self.retirements.settle()?;
        if self.quorum > 0 && self.witnessed == 0 {
            return Err(Fault::Unwitnessed {
                quorum: self.quorum,
                most: self.most_witnesses,
            });
        }
        Ok(Verdict {
            rows,
            retired: self.retired,
            root: self.frontier.root(),
            checkpoints: self.checkpoints,
            signed: self.signed,
            witnessed: if self.quorum > 0 { self.witnessed } else { 0 },
        })
    }
}

/// The tile that a hash stands in, and its place there.
fn split(index: u64) -> (u64, usize) {
    let width = u64::from(WIDTH);
    (index / width, usize::try_from(index % width).unwrap_or(0))
}

/// How many rows there must be for a tile to have so many hashes.
fn reach((level, index): (u8, u64), hashes: usize) -> u64 {
    let hashes = u64::try_from(hashes).unwrap_or(u64::MAX);
    let nodes = index.saturating_mul(u64::from(WIDTH)).saturating_add(hashes);
    nodes.checked_shl(8 * u32::from(level)).unwrap_or(0)
}

/// Whether a personal value is the one that the event of `row` commits to.
pub fn opens(row: u64, canonical: &Value, field: &str, value: &str, salt: &[u8; 32]) -> Result<(), Fault> {
    let committed = canonical.get("commitments").and_then(|all| all.get(field));
    let ours = hex::encode(event::commitment(salt, field, value));
    if committed.and_then(Value::as_str) == Some(ours.as_str()) {
        return Ok(());
    }
    Err(Fault::Sealed {
        row,
        field: field.to_owned(),
    })
}
