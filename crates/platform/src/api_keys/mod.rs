//! API keys: made, shown once, listed, revoked, and recognised on each call.
//!
//! At rest there is an HMAC-SHA256 under a versioned pepper from the vault, never the key.

mod attention;
mod authenticate;
mod invent;
mod key;
mod store;

#[cfg(test)]
mod tests;

use types::{
    ApiKeyId, Environment, Permission, StepUp, Timestamp,
    console::{ApiKeyRow, NewApiKey},
};

use crate::{
    Actor, Ctx, Error, Result,
    access::check_name,
    audit::{Action, Event},
    codec,
    keyring::{INSTALLATION, Purpose},
    recall::Topic,
};

pub(crate) use attention::attention;
pub(crate) use authenticate::Known;
pub use authenticate::authenticate;
pub(crate) use invent::{Invented, invent};
pub use key::{Malformed, Parsed, parse};

/// The organisation's keys, newest first, revoked ones included.
///
/// # Errors
/// `Forbidden` without [`Permission::KeysRead`].
pub async fn list(ctx: &Ctx) -> Result<Vec<ApiKeyRow>> {
    ctx.require(Permission::KeysRead).await?;
    let tenant = ctx.tenant()?.to_string();
    let rows = store::list(&mut *ctx.read().await?, &tenant).await?;
    rows.into_iter().map(store::KeyRow::into_dto).collect()
}

/// One of the organisation's keys.
///
/// # Errors
/// `Forbidden` without [`Permission::KeysRead`]; `NotFound`.
pub async fn get(ctx: &Ctx, id: ApiKeyId) -> Result<ApiKeyRow> {
    ctx.require(Permission::KeysRead).await?;
    let tenant = ctx.tenant()?.to_string();
    let row = store::get(&mut *ctx.read().await?, &tenant, &id.to_string()).await?;
    row.ok_or(Error::NotFound("The API key"))?.into_dto()
}

/// Makes a key. What it returns is the only time that the key can be seen.
///
/// # Errors
/// `Forbidden` without [`Permission::KeysManage`]; `StepUp`; `Invalid` for the name (1 to 100
/// characters).
pub async fn create(ctx: &Ctx, name: &str, environment: Environment) -> Result<NewApiKey> {
    ctx.require(Permission::KeysManage).await?;
    ctx.require_fresh(StepUp::Keys)?;
    let Actor::User { id: maker, .. } = ctx.actor() else {
        return Err(Error::Unauthenticated("Sign in first."));
    };
    let name = name.trim();
    check_name(name).map_err(|message| Error::invalid("name", message))?;
    let (tenant, now) = (ctx.tenant()?.to_string(), ctx.now());
    let id = ApiKeyId::new(ctx.clock(), ctx.rng());
    let key = key::generate(ctx.rng(), environment);
    let mut tx = ctx.begin().await?;
    let pepper = ctx.data_key(&mut tx, Purpose::Pepper, INSTALLATION).await?;
    let new = store::NewKey {
        id: id.to_string(),
        name,
        environment,
        prefix: key::prefix(&key),
        last_four: key::last_four(&key),
        digest: codec::hmac_sha256(pepper.key.bytes(), key.as_bytes()),
        pepper_version: i64::from(pepper.version),
    };
    store::insert(&mut tx, &tenant, &new, &maker.to_string(), now).await?;
    let row = store::get(&mut tx, &tenant, &new.id).await?;
    let row = row.ok_or(Error::NotFound("The API key"))?.into_dto()?;
    ctx.commit(tx, event(Action::ApiKeyCreated, &row)).await?;
    Ok(NewApiKey {
        row,
        key: key.to_string(),
    })
}

/// Revokes a key; it is refused from the next request on. Revoking again changes nothing.
///
/// # Errors
/// `Forbidden` without [`Permission::KeysManage`]; `StepUp`; `NotFound`.
pub async fn revoke(ctx: &Ctx, id: ApiKeyId) -> Result<ApiKeyRow> {
    ctx.require(Permission::KeysManage).await?;
    ctx.require_fresh(StepUp::Keys)?;
    let tenant = ctx.tenant()?.to_string();
    let now = ctx.now();
    let mut tx = ctx.begin().await?;
    let row = store::get(&mut tx, &tenant, &id.to_string()).await?;
    let mut row = row.ok_or(Error::NotFound("The API key"))?.into_dto()?;
    if row.revoked_at.is_some() {
        return Ok(row);
    }
    store::revoke(&mut tx, &tenant, &id.to_string(), now).await?;
    tx.changes(Topic::ApiKeys);
    ctx.commit(tx, event(Action::ApiKeyRevoked, &row)).await?;
    row.revoked_at = Some(now);
    Ok(row)
}

fn event(action: Action, row: &ApiKeyRow) -> Event {
    Event::new(action)
        .target(row.id)
        .detail("name", &row.name)
        .detail("environment", row.environment)
        .detail("lastFour", &row.last_four)
}

/// A stored moment.
fn moment(millis: Option<i64>) -> Option<Timestamp> {
    millis.map(Timestamp::from_millis)
}
