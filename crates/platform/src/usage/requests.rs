//! The log of requests: calls of the last days, each a line.

use types::{
    ApiKeyId, Environment, Permission, RequestId, Timestamp,
    usage::{RequestFilter, RequestPage, RequestRow},
};

use super::{
    figures::count,
    store::{self, LogRow},
};
use crate::{
    Ctx, Error, Result,
    metering::{ENDPOINTS, KEPT_DAYS},
    search::{Problems, given},
};

/// Rows of a page.
const PAGE: usize = 50;

/// The organisation's calls, newest first.
///
/// # Errors
/// `Forbidden` without [`Permission::UsageRead`]; `Invalid` for a filter that cannot be read.
pub async fn requests(ctx: &Ctx, filter: &RequestFilter) -> Result<RequestPage> {
    ctx.require(Permission::UsageRead).await?;
    let tenant = ctx.tenant()?.to_string();
    let narrow = narrow(filter)?;
    let limit = i64::try_from(PAGE + 1).unwrap_or_default();
    let mut rows = store::requests(&mut *ctx.read().await?, &tenant, &narrow, limit).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(|row| row.id.clone());
    Ok(RequestPage {
        rows: rows.into_iter().map(read).collect::<Result<_>>()?,
        next,
        kept_days: u32::try_from(KEPT_DAYS).unwrap_or_default(),
    })
}

/// One of the organisation's calls.
///
/// # Errors
/// `Forbidden` without [`Permission::UsageRead`]; `NotFound` if there is none, if it is older than
/// a line is kept, or if it is not written yet: that takes up to five seconds.
pub async fn request(ctx: &Ctx, id: RequestId) -> Result<RequestRow> {
    ctx.require(Permission::UsageRead).await?;
    let tenant = ctx.tenant()?.to_string();
    let row = store::request(&mut *ctx.read().await?, &tenant, &id.to_string()).await?;
    read(row.ok_or(Error::NotFound("The request"))?)
}

/// What is looked for, as the store takes it: an empty text is any.
pub(super) struct Narrow {
    pub(super) id: String,
    pub(super) key: String,
    pub(super) endpoint: String,
    /// The lowest status, and the one after the highest.
    pub(super) statuses: (i64, i64),
    pub(super) before: String,
}

pub(super) fn narrow(filter: &RequestFilter) -> Result<Narrow> {
    let mut problems = Problems::default();
    let before: Option<RequestId> = problems.place(filter.after.as_deref());
    let id = given(filter.id.as_deref()).unwrap_or_default().to_owned();
    if !id.is_empty() && id.parse::<RequestId>().is_err() {
        problems.add(
            "id",
            "A request's id is req_ and 26 characters: it is in the header x-request-id of every answer.",
        );
    }
    let endpoint = given(filter.endpoint.as_deref()).unwrap_or_default();
    if !endpoint.is_empty() && endpoint != "other" && !ENDPOINTS.contains(&endpoint) {
        problems.add("endpoint", "There is no such route. Choose one of the list.");
    }
    let statuses = match given(filter.status.as_deref()) {
        None => (0, 1000),
        Some("success") => (200, 400),
        Some("client") => (400, 500),
        Some("server") => (500, 600),
        Some(status) => {
            if let Ok(status @ 100..600) = status.parse::<i64>() {
                (status, status + 1)
            } else {
                problems.add(
                    "status",
                    "A status is success, client, server or a number such as 429.",
                );
                (0, 0)
            }
        }
    };
    problems.settle()?;
    Ok(Narrow {
        id,
        key: filter
            .key
            .map(|key: ApiKeyId| key.to_string())
            .unwrap_or_default(),
        endpoint: endpoint.to_owned(),
        statuses,
        before: before.map_or_else(|| crate::search::AFTER_ALL.to_owned(), |id| id.to_string()),
    })
}

pub(super) fn read(row: LogRow) -> Result<RequestRow> {
    Ok(RequestRow {
        id: row.id.parse()?,
        key: row.api_key_id.parse()?,
        key_name: row.key_name,
        environment: row.environment.parse::<Environment>()?,
        method: row.method,
        endpoint: row.endpoint,
        status: u16::try_from(row.status).unwrap_or_default(),
        code: row.code,
        duration: count(row.duration),
        at: Timestamp::from_millis(row.occurred_at),
    })
}
