//! Inviting, sending again, revoking, and the list.

use db::Conn;
use types::{
    InvitationId, Permission, Role, StepUp, Timestamp, UserId,
    accounts::{InvitationRow, InvitationsPage},
};
use vault::Aad;
use zeroize::Zeroizing;

use super::{
    offer::{Offer, may_offer, word},
    store,
};
use crate::{
    Actor, Ctx, Error, Result, access,
    accounts::check_address,
    audit::{Action, Event, Tx},
    codec, identity,
    keyring::Purpose,
    links::{self, LinkKind},
    mail::{self, Message},
};

/// How long an invitation works, in seconds.
const LIFETIME: i64 = 7 * 86_400;
const NOT_FOUND: Error = Error::NotFound("The open invitation");

async fn inviter(ctx: &Ctx) -> Result<UserId> {
    ctx.require(Permission::TeamManage).await?;
    ctx.require_fresh(StepUp::Team).await?;
    match ctx.actor() {
        Actor::User { id, .. } => Ok(*id),
        _ => Err(Error::Unauthenticated("Sign in first.")),
    }
}

/// Invites somebody by mail. An open invitation of the same address is replaced.
///
/// # Errors
/// `Forbidden` without [`Permission::TeamManage`]; `StepUp`; `Invalid`, also for a role with
/// more permissions than the inviter has.
pub async fn invite(ctx: &Ctx, email: &str, offer: Offer) -> Result<InvitationId> {
    let by = inviter(ctx).await?;
    let email = check_address(email)?;
    let tenant = ctx.tenant()?.to_string();
    let mut tx = ctx.begin().await?;
    let name = offer.check(ctx, &mut tx).await?;
    let known = identity::user_by_email(&mut tx, &email).await?;
    let member = match known {
        Some(known) => access::member(&mut tx, &tenant, &known.id).await?,
        None => None,
    };
    if member.is_some() {
        return Err(Error::invalid(
            "email",
            "This person belongs to the organisation already. Change their role on the team page.",
        ));
    }
    let index = ctx.data_key(&mut tx, Purpose::BlindIndex, &tenant).await?;
    let address_hash = address_hash(index.key.bytes(), &email);
    if let Some(older) = store::open_for(&mut tx, &tenant, &address_hash).await? {
        links::revoke(&mut tx, LinkKind::Invitation, &older).await?;
        store::end(&mut tx, &tenant, &older, "revoked").await?;
    }
    let id = InvitationId::new(ctx.clock(), ctx.rng());
    let row_id = id.to_string();
    let key = ctx.data_key(&mut tx, Purpose::Personal, &tenant).await?;
    let plain = Zeroizing::new(email.clone().into_bytes());
    let row = store::NewRow {
        role: offer.role().as_str(),
        custom_role_id: offer.custom(),
        sealed: key
            .key
            .seal(ctx.rng(), &aad(&tenant, &row_id, key.version), &plain)?,
        data_key_id: key.id,
        address_hash,
        invited_by: by.to_string(),
        expires_at: ctx.now().plus_seconds(LIFETIME),
        id: row_id.clone(),
    };
    if !store::insert(&mut tx, &tenant, &row, ctx.now()).await? {
        return Err(Error::Conflict(
            "Somebody has just invited this address. Look at the list.",
        ));
    }
    send(ctx, &mut tx, &row_id, &email).await?;
    let event = Event::new(Action::InvitationSent).target(id).detail("role", name);
    ctx.commit(tx, event).await?;
    Ok(id)
}

/// The mail with a fresh link.
async fn send(ctx: &Ctx, tx: &mut Tx, id: &str, email: &str) -> Result<()> {
    let row = store::open_by_link(tx, id, ctx.now()).await?.ok_or(NOT_FOUND)?;
    let secret = links::make(ctx, tx, LinkKind::Invitation, id, LIFETIME).await?;
    let subject = format!("{} invites you to Loomwire", row.organisation);
    // A time, so that a mail that is sent again is not taken for the first.
    let cause = format!("{id}/{}", ctx.now().as_millis());
    let message = Message::new("invitation", cause, subject)
        .text(format!(
            "{} invites you to the organisation {} on Loomwire.",
            row.invited_by, row.organisation
        ))
        .text("Open the link below to accept. It works once, for seven days, and for this address only.")
        .text("If you did not expect this, ignore it.")
        .link("Look at the invitation", format!("/invitations/{secret}"));
    mail::to_address(ctx, tx, email, message).await
}

/// Sends an open invitation again, with a new link and another week; the link before stops
/// working.
///
/// # Errors
/// As [`invite`]; `NotFound` if it is not an open invitation of this organisation.
pub async fn resend(ctx: &Ctx, id: InvitationId) -> Result<()> {
    inviter(ctx).await?;
    let tenant = ctx.tenant()?.to_string();
    let row_id = id.to_string();
    let mut tx = ctx.begin().await?;
    let expires_at = ctx.now().plus_seconds(LIFETIME);
    if !store::renew(&mut tx, &tenant, &row_id, expires_at).await? {
        return Err(NOT_FOUND);
    }
    let row = store::open_by_link(&mut tx, &row_id, ctx.now())
        .await?
        .ok_or(NOT_FOUND)?;
    // Who could not invite with this role cannot keep such an invitation alive either.
    offered(&row)?.check(ctx, &mut tx).await?;
    let email = address(ctx, &mut tx, &row).await?.ok_or(NOT_FOUND)?;
    links::revoke(&mut tx, LinkKind::Invitation, &row_id).await?;
    send(ctx, &mut tx, &row_id, &email).await?;
    ctx.commit(tx, Event::new(Action::InvitationResent).target(id))
        .await
}

/// Makes an open invitation useless, and erases its address.
///
/// # Errors
/// As [`resend`].
pub async fn revoke(ctx: &Ctx, id: InvitationId) -> Result<()> {
    inviter(ctx).await?;
    let tenant = ctx.tenant()?.to_string();
    let row_id = id.to_string();
    let mut tx = ctx.begin().await?;
    if !store::end(&mut tx, &tenant, &row_id, "revoked").await? {
        return Err(NOT_FOUND);
    }
    links::revoke(&mut tx, LinkKind::Invitation, &row_id).await?;
    ctx.commit(tx, Event::new(Action::InvitationRevoked).target(id))
        .await
}

/// Open invitations, and what the viewer may offer.
///
/// # Errors
/// `Forbidden` without [`Permission::TeamManage`].
pub async fn page(ctx: &Ctx) -> Result<InvitationsPage> {
    ctx.require(Permission::TeamManage).await?;
    let tenant = ctx.tenant()?.to_string();
    let now = ctx.now();
    let mut read = ctx.read().await?;
    let mut open = Vec::new();
    for row in store::open(&mut read, &tenant).await? {
        let expires_at = Timestamp::from_millis(row.expires_at);
        open.push(InvitationRow {
            id: row.id.parse()?,
            email: address(ctx, &mut read, &row).await?.unwrap_or_default(),
            role: role_name(&row)?,
            invited_by: row.invited_by,
            expires_at,
            is_expired: expires_at <= now,
        });
    }
    let roles = Role::ALL.iter().copied();
    let roles = roles.filter(|role| may_offer(ctx, Offer::Role(*role), role.permissions()));
    let mut custom = Vec::new();
    for row in store::custom_roles(&mut read, &tenant).await? {
        let id = row.id.parse()?;
        if may_offer(ctx, Offer::Custom(id), &row.permissions()) {
            custom.push((id, row.name));
        }
    }
    Ok(InvitationsPage {
        open,
        roles: roles.collect(),
        custom,
    })
}

/// What a stored invitation offers.
pub(super) fn offered(row: &store::InvitationRow) -> Result<Offer> {
    Ok(match &row.custom_role_id {
        Some(id) => Offer::Custom(id.parse()?),
        None => Offer::Role(row.role.parse()?),
    })
}

pub(super) fn role_name(row: &store::InvitationRow) -> Result<String> {
    Ok(match &row.custom {
        Some(name) => name.clone(),
        None => word(row.role.parse()?).to_owned(),
    })
}

/// The address of an invitation; `None` once it cannot be read any more.
pub(super) async fn address(
    ctx: &Ctx,
    conn: &mut Conn,
    row: &store::InvitationRow,
) -> Result<Option<String>> {
    let Some(key) = ctx.data_key_by_id(conn, &row.data_key_id).await? else {
        return Ok(None);
    };
    let place = aad(&row.organisation_id, &row.id, key.version);
    let plain = key.key.open(&place, &row.sealed)?;
    Ok(Some(String::from_utf8_lossy(&plain).into_owned()))
}

/// Finds the same address again within the organisation; tells no address.
fn address_hash(key: &[u8], email: &str) -> Vec<u8> {
    let message = ["invitation.email\0".as_bytes(), email.to_lowercase().as_bytes()].concat();
    codec::hmac_sha256(key, &message).to_vec()
}

fn aad<'a>(tenant: &'a str, id: &'a str, key_version: u32) -> Aad<'a> {
    Aad {
        tenant,
        table: "invitations",
        row: id,
        column: "sealed",
        key_version,
    }
}
