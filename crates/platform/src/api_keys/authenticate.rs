//! Recognising a key on a call.

use std::{sync::Arc, time::Duration};

use moka::sync::Cache;
use types::{ApiKeyId, Environment, OrganisationId, Timestamp, keys::Scopes, limits::NamedLimit};

use super::{key, moment, networks::Networks, store};
use crate::{
    Actor, Ctx, Error, Result,
    audit::{Action, Event, Housekeeping},
    codec,
    keyring::{INSTALLATION, NamedKey, Purpose},
    limits::named,
    metering,
    recall::{LONGEST, Mark, Topic},
};

/// A key is noted as used at most this often, in milliseconds.
const USED_STEP: i64 = 60_000;

const REFUSED: Error = Error::Unauthenticated(
    "This API key is not valid. Send a key that is not revoked in the header x-tenant-api-key.",
);

/// A refusal of a key that is known is told once in this time, however often it comes.
const TOLD_ONCE_IN: Duration = Duration::from_mins(10);
/// Refusals that are kept in mind: beyond them one is told again.
const TOLD: u64 = 10_000;

const DISABLED: Error = Error::Unauthenticated(
    "This API key is disabled: it is past what its organisation asks of keys. Enable it in the console.",
);
const OVER: Error = Error::Unauthenticated(
    "The time of this API key is over. Send one that works in the header x-tenant-api-key.",
);

/// Whom a key stands for, as it is remembered.
#[derive(Clone)]
pub(crate) struct Known {
    id: ApiKeyId,
    organisation: OrganisationId,
    environment: Environment,
    last_used_at: Option<Timestamp>,
    revoked: bool,
    /// By the organisation's policy.
    disabled: bool,
    /// When it stops working by itself.
    until: Option<Timestamp>,
    scopes: Scopes,
    networks: Arc<Networks>,
    family: ApiKeyId,
    calls_per_minute: Option<u32>,
    limits: Arc<[NamedLimit]>,
}

impl Known {
    /// The key with this digest.
    async fn find(ctx: &Ctx, digest: &[u8]) -> Result<Option<Self>> {
        let mut read = ctx.read().await?;
        let Some(row) = store::by_digest(&mut read, digest).await? else {
            return Ok(None);
        };
        let limits = named::of_key(&mut read, &row.organisation_id, &row.limit_names).await?;
        Self::new(&row, limits).map(Some)
    }

    fn new(row: &store::AuthRow, limits: Vec<NamedLimit>) -> Result<Self> {
        Ok(Self {
            limits: limits.into(),
            id: row.id.parse()?,
            organisation: row.organisation_id.parse()?,
            environment: row.environment.parse()?,
            last_used_at: moment(row.last_used_at),
            revoked: row.revoked_at.is_some(),
            disabled: row.disabled_at.is_some(),
            until: row.until(),
            scopes: row.scopes()?,
            networks: Arc::new(row.networks()?),
            family: row.family_id.parse()?,
            calls_per_minute: row.calls_per_minute(),
        })
    }
}

/// Why a key that is known does not open anything. Whoever has it may be somebody who should be
/// told, so it is in the organisation's log.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Why {
    Revoked,
    Disabled,
    Over,
    Address,
}

impl Why {
    const fn words(self) -> &'static str {
        match self {
            Self::Revoked => "the key is revoked",
            Self::Disabled => "the policy disabled it",
            Self::Over => "its time is over",
            Self::Address => "it may not be used from there",
        }
    }

    const fn error(self) -> Error {
        match self {
            Self::Revoked => REFUSED,
            Self::Disabled => DISABLED,
            Self::Over => OVER,
            Self::Address => Error::AddressNotAllowed,
        }
    }
}

/// Which refusals were told lately.
pub(crate) struct Refusals(Cache<(ApiKeyId, Why), ()>);

impl Default for Refusals {
    fn default() -> Self {
        Self(
            Cache::builder()
                .max_capacity(TOLD)
                .time_to_live(TOLD_ONCE_IN)
                .build(),
        )
    }
}

/// Who the key stands for. The answer is the same for a key that is unknown and one that is
/// revoked; a key that is no key is refused before any look-up.
///
/// # Errors
/// `Unauthenticated` if the key does not hold; `AddressNotAllowed` if it may not be used from
/// where the call comes from.
pub async fn authenticate(ctx: &Ctx, text: &str) -> Result<Actor> {
    key::parse(text).map_err(|_| REFUSED)?;
    let peppers = peppers(ctx).await?;
    for (age, pepper) in peppers.iter().enumerate() {
        let digest = digest(pepper, text);
        if let (Some(known), mark) = recall(ctx, digest).await? {
            let id = known.id;
            let actor = admit(ctx, digest, known, mark).await?;
            if let (1.., Some(newest)) = (age, peppers.first()) {
                redigest(ctx, id, digest, newest, text).await?;
            }
            return Ok(actor);
        }
    }
    // A call beside this one, or on another server, may have moved the digest to the newest
    // pepper since it was looked for under it: what is remembered does not count then.
    if let [newest, _, ..] = &*peppers {
        let (digest, mark) = (digest(newest, text), ctx.mark(Topic::ApiKeys));
        if let Some(known) = Known::find(ctx, &digest).await? {
            return admit(ctx, digest, known, mark).await;
        }
    }
    Err(REFUSED)
}

fn digest(pepper: &NamedKey, text: &str) -> [u8; 32] {
    codec::hmac_sha256(pepper.key.bytes(), text.as_bytes())
}

/// The newest first: digests made under older ones stay valid.
async fn peppers(ctx: &Ctx) -> Result<Arc<[NamedKey]>> {
    let mark = ctx.mark(Topic::DataKeys);
    let memory = &ctx.remembered().peppers;
    if let Some((peppers, _)) = memory.get(&(), mark, LONGEST) {
        return Ok(peppers);
    }
    let mut read = ctx.read().await?;
    let peppers = ctx.data_keys(&mut read, Purpose::Pepper, INSTALLATION).await?;
    let peppers: Arc<[NamedKey]> = peppers.into();
    memory.put((), Arc::clone(&peppers), mark);
    Ok(peppers)
}

/// Moves the digest of a key that holds to the newest pepper: only here the key is seen.
async fn redigest(ctx: &Ctx, id: ApiKeyId, old: [u8; 32], newest: &NamedKey, text: &str) -> Result<()> {
    let newer = digest(newest, text);
    let mut tx = ctx.begin().await?;
    let version = i64::from(newest.version);
    store::redigest(&mut tx, (&id.to_string(), &old), &newer, version).await?;
    tx.changes(Topic::ApiKeys);
    ctx.commit_housekeeping(tx, Housekeeping::ApiKeyRedigested).await
}

/// The key with this digest, from memory or from the database.
async fn recall(ctx: &Ctx, digest: [u8; 32]) -> Result<(Option<Known>, Mark)> {
    let mark = ctx.mark(Topic::ApiKeys);
    let memory = &ctx.remembered().keys;
    if let Some(found) = memory.get(&digest, mark, LONGEST) {
        return Ok(found);
    }
    let known = Known::find(ctx, &digest).await?;
    memory.put(digest, known.clone(), mark);
    Ok((known, mark))
}

async fn admit(ctx: &Ctx, digest: [u8; 32], known: Known, mark: Mark) -> Result<Actor> {
    let now = ctx.now();
    if let Some(why) = why_not(ctx, &known) {
        return Err(refuse(ctx, &known, why).await);
    }
    if stale(known.last_used_at, now) {
        let used = Known {
            last_used_at: Some(now),
            ..known.clone()
        };
        ctx.remembered().keys.put(digest, Some(used), mark);
        metering::used(ctx, known.id);
    }
    Ok(Actor::ApiKey {
        id: known.id,
        organisation: known.organisation,
        environment: known.environment,
        scopes: known.scopes,
        family: known.family,
        calls_per_minute: known.calls_per_minute,
        limits: known.limits,
    })
}

fn why_not(ctx: &Ctx, known: &Known) -> Option<Why> {
    if known.revoked {
        Some(Why::Revoked)
    } else if known.disabled {
        Some(Why::Disabled)
    } else if known.until.is_some_and(|until| until <= ctx.now()) {
        Some(Why::Over)
    } else if !known.networks.admit(ctx.origin().address) {
        Some(Why::Address)
    } else {
        None
    }
}

/// Tells the organisation, once in a while.
async fn refuse(ctx: &Ctx, known: &Known, why: Why) -> Error {
    let entry = ctx.refusals().0.entry((known.id, why)).or_insert(());
    if entry.is_fresh() {
        let event = Event::new(Action::ApiKeyRefused)
            .denied()
            .target(known.id)
            .in_organisation(known.organisation)
            .detail("reason", why.words());
        if let Err(error) = ctx.record(event).await {
            return error;
        }
    }
    why.error()
}

fn stale(last: Option<Timestamp>, now: Timestamp) -> bool {
    last.is_none_or(|last| now.millis_since(last) >= USED_STEP)
}
