//! Sealing a person's credentials under another key of theirs, when the one before is destroyed.

use zeroize::Zeroizing;

use super::{factor, store};
use crate::{Ctx, Result, audit::Tx, keyring::Replaced};

/// Password and authenticator app go on to work. What else the old key sealed (where sessions
/// and sign-ins came from, mails) is gone.
///
/// # Errors
/// If the database fails.
pub(crate) async fn reseal(ctx: &Ctx, tx: &mut Tx, user: &str, keys: &Replaced) -> Result<()> {
    for table in [store::PASSWORDS, store::TOTPS] {
        let Some((key_id, sealed)) = store::sealed_in(tx, table, user).await? else {
            continue;
        };
        let Some(old) = keys.destroyed.iter().find(|key| key.id == key_id) else {
            continue;
        };
        let before = factor::aad(table.name, user, old.version);
        let plain: Zeroizing<Vec<u8>> = old.key.open(&before, &sealed)?;
        let after = factor::aad(table.name, user, keys.fresh.version);
        let sealed = keys.fresh.key.seal(ctx.rng(), &after, &plain)?;
        store::reseal(tx, table, user, (&keys.fresh.id, &sealed)).await?;
    }
    Ok(())
}
