//! What pages show of recoveries.

use types::{
    Permission, Timestamp, UserId,
    accounts::{OwnRecovery, RecoveryRow, RecoveryStep, RecoveryView, StaffAccount},
    support::RecoveryState,
};

use super::store;
use crate::{
    Actor, Ctx, Error, Result,
    access::organisations_of,
    accounts::check_address,
    audit::{Action, Event},
    identity,
    links::{self, LinkKind},
    staff,
};

/// Where the recovery behind a link stands.
///
/// # Errors
/// `Conflict` if the link does not work.
pub async fn view(ctx: &Ctx, secret: &str) -> Result<RecoveryView> {
    let id = links::peek(ctx, LinkKind::Recovery, secret).await?;
    let id = id.ok_or(links::GONE)?;
    let now = ctx.now();
    let mut read = ctx.read().await?;
    let row = store::open(&mut read, &id, now).await?.ok_or(links::GONE)?;
    let person = identity::user(&mut read, &row.user_id)
        .await?
        .ok_or(links::GONE)?;
    let step = match row.ready_at() {
        Some(at) if at <= now => RecoveryStep::Ready,
        Some(at) => RecoveryStep::Waiting(at),
        None if person.staff_role.is_some() => RecoveryStep::Approval,
        None => RecoveryStep::SecondWay,
    };
    Ok(RecoveryView {
        name: person.name,
        email: person.email,
        step,
        expires_at: Timestamp::from_millis(row.expires_at),
    })
}

/// The recovery of one's own account, if one is open.
///
/// # Errors
/// `Unauthenticated`.
pub async fn own(ctx: &Ctx) -> Result<Option<OwnRecovery>> {
    let Actor::User { id, .. } = ctx.actor() else {
        return Err(Error::Unauthenticated("Sign in first."));
    };
    let row = store::open_of(&mut *ctx.read().await?, &id.to_string(), ctx.now()).await?;
    row.map(|row| {
        Ok(OwnRecovery {
            id: row.id.parse()?,
            started_at: Timestamp::from_millis(row.started_at),
            ready_at: row.ready_at(),
        })
    })
    .transpose()
}

/// Since when the account has been being recovered, for the banner on every page of it.
pub(crate) async fn open_since(ctx: &Ctx, conn: &mut db::Conn, user: UserId) -> Result<Option<Timestamp>> {
    let row = store::open_of(conn, &user.to_string(), ctx.now()).await?;
    Ok(row.map(|row| Timestamp::from_millis(row.started_at)))
}

/// Where the account's open recovery stands, for staff who help its person.
pub(crate) async fn state_of(ctx: &Ctx, conn: &mut db::Conn, user: UserId) -> Result<Option<RecoveryState>> {
    let row = store::open_of(conn, &user.to_string(), ctx.now()).await?;
    Ok(row.map(|row| RecoveryState {
        started_at: Timestamp::from_millis(row.started_at),
        ready_at: row.ready_at(),
    }))
}

/// The account with exactly this address. That somebody looked is in the audit log.
///
/// # Errors
/// `Forbidden` without [`Permission::RecoveryStart`]; `Invalid`, also if there is none.
pub async fn find_account(ctx: &Ctx, email: &str) -> Result<StaffAccount> {
    ctx.require(Permission::RecoveryStart).await?;
    let email = check_address(email)?;
    let mut read = ctx.read().await?;
    let found = identity::user_by_email(&mut read, &email).await?;
    let Some(row) = found else {
        drop(read);
        ctx.record(
            Event::new(Action::AccountLookedUp)
                .as_staff()
                .in_installation()
                .failed()
                .detail("found", "nobody"),
        )
        .await?;
        return Err(Error::invalid("email", "No account has exactly this address."));
    };
    let recovery = store::open_of(&mut read, &row.id, ctx.now()).await?;
    let organisations = organisations_of(&mut read, &row.id).await?.into_iter();
    let organisations = organisations.map(|choice| Ok((choice.id.parse()?, choice.name)));
    let account = StaffAccount {
        id: row.id.parse()?,
        name: row.name,
        email: row.email,
        staff_role: row.staff_role.as_deref().map(str::parse).transpose()?,
        organisations: organisations.collect::<Result<_>>()?,
        is_recovering: recovery.is_some(),
    };
    drop(read);
    let event = Event::new(Action::AccountLookedUp)
        .as_staff()
        .in_installation()
        .target(account.id);
    ctx.record(event.detail("found", "an account")).await?;
    Ok(account)
}

/// Recoveries that wait for a staff member's approval, oldest first.
///
/// # Errors
/// `Forbidden` without [`Permission::RecoveryStart`] or [`Permission::StaffApprove`].
pub async fn waiting(ctx: &Ctx) -> Result<Vec<RecoveryRow>> {
    let own = ctx.permissions();
    let approves = own.contains(&Permission::StaffApprove);
    if !approves {
        ctx.require(Permission::RecoveryStart).await?;
    }
    let me = match ctx.actor() {
        Actor::User { id, .. } => id.to_string(),
        _ => String::new(),
    };
    let rows = store::waiting(&mut *ctx.read().await?, ctx.now()).await?;
    let shown = format!("{} recoveries", rows.len());
    staff::page_read(ctx, "accounts", &shown).await?;
    rows.into_iter()
        .map(|row| {
            let is_own = row.user_id == me || row.started_by.as_deref() == Some(me.as_str());
            Ok(RecoveryRow {
                id: row.id.parse()?,
                name: row.name,
                email: row.email,
                staff_role: row.staff_role.as_deref().map(str::parse).transpose()?,
                started_by: row.starter.unwrap_or_default(),
                started_at: Timestamp::from_millis(row.started_at),
                may_approve: approves && !is_own,
            })
        })
        .collect()
}
