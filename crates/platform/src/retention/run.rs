//! Removing what is due: the job, a batch of one log at a time.

use db::Conn;
use types::{
    AuditEventId, OrganisationId, Timestamp, VerificationId,
    retention::{Counted, RetentionKind},
};

use super::{
    DAY, Holds, active,
    policy::{self, Policy},
    store,
};
use crate::{
    Ctx, Result,
    audit::{self, Action, Due, DueSearch, Event, Managed, Tx},
    calendar,
    jobs::{self, Job},
    streams,
};

/// Rows of one kind in one transaction: on SQLite other writers wait meanwhile.
const BATCH: usize = 500;
/// Logs looked through in one transaction while nothing is due.
const LOGS: usize = 50;
/// A preview counts no further.
const COUNTED: usize = 10_000;

/// Removes a batch of the first log behind this one that has something due, and queues itself:
/// at once while there may be more, else for the next day.
///
/// # Errors
/// If the database fails.
pub(crate) async fn run(ctx: &Ctx, tx: &mut Tx, after: Option<OrganisationId>) -> Result<Option<Event>> {
    let mut done = after;
    for _ in 0..LOGS {
        let Some(log) = next(tx, done).await? else {
            let tomorrow = ctx.now().plus_seconds(DAY);
            jobs::enqueue(ctx, tx, &Job::Retire(None), tomorrow).await?;
            return Ok(None);
        };
        let (mut events, more) = of_log(ctx, tx, log).await?;
        if !more {
            // Before every organisation stands the installation itself.
            done = Some(log.organisation.unwrap_or(OrganisationId::from_u128(0)));
        }
        if let Some(last) = events.pop() {
            for event in &events {
                ctx.append(tx, event).await?;
            }
            jobs::enqueue(ctx, tx, &Job::Retire(done), ctx.now()).await?;
            return Ok(Some(last));
        }
    }
    jobs::enqueue(ctx, tx, &Job::Retire(done), ctx.now()).await?;
    Ok(None)
}

/// The log behind this one.
async fn next(tx: &mut Tx, done: Option<OrganisationId>) -> Result<Option<Managed>> {
    let Some(done) = done else {
        return Ok(Some(Managed { organisation: None }));
    };
    let ids = store::organisations_after(tx, &done.to_string(), 1).await?;
    let log = |id: String| {
        Ok(Managed {
            organisation: Some(id.parse()?),
        })
    };
    ids.into_iter().next().map(log).transpose()
}

/// Removes what is due of a log; the events that tell of it, and whether there may be more.
async fn of_log(ctx: &Ctx, tx: &mut Tx, log: Managed) -> Result<(Vec<Event>, bool)> {
    let holds = active(tx, &log.tenant()).await?;
    let (mut events, mut more) = (Vec::new(), false);
    if holds.all {
        return Ok((events, more));
    }
    for policy in policy::of(ctx, tx, log).await? {
        let before = ctx.now().plus_seconds(-policy.days * DAY);
        let removed = match policy.kind {
            RetentionKind::AuditEvents => retire(ctx, tx, log, &holds, before).await?,
            RetentionKind::Verifications => purge(ctx, tx, log, &holds, before).await?,
            RetentionKind::Calls => forget_calls(tx, log, &holds, before).await?,
        };
        if let Some((event, full)) = removed {
            more |= full;
            let day: String = calendar::rfc3339(before)?.chars().take(10).collect();
            let event = event.detail("before", day).detail("days", policy.days);
            events.push(log.tell(event));
        }
    }
    Ok((events, more))
}

async fn retire(
    ctx: &Ctx,
    tx: &mut Tx,
    log: Managed,
    holds: &Holds,
    before: Timestamp,
) -> Result<Option<(Event, bool)>> {
    let tenant = log.tenant();
    let (due, _) = due(tx, &tenant, holds, before, BATCH).await?;
    let full = due.len() == BATCH;
    let due = taken(tx, &tenant, due).await?;
    let id = AuditEventId::at(ctx.now(), ctx.event_sequence(ctx.now()), ctx.rng());
    let retired = audit::retire(tx, &tenant, due, id).await?;
    Ok(retired.map(|retired| {
        let event = Event::new(Action::AuditRetired)
            .with_id(id)
            .detail("events", retired.events)
            .detail("first", retired.first)
            .detail("last", retired.last)
            .detail("digest", retired.digest);
        (event, full)
    }))
}

/// Events whose time is over and that nothing holds, and whether a hold kept some.
async fn due(
    conn: &mut Conn,
    tenant: &str,
    holds: &Holds,
    before: Timestamp,
    limit: usize,
) -> Result<(Vec<Due>, bool)> {
    let search = DueSearch {
        tenant,
        before: AuditEventId::first_at(before),
        held: &holds.events(),
        people: &holds.people,
        limit,
    };
    audit::due(conn, &search).await
}

/// Those that every stream of the log has taken.
async fn taken(conn: &mut Conn, tenant: &str, mut due: Vec<Due>) -> Result<Vec<Due>> {
    if let Some(floor) = streams::floor(conn, tenant).await? {
        due.retain(|event| event.leaf < floor);
    }
    Ok(due)
}

/// The times before this moment in which nothing is held, half-open, oldest first.
fn free(holds: &Holds, before: Timestamp) -> Vec<(Timestamp, Timestamp)> {
    let mut ranges = holds.ranges.clone();
    ranges.sort();
    let mut free = Vec::new();
    let mut from = Timestamp::from_millis(0);
    for (start, end) in ranges {
        if start > from {
            free.push((from, start.min(before)));
        }
        from = from.max(end);
    }
    free.push((from, before));
    free.retain(|(from, before)| from < before);
    free
}

async fn old_verifications(
    ctx: &Ctx,
    conn: &mut Conn,
    tenant: &str,
    holds: &Holds,
    before: Timestamp,
    limit: usize,
) -> Result<Vec<String>> {
    let mut ids = Vec::new();
    for (from, before) in free(holds, before) {
        let range = [from, before].map(|at| VerificationId::first_at(at).to_string());
        let [from, before] = range;
        let rest = i64::try_from(limit.saturating_sub(ids.len())).unwrap_or(i64::MAX);
        let some = store::ended_verifications(conn, tenant, (&from, &before), ctx.now(), rest).await?;
        ids.extend(some);
    }
    Ok(ids)
}

async fn purge(
    ctx: &Ctx,
    tx: &mut Tx,
    log: Managed,
    holds: &Holds,
    before: Timestamp,
) -> Result<Option<(Event, bool)>> {
    let tenant = log.tenant();
    let ids = old_verifications(ctx, tx, &tenant, holds, before, BATCH).await?;
    if ids.is_empty() {
        return Ok(None);
    }
    store::remove_verifications(tx, &tenant, &ids).await?;
    let event = Event::new(Action::VerificationsPurged).detail("verifications", ids.len());
    Ok(Some((event, ids.len() == BATCH)))
}

/// The minute that begins at this moment or after it.
const fn minute(at: Timestamp) -> i64 {
    at.as_seconds().saturating_add(59).div_euclid(60)
}

async fn forget_calls(
    tx: &mut Tx,
    log: Managed,
    holds: &Holds,
    before: Timestamp,
) -> Result<Option<(Event, bool)>> {
    let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
    for (from, before) in free(holds, before) {
        let range = (minute(from), minute(before));
        let rows = store::remove_calls(tx, &log.tenant(), range, limit).await?;
        if rows > 0 {
            let event = Event::new(Action::CallsPurged).detail("rows", rows);
            return Ok(Some((event, true)));
        }
    }
    Ok(None)
}

/// How many would go if so many days counted now, and whether holds keep some.
pub(super) async fn preview(
    ctx: &Ctx,
    conn: &mut Conn,
    log: Managed,
    kind: RetentionKind,
    days: i64,
) -> Result<(Counted, bool)> {
    let tenant = log.tenant();
    let holds = active(conn, &tenant).await?;
    let before = ctx.now().plus_seconds(-days * DAY);
    if holds.all {
        return Ok((Counted::default(), true));
    }
    let (count, held) = match kind {
        RetentionKind::AuditEvents => {
            let (due, held) = due(conn, &tenant, &holds, before, COUNTED + 1).await?;
            (due.len(), held)
        }
        RetentionKind::Verifications => {
            let ids = old_verifications(ctx, conn, &tenant, &holds, before, COUNTED + 1).await?;
            (ids.len(), holds.touch(before))
        }
        RetentionKind::Calls => {
            let mut rows = 0;
            let limit = i64::try_from(COUNTED + 1).unwrap_or(i64::MAX);
            for (from, before) in free(&holds, before) {
                rows += store::old_calls(conn, &tenant, (minute(from), minute(before)), limit).await?;
            }
            (usize::try_from(rows).unwrap_or_default(), holds.touch(before))
        }
    };
    let counted = Counted {
        count: u64::try_from(count.min(COUNTED)).unwrap_or_default(),
        more: count > COUNTED,
    };
    Ok((counted, held))
}

/// The streams that have yet to take an event which would go now: their names.
pub(super) async fn waiting_for(
    ctx: &Ctx,
    conn: &mut Conn,
    log: Managed,
    policy: &Policy,
) -> Result<Vec<String>> {
    let tenant = log.tenant();
    let holds = active(conn, &tenant).await?;
    if holds.all {
        return Ok(Vec::new());
    }
    let before = ctx.now().plus_seconds(-policy.days * DAY);
    let (due, _) = due(conn, &tenant, &holds, before, BATCH).await?;
    let last = due.iter().map(|event| event.leaf).max();
    match last {
        Some(last) => streams::behind(conn, &tenant, last).await,
        None => Ok(Vec::new()),
    }
}
