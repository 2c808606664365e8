//! How a run ended.

use types::{BackupId, Timestamp, backup::BackupKind};

use super::{
    Claim,
    store::{self, Done, Row},
};
use crate::{
    Ctx, Error, Result,
    audit::{Action, Event},
};

/// A run that says nothing for this many seconds is taken for dead.
const LONGEST_RUN: i64 = 12 * 3600;
const STOPPED: &str = "It was cut short: the server stopped or was killed. It is tried again.";
const RESTORED: &str = "The database was restored from a backup in which this one had not ended.";

/// What a finished file holds, or what was found again in one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The file's length.
    pub bytes: u64,
    /// Its SHA-256, in hex.
    pub sha256: String,
    /// Audit events within.
    pub events: u64,
    /// The hash over their leaf hashes in the order of their ids, in hex.
    pub events_hash: String,
}

/// Records a backup that was made.
///
/// # Errors
/// If the database fails.
pub async fn made(ctx: &Ctx, claim: &Claim, made: &Made) -> Result<()> {
    let event = Event::new(Action::BackupMade).detail("bytes", made.bytes);
    finish(ctx, claim, made, event).await
}

/// Records a drill that found everything again.
///
/// # Errors
/// If the database fails.
pub async fn restored(ctx: &Ctx, claim: &Claim, found: &Made) -> Result<()> {
    finish(ctx, claim, found, Event::new(Action::BackupRestored)).await
}

async fn finish(ctx: &Ctx, claim: &Claim, made: &Made, event: Event) -> Result<()> {
    let done = Done {
        bytes: whole(made.bytes)?,
        sha256: &made.sha256,
        events: whole(made.events)?,
        events_hash: &made.events_hash,
    };
    let mut tx = ctx.begin().await?;
    if !store::finish(&mut tx, &claim.id.to_string(), &done, ctx.now()).await? {
        return Err(Error::NotFound("The backup"));
    }
    let event = event
        .target(claim.id)
        .detail("file", &claim.file)
        .detail("events", made.events)
        .detail("eventsHash", &made.events_hash)
        .detail("sha256", &made.sha256);
    ctx.commit(tx, event).await
}

fn whole(number: u64) -> Result<i64> {
    i64::try_from(number).map_err(Error::internal)
}

/// Records one that failed, and why.
///
/// # Errors
/// If the database fails.
pub async fn failed(ctx: &Ctx, claim: &Claim, problem: &str) -> Result<()> {
    fail(ctx, claim.id, claim.kind, &claim.file, problem).await
}

async fn fail(ctx: &Ctx, id: BackupId, kind: BackupKind, file: &str, problem: &str) -> Result<()> {
    let mut tx = ctx.begin().await?;
    if !store::fail(&mut tx, &id.to_string(), problem, ctx.now()).await? {
        // Somebody else has recorded its end.
        return Ok(());
    }
    let kind = match kind {
        BackupKind::Backup => "backup",
        BackupKind::Drill => "restore drill",
    };
    let event = Event::new(Action::BackupFailed)
        .failed()
        .target(id)
        .detail("kind", kind)
        .detail("file", file)
        .detail("problem", problem.trim_end_matches('.'));
    ctx.commit(tx, event).await
}

/// Records runs that were cut short, by the files of which they left a part.
///
/// # Errors
/// If the database fails.
pub async fn give_up(ctx: &Ctx, files: &[String]) -> Result<()> {
    give_up_those(ctx, STOPPED, |row| {
        row.file.as_ref().is_some_and(|file| files.contains(file)) && row.kind == BackupKind::Backup.as_str()
    })
    .await
}

/// Records runs that should have ended long ago.
pub(super) async fn give_up_old(ctx: &Ctx) -> Result<()> {
    let before = ctx.now().plus_seconds(-LONGEST_RUN).as_millis();
    give_up_those(ctx, STOPPED, |row| row.started_at < before).await
}

/// Records what a restored database has as under way, the backup in which it was included: nobody
/// is at it.
pub(super) async fn give_up_restored(ctx: &Ctx, made_at: Timestamp) -> Result<()> {
    let until = made_at.as_millis();
    give_up_those(ctx, RESTORED, |row| row.started_at <= until).await
}

async fn give_up_those(ctx: &Ctx, problem: &'static str, which: impl Fn(&Row) -> bool + Send) -> Result<()> {
    let rows = store::running(&mut *ctx.read().await?).await?;
    for row in rows.into_iter().filter(which) {
        let file = row.file.unwrap_or_default();
        tracing::error!(kind = %row.kind, %file, "found a backup or drill that was cut short");
        fail(ctx, row.id.parse()?, row.kind.parse()?, &file, problem).await?;
    }
    Ok(())
}
