//! One's own name, and what is known of one's address.

use types::{Timestamp, UserId, accounts::Profile};

use super::{answer::pending, store};
use crate::{
    Actor, Ctx, Error, Result,
    access::check_name,
    audit::{Action, Event},
    identity,
    recall::Topic,
};

/// Who is signed in.
pub(super) fn me(ctx: &Ctx) -> Result<UserId> {
    match ctx.actor() {
        Actor::User { id, .. } => Ok(*id),
        _ => Err(Error::Unauthenticated("Sign in first.")),
    }
}

/// The viewer's account.
///
/// # Errors
/// `Unauthenticated` if nobody is signed in.
pub async fn profile(ctx: &Ctx) -> Result<Profile> {
    let user = me(ctx)?;
    let row = identity::user(&mut *ctx.read().await?, &user.to_string()).await?;
    let row = row.ok_or(Error::Unauthenticated("This account is gone. Sign in again."))?;
    let pending = pending(ctx, user).await?;
    Ok(Profile {
        name: row.name,
        email: row.email,
        pending_email: pending.map(|(row, asked)| (asked.email, Timestamp::from_millis(row.expires_at))),
    })
}

/// Changes the viewer's name.
///
/// # Errors
/// `Unauthenticated`; `Invalid`.
pub async fn rename(ctx: &Ctx, name: &str) -> Result<()> {
    let user = me(ctx)?;
    let name = name.trim();
    check_name(name).map_err(|message| Error::invalid("name", message))?;
    let mut tx = ctx.begin().await?;
    tx.changes(Topic::Sessions);
    store::set_name(&mut tx, &user.to_string(), name).await?;
    ctx.commit(tx, Event::new(Action::NameChanged).target(user)).await
}
