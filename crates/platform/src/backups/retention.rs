//! Which files have had their time.

use types::BackupId;

use super::store;
use crate::{
    Ctx, Result,
    audit::{Action, Event},
};

const DAY: i64 = 24 * 3600;

/// A backup whose file may go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expired {
    /// Its row.
    pub id: BackupId,
    /// Its file's name.
    pub file: String,
}

/// Backups older than the operator keeps them; never the newest good one.
///
/// # Errors
/// If the database fails.
pub async fn expired(ctx: &Ctx) -> Result<Vec<Expired>> {
    let days = i64::from(ctx.settings().backups.keep_days);
    let before = ctx.now().plus_seconds(-days * DAY);
    let rows = store::expired(&mut *ctx.read().await?, before).await?;
    rows.into_iter()
        .map(|(id, file)| {
            Ok(Expired {
                id: id.parse()?,
                file,
            })
        })
        .collect()
}

/// Records that the file is gone.
///
/// # Errors
/// If the database fails.
pub async fn removed(ctx: &Ctx, expired: &Expired) -> Result<()> {
    let mut tx = ctx.begin().await?;
    if !store::remove(&mut tx, &expired.id.to_string(), ctx.now()).await? {
        // Another server has done the same.
        return Ok(());
    }
    let event = Event::new(Action::BackupRemoved)
        .target(expired.id)
        .detail("file", &expired.file)
        .detail("keepDays", ctx.settings().backups.keep_days);
    ctx.commit(tx, event).await
}
