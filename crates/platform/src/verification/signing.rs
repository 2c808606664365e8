//! The keys that sign tokens: made at first start, their seeds sealed in the vault.

use db::Conn;
use receipt::{SigningKey, VerifyingKey};
use vault::Aad;

use super::store::signing_keys as store;
use crate::{
    Ctx, Error, Result,
    keyring::{INSTALLATION, Purpose},
};

/// Where a seed is sealed.
pub(crate) fn seed_aad(kid: &str, key_version: u32) -> Aad<'_> {
    Aad {
        tenant: INSTALLATION,
        table: "signing_keys",
        row: kid,
        column: "sealed_seed",
        key_version,
    }
}

/// The key that signs now.
pub(super) async fn current(ctx: &Ctx, conn: &mut Conn) -> Result<SigningKey> {
    let row = store::newest_signing_key(conn).await?;
    let (kid, sealed) = row.ok_or_else(|| Error::internal("no signing key"))?;
    let vault_key = ctx.data_key(conn, Purpose::Signing, INSTALLATION).await?;
    let seed = vault_key.key.open(&seed_aad(&kid, vault_key.version), &sealed)?;
    let seed: &[u8; 32] = seed.as_slice().try_into().map_err(Error::internal)?;
    Ok(SigningKey::from_seed(seed))
}

/// Every key whose tokens may still be about.
pub(super) async fn all(conn: &mut Conn) -> Result<Vec<VerifyingKey>> {
    let keys = store::public_signing_keys(conn).await?;
    keys.iter()
        .map(|bytes| {
            let bytes: &[u8; 32] = bytes.as_slice().try_into().map_err(Error::internal)?;
            VerifyingKey::from_bytes(bytes).map_err(Error::internal)
        })
        .collect()
}

pub(crate) use store::insert_signing_key as insert;
