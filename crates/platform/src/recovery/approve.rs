//! What others do for the person: begin, vouch, approve. None of it opens the account: the link
//! goes to the account's own address.

use types::{Permission, RecoveryId, Role, StepUp, UserId};

use super::{
    begin::{self, Origin, begun},
    second_way::begin_waiting,
    store, tell,
};
use crate::{
    Actor, Ctx, Error, Result, access,
    audit::{Action, Event},
    identity,
};

fn me(ctx: &Ctx) -> Result<UserId> {
    match ctx.actor() {
        Actor::User { id, .. } => Ok(*id),
        _ => Err(Error::Unauthenticated("Sign in first.")),
    }
}

const OWN: Error =
    Error::Conflict("This is your own account. Change your ways to sign in on the page of your account.");

/// An owner or admin begins the recovery of a member, and vouches for the person: that is the
/// second way. For a member who is also staff it is not, since their account opens more.
///
/// # Errors
/// `Forbidden` without [`Permission::TeamManage`]; `StepUp`; `NotFound` if the person is no
/// member here; `Conflict` for one's own account, or an owner's by somebody else.
pub async fn start_for_member(ctx: &Ctx, user: UserId) -> Result<()> {
    ctx.require(Permission::TeamManage).await?;
    ctx.require_fresh(StepUp::Team).await?;
    let by = me(ctx)?;
    if by == user {
        return Err(OWN);
    }
    let tenant = ctx.tenant()?.to_string();
    let mut tx = ctx.begin().await?;
    let role = access::member(&mut tx, &tenant, &user.to_string()).await?;
    let role: Role = role.ok_or(Error::NotFound("The member"))?.parse()?;
    let is_owner =
        matches!(ctx.actor(), Actor::User { role: Role::Owner, standing, .. } if standing.custom.is_none());
    if role == Role::Owner && !is_owner {
        return Err(Error::Conflict("Only an owner begins the recovery of an owner."));
    }
    let person = identity::user(&mut tx, &user.to_string()).await?;
    let vouches = person.ok_or(Error::NotFound("The member"))?.staff_role.is_none();
    let (row, is_new) = begin::open(ctx, &mut tx, user, Origin::Member { by, vouches }).await?;
    tell::started(ctx, &mut tx, &row).await?;
    let event = if is_new {
        begun(&mut tx, &row).await?
    } else if vouches && row.second_way.is_none() {
        begin_waiting(ctx, &mut tx, &row, "approval", Some(by)).await?
    } else {
        return Err(Error::Conflict(
            "This account is being recovered already. Its person has the link by mail.",
        ));
    };
    ctx.commit(tx, event).await
}

/// Staff begin the recovery of an account. It needs a second way: the person's, or the approval
/// of another staff member.
///
/// # Errors
/// `Forbidden` without [`Permission::RecoveryStart`]; `StepUp`; `NotFound`; `Conflict` for one's
/// own account.
pub async fn start_for_account(ctx: &Ctx, user: UserId) -> Result<()> {
    ctx.require(Permission::RecoveryStart).await?;
    ctx.require_fresh(StepUp::Staff).await?;
    let by = me(ctx)?;
    if by == user {
        return Err(OWN);
    }
    let mut tx = ctx.begin().await?;
    if identity::user(&mut tx, &user.to_string()).await?.is_none() {
        return Err(Error::NotFound("The account"));
    }
    let (row, is_new) = begin::open(ctx, &mut tx, user, Origin::Staff { by }).await?;
    if !is_new {
        if row.started_by.is_some() || row.second_way.is_some() {
            return Err(Error::Conflict(
                "This account is being recovered already. Its person has the link by mail.",
            ));
        }
        // The person asked first; from now on a staff member answers for it too.
        store::adopt(&mut tx, &row.id, &by.to_string()).await?;
    }
    let row = store::open(&mut tx, &row.id, ctx.now()).await?;
    let row = row.ok_or(Error::NotFound("The recovery"))?;
    tell::started(ctx, &mut tx, &row).await?;
    let event = begun(&mut tx, &row).await?;
    ctx.commit(tx, event).await
}

/// A second staff member approves a recovery: of a staff account, or one that staff began. With
/// that the waiting time begins.
///
/// # Errors
/// `Forbidden` without [`Permission::StaffApprove`], or for one's own account, or for a recovery
/// that one began; `StepUp`; `NotFound` if nothing is to be approved.
pub async fn approve(ctx: &Ctx, id: RecoveryId) -> Result<()> {
    ctx.require(Permission::StaffApprove).await?;
    ctx.require_fresh(StepUp::Staff).await?;
    let by = me(ctx)?;
    let mut tx = ctx.begin().await?;
    let row = store::open(&mut tx, &id.to_string(), ctx.now()).await?;
    let row = row.ok_or(Error::NotFound("The recovery"))?;
    let person = identity::user(&mut tx, &row.user_id).await?;
    let is_staff = person
        .ok_or(Error::NotFound("The recovery"))?
        .staff_role
        .is_some();
    if !is_staff && row.origin != "staff" {
        return Err(Error::NotFound("The recovery"));
    }
    let me = by.to_string();
    if row.user_id == me || row.started_by.as_deref() == Some(me.as_str()) {
        let event = Event::new(Action::RecoveryRefused)
            .denied()
            .target(&row.user_id)
            .detail("way", "approval of one's own");
        ctx.commit(tx, event).await?;
        return Err(Error::Conflict(
            "Nobody approves the recovery of their own account, or one that they began. Ask another staff member.",
        ));
    }
    let event = begin_waiting(ctx, &mut tx, &row, "approval", Some(by)).await?;
    ctx.commit(tx, event).await
}
