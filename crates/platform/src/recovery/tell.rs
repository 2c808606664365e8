//! What the account's address is told of its recovery.

use types::{Timestamp, UserId};

use super::{PATIENCE, store::RecoveryRow};
use crate::{
    Ctx, Result,
    audit::Tx,
    links::{self, LinkKind},
    mail::{self, Message},
    notices,
};

/// The link is sent again at most once in this time, in milliseconds.
const AGAIN: i64 = 600_000;

/// How long links live: as long as the recovery can, whose own limits are tighter.
fn lifetime(ctx: &Ctx) -> i64 {
    ctx.settings().accounts.recovery_delay + 2 * PATIENCE
}

/// The mail with the link to go on.
pub(super) async fn started(ctx: &Ctx, tx: &mut Tx, row: &RecoveryRow) -> Result<()> {
    let cause = format!("{}/started/{}", row.id, ctx.now().as_millis().div_euclid(AGAIN));
    if mail::was_queued(tx, &cause).await? {
        return Ok(());
    }
    let secret = links::make(ctx, tx, LinkKind::Recovery, &row.id, lifetime(ctx)).await?;
    let message = Message::new("recovery.started", cause, "Recover your account")
        .text(how(row))
        .text(next(row))
        .text("If you did not want this, cancel it. Nothing has changed so far: your ways to sign in go on working.")
        .link("Go on with the recovery", format!("/recover/{secret}"));
    send(ctx, tx, row, message).await
}

fn how(row: &RecoveryRow) -> &'static str {
    match row.origin.as_str() {
        "member" => "An administrator of your organisation began to recover your Loomwire account.",
        "staff" => "The operator's staff began to recover your Loomwire account.",
        _ => "Somebody asked to recover your Loomwire account.",
    }
}

fn next(row: &RecoveryRow) -> String {
    match row.ready_at() {
        Some(at) => format!(
            "With the link below you can make a new way to sign in from {} on. Keep this mail until then.",
            utc(at)
        ),
        None => "The link below is the first of two ways that are needed. It asks you for the second one."
            .to_owned(),
    }
}

/// The time has begun to run.
pub(super) async fn waiting(ctx: &Ctx, tx: &mut Tx, row: &RecoveryRow, ready_at: Timestamp) -> Result<()> {
    let message = Message::new(
        "recovery.waiting",
        format!("{}/waiting", row.id),
        "Your account will be recovered",
    )
    .text(format!(
        "The second way to recover your Loomwire account was shown. From {} on, whoever has the link from the first mail can make a new way to sign in.",
        utc(ready_at)
    ))
    .text("If this is not you, cancel it now, here or in any session that is signed in.");
    send(ctx, tx, row, message).await
}

/// The host's command has printed a link.
pub(super) async fn started_on_host(ctx: &Ctx, tx: &mut Tx, row: &RecoveryRow) -> Result<()> {
    let message = Message::new(
        "recovery.started",
        format!("{}/host", row.id),
        "Your account is being recovered",
    )
    .text("The operator of this Loomwire installation made a link, at the server itself, with which a new way to sign in to your account can be made. It works for a day.")
    .text("If this is not you, cancel it now.");
    send(ctx, tx, row, message).await
}

/// With a link to cancel.
async fn send(ctx: &Ctx, tx: &mut Tx, row: &RecoveryRow, message: Message) -> Result<()> {
    let cancel = links::make(ctx, tx, LinkKind::CancelRecovery, &row.id, lifetime(ctx)).await?;
    let message = message.link("Cancel the recovery", format!("/recover/cancel/{cancel}"));
    mail::to_user(ctx, tx, row.user_id.parse()?, message).await
}

/// It was cancelled.
pub(super) async fn cancelled(ctx: &Ctx, tx: &mut Tx, row: &RecoveryRow) -> Result<()> {
    let message = Message::new(
        "recovery.cancelled",
        format!("{}/cancelled", row.id),
        "The recovery of your account was cancelled",
    )
    .text("The recovery of your Loomwire account was cancelled. Its links do not work any more, and your ways to sign in go on working.")
    .text("If you did not want to recover it, somebody else can open a mail to this address, or tried to: look after your mailbox.");
    mail::to_user(ctx, tx, row.user_id.parse()?, message).await
}

/// It was used.
pub(super) async fn completed(ctx: &Ctx, tx: &mut Tx, row: &RecoveryRow, user: UserId) -> Result<()> {
    let message = Message::new(
        "recovery.completed",
        format!("{}/completed", row.id),
        "Your account was recovered",
    )
    .text("A new way to sign in to your Loomwire account was made by its recovery. The ones before were removed, and every session was ended.");
    notices::tell(ctx, tx, user, message).await
}

/// To the minute, for a mail.
fn utc(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.as_millis()).map_or_else(
        |_| String::new(),
        |at| at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
    )
}
