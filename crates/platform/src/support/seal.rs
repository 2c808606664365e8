//! What staff write, sealed at rest.

use db::Conn;
use vault::Aad;
use zeroize::Zeroizing;

use crate::{Ctx, Result, audit::Tx, keyring::Purpose};

/// A column of a row of ours.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// Whose key seals it: a person's, an organisation's, or the installation's.
    pub(super) owner: &'a str,
    pub(super) table: &'static str,
    pub(super) row: &'a str,
    pub(super) column: &'static str,
}

impl<'a> Place<'a> {
    const fn aad(self, key_version: u32) -> Aad<'a> {
        Aad {
            tenant: self.owner,
            table: self.table,
            row: self.row,
            column: self.column,
            key_version,
        }
    }
}

/// The key's id, and the sealed text.
pub(super) async fn seal(ctx: &Ctx, tx: &mut Tx, place: Place<'_>, text: &str) -> Result<(String, Vec<u8>)> {
    let key = ctx.data_key(tx, Purpose::Personal, place.owner).await?;
    let plain = Zeroizing::new(text.as_bytes().to_vec());
    let sealed = key.key.seal(ctx.rng(), &place.aad(key.version), &plain)?;
    Ok((key.id, sealed))
}

/// The text; `None` once its key was destroyed.
pub(super) async fn open(
    ctx: &Ctx,
    conn: &mut Conn,
    place: Place<'_>,
    (key, sealed): (&str, &[u8]),
) -> Result<Option<String>> {
    let Some(key) = ctx.data_key_by_id(conn, key).await? else {
        return Ok(None);
    };
    let plain = key.key.open(&place.aad(key.version), sealed)?;
    Ok(Some(String::from_utf8_lossy(&plain).into_owned()))
}
