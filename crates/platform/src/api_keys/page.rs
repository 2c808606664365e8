//! Keys as pages and programs see them.

use db::Conn;
use types::{
    ApiKeyId, Environment, Permission, Timestamp,
    console::ApiKeyRow,
    keys::{KeyPage, KeySource},
};

use super::{NOT_THERE, sources, store, terms};
use crate::{Actor, Ctx, Result};

/// Sources that a page shows at most.
const SOURCES: i64 = 50;

/// The organisation's keys, newest first, revoked ones included. A program sees those of its own
/// key's environment.
///
/// # Errors
/// `Forbidden` without [`Permission::KeysRead`].
pub async fn list(ctx: &Ctx) -> Result<Vec<ApiKeyRow>> {
    ctx.require(Permission::KeysRead).await?;
    let tenant = ctx.tenant()?.to_string();
    let rows = store::list(&mut *ctx.read().await?, &tenant, own_environment(ctx)).await?;
    rows.into_iter().map(store::KeyRow::into_dto).collect()
}

const fn own_environment(ctx: &Ctx) -> Option<Environment> {
    match ctx.actor() {
        Actor::ApiKey { environment, .. } => Some(*environment),
        _ => None,
    }
}

/// One of the organisation's keys.
///
/// # Errors
/// `Forbidden` without [`Permission::KeysRead`]; `NotFound`.
pub async fn get(ctx: &Ctx, id: ApiKeyId) -> Result<ApiKeyRow> {
    ctx.require(Permission::KeysRead).await?;
    seen(ctx, &mut *ctx.read().await?, id).await
}

/// A key, with who takes over from whom, and from where they are used.
///
/// # Errors
/// As [`get`].
pub async fn page(ctx: &Ctx, id: ApiKeyId) -> Result<KeyPage> {
    ctx.require(Permission::KeysRead).await?;
    let mut read = ctx.read().await?;
    let row = seen(ctx, &mut read, id).await?;
    let successor = other(ctx, &mut read, row.successor).await?;
    let predecessor = other(ctx, &mut read, row.predecessor).await?;
    let sources = used(ctx, &mut read, row.id, Timestamp::from_millis(0)).await?;
    let behind = match &predecessor {
        Some(old) => used(ctx, &mut read, old.id, row.created_at).await?,
        None => Vec::new(),
    };
    Ok(KeyPage {
        row,
        successor,
        predecessor,
        sources,
        behind,
    })
}

/// The key, if it is the organisation's and of an environment that the caller sees.
pub(super) async fn seen(ctx: &Ctx, conn: &mut Conn, id: ApiKeyId) -> Result<ApiKeyRow> {
    let tenant = ctx.tenant()?.to_string();
    let row = store::get(conn, &tenant, &id.to_string()).await?;
    let row = row.ok_or(NOT_THERE)?.into_dto()?;
    if terms::sees(ctx, row.environment) {
        Ok(row)
    } else {
        Err(NOT_THERE)
    }
}

async fn other(ctx: &Ctx, conn: &mut Conn, id: Option<ApiKeyId>) -> Result<Option<ApiKeyRow>> {
    match id {
        Some(id) => seen(ctx, conn, id).await.map(Some),
        None => Ok(None),
    }
}

async fn used(ctx: &Ctx, conn: &mut Conn, id: ApiKeyId, since: Timestamp) -> Result<Vec<KeySource>> {
    let rows = store::sources(conn, &id.to_string(), since, SOURCES).await?;
    sources::open(ctx, conn, rows).await
}
