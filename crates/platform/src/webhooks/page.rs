//! What pages show of endpoints and of what was sent to them.

use db::Conn;
use types::{
    DeliveryId, Permission, Timestamp, WebhookId,
    console::Page,
    webhooks::{
        AttemptRow, DeliveryPage, DeliveryRow, DeliveryState, WebhookPage, WebhookRow, WebhookState,
        WebhooksPage,
    },
};

use super::{
    draft::events,
    found,
    secret::old_signs,
    shown,
    store::{
        self, EndpointRecord,
        deliveries::{self, DeliveryRecord, Wanted},
        queue::AttemptRecord,
    },
};
use crate::{Ctx, Error, Result, search::Problems};

/// Deliveries a page.
const PAGE: usize = 25;
/// Deliveries that are to be sent are counted no further.
const COUNTED: i64 = 10_000;

/// The organisation's endpoints.
///
/// # Errors
/// `Forbidden` without [`Permission::WebhooksRead`].
pub async fn page(ctx: &Ctx) -> Result<WebhooksPage> {
    ctx.require(Permission::WebhooksRead).await?;
    let tenant = ctx.tenant()?.to_string();
    let mut read = ctx.read().await?;
    let mut rows = Vec::new();
    for record in store::list(&mut read, &tenant).await? {
        rows.push(row(&mut read, &record).await?);
    }
    Ok(WebhooksPage { rows })
}

/// One of them, and what was sent to it: all, or what stands as this word of [`DeliveryState`]
/// says; from behind this delivery on.
///
/// # Errors
/// `Forbidden` without [`Permission::WebhooksRead`]; `NotFound`; `Invalid` for a word or a place
/// that is none.
pub async fn one(ctx: &Ctx, id: WebhookId, state: Option<&str>, after: Option<&str>) -> Result<WebhookPage> {
    ctx.require(Permission::WebhooksRead).await?;
    let mut problems = Problems::default();
    let after = problems.place::<DeliveryId>(after);
    let state = state
        .map(str::parse::<DeliveryState>)
        .transpose()
        .unwrap_or_else(|_| {
            problems.add("state", "Choose one of the list.");
            None
        });
    problems.settle()?;
    let after = after.map(|id| id.to_string());
    let tenant = ctx.tenant()?.to_string();
    let mut read = ctx.read().await?;
    let record = found(&mut read, &tenant, id).await?;
    let limit = i64::try_from(PAGE + 1).unwrap_or_default();
    let wanted = Wanted {
        state,
        after: after.as_deref(),
        limit,
    };
    let mut sent = deliveries::list(&mut read, &tenant, &record.id, wanted).await?;
    let more = sent.len() > PAGE;
    sent.truncate(PAGE);
    let next = sent.last().filter(|_| more).map(|row| row.id.clone());
    let rows = sent.into_iter().map(delivery_row).collect::<Result<_>>()?;
    let may_change = ctx.actor().may(Permission::WebhooksManage);
    let old_until = record.old_until.filter(|_| old_signs(&record, ctx.now()));
    Ok(WebhookPage {
        row: row(&mut read, &record).await?,
        url: may_change.then_some(record.url),
        old_secret_until: old_until.map(Timestamp::from_millis),
        deliveries: Page { rows, next },
    })
}

/// One delivery: what was asked, and what was answered.
///
/// # Errors
/// `Forbidden` without [`Permission::WebhooksRead`]; `NotFound`.
pub async fn delivery(ctx: &Ctx, id: WebhookId, delivery: DeliveryId) -> Result<DeliveryPage> {
    ctx.require(Permission::WebhooksRead).await?;
    let tenant = ctx.tenant()?.to_string();
    let mut read = ctx.read().await?;
    let endpoint = found(&mut read, &tenant, id).await?;
    let record = deliveries::get(&mut read, &tenant, &endpoint.id, &delivery.to_string()).await?;
    let record = record.ok_or(Error::NotFound("The delivery"))?;
    let body = deliveries::body(&mut read, &tenant, &record.message_id).await?;
    let attempts = deliveries::attempts(&mut read, &tenant, &record.id).await?;
    Ok(DeliveryPage {
        endpoint: id,
        target: shown(&endpoint.url),
        enabled: endpoint.enabled,
        message: record.message_id.parse()?,
        row: delivery_row(record)?,
        body: body.unwrap_or_default(),
        attempts: attempts.into_iter().map(attempt_row).collect::<Result<_>>()?,
    })
}

async fn row(conn: &mut Conn, record: &EndpointRecord) -> Result<WebhookRow> {
    let pending = deliveries::pending(conn, &record.organisation_id, &record.id, COUNTED).await?;
    let state = match (record.enabled, record.failing_since) {
        (false, _) => WebhookState::Disabled,
        (true, Some(_)) => WebhookState::Failing,
        (true, None) => WebhookState::Enabled,
    };
    Ok(WebhookRow {
        id: record.id.parse()?,
        description: record.description.clone(),
        target: shown(&record.url),
        environment: record.environment.parse()?,
        events: events(&record.events),
        state,
        stopped: record.disabled_why.as_deref().map(str::parse).transpose()?,
        stopped_at: record.disabled_at.map(Timestamp::from_millis),
        succeeded_at: record.succeeded_at.map(Timestamp::from_millis),
        failing_since: record.failing_since.map(Timestamp::from_millis),
        pending: u64::try_from(pending).unwrap_or_default(),
        created_at: Timestamp::from_millis(record.created_at),
    })
}

fn delivery_row(record: DeliveryRecord) -> Result<DeliveryRow> {
    let state: DeliveryState = record.state.parse()?;
    let waits = state == DeliveryState::Pending;
    Ok(DeliveryRow {
        id: record.id.parse()?,
        event: record.event.parse()?,
        subject: record.subject,
        state,
        attempts: u32::try_from(record.attempts).unwrap_or_default(),
        status: record.status.and_then(|status| u16::try_from(status).ok()),
        problem: record.problem,
        next_try_at: waits.then_some(Timestamp::from_millis(record.next_try_at)),
        created_at: Timestamp::from_millis(record.created_at),
    })
}

fn attempt_row(record: AttemptRecord) -> Result<AttemptRow> {
    Ok(AttemptRow {
        number: u32::try_from(record.number).unwrap_or_default(),
        at: Timestamp::from_millis(record.at),
        millis: u64::try_from(record.millis).unwrap_or_default(),
        target: shown(&record.url),
        headers: serde_json::from_str(&record.headers)?,
        status: record.status.and_then(|status| u16::try_from(status).ok()),
        answer: record.answer,
        answer_cut: record.answer_cut,
        problem: record.problem,
    })
}
