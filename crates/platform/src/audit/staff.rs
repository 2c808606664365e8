//! The log for the operator's staff: the installation's own, and every organisation's. That it
//! was read is an event of its own, in the log that was read.

use jiff::tz::TimeZone;
use types::{
    AuditEventId, OrganisationId, Permission,
    audit::{EventPage, Found, LogChoice},
    console::AuditFilter,
};

use super::{
    Action, Event,
    find::Scope,
    list::{found, plan},
    page::whole,
    store,
};
use crate::{Ctx, Error, Result, search::given};

/// What staff write for the installation's own log.
const OF_INSTALLATION: &str = "installation";
/// Organisations to choose from.
const CHOICES: i64 = 500;

/// The log of the installation and of every organisation, newest first, or of the one that the
/// filter names. That it was read is audited.
///
/// # Errors
/// `Forbidden` without [`Permission::AuditReadAll`]; `Invalid` for a filter that cannot be read.
pub async fn list_all(ctx: &Ctx, filter: &AuditFilter) -> Result<Found> {
    ctx.require(Permission::AuditReadAll).await?;
    let (scope, organisation) = scope(filter)?;
    let mut read = ctx.read().await?;
    let plan = plan(ctx, &mut read, scope, filter, &TimeZone::UTC).await?;
    let found = found(ctx, &mut read, &plan).await?;
    drop(read);
    let event = Event::new(Action::AuditRead)
        .detail(
            "log",
            given(filter.organisation.as_deref()).unwrap_or("everybody"),
        )
        .detail("filter", in_text(filter))
        .detail("events", found.rows.len());
    ctx.record(reading(event, organisation)).await?;
    Ok(found)
}

/// An event of whichever log, and what is around it. That it was read is audited.
///
/// # Errors
/// `Forbidden` without [`Permission::AuditReadAll`]; `NotFound` if there is no such event.
pub async fn page_of_any(ctx: &Ctx, id: AuditEventId) -> Result<EventPage> {
    ctx.require(Permission::AuditReadAll).await?;
    let page = whole(ctx, Scope::Everywhere, id).await?;
    record_reading(ctx, id, page.row.organisation).await?;
    Ok(page)
}

/// Tells the log that one of its events was read.
pub(super) async fn record_reading(
    ctx: &Ctx,
    id: AuditEventId,
    organisation: Option<OrganisationId>,
) -> Result<()> {
    let log = organisation.map_or_else(|| OF_INSTALLATION.to_owned(), |id| id.to_string());
    let event = Event::new(Action::AuditRead)
        .target(id)
        .detail("log", log)
        .detail("filter", "one event")
        .detail("events", 1);
    ctx.record(reading(event, organisation)).await
}

/// The organisations whose log may be chosen, by name, at most 500.
///
/// # Errors
/// `Forbidden` without [`Permission::AuditReadAll`].
pub async fn logs(ctx: &Ctx) -> Result<Vec<LogChoice>> {
    ctx.require(Permission::AuditReadAll).await?;
    let rows = store::organisations(&mut *ctx.read().await?, CHOICES).await?;
    rows.into_iter()
        .map(|(id, name)| {
            Ok(LogChoice {
                id: id.parse()?,
                name,
            })
        })
        .collect()
}

/// As staff, in the log that was read.
fn reading(event: Event, organisation: Option<OrganisationId>) -> Event {
    let event = event.as_staff();
    match organisation {
        Some(organisation) => event.in_organisation(organisation),
        None => event.in_installation(),
    }
}

/// In which logs is looked, and the one organisation if it is one.
pub(super) fn scope(filter: &AuditFilter) -> Result<(Scope, Option<OrganisationId>)> {
    Ok(match given(filter.organisation.as_deref()) {
        None => (Scope::Everywhere, None),
        Some(OF_INSTALLATION) => (Scope::Tenant(String::new()), None),
        Some(id) => {
            let id: OrganisationId = id
                .parse()
                .map_err(|_| Error::invalid("organisation", "This is no organisation's id. Choose one."))?;
            (Scope::Tenant(id.to_string()), Some(id))
        }
    })
}

/// A filter as the log tells it: personal values are left out.
pub(super) fn in_text(filter: &AuditFilter) -> String {
    let told = |(name, value): (&'static str, &str)| {
        if matches!(name, "address" | "agent") || value.contains('@') {
            format!("{name} given")
        } else {
            format!("{name} {value}")
        }
    };
    let parts: Vec<String> = filter
        .set()
        .into_iter()
        .filter(|(name, _)| *name != "organisation")
        .map(told)
        .collect();
    if parts.is_empty() {
        "all".to_owned()
    } else {
        parts.join(", ")
    }
}
