//! Proofs for others: that an event is in the log, and that a later log began with an earlier one.

use db::Conn;
use ledger::{
    Hash,
    checkpoint::{self, add_signature},
    proof::TlogProof,
    tile::{self, TileSet},
};
use types::{AuditEventId, Permission};

use super::{
    store::{self, CheckpointRow},
    tree,
};
use crate::{Ctx, Error, Result};

/// Tiles kept while many proofs are made one after the other: 2 MB of them.
const KEPT: u64 = 256 * 256;

/// Makes proofs that all hang on one checkpoint.
pub struct Prover {
    note: String,
    size: u64,
    tiles: TileSet,
    /// The first leaf since the tiles were last forgotten.
    since: Option<u64>,
}

impl Prover {
    /// Over the newest checkpoint that a witness has signed, if it covers the leaf, and else over
    /// the newest.
    ///
    /// # Errors
    /// `Forbidden` to whom may read neither an organisation's log nor the ledger. `Conflict` if
    /// the leaf is in no published tree.
    pub async fn open(ctx: &Ctx, conn: &mut Conn, leaf: u64) -> Result<Self> {
        require_reader(ctx).await?;
        let witnessed = if ctx.settings().ledger.witnesses.is_empty() {
            None
        } else {
            store::newest_cosigned(conn).await?
        };
        let covers = |row: &CheckpointRow| u64::try_from(row.tree_size).is_ok_and(|size| size > leaf);
        let row = match witnessed.filter(covers) {
            Some(row) => Some(row),
            None => store::last_checkpoint(conn).await?.filter(covers),
        };
        let row = row.ok_or(WAITS)?;
        Ok(Self {
            size: u64::try_from(row.tree_size).unwrap_or_default(),
            note: whole_note(conn, &row).await?,
            tiles: TileSet::new(),
            since: None,
        })
    }

    /// Over a checkpoint of this ledger that somebody has kept, its cosignatures included. Who may
    /// see the proofs was asked before.
    pub(crate) fn over(note: String, size: u64) -> Self {
        Self {
            note,
            size,
            tiles: TileSet::new(),
            since: None,
        }
    }

    /// How many leaves the tree has that proofs are made for.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The checkpoint, with its cosignatures.
    pub fn checkpoint(&self) -> &str {
        &self.note
    }

    /// That the leaf is in the tree. Leaves that stand side by side share what is read, so many
    /// proofs in order cost little more than one.
    ///
    /// # Errors
    /// `Conflict` if the leaf is not in the tree.
    pub async fn prove(&mut self, conn: &mut Conn, leaf: u64) -> Result<TlogProof> {
        if leaf >= self.size {
            return Err(WAITS);
        }
        let since = *self.since.get_or_insert(leaf);
        if leaf.abs_diff(since) >= KEPT {
            self.tiles = TileSet::new();
            self.since = Some(leaf);
        }
        tree::fetch(conn, &mut self.tiles, &tile::inclusion_needs(leaf, self.size)).await?;
        let hashes = tile::inclusion(leaf, self.size, &self.tiles).map_err(Error::internal)?;
        Ok(TlogProof {
            index: leaf,
            hashes,
            checkpoint: self.note.clone(),
        })
    }
}

const WAITS: Error =
    Error::Conflict("The event waits for its place in the ledger. Try again in a few seconds.");

/// That an event is in the log: its place, and the proof. Staff may ask for any event, others for
/// those of their organisation.
///
/// # Errors
/// `NotFound` if there is no such event, or it is another tenant's. `Conflict` if it waits for its
/// place.
pub async fn inclusion(ctx: &Ctx, event: AuditEventId) -> Result<(u64, TlogProof)> {
    let tenant = if ctx.actor().may(Permission::AuditReadAll) {
        None
    } else {
        ctx.require(Permission::AuditRead).await?;
        Some(ctx.tenant()?.to_string())
    };
    let mut read = ctx.read().await?;
    let leaf = store::leaf_of(&mut read, tenant.as_deref(), &event.to_string()).await?;
    let leaf = leaf.ok_or(Error::NotFound("The event"))?.ok_or(WAITS)?;
    let leaf = u64::try_from(leaf).map_err(Error::internal)?;
    let mut prover = Prover::open(ctx, &mut read, leaf).await?;
    Ok((leaf, prover.prove(&mut read, leaf).await?))
}

/// How the tree of `new` leaves grew out of the one of `old` (RFC 6962, section 2.1.2).
///
/// # Errors
/// `Invalid` if there are no such trees.
pub async fn consistency(ctx: &Ctx, old: u64, new: u64) -> Result<Vec<Hash>> {
    require_reader(ctx).await?;
    let mut read = ctx.read().await?;
    let size = super::page::tree_size(&mut read).await?;
    if old > new || new > size {
        return Err(Error::invalid(
            "size",
            format!("Give two sizes up to {size}, the smaller one first."),
        ));
    }
    between(&mut read, old, new).await
}

/// The same for whoever knows that there are such trees.
pub(super) async fn between(conn: &mut Conn, old: u64, new: u64) -> Result<Vec<Hash>> {
    let mut tiles = TileSet::new();
    tree::fetch(conn, &mut tiles, &tile::consistency_needs(old, new)).await?;
    tile::consistency(old, new, &tiles).map_err(Error::internal)
}

/// A checkpoint with the cosignatures that were collected for it.
pub(super) async fn whole_note(conn: &mut Conn, row: &CheckpointRow) -> Result<String> {
    let mut note = row.note.clone();
    for cosignature in store::cosignatures(conn, row.tree_size, row.tree_size).await? {
        note = add_signature(&note, &cosignature.line).map_err(Error::internal)?;
    }
    checkpoint::peek(&note).map_err(Error::internal)?;
    Ok(note)
}

async fn require_reader(ctx: &Ctx) -> Result<()> {
    let staff = [Permission::AuditReadAll, Permission::LedgerRead];
    if staff.into_iter().any(|permission| ctx.actor().may(permission)) {
        return Ok(());
    }
    ctx.require(Permission::AuditRead).await
}
