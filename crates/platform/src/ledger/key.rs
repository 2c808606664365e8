//! The key that signs checkpoints: made at first start, its seed sealed in the vault.

use db::Conn;
use ledger::checkpoint::{NoteKey, NoteSigner};
use types::source::random;
use url::Url;
use vault::Aad;
use zeroize::Zeroizing;

use super::store::{self, KeyRow};
use crate::{
    Ctx, Error, Result,
    audit::{Action, Event, Tx},
    keyring::{INSTALLATION, Purpose},
};

/// Makes the key and the empty tree, at first start or on a database of a version without.
///
/// # Errors
/// If the database fails.
pub(crate) async fn start(ctx: &Ctx) -> Result<()> {
    if exists(ctx).await? {
        return Ok(());
    }
    match make_first(ctx).await {
        // Another server of this installation was quicker: each key is there once.
        Err(Error::Internal(_) | Error::Conflict(_)) if exists(ctx).await? => Ok(()),
        made => made,
    }
}

async fn exists(ctx: &Ctx) -> Result<bool> {
    let keys = store::keys(&mut *ctx.read().await?).await?;
    Ok(!keys.is_empty())
}

async fn make_first(ctx: &Ctx) -> Result<()> {
    let mut tx = ctx.begin().await?;
    if !store::keys(&mut tx).await?.is_empty() {
        return Err(Error::Conflict("Another server made the key."));
    }
    ctx.make_data_key(&mut tx, Purpose::Ledger, INSTALLATION).await?;
    store::make_state(&mut tx, ctx.now()).await?;
    let key = make(ctx, &mut tx, origin(&ctx.settings().public_url, 1)).await?;
    let event = Event::new(Action::LedgerKeyMade).detail("verifierKey", key);
    ctx.commit(tx, event).await
}

/// Gives a restored database another key, with a name of its own: under the old one, tree heads
/// may be about that this database knows nothing of, and to go on would look like a fork.
///
/// # Errors
/// If the database fails.
pub(crate) async fn begin_anew(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    let before = store::keys(tx).await?.len();
    if before == 0 {
        return Ok(());
    }
    let key = make(ctx, tx, origin(&ctx.settings().public_url, before + 1)).await?;
    store::forget_witnesses(tx).await?;
    let event = Event::new(Action::LedgerKeyMade).detail("verifierKey", key);
    ctx.append(tx, &event).await
}

/// The log's name (C2SP tlog-checkpoint: a URL without its scheme), another for each key.
fn origin(public_url: &Url, number: usize) -> String {
    let host = public_url.host_str().unwrap_or("localhost");
    let port = public_url
        .port()
        .map(|port| format!(":{port}"))
        .unwrap_or_default();
    let suffix = if number == 1 {
        String::new()
    } else {
        format!("/{number}")
    };
    format!("{host}{port}/ledger{suffix}")
}

/// Makes a key and gives what checks it.
async fn make(ctx: &Ctx, tx: &mut Tx, origin: String) -> Result<NoteKey> {
    let vault_key = ctx.data_key(tx, Purpose::Ledger, INSTALLATION).await?;
    let seed = Zeroizing::new(random::<32>(ctx.rng()));
    let key = NoteSigner::from_seed(&origin, &seed)
        .map_err(Error::internal)?
        .vkey();
    let row = KeyRow {
        verifier_key: key.to_string(),
        sealed_seed: vault_key
            .key
            .seal(ctx.rng(), &seed_aad(&origin, vault_key.version), &*seed)?,
        data_key_id: vault_key.id,
        id: origin,
    };
    store::insert_key(tx, &row, ctx.now()).await?;
    Ok(key)
}

/// Where a seed is sealed.
fn seed_aad(origin: &str, key_version: u32) -> Aad<'_> {
    Aad {
        tenant: INSTALLATION,
        table: "ledger_keys",
        row: origin,
        column: "sealed_seed",
        key_version,
    }
}

/// The key that signs now.
pub(super) async fn signer(ctx: &Ctx, conn: &mut Conn) -> Result<NoteSigner> {
    let row = store::keys(conn).await?.into_iter().next();
    let row = row.ok_or_else(|| Error::internal("no ledger key"))?;
    let vault_key = ctx
        .data_key_by_id(conn, &row.data_key_id)
        .await?
        .ok_or_else(|| Error::internal("the key of the ledger's key was destroyed"))?;
    let aad = seed_aad(&row.id, vault_key.version);
    let seed = Zeroizing::new(vault_key.key.open(&aad, &row.sealed_seed)?);
    let seed: &[u8; 32] = seed.as_slice().try_into().map_err(Error::internal)?;
    NoteSigner::from_seed(&row.id, seed).map_err(Error::internal)
}

/// Every key that has signed, the present one first.
pub(super) async fn verifiers(conn: &mut Conn) -> Result<Vec<NoteKey>> {
    let rows = store::keys(conn).await?;
    rows.iter()
        .map(|row| row.verifier_key.parse().map_err(Error::internal))
        .collect()
}
