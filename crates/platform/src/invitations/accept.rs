//! Accepting an invitation: by an account that is there, or by one that is made with it.

use types::{InvitationId, OrganisationId, Timestamp, UserId, accounts::InvitationOffer};

use super::{
    invite::{address, offered, role_name},
    store::{self, InvitationRow},
};
use crate::{
    Actor, Ctx, Error, Result,
    access::{self, check_name},
    audit::{Action, Event, Tx},
    identity::{self, Entered, Guest, Means, make_user},
    links::{self, LinkKind},
    recall::Topic,
    sessions,
};

/// The open invitation behind a link, and its address.
async fn of_link(ctx: &Ctx, conn: &mut db::Conn, id: &str) -> Result<(InvitationRow, String)> {
    let row = store::open_by_link(conn, id, ctx.now())
        .await?
        .ok_or(links::GONE)?;
    let email = address(ctx, conn, &row).await?.ok_or(links::GONE)?;
    Ok((row, email))
}

/// What the link offers, and to whom.
///
/// # Errors
/// `Conflict` if the link was used, replaced or revoked, or its time is over.
pub async fn view(ctx: &Ctx, secret: &str) -> Result<InvitationOffer> {
    let id = links::peek(ctx, LinkKind::Invitation, secret).await?;
    let id = id.ok_or(links::GONE)?;
    let mut read = ctx.read().await?;
    let (row, email) = of_link(ctx, &mut read, &id).await?;
    let owner = identity::user_by_email(&mut read, &email).await?;
    let is_mine = match (ctx.actor(), &owner) {
        (Actor::User { id, .. }, Some(owner)) => owner.id == id.to_string(),
        _ => false,
    };
    Ok(InvitationOffer {
        role: role_name(&row)?,
        organisation: row.organisation,
        email,
        has_account: owner.is_some(),
        is_mine,
        expires_at: Timestamp::from_millis(row.expires_at),
    })
}

/// Accepts it as the account that has its address. The caller then opens the organisation.
///
/// # Errors
/// `Unauthenticated`; `Conflict` if the link does not work, or is for another address.
pub async fn accept(ctx: &Ctx, secret: &str) -> Result<OrganisationId> {
    let Actor::User { id: user, .. } = ctx.actor() else {
        return Err(Error::Unauthenticated("Sign in first."));
    };
    let mut tx = ctx.begin().await?;
    let id = links::take(ctx, &mut tx, LinkKind::Invitation, secret).await?;
    let (row, email) = of_link(ctx, &mut tx, &id).await?;
    let owner = identity::user_by_email(&mut tx, &email).await?;
    if owner.is_none_or(|owner| owner.id != user.to_string()) {
        return Err(Error::Conflict(
            "This invitation is for another e-mail address. Sign out, and sign in as the account that has it.",
        ));
    }
    let organisation = row.organisation_id.parse()?;
    if access::member(&mut tx, &row.organisation_id, &user.to_string())
        .await?
        .is_some()
    {
        return Err(Error::Conflict("You belong to this organisation already."));
    }
    let event = join(ctx, &mut tx, &row, *user).await?;
    ctx.commit(tx, event).await?;
    Ok(organisation)
}

/// The person behind the link, for the ceremony: somebody without an account.
pub(crate) async fn guest(ctx: &Ctx, id: &str, name: &str) -> Result<(String, String)> {
    let name = name.trim();
    check_name(name).map_err(|message| Error::invalid("name", message))?;
    let mut read = ctx.read().await?;
    let (_, email) = of_link(ctx, &mut read, id).await?;
    if identity::user_by_email(&mut read, &email).await?.is_some() {
        return Err(Error::Conflict(
            "An account has this address. Sign in to it, then open the link again.",
        ));
    }
    Ok((email, name.to_owned()))
}

/// Makes the account and the membership; the link was used up in this transaction.
pub(crate) async fn complete(
    ctx: &Ctx,
    mut tx: Tx,
    id: &str,
    guest: &Guest,
    means: Means,
) -> Result<Entered> {
    let (row, email) = of_link(ctx, &mut tx, id).await?;
    let user = make_user(ctx, &mut tx, &email, &guest.name, guest.handle).await?;
    let (method, codes) = means.keep(ctx, &mut tx, user).await?;
    let organisation: OrganisationId = row.organisation_id.parse()?;
    let event = join(ctx, &mut tx, &row, user).await?;
    let session = sessions::create(ctx, &mut tx, user, organisation, method).await?;
    ctx.commit(tx, event).await?;
    Ok(Entered { session, codes })
}

/// Makes the user a member with what is offered, and ends the invitation.
async fn join(ctx: &Ctx, tx: &mut Tx, row: &InvitationRow, user: UserId) -> Result<Event> {
    let (tenant, member) = (&row.organisation_id, user.to_string());
    let offer = offered(row)?;
    if !store::end(tx, tenant, &row.id, "accepted").await? {
        return Err(links::GONE);
    }
    access::insert_member(tx, tenant, &member, offer.role(), ctx.now()).await?;
    if let Some(custom) = offer.custom() {
        store::set_custom_role(tx, tenant, &member, &custom).await?;
    }
    tx.changes(Topic::Sessions);
    let id: InvitationId = row.id.parse()?;
    Ok(Event::new(Action::InvitationAccepted)
        .by_user(user)
        .in_organisation(row.organisation_id.parse()?)
        // The account first: its owner's activity tells of it.
        .target(user)
        .target(id)
        .detail("role", role_name(row)?))
}
