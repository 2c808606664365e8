//! Sending the next batch of each stream that has one.

use types::{Timestamp, streams::StreamFormat};

use super::{
    Parcel, StreamError, Target,
    change::{host, target},
    line::Line,
    store::{self, Failure, StreamRecord},
};
use crate::{
    Ctx, Error, Result,
    audit::{self, Action, Event, Housekeeping, Managed, Sequenced},
    calendar, codec,
    mail::{self, Message},
    retention,
};

/// Streams that one server sends at once.
const AT_ONCE: i64 = 8;
/// A claimant that has not ended after so many seconds is taken for dead. A carrier gives up
/// well before.
const CLAIM: i64 = 60;
/// Events of a batch at most.
const EVENTS: i64 = 500;
/// Bytes of a batch, beyond which no further event is taken in.
const BYTES: usize = 1_000_000;
/// So many tries fail before somebody is told: about a minute.
const TELL_AFTER: i64 = 4;
/// Told again after so many seconds.
const TELL_AGAIN: i64 = 86_400;

/// The right, and the duty, to send the next batch of a stream.
#[derive(Debug)]
pub struct Delivery {
    row: StreamRecord,
    claim: String,
}

/// Takes the streams that have something to send and are nobody else's at the moment.
///
/// # Errors
/// If the database fails.
pub async fn claim(ctx: &Ctx) -> Result<Vec<Delivery>> {
    let now = ctx.now();
    if ctx.carrier().is_none() || !store::any_due(&mut *ctx.read().await?, now).await? {
        return Ok(Vec::new());
    }
    let claim = codec::secret(ctx.rng());
    let mut tx = ctx.begin().await?;
    let rows = store::claim(&mut tx, &claim, now, now.plus_seconds(CLAIM), AT_ONCE).await?;
    ctx.commit_housekeeping(tx, Housekeeping::StreamMoved).await?;
    let delivery = |row| Delivery {
        row,
        claim: claim.clone(),
    };
    Ok(rows.into_iter().map(delivery).collect())
}

/// Sends the batch, and moves the cursor behind it once it was taken.
///
/// # Errors
/// If the database fails: then it is sent again.
pub async fn deliver(ctx: &Ctx, delivery: Delivery) -> Result<()> {
    let Some((target, parcel, next)) = pack(ctx, &delivery.row).await? else {
        let mut tx = ctx.begin().await?;
        store::give_back(&mut tx, (&delivery.row.id, &delivery.claim)).await?;
        return ctx.commit_housekeeping(tx, Housekeeping::StreamMoved).await;
    };
    let carrier = ctx
        .carrier()
        .ok_or_else(|| Error::internal("no carrier of streams"))?;
    match carrier.carry(&target, &parcel).await {
        Ok(()) => taken(ctx, &delivery, &parcel, next).await,
        Err(error) => failed(ctx, &delivery, &error).await,
    }
}

/// The next batch, where it goes, and the place behind it; nothing if there is none.
async fn pack(ctx: &Ctx, row: &StreamRecord) -> Result<Option<(Target, Parcel, i64)>> {
    let mut read = ctx.read().await?;
    let events = audit::sequenced(
        ctx,
        &mut read,
        &row.organisation_id,
        row.next_leaf,
        EVENTS,
        row.with_personal,
    )
    .await?;
    let target = target(ctx, &mut read, row).await?;
    drop(read);
    let format: StreamFormat = row.format.parse()?;
    let (mut lines, mut bytes) = (Vec::new(), 0);
    let (mut first, mut last) = (None, row.next_leaf);
    for event in &events {
        let line = line(format, event)?;
        bytes += line.json.len();
        if bytes > BYTES && !lines.is_empty() {
            break;
        }
        first = first.or(Some((event.leaf, event.occurred_at)));
        last = event.leaf;
        lines.push(line);
    }
    let Some((first, first_at)) = first else {
        return Ok(None);
    };
    let parcel = Parcel {
        id: format!("{}_{first}_{last}", row.id),
        sent_at: ctx.now(),
        first,
        first_at,
        host: host(ctx),
        lines,
    };
    Ok(Some((target, parcel, last.saturating_add(1))))
}

fn line(format: StreamFormat, event: &Sequenced) -> Result<Line> {
    match format {
        StreamFormat::Json => Line::json(event),
        StreamFormat::Ocsf => Line::ocsf(event),
    }
}

fn log_of(row: &StreamRecord) -> Result<Managed> {
    Ok(Managed {
        organisation: match row.organisation_id.as_str() {
            "" => None,
            id => Some(id.parse()?),
        },
    })
}

async fn taken(ctx: &Ctx, delivery: &Delivery, parcel: &Parcel, next: i64) -> Result<()> {
    let row = &delivery.row;
    let events = i64::try_from(parcel.lines.len()).unwrap_or_default();
    let mut tx = ctx.begin().await?;
    let claim = (row.id.as_str(), delivery.claim.as_str());
    if !store::taken(&mut tx, claim, (row.next_leaf, next), events, ctx.now()).await? {
        // Paused, replayed or deleted meanwhile: whoever did that decides where it goes on.
        return Ok(());
    }
    if row.told_at.is_none() {
        return ctx.commit_housekeeping(tx, Housekeeping::StreamMoved).await;
    }
    let event = Event::new(Action::StreamRecovered)
        .target(&row.id)
        .detail("name", &row.name);
    ctx.commit(tx, log_of(row)?.tell(event)).await
}

async fn failed(ctx: &Ctx, delivery: &Delivery, error: &StreamError) -> Result<()> {
    let row = &delivery.row;
    let now = ctx.now();
    let attempts = row.attempts.saturating_add(1);
    let problem = error.to_string();
    let since = row.failing_since.map_or(now, Timestamp::from_millis);
    let told = row.told_at.map(Timestamp::from_millis);
    let tell = attempts >= TELL_AFTER && told.is_none_or(|at| at.plus_seconds(TELL_AGAIN) <= now);
    let failure = Failure {
        attempts,
        since,
        next_try_at: now.plus_seconds(pause(attempts)),
        told_at: if tell { Some(now) } else { told },
        problem: &problem,
    };
    tracing::info!(stream = %row.id, attempts, problem, "a stream's batch was not taken");
    let mut tx = ctx.begin().await?;
    if !store::failed(&mut tx, (&row.id, &delivery.claim), &failure).await? {
        return Ok(());
    }
    if !tell {
        return ctx.commit_housekeeping(tx, Housekeeping::StreamMoved).await;
    }
    let log = log_of(row)?;
    let begun = calendar::to_the_minute(since)?;
    for user in retention::everybody_of(&mut tx, log.organisation).await? {
        let path = if log.organisation.is_some() {
            format!("/audit/streams/{}", row.id)
        } else {
            format!("/staff/streams/{}", row.id)
        };
        let message = Message::new(
            "stream.failing",
            format!("stream.failing:{}:{}:{user}", row.id, now.as_millis()),
            "A stream of audit events does not get through",
        )
        .text(format!(
            "The stream “{}” has not got through since {begun}. {problem}",
            row.name
        ))
        .text(
            "Nothing is lost: it is tried again, and goes on where it was. Until then the events that it has yet \
             to send are kept beyond their time.",
        )
        .link("Look at the stream", path);
        mail::to_user(ctx, &mut tx, user, message).await?;
    }
    let event = Event::new(Action::StreamFailing)
        .failed()
        .target(&row.id)
        .detail("name", &row.name)
        .detail("since", begun)
        .detail("problem", problem.trim_end_matches('.'));
    ctx.commit(tx, log.tell(event)).await
}

/// Seconds before the next try: 5, doubled each time, at most a quarter of an hour.
fn pause(attempts: i64) -> i64 {
    let doublings = u32::try_from(attempts.saturating_sub(1))
        .unwrap_or_default()
        .min(8);
    (5_i64 << doublings).min(900)
}
