//! What signs: sealed beside the endpoint.

use db::Conn;
use types::Timestamp;
use vault::Aad;
use zeroize::Zeroizing;

use super::store::EndpointRecord;
use crate::{Ctx, Error, Result, audit::Tx, keyring::NamedKey, keyring::Purpose};

/// The secret that signs.
pub(super) const CURRENT: &str = "sealed";
/// The one before it.
pub(super) const OLD: &str = "old_sealed";

/// **Secrets**, as texts.
pub(super) struct Secrets {
    pub(super) current: Zeroizing<String>,
    /// The one before, while it signs too.
    pub(super) old: Option<Zeroizing<String>>,
}

impl Secrets {
    pub(super) async fn open(ctx: &Ctx, conn: &mut Conn, row: &EndpointRecord) -> Result<Self> {
        let current = open(ctx, conn, row, (&row.data_key_id, &row.sealed, CURRENT)).await?;
        let old = match (&row.old_key_id, &row.old_sealed) {
            (Some(key), Some(sealed)) if old_signs(row, ctx.now()) => {
                Some(open(ctx, conn, row, (key, sealed, OLD)).await?)
            }
            _ => None,
        };
        Ok(Self { current, old })
    }

    /// Those that sign, the newest first.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        let old = self.old.as_ref().map(|text| text.as_str());
        std::iter::once(self.current.as_str()).chain(old)
    }

    /// The one for what can carry only one value: the old one, as long as it signs, since a
    /// receiver that knows the new one can look at every value of the other header.
    pub(super) fn single(&self) -> &str {
        self.old.as_ref().unwrap_or(&self.current)
    }
}

/// Whether the secret before signs too at this moment.
pub(super) fn old_signs(row: &EndpointRecord, now: Timestamp) -> bool {
    row.old_until.is_some_and(|until| now.as_millis() < until)
}

/// The key that seals an organisation's secrets.
pub(super) async fn sealing_key(ctx: &Ctx, tx: &mut Tx, tenant: &str) -> Result<NamedKey> {
    ctx.data_key_or_new(tx, Purpose::Webhooks, tenant).await
}

pub(super) fn seal(
    ctx: &Ctx,
    key: &NamedKey,
    (tenant, id, column): (&str, &str, &'static str),
    secret: &str,
) -> Result<Vec<u8>> {
    let aad = aad(tenant, id, column, key.version);
    Ok(key.key.seal(ctx.rng(), &aad, secret.as_bytes())?)
}

async fn open(
    ctx: &Ctx,
    conn: &mut Conn,
    row: &EndpointRecord,
    (key, sealed, column): (&str, &[u8], &'static str),
) -> Result<Zeroizing<String>> {
    let key = ctx.data_key_by_id(conn, key).await?;
    let key = key.ok_or_else(|| Error::internal("no key for a webhook's secret"))?;
    let aad = aad(&row.organisation_id, &row.id, column, key.version);
    let plain = key.key.open(&aad, sealed)?;
    let text = std::str::from_utf8(&plain).map_err(Error::internal)?;
    Ok(Zeroizing::new(text.to_owned()))
}

const fn aad<'a>(tenant: &'a str, id: &'a str, column: &'static str, key_version: u32) -> Aad<'a> {
    Aad {
        tenant,
        table: "webhook_endpoints",
        row: id,
        column,
        key_version,
    }
}
