//! What a person is told about their own account, whether they did it or not: each notice has
//! a link for "this wasn't me", which ends every session and opens recovery.

use types::UserId;

use crate::{
    Ctx, Result,
    audit::Tx,
    links::{self, LinkKind},
    mail::{self, Message},
};

/// How long "this wasn't me" works, in seconds: a week, since mail is not always read at once.
const NOT_ME: i64 = 7 * 86_400;

/// Queues a notice to the person, with the change that it tells of. The message gets the link
/// for "this wasn't me" here.
///
/// # Errors
/// `NotFound` if there is no such account.
pub(crate) async fn tell(ctx: &Ctx, tx: &mut Tx, user: UserId, message: Message) -> Result<()> {
    let secret = links::make(ctx, tx, LinkKind::NotMe, &user.to_string(), NOT_ME).await?;
    let message = message.link("This wasn't me", format!("/not-me/{secret}"));
    mail::to_user(ctx, tx, user, message).await
}

/// The same to an address that is the account's no longer.
///
/// # Errors
/// If the database fails.
pub(crate) async fn tell_at(
    ctx: &Ctx,
    tx: &mut Tx,
    user: UserId,
    address: &str,
    message: Message,
) -> Result<()> {
    let secret = links::make(ctx, tx, LinkKind::NotMe, &user.to_string(), NOT_ME).await?;
    let message = message.link("This wasn't me", format!("/not-me/{secret}"));
    mail::to_address(ctx, tx, address, message).await
}
