//! Everybody's sessions, for whoever guards the installation (OWASP ASVS 5.0.0, 7.4.5): counted,
//! and ended at once.

use types::{Permission, StepUp, security::OpenSessions};

use super::{idle_since, own::viewer, store};
use crate::{
    Ctx, Error, Result,
    audit::{Action, Event},
    recall::Topic,
};

/// What is typed to confirm it.
pub const EVERYBODY: &str = "everybody";

/// How many sessions work on this installation, and of how many people.
///
/// # Errors
/// `Forbidden` without [`Permission::SessionsEnd`].
pub async fn open(ctx: &Ctx) -> Result<OpenSessions> {
    ctx.require(Permission::SessionsEnd).await?;
    let mut read = ctx.read().await?;
    let (sessions, people) = store::count(&mut read, ctx.now(), idle_since(ctx)).await?;
    Ok(OpenSessions { sessions, people })
}

/// Ends every session of everybody, on every server with its next request, but the one through
/// which it is asked: that one has just been confirmed, and is to see what came of it. Says how
/// many there were.
///
/// # Errors
/// `Forbidden` without [`Permission::SessionsEnd`]; `StepUp`; `Invalid` if `confirm` is not
/// [`EVERYBODY`].
pub async fn end_everybodys(ctx: &Ctx, confirm: &str) -> Result<u64> {
    ctx.require(Permission::SessionsEnd).await?;
    ctx.require_fresh(StepUp::Staff).await?;
    let (_, here) = viewer(ctx)?;
    if confirm.trim() != EVERYBODY {
        return Err(Error::invalid(
            "confirm",
            "Type “everybody”, in small letters: everybody is signed out with this.",
        ));
    }
    let mut tx = ctx.begin().await?;
    tx.changes(Topic::Sessions);
    let ended = store::delete_everybodys(&mut tx, &here.to_string()).await?;
    let event = Event::new(Action::EverybodysSessionsEnded).detail("sessions", ended);
    ctx.commit(tx, event).await?;
    Ok(ended)
}
