//! A factor that is left, shown to recover an account.

use types::UserId;

use super::{factor, password, store};
use crate::{
    Ctx, Result,
    audit::{Event, Tx},
    recovery::SecondWay,
};

/// Whether the password is the account's and is still taken. It is asked before a transaction,
/// since a hash takes its time; the work is the same where there is no password.
pub(crate) async fn is_password(ctx: &Ctx, user: UserId, email: &str, shown: &str) -> Result<bool> {
    let mut read = ctx.read().await?;
    let row = store::password_by_email(&mut read, &email.to_lowercase()).await?;
    let row = row.filter(|row| row.user_id == user.to_string());
    let is_taken = row.as_ref().is_some_and(|row| row.disabled_at.is_none());
    let kept = match &row {
        Some(row) => factor::open(ctx, &mut read, "passwords", &row.user_id, &row.sealed()).await?,
        None => None,
    };
    drop(read);
    let kept = kept.map(|bytes| zeroize::Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned()));
    let holds = ctx
        .hasher()
        .verify(ctx.rng(), &password::normalized(shown), kept)
        .await?;
    Ok(holds && is_taken)
}

/// Whether the code is one of the account's; it is used up with this.
pub(crate) async fn is_code(
    ctx: &Ctx,
    tx: &mut Tx,
    user: UserId,
    way: SecondWay,
    shown: &str,
) -> Result<bool> {
    match way {
        SecondWay::RecoveryCode => factor::accept_recovery_code(ctx, tx, user, shown).await,
        SecondWay::Totp => factor::accept_totp(ctx, tx, user, shown).await,
        SecondWay::Password => Ok(false),
    }
}

/// Counts a wrong password or code as everywhere; what it also meant, as events.
pub(crate) async fn was_wrong(ctx: &Ctx, tx: &mut Tx, user: UserId) -> Result<Vec<Event>> {
    factor::failed(ctx, tx, user).await
}
