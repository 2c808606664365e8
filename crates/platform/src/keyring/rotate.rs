//! `loomwire vault rotate`: wraps every data key under the newest master key.

use super::{store, wrap_aad};
use crate::{
    Ctx, Result,
    audit::{Action, Event},
};

/// How many keys one transaction takes: it holds the only writer.
const BATCH: i64 = 200;

/// What a rotation came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// The master key version that now wraps every data key.
    pub master_version: u32,
    /// How many data keys were wrapped anew.
    pub rewrapped: u64,
}

/// Wraps every data key anew under the newest master key. The data keys themselves stay, so
/// nothing that they seal is touched. Interrupted, it can be run again.
///
/// # Errors
/// If a key does not open, or the database fails; keys done before stay done.
pub async fn rotate(ctx: &Ctx) -> Result<Rotation> {
    let provider = &ctx.keyring().provider;
    let target = provider.current_version();
    let mut rewrapped = 0;
    loop {
        let mut tx = ctx.begin().await?;
        let rows = store::wrapped_before(&mut tx, i64::from(target), BATCH).await?;
        if rows.is_empty() {
            return Ok(Rotation {
                master_version: target,
                rewrapped,
            });
        }
        let count = rows.len();
        for row in rows {
            let named = ctx.keyring().unwrap(&row)?;
            let aad = wrap_aad(&row.subject, &row.id);
            let wrapped = provider.wrap(ctx.rng(), &aad, &named.key)?;
            store::rewrap(&mut tx, &row.id, i64::from(target), &wrapped).await?;
        }
        let event = Event::new(Action::MasterKeyRotated)
            .detail("masterVersion", target)
            .detail("rewrapped", count);
        ctx.commit(tx, event).await?;
        rewrapped += count as u64;
    }
}
