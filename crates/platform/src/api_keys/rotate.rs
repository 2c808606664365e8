//! One key takes over from another.

use types::{
    ApiKeyId, Permission, StepUp, Timestamp,
    console::{ApiKeyRow, NewApiKey},
    keys::KeyTerms,
};

use super::{
    NOT_THERE, create, event, hold_working, page, policy, store,
    terms::{self, Maker},
};
use crate::{Ctx, Error, Result, audit::Action, calendar, recall::Topic};

pub(super) const ROTATED: Error = Error::Conflict("Another key took over from this one already.");

/// Makes a key that takes over: with the same scopes, networks, limits, note and owner, as long a
/// life, and as long a time to its own rotation. The old one works on until a moment, or ends at once if that is over.
///
/// # Errors
/// `Forbidden` without [`Permission::KeysManage`]; `StepUp`; `NotFound`; `Conflict` for a key that
/// does not work any more, from which another took over already, or whose own predecessor still
/// works: there are never more than two generations; `Invalid` for an overlap of more than 90 days.
pub async fn rotate(ctx: &Ctx, id: ApiKeyId, until: Timestamp) -> Result<NewApiKey> {
    ctx.require(Permission::KeysManage).await?;
    ctx.require_fresh(StepUp::Keys).await?;
    let now = ctx.now();
    terms::check_overlap(until, now)?;
    let tenant = ctx.tenant()?.to_string();
    let mut tx = ctx.begin().await?;
    let old = page::seen(ctx, &mut tx, id).await?;
    hold_working(&old, now)?;
    if old.successor.is_some() {
        return Err(ROTATED);
    }
    if let Some(first) = old.predecessor
        && page::seen(ctx, &mut tx, first).await?.works(now)
    {
        return Err(Error::Conflict(
            "The key before this one still works. End it first: no more than two work side by side.",
        ));
    }
    let maker = Maker::of(ctx, &mut tx).await?;
    let checked = terms::checked(ctx, &mut tx, &same(&old, now), old.owner_id).await?;
    maker.hold(&checked)?;
    policy::hold(&mut tx, &tenant, &checked, now).await?;
    let line = store::line(&mut tx, &tenant, &id.to_string())
        .await?
        .ok_or(NOT_THERE)?;
    let (row, key) = create::make(ctx, &mut tx, old.environment, &maker, &checked, Some(&line)).await?;
    let ends = until.max(now);
    store::end_at(&mut tx, &tenant, &id.to_string(), ends).await?;
    tx.changes(Topic::ApiKeys);
    let event = event(Action::ApiKeyRotated, &old)
        .target(row.id)
        .detail("until", calendar::rfc3339(ends)?)
        .detail("newLastFour", &row.last_four);
    ctx.commit(tx, event).await?;
    Ok(NewApiKey {
        row,
        key: key.to_string(),
    })
}

/// The terms of a key, its whole life from now on. The owner, who may have left, is not chosen
/// anew.
fn same(old: &ApiKeyRow, now: Timestamp) -> KeyTerms {
    let life = old.expires_at.map(|end| end.millis_since(old.created_at));
    KeyTerms {
        name: old.name.clone(),
        scopes: old.scopes.clone(),
        allow_list: old.allow_list.clone(),
        expires_at: life.map(|millis| Timestamp::from_millis(now.as_millis().saturating_add(millis))),
        note: old.note.clone(),
        owner: None,
        calls_per_minute: old.calls_per_minute,
        rotate_days: old.rotate_days,
        limits: old.limits.clone(),
    }
}

/// Says to when a key works from which another took over: later than was said, or sooner; at once,
/// if that is over.
///
/// # Errors
/// As [`rotate`]; `Conflict` if no other key took over.
pub async fn end_at(ctx: &Ctx, id: ApiKeyId, until: Timestamp) -> Result<ApiKeyRow> {
    ctx.require(Permission::KeysManage).await?;
    ctx.require_fresh(StepUp::Keys).await?;
    let now = ctx.now();
    terms::check_overlap(until, now)?;
    let mut tx = ctx.begin().await?;
    let row = page::seen(ctx, &mut tx, id).await?;
    hold_working(&row, now)?;
    if row.successor.is_none() {
        return Err(Error::Conflict(
            "No other key took over from this one. Rotate it, or revoke it.",
        ));
    }
    let ends = until.max(now);
    store::end_at(&mut tx, &ctx.tenant()?.to_string(), &id.to_string(), ends).await?;
    tx.changes(Topic::ApiKeys);
    let event = event(Action::ApiKeyOverlapChanged, &row).detail("until", calendar::rfc3339(ends)?);
    let row = page::seen(ctx, &mut tx, id).await?;
    ctx.commit(tx, event).await?;
    Ok(row)
}
