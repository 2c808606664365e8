//! The only ways in which a write ends.

use super::{
    Event, Housekeeping, Tx,
    append::append,
    bulk::{Appended, Bulk},
    event::{Sealed, seal},
};
use crate::{Ctx, Result};

impl Ctx {
    /// Writes the event and commits both, or neither.
    ///
    /// # Errors
    /// If the event or the change cannot be written; then neither is.
    pub async fn commit(&self, tx: Tx, event: Event) -> Result<()> {
        self.commit_all(tx, event, Vec::new()).await
    }

    /// Commits several events with one change: the first tells of the change as the acting
    /// tenant sees it, the others of what it also meant.
    ///
    /// # Errors
    /// As [`Ctx::commit`].
    pub async fn commit_all(&self, mut tx: Tx, first: Event, others: Vec<Event>) -> Result<()> {
        let mut bulk = Bulk::default();
        for event in std::iter::once(&first).chain(&others) {
            bulk.add(self, event)?;
        }
        let appended = bulk.append(self, &mut tx).await?;
        self.commit_appended(tx, appended).await
    }

    /// Commits what those events tell of, which are written. An error leaves nothing of it, but for
    /// a commit that does not end ([`Error::Unfinished`](crate::Error::Unfinished)).
    ///
    /// # Errors
    /// If it cannot be committed.
    pub(crate) async fn commit_appended(&self, tx: Tx, appended: Appended) -> Result<()> {
        self.finish(tx, &appended.0).await
    }

    /// Commits a write that needs no event of its own.
    ///
    /// # Errors
    /// If the write cannot be committed.
    pub async fn commit_housekeeping(&self, tx: Tx, reason: Housekeeping) -> Result<()> {
        tracing::trace!(?reason, "housekeeping");
        Ok(tx.finish(self.generations()).await?)
    }

    /// Writes an event that goes with no change, such as a refusal.
    ///
    /// # Errors
    /// If it cannot be written.
    pub async fn record(&self, event: Event) -> Result<()> {
        let tx = self.begin_aside().await?;
        self.commit(tx, event).await
    }

    /// Commits, and forgets what the events say has changed: what they were done to, and the
    /// figures of their organisations. An error too ends the memory, see [`Tx`].
    async fn finish(&self, tx: Tx, events: &[Sealed]) -> Result<()> {
        let done = tx.finish(self.generations()).await;
        for event in events {
            for target in &event.targets {
                self.generations().advance_target(target);
            }
            if let Some(organisation) = event.organisation {
                self.recalled_figures().forget(organisation);
            }
        }
        if done.is_ok() {
            self.written().notify_one();
        }
        Ok(done?)
    }

    /// Writes an event into a transaction that is yet to be committed.
    pub(crate) async fn append(&self, tx: &mut Tx, event: &Event) -> Result<()> {
        append(self, tx, &[seal(self, event, self.now())?]).await
    }
}
