//! Cancelling: from any session of the account, or by the link in its mails.

use types::UserId;

use super::{
    store::{self, RecoveryRow},
    tell,
};
use crate::{
    Actor, Ctx, Error, Result,
    audit::{Action, Event, Tx},
    links::{self, LinkKind},
    recall::Topic,
};

/// Cancels the recovery of one's own account. A session is enough: it is the person, signed in
/// before the recovery could let anybody in.
///
/// # Errors
/// `Unauthenticated`; `NotFound` if none is open.
pub async fn cancel_own(ctx: &Ctx) -> Result<()> {
    let Actor::User { id, .. } = ctx.actor() else {
        return Err(Error::Unauthenticated("Sign in first."));
    };
    let mut tx = ctx.begin().await?;
    let row = store::open_of(&mut tx, &id.to_string(), ctx.now()).await?;
    let row = row.ok_or(Error::NotFound("An open recovery"))?;
    cancel(ctx, tx, &row, "session").await
}

/// Whether the link in the mail cancels something.
///
/// # Errors
/// `Conflict` if it does not.
pub async fn cancel_view(ctx: &Ctx, secret: &str) -> Result<()> {
    let id = links::peek(ctx, LinkKind::CancelRecovery, secret).await?;
    let id = id.ok_or(links::GONE)?;
    let row = store::open(&mut *ctx.read().await?, &id, ctx.now()).await?;
    row.map(drop).ok_or(links::GONE)
}

/// Cancels by the link in the mail.
///
/// # Errors
/// `Conflict` if the link does not work.
pub async fn cancel_by_link(ctx: &Ctx, secret: &str) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let id = links::take(ctx, &mut tx, LinkKind::CancelRecovery, secret).await?;
    let row = store::open(&mut tx, &id, ctx.now()).await?.ok_or(links::GONE)?;
    cancel(ctx, tx, &row, "link").await
}

async fn cancel(ctx: &Ctx, mut tx: Tx, row: &RecoveryRow, through: &'static str) -> Result<()> {
    if !store::end(&mut tx, &row.id, "cancelled", ctx.now()).await? {
        return Err(links::GONE);
    }
    links::revoke(&mut tx, LinkKind::Recovery, &row.id).await?;
    links::revoke(&mut tx, LinkKind::CancelRecovery, &row.id).await?;
    tx.changes(Topic::Sessions);
    tell::cancelled(ctx, &mut tx, row).await?;
    let user: UserId = row.user_id.parse()?;
    let event = Event::new(Action::RecoveryCancelled)
        .target(user)
        .detail("through", through);
    let event = match super::begin::home(&mut tx, user).await? {
        Some(organisation) => event.in_organisation(organisation),
        None => event,
    };
    ctx.commit(tx, event).await
}

/// Ends an open recovery of the account, if there is one, within a change whose own event tells
/// of it.
pub(crate) async fn withdraw(ctx: &Ctx, tx: &mut Tx, user: UserId) -> Result<()> {
    let Some(row) = store::open_of(tx, &user.to_string(), ctx.now()).await? else {
        return Ok(());
    };
    store::end(tx, &row.id, "cancelled", ctx.now()).await?;
    links::revoke(tx, LinkKind::Recovery, &row.id).await?;
    links::revoke(tx, LinkKind::CancelRecovery, &row.id).await
}
