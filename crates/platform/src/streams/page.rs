//! What a page shows of streams.

use types::{
    StreamId, Timestamp,
    retention::LogScope,
    streams::{StreamRow, StreamState, StreamsPage},
};

use super::{
    store::{self, StreamRecord},
    target::Stored,
};
use crate::{
    Ctx, Error, Result,
    audit::{self, managed},
};

/// Waiting events are counted no further.
const COUNTED: i64 = 100_000;

/// The streams of a log, and how each stands.
///
/// # Errors
/// `Forbidden` without [`types::Permission::AuditManage`], or `AuditManageAll` for the
/// installation's own log.
pub async fn page(ctx: &Ctx, scope: LogScope) -> Result<StreamsPage> {
    let log = managed(ctx, scope).await?;
    let mut read = ctx.read().await?;
    let mut rows = Vec::new();
    for record in store::list(&mut read, &log.tenant()).await? {
        rows.push(row(&mut read, record).await?);
    }
    Ok(StreamsPage {
        rows,
        places: audit::places(&mut read).await?,
    })
}

/// One of them.
///
/// # Errors
/// As [`page`]; `NotFound`.
pub async fn stream(ctx: &Ctx, scope: LogScope, id: StreamId) -> Result<StreamsPage> {
    let page = page(ctx, scope).await?;
    let row = page.rows.into_iter().find(|row| row.id == id);
    Ok(StreamsPage {
        rows: vec![row.ok_or(Error::NotFound("The stream"))?],
        places: page.places,
    })
}

async fn row(conn: &mut db::Conn, record: StreamRecord) -> Result<StreamRow> {
    let waiting = audit::waiting(conn, &record.organisation_id, record.next_leaf, COUNTED).await?;
    let (lag, oldest_waiting) = waiting;
    let stored: Stored = serde_json::from_str(&record.target)?;
    let state = match record.state.as_str() {
        "paused" => StreamState::Paused,
        _ if record.failing_since.is_some() => StreamState::Failing,
        _ => StreamState::Active,
    };
    Ok(StreamRow {
        id: record.id.parse()?,
        name: record.name,
        kind: stored.destination.kind(),
        format: record.format.parse()?,
        with_personal: record.with_personal,
        target: stored.destination.shown(),
        state,
        next_leaf: record.next_leaf,
        lag,
        oldest_waiting,
        delivered_at: record.delivered_at.map(Timestamp::from_millis),
        delivered: u64::try_from(record.delivered).unwrap_or_default(),
        failing_since: record.failing_since.map(Timestamp::from_millis),
        problem: record.problem,
        next_try_at: Timestamp::from_millis(record.next_try_at),
        created_at: Timestamp::from_millis(record.created_at),
    })
}
