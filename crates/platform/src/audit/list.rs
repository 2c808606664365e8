//! Reading the log.

use db::{Conn, Read};
use jiff::tz::TimeZone;
use serde_json::Value;
use types::{
    AuditEventId, Permission, Timestamp,
    audit::Found,
    console::{AuditFilter, AuditRow, Page},
    security::ActivityRow,
};

use super::{
    append::{blind_index, personal_aad, personal_row},
    find::{Facts, Hits, NeedsOrganisation, Plan, Scope, Wanted, find},
    sentence::sentence,
    store::{self, EventRow},
    withheld::{WITHHELD, is_withheld, said},
};
use crate::{
    Actor, Ctx, Error, Result, access,
    keyring::{INSTALLATION, Purpose},
    search::{AFTER_ALL, Problems, given},
    sessions,
};

/// Rows a page.
const PAGE: usize = 50;
/// A salt stands before each sealed value.
const SALT: usize = 32;

/// The organisation's audit log, newest first.
///
/// # Errors
/// `Forbidden` without [`Permission::AuditRead`]; `Invalid` for a filter that cannot be read.
pub async fn list(ctx: &Ctx, filter: &AuditFilter) -> Result<Found> {
    ctx.require(Permission::AuditRead).await?;
    let scope = Scope::Tenant(ctx.tenant()?.to_string());
    let zone = access::time_zone(ctx).await?;
    let mut read = ctx.read().await?;
    let plan = plan(ctx, &mut read, scope, filter, &zone).await?;
    found(ctx, &mut read, &plan).await
}

/// What a filter asks of the scope's log. The caller has asked for the permission to read it.
pub(super) async fn plan(
    ctx: &Ctx,
    read: &mut Read,
    scope: Scope,
    filter: &AuditFilter,
    zone: &TimeZone,
) -> Result<Plan> {
    let mut filter = filter.clone();
    if let Some(email) = given(filter.actor.as_deref()).filter(|actor| actor.contains('@')) {
        // Whoever reads the log sees that person's events anyway; nobody has this id.
        let key = email.to_lowercase();
        let user = store::user_by_email(read, &key).await?;
        filter.actor = Some(user.unwrap_or_else(|| "nobody".to_owned()));
    }
    let wanted = Wanted::of(&filter, zone)?;
    let mut blind = Vec::new();
    if let (Scope::Tenant(tenant), false) = (&scope, wanted.personal.is_empty()) {
        let subject = if tenant.is_empty() { INSTALLATION } else { tenant };
        let key = ctx.data_key(read, Purpose::BlindIndex, subject).await?;
        let personal = wanted.personal.iter();
        blind.extend(
            personal.map(|(field, value)| (*field, blind_index(key.key.bytes(), field, value).to_vec())),
        );
    }
    Plan::of(scope, wanted, blind).map_err(|NeedsOrganisation(field)| {
        Error::invalid(
            field,
            "This is searched in one log at a time. Choose it under “Log of”, then apply the filters again.",
        )
    })
}

/// A page of what the plan finds.
pub(super) async fn found(ctx: &Ctx, read: &mut Read, plan: &Plan) -> Result<Found> {
    let Hits {
        ids,
        next,
        stopped,
        behind,
    } = find(read, plan, PAGE).await?;
    let searched_to = next
        .as_deref()
        .filter(|_| stopped)
        .map(str::parse::<AuditEventId>);
    let mut rows = rows(ctx, read, plan.scope.tenant(), &ids).await?;
    if plan.blind().next().is_some() {
        rows.retain(|row| !is_withheld(ctx, &row.kind, row.actor_id.as_deref()));
    }
    Ok(Found {
        rows,
        next,
        searched_to: searched_to.transpose()?.map(AuditEventId::moment),
        behind,
    })
}

/// These events, ready to read, newest first; of every tenant if none is named.
pub(super) async fn rows(
    ctx: &Ctx,
    read: &mut Read,
    tenant: Option<&str>,
    ids: &[String],
) -> Result<Vec<AuditRow>> {
    let mut rows = Vec::with_capacity(ids.len());
    for some in ids.chunks(store::ROWS_AT_ONCE) {
        for event in store::by_ids(read, tenant, some).await? {
            rows.push(told(ctx, read, event).await?);
        }
    }
    Ok(rows)
}

/// An event in the list of whichever tenant it is of.
async fn told(ctx: &Ctx, read: &mut Read, event: EventRow) -> Result<AuditRow> {
    let sealed_for = if event.organisation_id.is_empty() {
        INSTALLATION.to_owned()
    } else {
        event.organisation_id.clone()
    };
    row(ctx, read, &sealed_for, event).await
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
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX).saturating_add(1);
    let mut events = store::of_account(&mut read, &me, &before, limit).await?;
    let more = events.len() > PAGE;
    events.truncate(PAGE);
    let next = events.last().filter(|_| more).map(|event| event.id.clone());
    let mut rows = Vec::with_capacity(events.len());
    for mut event in events {
        if event.actor_id.as_deref() == Some(&me) {
            event.user_name = Some("You".to_owned());
        }
        rows.push(activity(told(ctx, &mut read, event).await?));
    }
    Ok(Page { rows, next })
}

/// An event of the log, as its account's owner reads it.
fn activity(row: AuditRow) -> ActivityRow {
    let detail = |name: &str| {
        let found = row.details.iter().find(|(key, _)| key == name);
        found
            .map(|(_, value)| value.clone())
            .filter(|value| value != WITHHELD)
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
pub(super) async fn opened(
    ctx: &Ctx,
    read: &mut Conn,
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

/// What an event says beside who, what and when: its metadata, and its reason.
pub(super) fn facts(canonical: &str) -> Result<Vec<(String, String)>> {
    let facts = Facts::read(canonical)?;
    let mut all = facts.metadata;
    all.extend(facts.reason.map(|reason| ("reason".to_owned(), reason)));
    Ok(all)
}

/// The personal fields that an event has commitments to.
pub(super) fn committed(canonical: &str) -> Result<Vec<String>> {
    let canonical: Value = serde_json::from_str(canonical)?;
    let commitments = canonical.get("commitments").and_then(Value::as_object);
    Ok(commitments
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect())
}

async fn row(ctx: &Ctx, read: &mut Read, tenant: &str, event: EventRow) -> Result<AuditRow> {
    let mut details = facts(&event.canonical)?;
    let actor = actor_name(&event);
    let sentence = sentence(&event.action, &actor, &details);
    if is_withheld(ctx, &event.actor_kind, event.actor_id.as_deref()) {
        details.extend(said(&event.canonical)?);
    } else {
        let address = event.address_key.zip(event.address_sealed);
        let agent = event.agent_key.zip(event.agent_sealed);
        details.extend(opened(ctx, read, (tenant, &event.id, "address"), address).await?);
        details.extend(opened(ctx, read, (tenant, &event.id, "userAgent"), agent).await?);
    }
    let erased = super::erase::erased(&event.canonical, &details)?;
    details.extend(erased);
    Ok(AuditRow {
        id: event.id.parse()?,
        occurred_at: Timestamp::from_millis(event.occurred_at),
        organisation: match event.organisation_id.as_str() {
            "" => None,
            id => Some(id.parse()?),
        },
        sentence,
        action: event.action,
        kind: event.actor_kind,
        actor,
        actor_id: event.actor_id,
        target_id: event.target_id,
        result: event.result.parse()?,
        request_id: event.request_id,
        details,
    })
}

fn actor_name(event: &EventRow) -> String {
    let (user, key) = (event.user_name.as_deref(), event.key_name.as_deref());
    named(&event.actor_kind, user, key)
}

/// Who did it, by the names that the ids stand for today.
pub(super) fn named(kind: &str, user: Option<&str>, key: Option<&str>) -> String {
    match kind {
        "user" => user.unwrap_or("A former user").to_owned(),
        "staff" => format!("{} (support staff)", user.unwrap_or("Somebody who has left")),
        "api_key" => key.map_or_else(|| "An API key".into(), |name| format!("The API key {name}")),
        "person" => "The person".into(),
        "system" => "Loomwire".into(),
        _ => "Somebody not signed in".into(),
    }
}
