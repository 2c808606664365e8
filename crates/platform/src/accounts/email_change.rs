//! Another e-mail address: asked for, confirmed from the new one, told to both.

use types::StepUp;

use super::{
    profile::me,
    request::{self, Asked, Kind, check_address},
    store,
};
use crate::{
    Ctx, Error, Result,
    audit::{Action, Event},
    guard::GuardKind,
    identity,
    links::{self, LinkKind},
    mail::{self, Message},
    notices,
    recall::Topic,
};

/// How long the link works, in seconds.
const LIFETIME: i64 = 86_400;

/// Asks for another address. Nothing changes until it is confirmed from there. Whatever is known
/// of the new address, the answer is the same; an older request falls.
///
/// # Errors
/// `Unauthenticated`; `StepUp`; `Invalid`; `Throttled`.
pub async fn ask_email_change(ctx: &Ctx, email: &str) -> Result<()> {
    let user = me(ctx)?;
    ctx.require_fresh(StepUp::Credentials).await?;
    let email = check_address(email)?;
    request::guarded(ctx, GuardKind::SignUp, &user.to_string()).await?;
    let mut tx = ctx.begin().await?;
    let row = identity::user(&mut tx, &user.to_string()).await?;
    let row = row.ok_or(Error::NotFound("The account"))?;
    if row.email == email {
        return Err(Error::invalid("email", "This is your address already."));
    }
    request::forget_of(&mut tx, user).await?;
    let asked = Asked {
        email,
        ..Asked::default()
    };
    let id = request::ask(ctx, &mut tx, Kind::EmailChange, Some(user), &asked, LIFETIME).await?;
    let notice = Message::new(
        "email_change.asked",
        format!("{id}/asked"),
        "Your address is to be changed",
    )
    .text("Somebody who is signed in to your Loomwire account asked to use another e-mail address for it.")
    .text("Nothing changes until the new address is confirmed.");
    notices::tell(ctx, &mut tx, user, notice).await?;
    ctx.commit(tx, Event::new(Action::EmailChangeAsked).target(user))
        .await
}

/// The new address that the link confirms.
///
/// # Errors
/// `Unauthenticated`; `Conflict` if the link does not work, or is another account's.
pub async fn email_change_of(ctx: &Ctx, secret: &str) -> Result<String> {
    let user = me(ctx)?;
    let id = links::peek(ctx, LinkKind::ConfirmEmail, secret).await?;
    let id = id.ok_or(links::GONE)?;
    let mut read = ctx.read().await?;
    let found = request::of_link(ctx, &mut read, &id, Kind::EmailChange).await?;
    let mine = found.filter(|(row, _)| row.user_id.as_deref() == Some(user.to_string().as_str()));
    mine.map(|(_, asked)| asked.email).ok_or(links::GONE)
}

/// Confirms the new address: only the account that asked can, in a session of its own. An
/// address that was mistyped belongs to a stranger, who must not get hold of the account by it.
///
/// # Errors
/// As [`email_change_of`]; `Conflict` if another account took the address meanwhile.
pub async fn confirm_email_change(ctx: &Ctx, secret: &str) -> Result<()> {
    let user = me(ctx)?;
    email_change_of(ctx, secret).await?;
    let mut tx = ctx.begin().await?;
    let id = links::take(ctx, &mut tx, LinkKind::ConfirmEmail, secret).await?;
    let found = request::of_link(ctx, &mut tx, &id, Kind::EmailChange).await?;
    let (_, asked) = found.ok_or(links::GONE)?;
    let before = identity::user(&mut tx, &user.to_string()).await?;
    let before = before.ok_or(Error::NotFound("The account"))?;
    if !store::set_email(&mut tx, &user.to_string(), &asked.email).await? {
        return Err(Error::Conflict(
            "Another account has this address by now. Choose another one.",
        ));
    }
    request::forget_of(&mut tx, user).await?;
    tx.changes(Topic::Sessions);
    let old = Message::new(
        "email_change.done",
        format!("{id}/old"),
        "Your address was changed",
    )
    .text(
        "Your Loomwire account uses another e-mail address from now on. This one gets no more mail about it.",
    )
    .text("If it was not you, tell your operator at once.");
    notices::tell_at(ctx, &mut tx, user, &before.email, old).await?;
    let new = Message::new(
        "email_change.done",
        format!("{id}/new"),
        "This is your address now",
    )
    .text("Your Loomwire account uses this e-mail address from now on.");
    mail::to_user(ctx, &mut tx, user, new).await?;
    ctx.commit(tx, Event::new(Action::EmailChanged).target(user))
        .await
}
