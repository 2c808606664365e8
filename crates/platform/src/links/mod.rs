//! Secrets in links that work once: 256 random bits, their SHA-256 in the database.
//!
//! A link is not a session and not a credential: it opens one step of one flow, for one
//! subject, for a time.

mod store;

use crate::{Ctx, Error, Result, audit::Tx, codec};

/// What a link opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LinkKind {
    /// Accept an invitation (subject: its id).
    Invitation,
    /// Confirm a new account's or a changed e-mail address (subject: the id of the change).
    ConfirmEmail,
    /// Go on with a recovery (subject: its id).
    Recovery,
    /// Cancel a recovery (subject: its id).
    CancelRecovery,
    /// "This wasn't me": end every session and open recovery (subject: the user).
    NotMe,
}

impl LinkKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::ConfirmEmail => "confirm_email",
            Self::Recovery => "recovery",
            Self::CancelRecovery => "cancel_recovery",
            Self::NotMe => "not_me",
        }
    }
}

/// Makes a link's secret, good for so many seconds.
///
/// # Errors
/// If the database fails.
pub(crate) async fn make(
    ctx: &Ctx,
    tx: &mut Tx,
    kind: LinkKind,
    subject: &str,
    lifetime: i64,
) -> Result<String> {
    let secret = codec::secret(ctx.rng());
    let now = ctx.now();
    let link = store::LinkRow {
        digest: codec::digest(&secret),
        kind: kind.as_str(),
        subject,
    };
    store::insert(tx, &link, now, now.plus_seconds(lifetime)).await?;
    Ok(secret)
}

/// Whom or what the link is for, without using it; `None` if it is unknown, used or too old.
///
/// # Errors
/// If the database fails.
pub(crate) async fn peek(ctx: &Ctx, kind: LinkKind, secret: &str) -> Result<Option<String>> {
    let mut read = ctx.read().await?;
    Ok(store::subject(&mut read, &codec::digest(secret), kind.as_str(), ctx.now()).await?)
}

/// What is said of a link that opens nothing, whatever the reason.
pub(crate) const GONE: Error = Error::Conflict(
    "This link is not valid any more: it was used, replaced, or its time is over. Ask for a new one.",
);

/// Uses the link up, and says whom or what it was for.
///
/// # Errors
/// `Conflict` if it is unknown, used or too old.
pub(crate) async fn take(ctx: &Ctx, tx: &mut Tx, kind: LinkKind, secret: &str) -> Result<String> {
    take_digest(ctx, tx, kind, &codec::digest(secret)).await
}

/// The same by the digest, where a ceremony has kept no more of the link than that.
///
/// # Errors
/// As [`take`].
pub(crate) async fn take_digest(ctx: &Ctx, tx: &mut Tx, kind: LinkKind, digest: &[u8]) -> Result<String> {
    let subject = store::take(tx, digest, kind.as_str(), ctx.now()).await?;
    subject.ok_or(GONE)
}

/// Makes every link of this kind for this subject useless.
///
/// # Errors
/// If the database fails.
pub(crate) async fn revoke(tx: &mut Tx, kind: LinkKind, subject: &str) -> Result<()> {
    Ok(store::revoke(tx, kind.as_str(), subject).await?)
}

/// Removes links whose time is over.
pub(crate) async fn sweep(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    Ok(store::sweep(tx, ctx.now()).await?)
}
