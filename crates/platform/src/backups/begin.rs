//! Finding what is due, and taking it.

use db::Conn;
use types::{BackupId, Timestamp, backup::BackupKind};

use super::{
    Policy, end,
    store::{self, Row},
};
use crate::{Ctx, Error, Result, audit::Housekeeping, codec};

const HOUR: i64 = 3600;
/// After a failure, the next try comes after this long at the latest.
const RETRY_BACKUP: i64 = HOUR;
const DRILL_STEP: i64 = 7 * 24 * HOUR;
const RETRY_DRILL: i64 = 24 * HOUR;

/// The right, and the duty, to make this backup or to hold this drill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Its row.
    pub id: BackupId,
    /// Which of the two.
    pub kind: BackupKind,
    /// The name of the file to be made, or of the one to be restored.
    pub file: String,
    /// When it began.
    pub started_at: Timestamp,
}

/// Takes the backup or else the drill that is due by the operator's policy, if one is and no
/// other server was quicker. `name` gives the file of a backup that begins at this moment.
///
/// # Errors
/// If the database fails.
pub async fn due(ctx: &Ctx, name: impl FnOnce(Timestamp) -> String + Send) -> Result<Option<Claim>> {
    end::give_up_old(ctx).await?;
    let policy = ctx.settings().backups;
    let mut read = ctx.read().await?;
    let backup = store::latest(&mut read, BackupKind::Backup).await?;
    let drill = store::latest(&mut read, BackupKind::Drill).await?;
    let good = store::latest_done(&mut read, BackupKind::Backup).await?;
    drop(read);
    let now = ctx.now();
    if backup_is_due(policy, backup.as_ref(), now) {
        return claim(ctx, BackupKind::Backup, backup.as_ref(), name).await;
    }
    let file = good
        .filter(|good| good.removed_at.is_none())
        .and_then(|good| good.file);
    match file {
        Some(file) if drill_is_due(policy, drill.as_ref(), now) => {
            claim(ctx, BackupKind::Drill, drill.as_ref(), |_| file).await
        }
        _ => Ok(None),
    }
}

/// Takes a backup now, whatever the schedule says.
///
/// # Errors
/// `Conflict` if one is under way.
pub async fn begin(ctx: &Ctx, name: impl FnOnce(Timestamp) -> String + Send) -> Result<Claim> {
    begin_now(ctx, BackupKind::Backup, name).await
}

/// Takes a drill of this file now.
///
/// # Errors
/// `Conflict` if one is under way.
pub async fn begin_drill(ctx: &Ctx, file: String) -> Result<Claim> {
    begin_now(ctx, BackupKind::Drill, |_| file).await
}

async fn begin_now(
    ctx: &Ctx,
    kind: BackupKind,
    name: impl FnOnce(Timestamp) -> String + Send,
) -> Result<Claim> {
    const BUSY: Error = Error::Conflict("One is under way already. Wait until it has ended.");
    end::give_up_old(ctx).await?;
    let before = store::latest(&mut *ctx.read().await?, kind).await?;
    if before.as_ref().is_some_and(|row| row.state == "running") {
        return Err(BUSY);
    }
    claim(ctx, kind, before.as_ref(), name).await?.ok_or(BUSY)
}

async fn claim(
    ctx: &Ctx,
    kind: BackupKind,
    before: Option<&Row>,
    name: impl FnOnce(Timestamp) -> String + Send,
) -> Result<Option<Claim>> {
    // Behind the row before it, also when the clock was set back.
    let after = before.map_or(i64::MIN, |row| row.started_at.saturating_add(1));
    let started_at = Timestamp::from_millis(ctx.now().as_millis().max(after));
    let claim = Claim {
        id: next_id(kind, before.map(|row| row.id.as_str())),
        kind,
        file: name(started_at),
        started_at,
    };
    let mut tx = ctx.begin().await?;
    let conn: &mut Conn = &mut tx;
    if !store::insert(conn, &claim.id.to_string(), kind, &claim.file, started_at).await? {
        return Ok(None);
    }
    ctx.commit_housekeeping(tx, Housekeeping::JobClaim).await?;
    Ok(Some(claim))
}

/// The same for everybody who saw the same row before.
fn next_id(kind: BackupKind, before: Option<&str>) -> BackupId {
    let text = format!("{}\n{}", kind.as_str(), before.unwrap_or_default());
    let digest = codec::sha256(text.as_bytes());
    let value = digest
        .iter()
        .take(16)
        .fold(0_u128, |value, byte| (value << 8) | u128::from(*byte));
    BackupId::from_u128(value)
}

pub(super) fn backup_is_due(policy: Policy, before: Option<&Row>, now: Timestamp) -> bool {
    let Some(hours) = policy.every_hours else {
        return false;
    };
    let step = i64::from(hours) * HOUR;
    is_due(before, now, step, RETRY_BACKUP.min(step))
}

pub(super) fn drill_is_due(policy: Policy, before: Option<&Row>, now: Timestamp) -> bool {
    policy.drills && is_due(before, now, DRILL_STEP, RETRY_DRILL)
}

fn is_due(before: Option<&Row>, now: Timestamp, step: i64, retry: i64) -> bool {
    let Some(before) = before else { return true };
    let pause = match before.state.as_str() {
        "running" => return false,
        "done" => step,
        _ => retry,
    };
    Timestamp::from_millis(before.started_at).plus_seconds(pause) <= now
}
