//! At start: does the master key fit this database? And the installation's own keys.

use receipt::SigningKey;
use types::source::random;

use super::{INSTALLATION, Purpose, store};
use crate::{
    Ctx, Error, Result,
    audit::{Action, Event},
    verification::signing,
};

/// Proves that the master key opens what is there; on an empty database makes the
/// installation's keys: pepper, abuse key, signing key, and the key of nameless personal
/// fields.
///
/// # Errors
/// `Unavailable` if the database was sealed under another master key.
pub(crate) async fn start(ctx: &Ctx) -> Result<()> {
    if fits(ctx).await? {
        return Ok(());
    }
    match make(ctx).await {
        // Another server of this installation was quicker: each key is there once.
        Err(Error::Internal(_) | Error::Conflict(_)) if fits(ctx).await? => Ok(()),
        made => made,
    }
}

/// Whether there are keys, all under our master key.
pub(crate) async fn fits(ctx: &Ctx) -> Result<bool> {
    let Some(row) = store::any(&mut *ctx.read().await?).await? else {
        return Ok(false);
    };
    let opened = ctx.keyring().unwrap(&row).map_err(|_| {
        Error::Unavailable(format!(
            "This database was sealed under master key version {} of another key file. \
             Put that file back; without it the stored secrets cannot be read.",
            row.master_version
        ))
    });
    opened.map(|_| true)
}

async fn make(ctx: &Ctx) -> Result<()> {
    let mut tx = ctx.begin().await?;
    if store::any(&mut tx).await?.is_some() {
        return Err(Error::Conflict("Another server made the keys."));
    }
    for purpose in [
        Purpose::Pepper,
        Purpose::Abuse,
        Purpose::Personal,
        Purpose::BlindIndex,
    ] {
        ctx.make_data_key(&mut tx, purpose, INSTALLATION).await?;
    }
    let vault_key = ctx.make_data_key(&mut tx, Purpose::Signing, INSTALLATION).await?;
    let seed = zeroize::Zeroizing::new(random::<32>(ctx.rng()));
    let signing_key = SigningKey::from_seed(&seed);
    let kid = signing_key.kid().to_owned();
    let sealed = vault_key
        .key
        .seal(ctx.rng(), &signing::seed_aad(&kid, vault_key.version), &*seed)?;
    signing::insert(&mut tx, &signing_key, &sealed, ctx.now()).await?;
    ctx.commit(tx, Event::new(Action::InstallationKeysMade).detail("kid", kid))
        .await
}
