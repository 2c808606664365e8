//! Recognising a key on a call.

use types::{ApiKeyId, Environment, OrganisationId, Timestamp};

use super::{key, moment, store};
use crate::{
    Actor, Ctx, Error, Result,
    audit::Housekeeping,
    codec,
    keyring::{INSTALLATION, NamedKey, Purpose},
    recall::{LONGEST, Mark, Topic},
};

/// A key is noted as used at most this often, in milliseconds.
const USED_STEP: i64 = 60_000;

const REFUSED: Error = Error::Unauthenticated(
    "This API key is not valid. Send a key that is not revoked in the header x-tenant-api-key.",
);

/// Whom a key stands for, as it is remembered.
#[derive(Clone, Copy)]
pub(crate) struct Known {
    id: ApiKeyId,
    organisation: OrganisationId,
    environment: Environment,
    last_used_at: Option<Timestamp>,
    revoked: bool,
}

impl TryFrom<store::AuthRow> for Known {
    type Error = Error;

    fn try_from(row: store::AuthRow) -> Result<Self> {
        Ok(Self {
            id: row.id.parse()?,
            organisation: row.organisation_id.parse()?,
            environment: row.environment.parse()?,
            last_used_at: moment(row.last_used_at),
            revoked: row.revoked_at.is_some(),
        })
    }
}

/// Who the key stands for. The answer is the same for a key that is unknown and one that is
/// revoked; a key that is no key is refused before any look-up.
///
/// # Errors
/// `Unauthenticated` if the key does not hold.
pub async fn authenticate(ctx: &Ctx, text: &str) -> Result<Actor> {
    key::parse(text).map_err(|_| REFUSED)?;
    let peppers = peppers(ctx).await?;
    for pepper in &peppers {
        let digest = codec::hmac_sha256(pepper.key.bytes(), text.as_bytes());
        if let (Some(known), mark) = recall(ctx, digest).await? {
            return admit(ctx, digest, known, mark).await;
        }
    }
    Err(REFUSED)
}

/// The newest first: digests made under older ones stay valid.
async fn peppers(ctx: &Ctx) -> Result<Vec<NamedKey>> {
    if let Some(newest) = ctx.keyring().recall(Purpose::Pepper, INSTALLATION)
        && newest.version == 1
    {
        return Ok(vec![newest]);
    }
    let mut read = ctx.read().await?;
    let newest = ctx.data_key(&mut read, Purpose::Pepper, INSTALLATION).await?;
    if newest.version == 1 {
        return Ok(vec![newest]);
    }
    ctx.data_keys(&mut read, Purpose::Pepper, INSTALLATION).await
}

/// The key with this digest, from memory or from the database.
async fn recall(ctx: &Ctx, digest: [u8; 32]) -> Result<(Option<Known>, Mark)> {
    let mark = ctx.mark(Topic::ApiKeys);
    let memory = &ctx.remembered().keys;
    if let Some(found) = memory.get(&digest, mark, LONGEST) {
        return Ok(found);
    }
    let row = store::by_digest(&mut *ctx.read().await?, &digest).await?;
    let known = row.map(Known::try_from).transpose()?;
    memory.put(digest, known, mark);
    Ok((known, mark))
}

async fn admit(ctx: &Ctx, digest: [u8; 32], known: Known, mark: Mark) -> Result<Actor> {
    if known.revoked {
        return Err(REFUSED);
    }
    let now = ctx.now();
    if stale(known.last_used_at, now) {
        let used = Known {
            last_used_at: Some(now),
            ..known
        };
        // First, so that calls at the same moment do not all write.
        ctx.remembered().keys.put(digest, Some(used), mark);
        let mut tx = ctx.begin().await?;
        store::used(&mut tx, &known.id.to_string(), now).await?;
        ctx.commit_housekeeping(tx, Housekeeping::ApiKeyUsed).await?;
    }
    Ok(Actor::ApiKey {
        id: known.id,
        organisation: known.organisation,
        environment: known.environment,
    })
}

fn stale(last: Option<Timestamp>, now: Timestamp) -> bool {
    last.is_none_or(|last| now.millis_since(last) >= USED_STEP)
}
