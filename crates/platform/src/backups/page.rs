//! What staff see.

use types::{
    Permission, Timestamp,
    backup::{BackupKind, BackupRow, BackupsPage},
};

use super::store::{self, Row};
use crate::{Ctx, Result};

/// Rows on the page.
const ROWS: i64 = 100;

/// The policy, the last good backup, the last good drill, and the newest of both.
///
/// # Errors
/// `Forbidden` without [`Permission::BackupsRead`].
pub async fn page(ctx: &Ctx) -> Result<BackupsPage> {
    ctx.require(Permission::BackupsRead).await?;
    let policy = ctx.settings().backups;
    let mut read = ctx.read().await?;
    let last_backup = store::latest_done(&mut read, BackupKind::Backup).await?;
    let last_drill = store::latest_done(&mut read, BackupKind::Drill).await?;
    let rows = store::list(&mut read, ROWS).await?;
    Ok(BackupsPage {
        every_hours: policy.every_hours,
        keep_days: policy.keep_days,
        recipients: policy.recipients,
        last_backup: last_backup.map(row).transpose()?,
        last_drill: last_drill.map(row).transpose()?,
        rows: rows.into_iter().map(row).collect::<Result<_>>()?,
    })
}

/// When the last good backup was begun: what is in it is as of then.
///
/// # Errors
/// If the database fails.
pub async fn last_success(ctx: &Ctx) -> Result<Option<Timestamp>> {
    let row = store::latest_done(&mut *ctx.read().await?, BackupKind::Backup).await?;
    Ok(row.map(|row| Timestamp::from_millis(row.started_at)))
}

fn row(row: Row) -> Result<BackupRow> {
    let count = |value: Option<i64>| value.and_then(|value| u64::try_from(value).ok());
    Ok(BackupRow {
        kind: row.kind.parse()?,
        state: row.state.parse()?,
        file: row.file,
        bytes: count(row.bytes),
        events: count(row.events),
        problem: row.problem,
        started_at: Timestamp::from_millis(row.started_at),
        finished_at: row.finished_at.map(Timestamp::from_millis),
        removed_at: row.removed_at.map(Timestamp::from_millis),
    })
}
