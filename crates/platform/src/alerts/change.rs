//! Making, changing and deleting rules.

use types::{AlertRuleId, Permission, alerts::AlertDraft};

use super::{
    draft::{Checked, checked},
    found,
    rule::Rule,
    store::{self, Terms},
};
use crate::{
    Actor, Ctx, Error, Result,
    audit::{Action, Event},
};

/// Rules of one organisation at most.
const MOST: usize = 100;

/// A rule's edges and scope for the log.
fn told(event: Event, terms: &Terms) -> Event {
    let unit = terms.kind.unit();
    let told = |amount: Option<types::alerts::Amount>| {
        amount.map_or_else(|| "none".to_owned(), |amount| unit.tell(amount, None))
    };
    event
        .detail("name", &terms.name)
        .detail("kind", terms.kind)
        .detail("warning", told(terms.warning))
        .detail("critical", told(terms.critical))
}

/// Makes a rule, which is evaluated from now on.
///
/// # Errors
/// `Forbidden` without [`Permission::AlertsManage`]; `Invalid`, a field each; `Conflict` if there
/// are a hundred.
pub async fn create(ctx: &Ctx, draft: &AlertDraft) -> Result<AlertRuleId> {
    ctx.require(Permission::AlertsManage).await?;
    let Actor::User { id: maker, .. } = ctx.actor() else {
        return Err(Error::Unauthenticated("Sign in first."));
    };
    let tenant = ctx.tenant()?.to_string();
    let id = AlertRuleId::new(ctx.clock(), ctx.rng());
    let mut tx = ctx.begin().await?;
    if store::list(&mut tx, &tenant).await?.len() >= MOST {
        return Err(Error::Conflict(
            "There are a hundred alerts. Delete one before you make another.",
        ));
    }
    let Checked { terms, routes } = checked(&mut tx, &tenant, draft, None).await?;
    let own = id.to_string();
    store::insert(&mut tx, &tenant, (&own, &maker.to_string()), &terms, ctx.now()).await?;
    store::set_routes(&mut tx, &tenant, &own, &routes).await?;
    let event = told(Event::new(Action::AlertRuleCreated).target(id), &terms);
    ctx.commit(tx, event).await?;
    Ok(id)
}

/// Changes everything but what is measured. How it stands stays, and is looked at anew.
///
/// # Errors
/// As [`create`]; `NotFound`.
pub async fn update(ctx: &Ctx, id: AlertRuleId, draft: &AlertDraft) -> Result<()> {
    ctx.require(Permission::AlertsManage).await?;
    let tenant = ctx.tenant()?.to_string();
    let mut tx = ctx.begin().await?;
    let row = found(&mut tx, &tenant, id).await?;
    let before = Rule::of(&row)?.terms;
    let routed = store::routes(&mut tx, &tenant, &row.id).await?;
    let Checked { terms, routes } = checked(&mut tx, &tenant, draft, Some(before.kind)).await?;
    if terms == before && routes == routed {
        return Ok(());
    }
    if terms != before {
        store::update(&mut tx, &tenant, &row.id, &terms, ctx.now()).await?;
    }
    store::set_routes(&mut tx, &tenant, &row.id, &routes).await?;
    let what = if terms == before {
        "who is told"
    } else {
        "what is watched"
    };
    let event = told(Event::new(Action::AlertRuleChanged).target(id), &terms).detail("what", what);
    ctx.commit(tx, event).await
}

async fn switch(ctx: &Ctx, id: AlertRuleId, enabled: bool) -> Result<()> {
    ctx.require(Permission::AlertsManage).await?;
    let tenant = ctx.tenant()?.to_string();
    let mut tx = ctx.begin().await?;
    let row = found(&mut tx, &tenant, id).await?;
    if !store::switch(&mut tx, &tenant, &row.id, enabled, ctx.now()).await? {
        return Err(Error::Conflict(if enabled {
            "The alert is on already."
        } else {
            "The alert is off already."
        }));
    }
    let action = if enabled {
        Action::AlertRuleEnabled
    } else {
        Action::AlertRuleDisabled
    };
    let event = Event::new(action).target(id).detail("name", &row.name);
    ctx.commit(tx, event).await
}

/// Evaluates a rule again, from now on.
///
/// # Errors
/// `Forbidden` without [`Permission::AlertsManage`]; `NotFound`; `Conflict` if it is on already.
pub async fn enable(ctx: &Ctx, id: AlertRuleId) -> Result<()> {
    switch(ctx, id, true).await
}

/// Evaluates a rule no longer; what fires ends without a word.
///
/// # Errors
/// As [`enable`].
pub async fn disable(ctx: &Ctx, id: AlertRuleId) -> Result<()> {
    switch(ctx, id, false).await
}

/// Deletes a rule with its history.
///
/// # Errors
/// `Forbidden` without [`Permission::AlertsManage`]; `NotFound`.
pub async fn delete(ctx: &Ctx, id: AlertRuleId) -> Result<()> {
    ctx.require(Permission::AlertsManage).await?;
    let tenant = ctx.tenant()?.to_string();
    let mut tx = ctx.begin().await?;
    let row = found(&mut tx, &tenant, id).await?;
    store::delete(&mut tx, &tenant, &row.id).await?;
    let event = Event::new(Action::AlertRuleRemoved)
        .target(id)
        .detail("name", &row.name)
        .detail("kind", &row.kind);
    ctx.commit(tx, event).await
}
