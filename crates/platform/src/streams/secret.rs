//! What a stream proves itself with: sealed beside it.

use std::fmt;

use db::Conn;
use serde::{Deserialize, Serialize};
use vault::Aad;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::store::StreamRecord;
use crate::{
    Ctx, Error, Result,
    keyring::{INSTALLATION, NamedKey},
    standard_webhooks,
};

/// **Secret**. What a kind has no use for is empty.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Secrets {
    /// A webhook's signing secret: `whsec_` and base64 (Standard Webhooks 1.0).
    pub signing: String,
    /// The secret access key of an S3-compatible store.
    pub access_key: String,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets")
    }
}

impl Secrets {
    pub(super) fn seal(&self, ctx: &Ctx, key: &NamedKey, tenant: &str, id: &str) -> Result<Vec<u8>> {
        let plain = Zeroizing::new(serde_json::to_vec(self)?);
        Ok(key.key.seal(ctx.rng(), &aad(tenant, id, key.version), &plain)?)
    }

    pub(super) async fn open(ctx: &Ctx, conn: &mut Conn, row: &StreamRecord) -> Result<Self> {
        let key = ctx.data_key_by_id(conn, &row.data_key_id).await?;
        let key = key.ok_or_else(|| Error::internal("no key for a stream's secrets"))?;
        let aad = aad(&row.organisation_id, &row.id, key.version);
        Ok(serde_json::from_slice(&key.key.open(&aad, &row.sealed)?)?)
    }
}

/// The value of the header `webhook-signature` (Standard Webhooks 1.0); none if there is no
/// secret.
pub fn signature(secrets: &Secrets, id: &str, moment: &str, body: &str) -> Option<String> {
    standard_webhooks::signature(&secrets.signing, id, moment, body)
}

/// The subject of the key that seals the secrets of a log's streams.
pub(super) fn subject(tenant: &str) -> &str {
    if tenant.is_empty() { INSTALLATION } else { tenant }
}

fn aad<'a>(tenant: &'a str, id: &'a str, key_version: u32) -> Aad<'a> {
    Aad {
        tenant: subject(tenant),
        table: "streams",
        row: id,
        column: "sealed",
        key_version,
    }
}
