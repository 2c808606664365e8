//! A passkey ceremony between its two halves.

use serde::{Serialize, de::DeserializeOwned};

use super::store;
use crate::{
    Ctx, Error, Result,
    audit::{Housekeeping, Tx},
    codec,
};

/// How long the two halves may be apart, in seconds (WebAuthn Level 3, 15.1: 300 to 600 s).
const LIFETIME: i64 = 300;

/// The first half of a ceremony, for the browser.
pub struct PasskeyCeremony {
    /// **Secret**: hand it back with the answer.
    pub ceremony: String,
    /// `CredentialCreationOptions` or `CredentialRequestOptions`, as JSON.
    pub options: serde_json::Value,
}

/// Keeps the state of a ceremony and gives the handle for its second half.
pub(super) async fn begin<S: Serialize, O: Serialize>(
    ctx: &Ctx,
    kind: &str,
    state: &S,
    options: &O,
) -> Result<PasskeyCeremony> {
    let ceremony = codec::secret(ctx.rng());
    let state = serde_json::to_string(state)?;
    let expires_at = ctx.now().plus_seconds(LIFETIME);
    let mut tx = ctx.begin().await?;
    store::insert_ceremony(&mut tx, &codec::digest(&ceremony), kind, &state, expires_at).await?;
    ctx.commit_housekeeping(tx, Housekeeping::CeremonyBegun).await?;
    Ok(PasskeyCeremony {
        ceremony,
        options: serde_json::to_value(options)?,
    })
}

/// Takes the state out; it cannot be taken twice once the transaction is committed.
///
/// # Errors
/// `Unauthenticated` if it is unknown, used or too old.
pub(super) async fn take<S: DeserializeOwned>(
    ctx: &Ctx,
    tx: &mut Tx,
    kind: &str,
    ceremony: &str,
) -> Result<S> {
    let state = store::take_ceremony(tx, &codec::digest(ceremony), kind, ctx.now()).await?;
    let state = state.ok_or(Error::Unauthenticated(
        "This attempt took too long or was already used. Start again.",
    ))?;
    Ok(serde_json::from_str(&state)?)
}

/// Removes ceremonies that were never finished.
pub(crate) async fn sweep(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    Ok(store::sweep_ceremonies(tx, ctx.now()).await?)
}
