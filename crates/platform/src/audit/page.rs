//! One event, whole, and what is around it.

use db::Read;
use types::{
    AuditEventId, Permission,
    audit::{EventPage, Neighbours},
    console::AuditFilter,
};

use super::{
    find::{self, Around, Facts, Scope},
    list::{plan, rows},
    store,
};
use crate::{Ctx, Error, Result};

/// Events before and after.
const NEAR: i64 = 5;
/// Events of one request.
const TOGETHER: usize = 50;

/// An event of the organisation, and what is around it.
///
/// # Errors
/// `Forbidden` without [`Permission::AuditRead`]; `NotFound` if the organisation has no such
/// event.
pub async fn page(ctx: &Ctx, id: AuditEventId) -> Result<EventPage> {
    ctx.require(Permission::AuditRead).await?;
    let scope = Scope::Tenant(ctx.tenant()?.to_string());
    whole(ctx, scope, id).await
}

/// The caller has asked for the permission to read the scope's log.
pub(super) async fn whole(ctx: &Ctx, scope: Scope, id: AuditEventId) -> Result<EventPage> {
    let mut read = ctx.read().await?;
    let named = [id.to_string()];
    let event = store::by_ids(&mut read, scope.tenant(), &named).await?.pop();
    let event = event.ok_or(Error::NotFound("The event"))?;
    let (leaf_hash, leaf_index) = store::leaf(&mut read, &event.id)
        .await?
        .ok_or(Error::NotFound("The event"))?;
    let facts = Facts::read(&event.canonical)?;
    // What is around it is of the same log.
    let own = Scope::Tenant(event.organisation_id.clone());
    let organisation = store::organisation_name(&mut read, &event.organisation_id).await?;
    let canonical = event.canonical.clone();
    let row = rows(ctx, &mut read, own.tenant(), &named).await?.pop();
    let request = together(ctx, &mut read, &own, facts.request.as_deref()).await?;
    let target = event.target_id.clone().map(Around::Target);
    let of_target = near(ctx, &mut read, &own, &event.id, target).await?;
    let actor = event.actor_id.clone().map(Around::Actor);
    let of_actor = near(ctx, &mut read, &own, &event.id, actor).await?;
    Ok(EventPage {
        row: row.ok_or(Error::NotFound("The event"))?,
        organisation,
        schema: facts.schema,
        version: facts.version,
        on_behalf_of: facts.on_behalf_of,
        targets: facts
            .targets
            .into_iter()
            .map(|id| (types::id::kind(&id).to_owned(), id))
            .collect(),
        session: facts.session,
        authentication: facts.authentication,
        region: facts.region,
        canonical,
        leaf_hash: hex::encode(leaf_hash),
        leaf_index: leaf_index.and_then(|index| u64::try_from(index).ok()),
        request,
        of_target,
        of_actor,
    })
}

/// Everything in one request, oldest first; empty if there is nothing beside the one.
async fn together(
    ctx: &Ctx,
    read: &mut Read,
    own: &Scope,
    request: Option<&str>,
) -> Result<Vec<types::console::AuditRow>> {
    let Some(request) = request else {
        return Ok(Vec::new());
    };
    let filter = AuditFilter {
        request: Some(request.to_owned()),
        ..AuditFilter::default()
    };
    let plan = plan(ctx, read, own.clone(), &filter, &jiff::tz::TimeZone::UTC).await?;
    let mut ids = find::find(read, &plan, TOGETHER).await?.ids;
    if ids.len() < 2 {
        return Ok(Vec::new());
    }
    ids.reverse();
    let mut rows = rows(ctx, read, own.tenant(), &ids).await?;
    rows.sort_by_key(|row| row.id);
    Ok(rows)
}

/// What stands before and after it in one of the indexes; `None` if there is nothing.
async fn near(
    ctx: &Ctx,
    read: &mut Read,
    own: &Scope,
    id: &str,
    around: Option<Around>,
) -> Result<Option<Neighbours>> {
    let Some(around) = around else {
        return Ok(None);
    };
    let (after, before) = find::around(read, own, &around, id, NEAR).await?;
    if after.is_empty() && before.is_empty() {
        return Ok(None);
    }
    Ok(Some(Neighbours {
        after: rows(ctx, read, own.tenant(), &after).await?,
        before: rows(ctx, read, own.tenant(), &before).await?,
    }))
}
