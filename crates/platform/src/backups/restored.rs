//! What a database that was restored tells of it.

use types::backup::RestoreNote;

use super::{end, store};
use crate::{
    Ctx, Result,
    audit::{Action, Event},
    calendar,
};

/// Tells the log that the database was restored, if it was and the log does not know yet. What
/// was under way when the backup was made has no end in it: it is given up.
///
/// # Errors
/// If the database fails.
pub(crate) async fn tell_of_restore(ctx: &Ctx) -> Result<()> {
    let Some(text) = store::restore_note(&mut *ctx.read().await?).await? else {
        return Ok(());
    };
    let note: RestoreNote = serde_json::from_str(&text)?;
    end::give_up_restored(ctx, note.made_at).await?;
    let mut tx = ctx.begin().await?;
    if !store::take_restore_note(&mut tx, &text).await? {
        // Another server has told of it.
        return Ok(());
    }
    crate::ledger::begin_anew(ctx, &mut tx).await?;
    tracing::warn!(
        file = note.file,
        "this database was restored from a backup: what came after it is missing"
    );
    let event = Event::new(Action::DatabaseRestored)
        .detail("file", note.file)
        .detail("sha256", note.sha256)
        .detail("madeAt", calendar::rfc3339(note.made_at)?)
        .detail("restoredAt", calendar::rfc3339(note.restored_at)?);
    ctx.commit(tx, event).await
}
