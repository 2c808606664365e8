//! Where a channel leads, and what signs: sealed beside it. The address of an incoming webhook is
//! itself a secret: whoever knows it can post there.

use std::fmt;

use db::Conn;
use serde::{Deserialize, Serialize};
use vault::Aad;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::store::channels::ChannelRecord;
use crate::{
    Ctx, Error, Result,
    audit::Tx,
    keyring::{NamedKey, Purpose},
};

/// **Secret**: where to, and what signs.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub(super) struct Target {
    pub(super) url: String,
    /// None where nothing is signed.
    pub(super) secret: Option<String>,
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Target(…)")
    }
}

/// The key that seals an organisation's channels.
pub(super) async fn sealing_key(ctx: &Ctx, tx: &mut Tx, tenant: &str) -> Result<NamedKey> {
    ctx.data_key_or_new(tx, Purpose::Alerts, tenant).await
}

pub(super) fn seal(
    ctx: &Ctx,
    key: &NamedKey,
    (tenant, id): (&str, &str),
    target: &Target,
) -> Result<Vec<u8>> {
    let plain = Zeroizing::new(serde_json::to_vec(target)?);
    Ok(key.key.seal(ctx.rng(), &aad(tenant, id, key.version), &plain)?)
}

/// Where a channel leads.
///
/// # Errors
/// `Internal` if it is sealed under no key that is there, or leads nowhere.
pub(super) async fn open(ctx: &Ctx, conn: &mut Conn, row: &ChannelRecord) -> Result<Target> {
    let (Some(key), Some(sealed)) = (&row.data_key_id, &row.sealed) else {
        return Err(Error::internal("an alert's channel leads nowhere"));
    };
    let key = ctx.data_key_by_id(conn, key).await?;
    let key = key.ok_or_else(|| Error::internal("no key for an alert's channel"))?;
    let plain = key
        .key
        .open(&aad(&row.organisation_id, &row.id, key.version), sealed)?;
    Ok(serde_json::from_slice(&plain)?)
}

const fn aad<'a>(tenant: &'a str, id: &'a str, key_version: u32) -> Aad<'a> {
    Aad {
        tenant,
        table: "alert_channels",
        row: id,
        column: "sealed",
        key_version,
    }
}
