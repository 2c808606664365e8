//! Many events at once, for an invented past: sealed by the same code as any other.

use types::Timestamp;

use super::{
    Event, Tx,
    event::{Sealed, seal},
    store,
};
use crate::{Ctx, Error, Result};

/// Events that wait to be written.
#[derive(Default)]
pub(crate) struct Bulk(Vec<(Event, Sealed, Timestamp)>);

impl Bulk {
    /// Seals an event at the context's time.
    ///
    /// # Errors
    /// If it has personal fields: those are sealed one at a time.
    pub(crate) fn add(&mut self, ctx: &Ctx, event: Event) -> Result<()> {
        let now = ctx.now();
        let sealed = seal(ctx, &event, now)?;
        if !sealed.personal.is_empty() {
            return Err(Error::internal("personal fields are not written in bulk"));
        }
        self.0.push((event, sealed, now));
        Ok(())
    }

    /// Writes them with the change that they tell of; how many there were.
    pub(crate) async fn write(&mut self, tx: &mut Tx) -> Result<u64> {
        for some in self.0.chunks(store::ROWS) {
            store::insert_events(tx, some).await?;
        }
        let count = self.0.len() as u64;
        self.0.clear();
        Ok(count)
    }
}
