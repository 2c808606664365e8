//! Reading the log.

use db::Read;
use serde_json::Value;
use types::{
    AuditEventId, Permission, Timestamp,
    console::{AuditFilter, AuditRow, Page},
    security::ActivityRow,
};

use super::{
    action::sentence,
    commit::{personal_aad, personal_row},
    filter::Bounds,
    store::{self, EventRow},
};
use crate::{
    Actor, Ctx, Error, Result, access,
    keyring::INSTALLATION,
    search::{AFTER_ALL, Problems},
    sessions,
};

/// Rows a page.
const PAGE: u16 = 50;
/// A salt stands before each sealed value.
const SALT: usize = 32;

/// The organisation's audit log, newest first.
///
/// # Errors
/// `Forbidden` without [`Permission::AuditRead`]; `Invalid` for a filter that cannot be read.
pub async fn list(ctx: &Ctx, filter: &AuditFilter) -> Result<Page<AuditRow>> {
    ctx.require(Permission::AuditRead).await?;
    let zone = access::time_zone(ctx).await?;
    let bounds = Bounds::of(filter, &zone)?;
    let tenant = ctx.tenant()?.to_string();
    let mut read = ctx.read().await?;
    let mut events = store::list(&mut read, &tenant, &bounds, i64::from(PAGE) + 1).await?;
    let more = events.len() > usize::from(PAGE);
    events.truncate(usize::from(PAGE));
    let next = if more {
        events.last().map(|event| event.id.clone())
    } else {
        None
    };
    let mut rows = Vec::with_capacity(events.len());
    for event in events {
        rows.push(row(ctx, &mut read, &tenant, event).await?);
    }
    Ok(Page { rows, next })
}

/// What happened to one thing of the tenant, oldest first. The caller has asked for the
/// permission to see the thing.
pub(crate) async fn of_target(ctx: &Ctx, target: &str) -> Result<Vec<AuditRow>> {
    let tenant = ctx.tenant()?.to_string();
    let mut read = ctx.read().await?;
    let events = store::of_target(&mut read, &tenant, target, 200).await?;
    let mut rows = Vec::with_capacity(events.len());
    for event in events {
        rows.push(row(ctx, &mut read, &tenant, event).await?);
    }
    Ok(rows)
}

/// What happened to the viewer's own account, in whichever organisation, newest first.
///
/// # Errors
/// `Unauthenticated` if nobody is signed in; `Invalid` for a place that cannot be read.
pub async fn own(ctx: &Ctx, after: Option<&str>) -> Result<Page<ActivityRow>> {
    let Actor::User { id: user, .. } = ctx.actor() else {
        return Err(Error::Unauthenticated("Sign in first."));
    };
    let mut problems = Problems::default();
    let after = problems.place::<AuditEventId>(after);
    problems.settle()?;
    let before = after.map_or_else(|| AFTER_ALL.to_owned(), |id| id.to_string());
    let me = user.to_string();
    let mut read = ctx.read().await?;
    let mut events = store::of_account(&mut read, &me, &before, i64::from(PAGE) + 1).await?;
    let more = events.len() > usize::from(PAGE);
    events.truncate(usize::from(PAGE));
    let next = events.last().filter(|_| more).map(|event| event.id.clone());
    let mut rows = Vec::with_capacity(events.len());
    for mut event in events {
        let organisation = std::mem::take(&mut event.organisation_id);
        let tenant = if organisation.is_empty() {
            INSTALLATION.to_owned()
        } else {
            organisation
        };
        if event.actor_id.as_deref() == Some(&me) {
            event.user_name = Some("You".to_owned());
        }
        rows.push(activity(row(ctx, &mut read, &tenant, event).await?));
    }
    Ok(Page { rows, next })
}

/// An event of the log, as its account's owner reads it.
fn activity(row: AuditRow) -> ActivityRow {
    let detail = |name: &str| {
        let found = row.details.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.clone())
    };
    let (device, address) = (detail("userAgent"), detail("address"));
    ActivityRow {
        id: row.id.to_string(),
        occurred_at: row.occurred_at,
        sentence: row.sentence,
        result: row.result,
        device: device.map(|agent| sessions::device(Some(&agent))),
        address,
    }
}

/// A personal field's value; `None` once its key was destroyed.
async fn opened(
    ctx: &Ctx,
    read: &mut Read,
    (tenant, event_id, field): (&str, &str, &str),
    sealed: Option<(String, Vec<u8>)>,
) -> Result<Option<(String, String)>> {
    let Some((key_id, sealed)) = sealed else {
        return Ok(None);
    };
    let Some(key) = ctx.data_key_by_id(read, &key_id).await? else {
        return Ok(None);
    };
    let place = personal_row(event_id, field);
    let plain = key
        .key
        .open(&personal_aad(tenant, &place, key.version), &sealed)?;
    let value = String::from_utf8_lossy(plain.get(SALT..).unwrap_or_default()).into_owned();
    Ok(Some((field.to_owned(), value)))
}

async fn row(ctx: &Ctx, read: &mut Read, tenant: &str, event: EventRow) -> Result<AuditRow> {
    let canonical: Value = serde_json::from_str(&event.canonical)?;
    let mut details: Vec<(String, String)> = canonical
        .get("details")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()))
        .collect();
    let actor = actor_name(&event);
    let sentence = sentence(&event.action, &actor, &details);
    let address = event.address_key.zip(event.address_sealed);
    let agent = event.agent_key.zip(event.agent_sealed);
    details.extend(opened(ctx, read, (tenant, &event.id, "address"), address).await?);
    details.extend(opened(ctx, read, (tenant, &event.id, "userAgent"), agent).await?);
    Ok(AuditRow {
        id: event.id.parse()?,
        occurred_at: Timestamp::from_millis(event.occurred_at),
        sentence,
        action: event.action,
        actor,
        actor_id: event.actor_id,
        target_id: event.target_id,
        result: event.result.parse()?,
        request_id: event.request_id,
        details,
    })
}

fn actor_name(event: &EventRow) -> String {
    match event.actor_kind.as_str() {
        "user" => event.user_name.clone().unwrap_or_else(|| "A former user".into()),
        "api_key" => event
            .key_name
            .as_ref()
            .map_or_else(|| "An API key".into(), |name| format!("The API key {name}")),
        "person" => "The person".into(),
        "system" => "Loomwire".into(),
        _ => "Somebody not signed in".into(),
    }
}
