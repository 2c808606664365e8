//! The end of a recovery: a new way to sign in, and the end of everything before.

use types::UserId;

use super::{
    store::{self, RecoveryRow},
    tell,
};
use crate::{
    Ctx, Error, Result,
    access::organisations_of,
    accounts,
    audit::{Action, Event, Tx},
    identity::{self, Entered, Means},
    links::{self, LinkKind},
    sessions, signals,
};

const EARLY: Error = Error::Conflict(
    "The waiting time is not over, or the second way is missing. Open the link from the mail again.",
);

/// The open recovery with this id, whose time has come.
async fn ready(ctx: &Ctx, conn: &mut db::Conn, id: &str) -> Result<RecoveryRow> {
    let now = ctx.now();
    let row = store::open(conn, id, now).await?.ok_or(links::GONE)?;
    if row.second_way.is_some() && row.ready_at().is_some_and(|at| at <= now) {
        return Ok(row);
    }
    Err(EARLY)
}

/// Whose account a link may now change.
pub(crate) async fn guest(ctx: &Ctx, id: &str) -> Result<UserId> {
    let row = ready(ctx, &mut *ctx.read().await?, id).await?;
    Ok(row.user_id.parse()?)
}

/// Puts the new way to sign in in the place of all others, ends every session and whatever else
/// is open, and signs in; the link was used up in this transaction.
pub(crate) async fn complete(ctx: &Ctx, mut tx: Tx, id: &str, means: Means) -> Result<Entered> {
    let row = ready(ctx, &mut tx, id).await?;
    let user: UserId = row.user_id.parse()?;
    if !store::end(&mut tx, &row.id, "completed", ctx.now()).await? {
        return Err(links::GONE);
    }
    let organisation = organisations_of(&mut tx, &row.user_id).await?.into_iter().next();
    let organisation = organisation.ok_or(Error::Conflict(
        "This account belongs to no organisation. Ask an administrator to invite you.",
    ))?;
    let organisation = organisation.id.parse()?;
    for kind in [LinkKind::Recovery, LinkKind::CancelRecovery] {
        links::revoke(&mut tx, kind, &row.id).await?;
    }
    links::revoke(&mut tx, LinkKind::NotMe, &row.user_id).await?;
    accounts::forget_of(&mut tx, user).await?;
    identity::remove_credentials(&mut tx, &row.user_id).await?;
    sessions::end_all(&mut tx, user, None).await?;
    let (method, codes) = means.keep(ctx, &mut tx, user).await?;
    let session = sessions::create(ctx, &mut tx, user, organisation, method).await?;
    signals::recovery_used(ctx, &mut tx, user, &row.id).await?;
    tell::completed(ctx, &mut tx, &row, user).await?;
    let event = Event::new(Action::RecoveryCompleted)
        .by_user(user)
        .in_organisation(organisation)
        .target(user)
        .detail("way", row.second_way.unwrap_or_default())
        .detail("recovery", row.id);
    ctx.commit(tx, event).await?;
    Ok(Entered { session, codes })
}
