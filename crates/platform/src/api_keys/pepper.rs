//! `loomwire vault pepper`: another pepper for API keys, without new keys.

use crate::{
    Ctx, Result,
    audit::{Action, Event},
    keyring::{INSTALLATION, Purpose},
};

/// Makes the next version of the pepper, and says which. A key that holds gets its digest under it
/// at its next use; one that is not used any more stays under the older.
///
/// # Errors
/// If the database fails; then nothing was changed.
pub async fn rotate_pepper(ctx: &Ctx) -> Result<u32> {
    let mut tx = ctx.begin().await?;
    let made = ctx
        .make_next_data_key(&mut tx, Purpose::Pepper, INSTALLATION)
        .await?;
    let event = Event::new(Action::PepperRotated).detail("version", made.version);
    ctx.commit(tx, event).await?;
    Ok(made.version)
}
