//! Signing up: an account and an organisation of one's own, once the address is confirmed.

use types::accounts::SignUpOffer;

use super::request::{self, Asked, Kind, check_address};
use crate::{
    Ctx, Error, Result,
    access::{self, NewOrganisation, check_name},
    audit::{Action, Event, Tx},
    guard::GuardKind,
    identity::{Entered, Guest, Means, make_user},
    links::{self, LinkKind},
    sessions,
};

/// How long the link works, in seconds.
const LIFETIME: i64 = 86_400;

/// What a person who signs up types.
#[derive(Clone, Default)]
pub struct SignUpForm {
    /// 1 to 100 characters.
    pub name: String,
    /// The address.
    pub email: String,
    /// The name of the organisation, 1 to 100 characters.
    pub organisation: String,
}

/// Asks for an account. Whatever is known of the address, the answer is a mail to it.
///
/// # Errors
/// `NotFound` where the operator does not offer it; `Invalid`; `Throttled`.
pub async fn ask_sign_up(ctx: &Ctx, form: &SignUpForm) -> Result<()> {
    offered(ctx)?;
    let asked = check(form)?;
    request::guarded(ctx, GuardKind::SignUp, &asked.email).await?;
    let mut tx = ctx.begin().await?;
    let id = request::ask(ctx, &mut tx, Kind::SignUp, None, &asked, LIFETIME).await?;
    ctx.commit(tx, Event::new(Action::SignUpAsked).target(id)).await
}

fn offered(ctx: &Ctx) -> Result<()> {
    if ctx.settings().accounts.sign_up {
        Ok(())
    } else {
        Err(Error::NotFound("The page"))
    }
}

fn check(form: &SignUpForm) -> Result<Asked> {
    let mut fields = Vec::new();
    for (field, value) in [("name", &form.name), ("organisation", &form.organisation)] {
        if let Err(message) = check_name(value.trim()) {
            fields.push((field.to_owned(), message));
        }
    }
    let email = match check_address(&form.email) {
        Ok(email) => email,
        Err(Error::Invalid { fields: wrong }) => {
            fields.extend(wrong);
            String::new()
        }
        Err(other) => return Err(other),
    };
    if !fields.is_empty() {
        return Err(Error::Invalid { fields });
    }
    Ok(Asked {
        email,
        name: form.name.trim().to_owned(),
        organisation: form.organisation.trim().to_owned(),
    })
}

/// What the link confirms.
///
/// # Errors
/// `NotFound` where the operator does not offer it; `Conflict` if the link does not work.
pub async fn sign_up_offer(ctx: &Ctx, secret: &str) -> Result<SignUpOffer> {
    offered(ctx)?;
    let id = links::peek(ctx, LinkKind::ConfirmEmail, secret).await?;
    let asked = read(ctx, &id.ok_or(links::GONE)?).await?;
    Ok(SignUpOffer {
        name: asked.name,
        email: asked.email,
        organisation: asked.organisation,
    })
}

async fn read(ctx: &Ctx, id: &str) -> Result<Asked> {
    let mut read = ctx.read().await?;
    let found = request::of_link(ctx, &mut read, id, Kind::SignUp).await?;
    found.map(|(_, asked)| asked).ok_or(links::GONE)
}

/// The person behind the link, for the ceremony.
pub(crate) async fn guest(ctx: &Ctx, id: &str) -> Result<(String, String)> {
    offered(ctx)?;
    let asked = read(ctx, id).await?;
    Ok((asked.email, asked.name))
}

/// Makes the account with its first organisation; the link was used up in this transaction.
pub(crate) async fn complete(
    ctx: &Ctx,
    mut tx: Tx,
    id: &str,
    guest: &Guest,
    means: Means,
) -> Result<Entered> {
    offered(ctx)?;
    let found = request::of_link(ctx, &mut tx, id, Kind::SignUp).await?;
    let (row, asked) = found.ok_or(links::GONE)?;
    super::store::delete(&mut tx, &row.id).await?;
    let user = make_user(ctx, &mut tx, &asked.email, &asked.name, guest.handle).await?;
    let (method, codes) = means.keep(ctx, &mut tx, user).await?;
    let new = NewOrganisation {
        name: asked.organisation,
        time_zone: "UTC".to_owned(),
    };
    let organisation = access::insert_organisation(ctx, &mut tx, &new, user, ctx.now()).await?;
    let session = sessions::create(ctx, &mut tx, user, organisation, method).await?;
    let event = Event::new(Action::SignedUp)
        .by_user(user)
        .in_organisation(organisation)
        // What happened to the account: it stands in the person's own Activity.
        .target(user)
        .detail("organisation", new.name);
    ctx.commit(tx, event).await?;
    Ok(Entered { session, codes })
}
