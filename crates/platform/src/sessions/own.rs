//! A person's own sessions: seeing and ending them.

use types::{
    SessionId, Timestamp, UserId,
    security::{SessionView, SessionsPage},
};

use super::{
    device::device,
    limits,
    place::{self, SealedPlace},
    store,
};
use crate::{
    Actor, Ctx, Error, Result,
    audit::{Action, Event, Tx},
    recall::Topic,
};

const SIGNED_OUT: Error = Error::Unauthenticated("Sign in first.");
const NOT_THERE: Error = Error::NotFound("The session");

/// Whose sessions are asked for, and through which.
pub(super) fn viewer(ctx: &Ctx) -> Result<(UserId, SessionId)> {
    match ctx.actor() {
        Actor::User { id, session, .. } => Ok((*id, *session)),
        _ => Err(SIGNED_OUT),
    }
}

/// The viewer's sessions that work, the present one first.
///
/// # Errors
/// `Unauthenticated` if nobody is signed in.
pub async fn page(ctx: &Ctx) -> Result<SessionsPage> {
    let (user, here) = viewer(ctx)?;
    let (id, now) = (user.to_string(), ctx.now());
    let mut read = ctx.read().await?;
    let asked = store::asked(&mut read, &id).await?.ok_or(SIGNED_OUT)?;
    let limits = limits::of(ctx.settings(), asked);
    let mut sessions = Vec::new();
    for row in store::of_user(&mut read, &id).await? {
        let (started_at, last_seen_at) = (
            Timestamp::from_millis(row.created_at),
            Timestamp::from_millis(row.last_seen_at),
        );
        let expires_at = Timestamp::from_millis(row.expires_at);
        let (idle_at, ends_at) = limits::ends(limits, (started_at, last_seen_at, expires_at));
        if now >= idle_at {
            continue;
        }
        let sealed = row.data_key_id.zip(row.place);
        let sealed = sealed.map(|(data_key_id, sealed)| SealedPlace { data_key_id, sealed });
        let place = place::open(ctx, &mut read, &id, &row.id, sealed).await?;
        let session = row.id.parse()?;
        sessions.push(SessionView {
            id: session,
            here: session == here,
            device: device(place.agent.as_deref()),
            address: place.address,
            method: row.method.parse()?,
            started_at,
            last_seen_at,
            idle_at,
            ends_at,
        });
    }
    sessions.sort_by_key(|one| (!one.here, std::cmp::Reverse(one.last_seen_at)));
    Ok(SessionsPage { sessions, limits })
}

/// Ends one of the viewer's own sessions, on every server with its next request.
///
/// # Errors
/// `NotFound` if there is none such of the viewer's.
pub async fn revoke(ctx: &Ctx, session: SessionId) -> Result<()> {
    let (user, _) = viewer(ctx)?;
    let mut tx = ctx.begin().await?;
    tx.changes(Topic::Sessions);
    if !store::delete_own(&mut tx, &session.to_string(), &user.to_string()).await? {
        return Err(NOT_THERE);
    }
    let event = Event::new(Action::SessionRevoked)
        .target(user)
        .detail("session", session);
    ctx.commit(tx, event).await
}

/// Ends all of the viewer's sessions but the present one, and says how many there were.
///
/// # Errors
/// `Unauthenticated` if nobody is signed in.
pub async fn revoke_others(ctx: &Ctx) -> Result<u64> {
    let (user, here) = viewer(ctx)?;
    let mut tx = ctx.begin().await?;
    let ended = end_all(&mut tx, user, Some(here)).await?;
    let event = Event::new(Action::SessionsRevoked)
        .target(user)
        .detail("sessions", ended);
    ctx.commit(tx, event).await?;
    Ok(ended)
}

/// Ends every session of a user, but for one if there is one to keep, and says how many. The
/// caller's event tells of it.
pub(crate) async fn end_all(tx: &mut Tx, user: UserId, except: Option<SessionId>) -> Result<u64> {
    tx.changes(Topic::Sessions);
    let except = except.map(|session| session.to_string()).unwrap_or_default();
    Ok(store::delete_all(tx, &user.to_string(), &except).await?)
}
