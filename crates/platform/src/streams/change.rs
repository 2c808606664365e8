//! What is done to a stream that is there.

use std::fmt;

use db::Conn;
use types::{StepUp, StreamId, retention::LogScope, streams::StreamKind};

use super::{
    Destination, Parcel, Secrets, StreamError, Target,
    line::Line,
    secret,
    store::{self, StreamRecord},
    target::Stored,
};
use crate::{
    Ctx, Error, Result,
    audit::{self, Action, Event, Managed, managed},
    keyring::Purpose,
    standard_webhooks,
};

/// A stream that was made, or got another secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Made {
    /// Which.
    pub id: StreamId,
    /// **Secret**, shown this once: what a webhook's batches are signed with.
    pub secret: Option<String>,
}

impl fmt::Debug for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Made")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

const NOT_THERE: Error = Error::NotFound("The stream");

async fn found(conn: &mut Conn, log: Managed, id: StreamId) -> Result<StreamRecord> {
    let row = store::get(conn, &log.tenant(), &id.to_string()).await?;
    row.ok_or(NOT_THERE)
}

/// The stream's target with its secrets.
pub(super) async fn target(ctx: &Ctx, conn: &mut Conn, row: &StreamRecord) -> Result<Target> {
    let stored: Stored = serde_json::from_str(&row.target)?;
    Ok(Target {
        destination: stored.destination,
        authorities: stored.authorities,
        secrets: Secrets::open(ctx, conn, row).await?,
    })
}

fn destination(row: &StreamRecord) -> Result<Destination> {
    Ok(serde_json::from_str::<Stored>(&row.target)?.destination)
}

/// Stops a stream until it is resumed. Meanwhile events may be retired that it never sent.
///
/// # Errors
/// As [`super::create`]; `NotFound`.
pub async fn pause(ctx: &Ctx, scope: LogScope, id: StreamId) -> Result<()> {
    set_state(ctx, scope, id, "paused", Action::StreamPaused).await
}

/// Lets it go on, where it was.
///
/// # Errors
/// As [`pause`].
pub async fn resume(ctx: &Ctx, scope: LogScope, id: StreamId) -> Result<()> {
    set_state(ctx, scope, id, "active", Action::StreamResumed).await
}

async fn set_state(ctx: &Ctx, scope: LogScope, id: StreamId, state: &str, action: Action) -> Result<()> {
    let log = managed(ctx, scope).await?;
    ctx.require_fresh(StepUp::Audit).await?;
    let mut tx = ctx.begin().await?;
    let row = found(&mut tx, log, id).await?;
    if !store::set_state(&mut tx, &log.tenant(), &row.id, state, ctx.now()).await? {
        return Err(Error::Conflict("The stream is in that state already."));
    }
    let event = Event::new(action).target(id).detail("name", row.name);
    ctx.commit(tx, log.tell(event)).await
}

/// Sets the cursor: the event at this place is the next that is sent.
///
/// # Errors
/// As [`pause`]; `Invalid` for a place that was not given yet.
pub async fn replay(ctx: &Ctx, scope: LogScope, id: StreamId, from: i64) -> Result<()> {
    let log = managed(ctx, scope).await?;
    ctx.require_fresh(StepUp::Audit).await?;
    let mut tx = ctx.begin().await?;
    let row = found(&mut tx, log, id).await?;
    let places = audit::places(&mut tx).await?;
    if !(0..=places).contains(&from) {
        let text = format!("Give a place from 0 to {places}.");
        return Err(Error::invalid("from", text));
    }
    store::set_next(&mut tx, &log.tenant(), &row.id, from, ctx.now()).await?;
    let event = Event::new(Action::StreamReplayed)
        .target(id)
        .detail("name", row.name)
        .detail("from", row.next_leaf)
        .detail("to", from);
    ctx.commit(tx, log.tell(event)).await
}

/// Makes a webhook's signing secret anew: the old one signs nothing more.
///
/// # Errors
/// As [`pause`]; `Conflict` for a stream that has none.
pub async fn new_secret(ctx: &Ctx, scope: LogScope, id: StreamId) -> Result<Made> {
    let log = managed(ctx, scope).await?;
    ctx.require_fresh(StepUp::Audit).await?;
    let tenant = log.tenant();
    let mut tx = ctx.begin().await?;
    let row = found(&mut tx, log, id).await?;
    if destination(&row)?.kind() != StreamKind::Webhook {
        return Err(Error::Conflict("Only webhooks are signed with a secret of ours."));
    }
    let secrets = Secrets {
        signing: standard_webhooks::secret(ctx.rng()),
        access_key: String::new(),
    };
    let key = ctx
        .data_key_or_new(&mut tx, Purpose::Streams, secret::subject(&tenant))
        .await?;
    let sealed = secrets.seal(ctx, &key, &tenant, &row.id)?;
    store::set_secret(&mut tx, &tenant, &row.id, (&key.id, &sealed)).await?;
    let event = Event::new(Action::StreamSecretMade)
        .target(id)
        .detail("name", row.name);
    ctx.commit(tx, log.tell(event)).await?;
    Ok(Made {
        id,
        secret: Some(secrets.signing.clone()),
    })
}

/// Deletes a stream. What it sent stays where it is.
///
/// # Errors
/// As [`pause`].
pub async fn delete(ctx: &Ctx, scope: LogScope, id: StreamId) -> Result<()> {
    let log = managed(ctx, scope).await?;
    ctx.require_fresh(StepUp::Audit).await?;
    let mut tx = ctx.begin().await?;
    let row = found(&mut tx, log, id).await?;
    store::delete(&mut tx, &log.tenant(), &row.id).await?;
    let event = Event::new(Action::StreamDeleted)
        .target(id)
        .detail("target", destination(&row)?.shown())
        .detail("name", row.name)
        .detail("place", row.next_leaf);
    ctx.commit(tx, log.tell(event)).await
}

/// Sends a test event, whatever the stream's state; what is wrong, if it was not taken. The
/// cursor stays.
///
/// # Errors
/// `Forbidden` as for [`super::create`]; `NotFound`; `Unavailable` if this server carries none.
pub async fn test(ctx: &Ctx, scope: LogScope, id: StreamId) -> Result<Option<StreamError>> {
    let log = managed(ctx, scope).await?;
    let carrier = ctx
        .carrier()
        .ok_or_else(|| Error::Unavailable("This server sends no streams. Ask your operator.".to_owned()))?;
    let mut read = ctx.read().await?;
    let row = found(&mut read, log, id).await?;
    let target = target(ctx, &mut read, &row).await?;
    drop(read);
    let now = ctx.now();
    let own = format!("test_{id}_{}", now.as_millis());
    let parcel = Parcel {
        lines: vec![Line::test(&own, now)],
        id: own,
        sent_at: now,
        first: -1,
        first_at: now,
        host: host(ctx),
    };
    let problem = carrier.carry(&target, &parcel).await.err();
    let event = Event::new(Action::StreamTested)
        .target(id)
        .detail("name", row.name);
    let event = match &problem {
        None => event.detail("outcome", "it was taken"),
        Some(problem) => event
            .failed()
            .detail("outcome", problem.to_string().trim_end_matches('.')),
    };
    ctx.record(log.tell(event)).await?;
    Ok(problem)
}

/// What the installation calls itself to others.
pub(super) fn host(ctx: &Ctx) -> String {
    ctx.settings()
        .public_url
        .host_str()
        .unwrap_or("localhost")
        .to_owned()
}
