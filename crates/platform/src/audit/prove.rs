//! One event with its proof, as its readers may check it themselves.

use std::collections::BTreeMap;

use db::Conn;
use ledger::{
    Hash,
    bundle::{Bundle, Opened},
    checkpoint,
};
use types::{AuditEventId, Permission};

use super::{
    append::{personal_aad, personal_row},
    find::Facts,
    staff,
    store::{self, SealedRow},
    withheld,
};
use crate::{Ctx, Error, Result};

/// A salt stands before each sealed value.
const SALT: usize = 32;

/// An event, its proof, and what it is checked with.
#[derive(Clone, Debug)]
pub struct Proven {
    /// The event and its proof.
    pub bundle: Bundle,
    /// The log's verifier keys, the present one first.
    pub logs: Vec<String>,
    /// The witnesses' keys.
    pub witnesses: Vec<String>,
    /// How the tree that somebody saw before and the one of the proof grew out of each other;
    /// `None` if there is no such tree.
    pub consistency: Option<Vec<Hash>>,
}

/// That an event of the organisation is in the log. `seen` is the size of a checkpoint that the
/// reader kept.
///
/// # Errors
/// `Forbidden` without [`Permission::AuditRead`]; `NotFound` if there is no such event, or it is
/// another tenant's; `Conflict` if it waits for its place.
pub async fn proven(ctx: &Ctx, id: AuditEventId, seen: Option<u64>) -> Result<Proven> {
    ctx.require(Permission::AuditRead).await?;
    let tenant = ctx.tenant()?.to_string();
    let found = store::canonical(&mut *ctx.read().await?, &id.to_string()).await?;
    let (_, canonical) = found
        .filter(|(organisation, _)| *organisation == tenant)
        .ok_or(Error::NotFound("The event"))?;
    whole(ctx, id, canonical, seen).await
}

/// The same for staff, of an event of whichever log. That it was read is audited.
///
/// # Errors
/// `Forbidden` without [`Permission::AuditReadAll`]; `NotFound` if there is no such event;
/// `Conflict` if it waits for its place.
pub async fn proven_of_any(ctx: &Ctx, id: AuditEventId, seen: Option<u64>) -> Result<Proven> {
    ctx.require(Permission::AuditReadAll).await?;
    let found = store::canonical(&mut *ctx.read().await?, &id.to_string()).await?;
    let (organisation, canonical) = found.ok_or(Error::NotFound("The event"))?;
    let proven = whole(ctx, id, canonical, seen).await?;
    staff::record_reading(ctx, id, organisation.parse().ok()).await?;
    Ok(proven)
}

/// The caller has asked for the permission to read the event.
async fn whole(ctx: &Ctx, id: AuditEventId, canonical: String, seen: Option<u64>) -> Result<Proven> {
    let mut read = ctx.read().await?;
    let facts = Facts::read(&canonical)?;
    let opened = withheld::shown(
        opened(ctx, &mut read, &id.to_string()).await?,
        withheld::is_withheld(ctx, &facts.kind, facts.actor.as_deref()),
    );
    let logs = store::verifier_keys(&mut read).await?;
    drop(read);
    let (leaf_index, proof) = crate::ledger::inclusion(ctx, id).await?;
    let size = checkpoint::peek(&proof.checkpoint).map_err(Error::internal)?.size;
    let consistency = match seen {
        None => None,
        Some(seen) => match crate::ledger::consistency(ctx, seen.min(size), seen.max(size)).await {
            Ok(hashes) => Some(hashes),
            // The reader saw a longer log than there is: that is theirs to be told.
            Err(Error::Invalid { .. }) => None,
            Err(error) => return Err(error),
        },
    };
    let witnesses = &ctx.settings().ledger.witnesses;
    Ok(Proven {
        bundle: Bundle {
            canonical,
            leaf_index,
            opened,
            proof: proof.to_text(),
        },
        logs,
        witnesses: witnesses.iter().map(|witness| witness.key.to_string()).collect(),
        consistency,
    })
}

/// The personal values that are not erased.
pub(super) async fn opened(ctx: &Ctx, conn: &mut Conn, event: &str) -> Result<BTreeMap<String, Opened>> {
    let mut values = BTreeMap::new();
    for row in store::sealed(conn, event).await? {
        if let Some((salt, value)) = unseal(ctx, conn, &row).await? {
            let opened = Opened {
                value,
                salt: hex::encode(salt),
            };
            values.insert(row.field, opened);
        }
    }
    Ok(values)
}

/// A sealed value and its salt; `None` once its key was destroyed.
async fn unseal(ctx: &Ctx, conn: &mut Conn, row: &SealedRow) -> Result<Option<([u8; SALT], String)>> {
    let Some(key) = ctx.data_key_by_id(conn, &row.data_key_id).await? else {
        return Ok(None);
    };
    let place = personal_row(&row.event_id, &row.field);
    let aad = personal_aad(&row.organisation_id, &place, key.version);
    let plain = key.key.open(&aad, &row.sealed)?;
    let (salt, value) = plain.split_at_checked(SALT).unwrap_or_default();
    let salt = salt.try_into().map_err(Error::internal)?;
    let value = std::str::from_utf8(value).map_err(Error::internal)?.to_owned();
    Ok(Some((salt, value)))
}
