//! "This wasn't me": what the link in a notice does. Whoever has the mailbox can use it without
//! signing in, so it only takes away: it gives nobody a way in.

use types::{UserId, security::SignalKind};

use super::{Signal, record};
use crate::{
    Ctx, Error, Result, accounts,
    audit::{Action, Event},
    identity,
    links::{self, LinkKind},
    recovery, sessions,
};

const GONE: Error = Error::Conflict(
    "This link is not valid any more: it was used, or is older than seven days. If somebody else may be in \
     your account, recover it.",
);

/// Whether the link works; it is not used by looking.
///
/// # Errors
/// `Conflict` if it does not.
pub async fn not_me_open(ctx: &Ctx, secret: &str) -> Result<()> {
    let subject = links::peek(ctx, LinkKind::NotMe, secret).await?;
    subject.map(drop).ok_or(GONE)
}

/// Uses the link: every session of the account ends, on every server with its next request, its
/// password and codes are not taken any more, an open recovery and a change of its address are
/// dropped, and staff are told by a signal. The account's other links of this kind go with it.
///
/// # Errors
/// `Conflict` if it does not work.
pub async fn not_me(ctx: &Ctx, secret: &str) -> Result<()> {
    let mut tx = ctx.begin().await?;
    let subject = match links::take(ctx, &mut tx, LinkKind::NotMe, secret).await {
        Err(Error::Conflict(_)) => return Err(GONE),
        taken => taken?,
    };
    let user: UserId = subject.parse()?;
    links::revoke(&mut tx, LinkKind::NotMe, &subject).await?;
    accounts::forget_of(&mut tx, user).await?;
    recovery::withdraw(ctx, &mut tx, user).await?;
    identity::disable_password(ctx, &mut tx, user).await?;
    let ended = sessions::end_all(&mut tx, user, None).await?;
    let signal = Signal {
        kind: SignalKind::NotMe,
        user: Some(user),
        cause: format!("not_me/{}", hex::encode(crate::codec::digest(secret))),
        text: format!(
            "The account's owner said of a notice that it was not them. {ended} sessions were ended."
        ),
    };
    record(ctx, &mut tx, signal).await?;
    let event = Event::new(Action::AccountDisowned)
        .by_user(user)
        .target(user)
        .detail("sessions", ended);
    ctx.commit(tx, event).await
}
