//! Beginning a recovery, or going on with the one that is open.

use types::{OrganisationId, RecoveryId, UserId};

use super::{
    PATIENCE,
    store::{self, RecoveryRow},
    tell,
};
use crate::{
    Actor, Ctx, Error, Result,
    access::organisations_of,
    audit::{Action, Event, Tx},
    identity,
    links::{self, LinkKind},
    recall::Topic,
};

/// How long the link that the host's command prints works, in seconds.
const HOST_LIFETIME: i64 = 86_400;

/// Who begins a recovery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// Somebody who has the account's address, it is said.
    Own,
    /// Somebody of the organisation's, who vouches for the person or does not.
    Member { by: UserId, vouches: bool },
    /// A staff member.
    Staff { by: UserId },
}

impl Origin {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "self",
            Self::Member { .. } => "member",
            Self::Staff { .. } => "staff",
        }
    }

    const fn by(self) -> Option<UserId> {
        match self {
            Self::Own => None,
            Self::Member { by, .. } | Self::Staff { by } => Some(by),
        }
    }

    const fn vouches(self) -> bool {
        matches!(self, Self::Member { vouches: true, .. })
    }
}

/// The open recovery of the account, made now or there before; and whether it is new.
pub(super) async fn open(
    ctx: &Ctx,
    tx: &mut Tx,
    user: UserId,
    origin: Origin,
) -> Result<(RecoveryRow, bool)> {
    let now = ctx.now();
    store::expire(tx, now).await?;
    let ready_at = now.plus_seconds(ctx.settings().accounts.recovery_delay);
    let row = RecoveryRow {
        id: RecoveryId::new(ctx.clock(), ctx.rng()).to_string(),
        user_id: user.to_string(),
        origin: origin.as_str().to_owned(),
        started_by: origin.by().map(|by| by.to_string()),
        second_way: origin.vouches().then(|| "approval".to_owned()),
        ready_at: origin.vouches().then(|| ready_at.as_millis()),
        started_at: now.as_millis(),
        expires_at: if origin.vouches() { ready_at } else { now }
            .plus_seconds(PATIENCE)
            .as_millis(),
    };
    if store::insert(tx, &row).await? {
        tx.changes(Topic::Sessions);
        return Ok((row, true));
    }
    let open = store::open_of(tx, &row.user_id, now).await?;
    let open = open.ok_or(Error::Conflict("Another recovery is just beginning. Try again."))?;
    Ok((open, false))
}

/// What the audit log says of a beginning, in the log of the person's organisation.
pub(super) async fn begun(tx: &mut Tx, row: &RecoveryRow) -> Result<Event> {
    let user: UserId = row.user_id.parse()?;
    let event = Event::new(Action::RecoveryStarted)
        .target(user)
        .detail("origin", &row.origin)
        .detail("recovery", &row.id);
    Ok(match home(tx, user).await? {
        Some(organisation) => event.in_organisation(organisation),
        None => event,
    })
}

/// The organisation in whose log the account's recovery stands.
pub(super) async fn home(tx: &mut Tx, user: UserId) -> Result<Option<OrganisationId>> {
    let first = organisations_of(tx, &user.to_string()).await?.into_iter().next();
    Ok(first.map(|row| row.id.parse()).transpose()?)
}

/// Begins the recovery that somebody asked for with the account's address; asked for again, the
/// link is sent again, and nothing else changes.
///
/// # Errors
/// If the database fails.
pub(crate) async fn begin_own(ctx: &Ctx, tx: &mut Tx, user: UserId) -> Result<Option<Event>> {
    let (row, is_new) = open(ctx, tx, user, Origin::Own).await?;
    tell::started(ctx, tx, &row).await?;
    if is_new {
        return begun(tx, &row).await.map(Some);
    }
    Ok(None)
}

/// For the operator at the host: a link with which the account's person makes a new way to
/// sign in at once. It works once, for a day; nothing is removed until it is used. An open
/// recovery is replaced.
///
/// # Errors
/// `NotFound` if no account has this address, or if the caller is not the host's own command.
pub async fn start_on_host(ctx: &Ctx, email: &str) -> Result<String> {
    if *ctx.actor() != Actor::System {
        return Err(Error::NotFound("The account"));
    }
    let mut tx = ctx.begin().await?;
    let user = identity::user_by_email(&mut tx, email).await?;
    let user = user.ok_or(Error::NotFound("An account with this address"))?;
    let now = ctx.now();
    if let Some(older) = store::open_of(&mut tx, &user.id, now).await? {
        links::revoke(&mut tx, LinkKind::Recovery, &older.id).await?;
        links::revoke(&mut tx, LinkKind::CancelRecovery, &older.id).await?;
        store::end(&mut tx, &older.id, "cancelled", now).await?;
    }
    store::expire(&mut tx, now).await?;
    let row = RecoveryRow {
        id: RecoveryId::new(ctx.clock(), ctx.rng()).to_string(),
        user_id: user.id,
        origin: "host".to_owned(),
        started_by: None,
        second_way: Some("host".to_owned()),
        ready_at: Some(now.as_millis()),
        started_at: now.as_millis(),
        expires_at: now.plus_seconds(HOST_LIFETIME).as_millis(),
    };
    if !store::insert(&mut tx, &row).await? {
        return Err(Error::Conflict(
            "Another recovery is just beginning. Run this again.",
        ));
    }
    tx.changes(Topic::Sessions);
    let secret = links::make(ctx, &mut tx, LinkKind::Recovery, &row.id, HOST_LIFETIME).await?;
    tell::started_on_host(ctx, &mut tx, &row).await?;
    let event = begun(&mut tx, &row).await?;
    ctx.commit(tx, event).await?;
    Ok(secret)
}
