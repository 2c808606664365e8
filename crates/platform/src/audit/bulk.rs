//! Many events at once, of whoever did what they tell of.

use super::{
    Event, Tx,
    append::append,
    event::{Sealed, seal},
};
use crate::{Ctx, Error, Result};

/// Events that wait to be written.
#[derive(Default)]
pub(crate) struct Bulk(Vec<Sealed>);

/// Events that were written, and are there for good with the commit of their transaction.
pub(crate) struct Appended(pub(super) Vec<Sealed>);

impl Bulk {
    /// Seals an event as the context's, at its time.
    pub(crate) fn add(&mut self, ctx: &Ctx, event: &Event) -> Result<()> {
        self.0.push(seal(ctx, event, ctx.now())?);
        Ok(())
    }

    /// Writes them with the change that they tell of; how many there were.
    pub(crate) async fn write(&mut self, ctx: &Ctx, tx: &mut Tx) -> Result<u64> {
        append(ctx, tx, &self.0).await?;
        let count = self.0.len() as u64;
        self.0.clear();
        Ok(count)
    }

    /// Writes them, for [`Ctx::commit_appended`].
    ///
    /// # Errors
    /// If there are none: what is committed has an event.
    pub(crate) async fn append(self, ctx: &Ctx, tx: &mut Tx) -> Result<Appended> {
        if self.0.is_empty() {
            return Err(Error::internal("a write without an event"));
        }
        append(ctx, tx, &self.0).await?;
        Ok(Appended(self.0))
    }
}
