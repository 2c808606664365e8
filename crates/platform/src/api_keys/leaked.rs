//! What is done with a key that was found where it should not be.

use db::Conn;
use types::{Environment, console::ApiKeyRow, keys::LeakAnswer};

use super::{event, key, policy, store};
use crate::{
    Ctx, Result,
    audit::{Action, Tx},
    codec,
    keyring::{INSTALLATION, Purpose},
    recall::Topic,
};

/// Every key in a text, each once; only of form and checksum.
pub(crate) fn keys_in(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
    let mut found: Vec<&str> = words.filter(|word| key::parse(word).is_ok()).collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter()
}

/// The digests of a key under every pepper, the newest first; none if it is no key.
pub(crate) async fn digests(ctx: &Ctx, conn: &mut Conn, text: &str) -> Result<Option<Vec<u8>>> {
    if key::parse(text).is_err() {
        return Ok(None);
    }
    let peppers = ctx.data_keys(conn, Purpose::Pepper, INSTALLATION).await?;
    let digests = peppers
        .iter()
        .flat_map(|pepper| codec::hmac_sha256(pepper.key.bytes(), text.as_bytes()));
    Ok(Some(digests.collect()))
}

/// The key with this digest, and whose it is.
pub(crate) async fn whose(conn: &mut Conn, digest: &[u8]) -> Result<Option<(String, ApiKeyRow)>> {
    let Some((tenant, id)) = store::by_digest_for_leak(conn, digest).await? else {
        return Ok(None);
    };
    let row = policy::row_of(conn, &tenant, &id).await?;
    Ok(Some((tenant, row)))
}

/// What the organisation does with a key of this environment that was found.
pub(crate) async fn leak_answer(
    conn: &mut Conn,
    tenant: &str,
    environment: Environment,
) -> Result<LeakAnswer> {
    let policy = policy::of(conn, tenant).await?;
    Ok(match environment {
        Environment::Live => policy.leaked_live,
        Environment::Test => policy.leaked_test,
    })
}

/// Revokes it, in the name of Loomwire.
pub(crate) async fn revoke_leaked(ctx: &Ctx, tx: &mut Tx, tenant: &str, row: &ApiKeyRow) -> Result<()> {
    store::revoke(tx, tenant, &row.id.to_string(), ctx.now()).await?;
    tx.changes(Topic::ApiKeys);
    let event = event(Action::ApiKeyRevoked, row)
        .in_organisation(tenant.parse()?)
        .detail("reason", "it was found where it should not be");
    ctx.append(tx, &event).await
}
