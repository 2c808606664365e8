//! Answering by mail what was asked for in the name of an address.

use types::{AddressRequestId, UserId};

use super::{
    request::{self, Asked, Kind},
    store::{self, RequestRow},
};
use crate::{
    Ctx, Result,
    audit::{Event, Tx},
    identity::{self, UserRow},
    links::{self, LinkKind},
    mail::{self, Message},
    recovery,
};

/// The same person is told of the same kind of try once an hour at most.
const HOUR: i64 = 3_600_000;

/// Answers a request; the event, if something began.
///
/// # Errors
/// If the database fails.
pub(crate) async fn answer(ctx: &Ctx, tx: &mut Tx, id: AddressRequestId) -> Result<Option<Event>> {
    let Some(row) = store::request(tx, &id.to_string(), ctx.now()).await? else {
        return Ok(None);
    };
    let Some(asked) = request::read(ctx, tx, &row).await? else {
        return Ok(None);
    };
    let owner = identity::user_by_email(tx, &asked.email).await?;
    let kinds = [Kind::SignUp, Kind::EmailChange, Kind::Recovery];
    match kinds.into_iter().find(|kind| kind.as_str() == row.kind) {
        Some(Kind::SignUp) => sign_up(ctx, tx, &row, &asked, owner).await.map(|()| None),
        Some(Kind::EmailChange) => email_change(ctx, tx, &row, &asked, owner).await.map(|()| None),
        Some(Kind::Recovery) => {
            store::delete(tx, &row.id).await?;
            match owner {
                Some(owner) => recovery::begin_own(ctx, tx, owner.id.parse()?).await,
                None => Ok(None),
            }
        }
        None => Ok(None),
    }
}

async fn sign_up(
    ctx: &Ctx,
    tx: &mut Tx,
    row: &RequestRow,
    asked: &Asked,
    owner: Option<UserRow>,
) -> Result<()> {
    if let Some(owner) = owner {
        store::delete(tx, &row.id).await?;
        let message = tried(ctx, "sign_up.known", &owner, "Somebody tried to sign up with your address")
            .text("Somebody asked to make a Loomwire account with this e-mail address. You have one already, so none was made.")
            .text("If it was you, sign in; if you cannot, recover your account. If it was not, there is nothing to do.")
            .link("Sign in", "/sign-in")
            .link("Recover your account", "/recover");
        return mail::to_user(ctx, tx, owner.id.parse()?, message).await;
    }
    let lifetime = row.seconds_left(ctx.now());
    let secret = links::make(ctx, tx, LinkKind::ConfirmEmail, &row.id, lifetime).await?;
    let message = Message::new("sign_up.confirm", row.id.as_str(), "Confirm your address for Loomwire")
        .text(format!("Hello {},", asked.name))
        .text("Open the link below to confirm this address and to choose how you sign in. It works once, for a day.")
        .text("If you did not ask for an account, ignore this mail: none is made.")
        .link("Confirm and go on", format!("/sign-up/{secret}"));
    mail::to_address(ctx, tx, &asked.email, message).await
}

async fn email_change(
    ctx: &Ctx,
    tx: &mut Tx,
    row: &RequestRow,
    asked: &Asked,
    owner: Option<UserRow>,
) -> Result<()> {
    if let Some(owner) = owner {
        let message = tried(ctx, "email_change.known", &owner, "Somebody tried to use your address")
            .text("Somebody asked to make this e-mail address the one of another Loomwire account. It is yours, so nothing was changed.")
            .text("If it was you: an address belongs to one account. Sign in with it, or change this account's address first.")
            .link("Sign in", "/sign-in");
        return mail::to_user(ctx, tx, owner.id.parse()?, message).await;
    }
    let lifetime = row.seconds_left(ctx.now());
    let secret = links::make(ctx, tx, LinkKind::ConfirmEmail, &row.id, lifetime).await?;
    let message = Message::new("email_change.confirm", row.id.as_str(), "Confirm your new address")
        .text("Somebody who is signed in to Loomwire wants to use this e-mail address for their account.")
        .text("If it was you, open the link in the browser in which you are signed in. It works once, for a day. If it was not, ignore this mail.")
        .link("Confirm this address", format!("/account/email/{secret}"));
    mail::to_address(ctx, tx, &asked.email, message).await
}

/// A mail to the owner of an address that somebody else named.
fn tried(ctx: &Ctx, kind: &'static str, owner: &UserRow, subject: &str) -> Message {
    let hour = ctx.now().as_millis().div_euclid(HOUR);
    Message::new(kind, format!("{kind}/{}/{hour}", owner.id), subject)
}

/// The request of a user for a new address, which waits to be confirmed.
pub(super) async fn pending(ctx: &Ctx, user: UserId) -> Result<Option<(RequestRow, Asked)>> {
    let mut read = ctx.read().await?;
    let ids = store::of_user(&mut read, &user.to_string()).await?;
    for id in ids {
        if let Some(found) = request::of_link(ctx, &mut read, &id, Kind::EmailChange).await? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}
