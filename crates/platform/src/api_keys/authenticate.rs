//! Recognising a key on a call.

use types::Timestamp;

use super::{key, moment, store};
use crate::{
    Actor, Ctx, Error, Result,
    audit::Housekeeping,
    codec,
    keyring::{INSTALLATION, Purpose},
};

/// A key is noted as used at most this often, in milliseconds.
const USED_STEP: i64 = 60_000;

const REFUSED: Error = Error::Unauthenticated(
    "This API key is not valid. Send a key that is not revoked in the header x-tenant-api-key.",
);

/// Who the key stands for. The answer is the same for a key that is unknown and one that is
/// revoked; a key that is no key is refused before any look-up.
///
/// # Errors
/// `Unauthenticated` if the key does not hold.
pub async fn authenticate(ctx: &Ctx, text: &str) -> Result<Actor> {
    key::parse(text).map_err(|_| REFUSED)?;
    let mut read = ctx.read().await?;
    let Some(row) = find(ctx, &mut read, text).await? else {
        return Err(REFUSED);
    };
    drop(read);
    if row.revoked_at.is_some() {
        return Err(REFUSED);
    }
    let now = ctx.now();
    if stale(moment(row.last_used_at), now) {
        let mut tx = ctx.begin().await?;
        store::used(&mut tx, &row.id, now).await?;
        ctx.commit_housekeeping(tx, Housekeeping::ApiKeyUsed).await?;
    }
    Ok(Actor::ApiKey {
        id: row.id.parse()?,
        organisation: row.organisation_id.parse()?,
        environment: row.environment.parse()?,
    })
}

/// Looks under the newest pepper first, then under older ones.
async fn find(ctx: &Ctx, conn: &mut db::Conn, text: &str) -> Result<Option<store::AuthRow>> {
    let newest = ctx.data_key(conn, Purpose::Pepper, INSTALLATION).await?;
    let digest = codec::hmac_sha256(newest.key.bytes(), text.as_bytes());
    let found = store::by_digest(conn, &digest).await?;
    if found.is_some() || newest.version == 1 {
        return Ok(found);
    }
    for pepper in ctx
        .data_keys(conn, Purpose::Pepper, INSTALLATION)
        .await?
        .iter()
        .skip(1)
    {
        let digest = codec::hmac_sha256(pepper.key.bytes(), text.as_bytes());
        let found = store::by_digest(conn, &digest).await?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

fn stale(last: Option<Timestamp>, now: Timestamp) -> bool {
    last.is_none_or(|last| now.millis_since(last) >= USED_STEP)
}
