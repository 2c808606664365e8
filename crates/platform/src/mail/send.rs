//! Sending what was queued, and what is left of it afterwards.

use types::MailId;

use super::{MailError, compose::compose, queue, store};
use crate::{Ctx, Error, Result, audit::Tx};

/// A mail in the outbox, sent or not, is gone after so many days.
const RETENTION: i64 = 30 * 86_400;
/// The outbox of an installation that sends nothing is for looking: a week, in seconds.
const KEPT: i64 = 7 * 86_400;

impl From<MailError> for Error {
    fn from(error: MailError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

/// Hands the mail over, if that is still to be done and somebody carries mails. It is done
/// before the transaction that notes it: a mail server may be slow, and no write waits for it.
///
/// # Errors
/// `Unavailable` if the mail was not taken: the job is tried again.
pub(crate) async fn send(ctx: &Ctx, id: MailId) -> Result<()> {
    let Some(mailer) = ctx.mailer() else {
        return Ok(());
    };
    let mut read = ctx.read().await?;
    let row = store::unsent(&mut read, &id.to_string()).await?;
    // Sent by another worker, or erased with its person.
    let Some(row) = row else { return Ok(()) };
    let letter = queue::open(ctx, &mut read, &row).await?;
    drop(read);
    match letter {
        Some(letter) => {
            let outgoing = compose(&row.id, &letter, &ctx.settings().public_url);
            Ok(mailer.send(&outgoing).await?)
        }
        None => Ok(()),
    }
}

/// Notes that it was sent, and erases what it said; or that it is kept for the outbox page.
pub(crate) async fn noted(ctx: &Ctx, tx: &mut Tx, id: MailId) -> Result<()> {
    let id = id.to_string();
    if ctx.mailer().is_some() {
        return Ok(store::sent(tx, &id, ctx.now()).await?);
    }
    Ok(store::kept(tx, &id).await?)
}

/// Notes a try that did not work; after the last one the mail has failed for good.
pub(crate) async fn gave_up(tx: &mut Tx, id: MailId, attempts: i64, error: &str, last: bool) -> Result<()> {
    let state = if last { "failed" } else { "queued" };
    Ok(store::tried(tx, &id.to_string(), state, attempts, error).await?)
}

/// Removes mails whose time is over.
pub(crate) async fn sweep(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    let now = ctx.now();
    Ok(store::sweep(tx, now.plus_seconds(-RETENTION), now.plus_seconds(-KEPT)).await?)
}
