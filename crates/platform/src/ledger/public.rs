//! What anybody may fetch, where the operator lets them: C2SP tlog-tiles without the entries,
//! since what an event says is its organisation's alone.

use ledger::tile::Tile;

use super::{key, prove::whole_note, store};
use crate::{Ctx, Error, Result};

const NOTHING: Error = Error::NotFound("The ledger");

fn hold_public(ctx: &Ctx) -> Result<()> {
    if ctx.settings().ledger.public {
        Ok(())
    } else {
        Err(NOTHING)
    }
}

/// The newest checkpoint, with the cosignatures that there are so far.
///
/// # Errors
/// `NotFound` if there is none, or the ledger is not public.
pub async fn checkpoint(ctx: &Ctx) -> Result<String> {
    hold_public(ctx)?;
    let mut read = ctx.read().await?;
    let row = store::last_checkpoint(&mut read).await?.ok_or(NOTHING)?;
    whole_note(&mut read, &row).await
}

/// The newest checkpoint that a witness has signed.
///
/// # Errors
/// `NotFound` if there is none, or the ledger is not public.
pub async fn checkpoint_witnessed(ctx: &Ctx) -> Result<String> {
    hold_public(ctx)?;
    let mut read = ctx.read().await?;
    let row = store::newest_cosigned(&mut read).await?.ok_or(NOTHING)?;
    whole_note(&mut read, &row).await
}

/// The hashes of a tile, as many as its path asks for.
///
/// # Errors
/// `NotFound` if it is no tile's path, the tile is not as wide yet, or the ledger is not public.
pub async fn tile(ctx: &Ctx, path: &str) -> Result<Vec<u8>> {
    const MISSING: Error = Error::NotFound("The tile");
    hold_public(ctx)?;
    let wanted = Tile::parse(path).ok_or(MISSING)?;
    let row = store::tile(&mut *ctx.read().await?, wanted)
        .await?
        .ok_or(MISSING)?;
    let hashes = row.hashes.get(..usize::from(wanted.width) * 32).ok_or(MISSING)?;
    Ok(hashes.to_vec())
}

/// The keys that checkpoints are checked with, the present one first: a line each.
///
/// # Errors
/// `NotFound` if the ledger is not public.
pub async fn verifier_keys(ctx: &Ctx) -> Result<String> {
    hold_public(ctx)?;
    let keys = key::verifiers(&mut *ctx.read().await?).await?;
    let lines: Vec<String> = keys.iter().map(|key| format!("{key}\n")).collect();
    Ok(lines.concat())
}
