//! From where keys are used: gathered in memory, written in batches, sealed.

use std::{collections::HashMap, net::IpAddr};

use db::Conn;
use serde::{Deserialize, Serialize};
use types::{ApiKeyId, OrganisationId, Timestamp, keys::KeySource};
use vault::Aad;
use zeroize::Zeroizing;

use super::store::{self, Source, SourceRow};
use crate::{Ctx, Error, Result, audit::Tx, codec, keyring::Purpose};

/// Characters of a `User-Agent` that are kept.
const PROGRAM: usize = 200;
/// Sources that one batch has at most; the calls of others are counted, and their source is not
/// noted until the next batch.
const MOST: usize = 10_000;
/// Rows of one INSERT.
const ROWS: usize = 900;
/// Days for which a source is kept that is not seen any more.
const KEPT_DAYS: i64 = 90;

/// A key, and from where and with what it calls.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    organisation: OrganisationId,
    key: ApiKeyId,
    address: Option<IpAddr>,
    program: String,
}

#[derive(Clone, Copy)]
struct Calls {
    first: Timestamp,
    last: Timestamp,
    count: i64,
}

/// Sources that are not written yet.
#[derive(Default)]
pub(crate) struct Sources(HashMap<Place, Calls>);

/// What is sealed of a source.
#[derive(Serialize, Deserialize)]
struct Sealed {
    address: String,
    program: String,
}

impl Place {
    /// The context's.
    pub(crate) fn of(ctx: &Ctx, organisation: OrganisationId, key: ApiKeyId) -> Self {
        let origin = ctx.origin();
        let program = origin.user_agent.as_deref().unwrap_or_default();
        Self {
            organisation,
            key,
            address: origin.address.map(|address| address.to_canonical()),
            program: program.chars().take(PROGRAM).collect(),
        }
    }
}

impl Sources {
    /// Notes a call.
    pub(crate) fn note(&mut self, place: Place, now: Timestamp) {
        let calls = Calls {
            first: now,
            last: now,
            count: 1,
        };
        self.add(place, calls);
    }

    fn add(&mut self, place: Place, calls: Calls) {
        if self.0.len() >= MOST && !self.0.contains_key(&place) {
            return;
        }
        let known = self.0.entry(place).or_insert(Calls { count: 0, ..calls });
        known.first = known.first.min(calls.first);
        known.last = known.last.max(calls.last);
        known.count += calls.count;
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn join(&mut self, others: Self) {
        for (place, calls) in others.0 {
            self.add(place, calls);
        }
    }

    /// Adds them to what is known, in one order on every server.
    pub(crate) async fn write(&self, ctx: &Ctx, tx: &mut Tx) -> Result<()> {
        let mut sources = Vec::with_capacity(self.0.len());
        for (place, calls) in &self.0 {
            sources.push(seal(ctx, tx, place, *calls).await?);
        }
        sources.sort_by(|a, b| (&a.key, &a.digest).cmp(&(&b.key, &b.digest)));
        for some in sources.chunks(ROWS) {
            store::note_sources(tx, some).await?;
        }
        Ok(())
    }
}

async fn seal(ctx: &Ctx, tx: &mut Tx, place: &Place, calls: Calls) -> Result<Source> {
    let (tenant, key) = (place.organisation.to_string(), place.key.to_string());
    let index = ctx.data_key(tx, Purpose::BlindIndex, &tenant).await?;
    let sealing = ctx.data_key(tx, Purpose::Personal, &tenant).await?;
    let sealed = Sealed {
        address: place
            .address
            .map(|address| address.to_string())
            .unwrap_or_default(),
        program: place.program.clone(),
    };
    let plain = Zeroizing::new(serde_json::to_vec(&sealed)?);
    let digest = codec::hmac_sha256(
        index.key.bytes(),
        &[b"api-key-source\0", plain.as_slice()].concat(),
    );
    let row = hex::encode(digest);
    Ok(Source {
        sealed: sealing
            .key
            .seal(ctx.rng(), &aad(&tenant, &row, sealing.version), &plain)?,
        data_key: sealing.id,
        key,
        organisation: tenant,
        digest,
        first: calls.first,
        last: calls.last,
        calls: calls.count,
    })
}

fn aad<'a>(tenant: &'a str, row: &'a str, key_version: u32) -> Aad<'a> {
    Aad {
        tenant,
        table: "api_key_sources",
        row,
        column: "sealed",
        key_version,
    }
}

/// A source as it is stored.
pub(crate) struct SealedSource<'a> {
    pub(crate) digest: &'a [u8],
    pub(crate) data_key_id: &'a str,
    pub(crate) sealed: &'a [u8],
}

/// From which network a tenant's key was used there: the address's first 24 bits, or 48 of IPv6.
/// None where no address is known, or the key that sealed it was destroyed.
pub(crate) async fn network(
    ctx: &Ctx,
    conn: &mut Conn,
    tenant: &str,
    source: &SealedSource<'_>,
) -> Result<Option<String>> {
    let Some(sealed) = unseal(ctx, conn, tenant, source).await? else {
        return Ok(None);
    };
    let address: Option<IpAddr> = sealed.address.parse().ok();
    let network = address.and_then(|address| {
        let bits = if address.is_ipv4() { 24 } else { 48 };
        ipnet::IpNet::new(address, bits).ok()
    });
    Ok(network.map(|network| network.trunc().to_string()))
}

async fn unseal(
    ctx: &Ctx,
    conn: &mut Conn,
    tenant: &str,
    source: &SealedSource<'_>,
) -> Result<Option<Sealed>> {
    let Some(key) = ctx.data_key_by_id(conn, source.data_key_id).await? else {
        return Ok(None);
    };
    let digest = hex::encode(source.digest);
    let plain = key.key.open(&aad(tenant, &digest, key.version), source.sealed)?;
    Ok(Some(serde_json::from_slice(&plain).map_err(Error::from)?))
}

/// Sources that can be read; one whose key was destroyed is left out.
pub(super) async fn open(ctx: &Ctx, conn: &mut Conn, rows: Vec<SourceRow>) -> Result<Vec<KeySource>> {
    let tenant = ctx.tenant()?.to_string();
    let mut sources = Vec::with_capacity(rows.len());
    for row in rows {
        let source = SealedSource {
            digest: &row.digest,
            data_key_id: &row.data_key_id,
            sealed: &row.sealed,
        };
        let Some(sealed) = unseal(ctx, conn, &tenant, &source).await? else {
            continue;
        };
        sources.push(KeySource {
            address: sealed.address,
            user_agent: sealed.program,
            first_at: Timestamp::from_millis(row.first_at),
            last_at: Timestamp::from_millis(row.last_at),
            calls: u64::try_from(row.calls).unwrap_or_default(),
        });
    }
    Ok(sources)
}

/// Removes sources that were not seen for long, some at a time.
pub(crate) async fn sweep(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    const AT_ONCE: i64 = 10_000;
    let before = ctx.now().plus_seconds(-KEPT_DAYS * 86_400);
    Ok(store::forget_sources(tx, before, AT_ONCE).await?)
}
