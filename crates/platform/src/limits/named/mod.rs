//! Limits of an organisation's own, by name: what a key that has one may call, beside what every
//! key may.

mod store;

use db::Conn;
use types::{
    LimitId, Permission, StepUp, Timestamp,
    limits::{LimitTerms, NamedLimit},
};

use super::Bucket;
use crate::{
    Actor, Ctx, Error, Result, api_keys,
    audit::{Action, Event},
    recall::Topic,
    search::Problems,
};

const NOT_THERE: Error = Error::NotFound("The limit");
/// Limits of an organisation at most.
const MOST: usize = 20;
const NAME: usize = 40;
const UNITS: u32 = 1_000_000;
const SECONDS: u32 = 31 * 86_400;

/// The organisation's limits, by name, and how many working keys are held to each.
///
/// # Errors
/// `Forbidden` without [`Permission::KeysRead`].
pub async fn list(ctx: &Ctx) -> Result<Vec<NamedLimit>> {
    ctx.require(Permission::KeysRead).await?;
    let tenant = ctx.tenant()?.to_string();
    let mut read = ctx.read().await?;
    with_keys(&mut read, &tenant, ctx.now()).await
}

async fn with_keys(conn: &mut Conn, tenant: &str, now: Timestamp) -> Result<Vec<NamedLimit>> {
    let held = api_keys::limits_of_working(conn, tenant, now).await?;
    let limits = store::all(conn, tenant).await?;
    let limits = limits.into_iter().map(|row| {
        let mut limit = row.read()?;
        let has = |names: &&String| names.split_whitespace().any(|name| name == limit.terms.name);
        limit.keys = held.iter().filter(has).count().try_into().unwrap_or_default();
        Ok(limit)
    });
    limits.collect()
}

/// One of the organisation's limits.
///
/// # Errors
/// As [`list`]; `NotFound`.
pub async fn get(ctx: &Ctx, name: &str) -> Result<NamedLimit> {
    let mut all = list(ctx).await?.into_iter();
    all.find(|limit| limit.terms.name == name).ok_or(NOT_THERE)
}

/// Makes a limit, or puts other terms in the place of the one with this name. It holds from each
/// key's next call on; what was taken from it stays taken.
///
/// # Errors
/// `Forbidden` without [`Permission::KeysManage`]; `StepUp`; `Invalid` for the terms; `Conflict`
/// for a key that is held to the limit itself, and if there are 20 limits.
pub async fn set(ctx: &Ctx, terms: &LimitTerms) -> Result<NamedLimit> {
    ctx.require(Permission::KeysManage).await?;
    ctx.require_fresh(StepUp::Keys).await?;
    check(terms)?;
    hold_apart(ctx, &terms.name)?;
    let tenant = ctx.tenant()?.to_string();
    let mut tx = ctx.begin().await?;
    let all = with_keys(&mut tx, &tenant, ctx.now()).await?;
    let before = all.iter().find(|limit| limit.terms.name == terms.name);
    if let Some(same) = before.filter(|limit| limit.terms == *terms) {
        return Ok(same.clone());
    }
    if before.is_none() && all.len() >= MOST {
        return Err(Error::Conflict(
            "An organisation has 20 limits at most. Remove one first.",
        ));
    }
    let limit = NamedLimit {
        id: before.map_or_else(|| LimitId::new(ctx.clock(), ctx.rng()), |limit| limit.id),
        terms: terms.clone(),
        keys: before.map_or(0, |limit| limit.keys),
    };
    store::set(&mut tx, &tenant, &limit, ctx.now()).await?;
    tx.changes(Topic::ApiKeys);
    let event = Event::new(Action::RateLimitSet)
        .target(limit.id)
        .detail("name", &terms.name)
        .detail("units", terms.units)
        .detail("seconds", terms.seconds)
        .detail("perKey", terms.per_key)
        .detail("costs", terms.costs);
    ctx.commit(tx, event).await?;
    Ok(limit)
}

/// Removes a limit, and takes it from every key; what it was.
///
/// # Errors
/// `Forbidden` without [`Permission::KeysManage`]; `StepUp`; `NotFound`; `Conflict` for a key that
/// is held to it itself.
pub async fn remove(ctx: &Ctx, name: &str) -> Result<NamedLimit> {
    ctx.require(Permission::KeysManage).await?;
    ctx.require_fresh(StepUp::Keys).await?;
    hold_apart(ctx, name)?;
    let tenant = ctx.tenant()?.to_string();
    let mut tx = ctx.begin().await?;
    let limits = store::all(&mut tx, &tenant).await?;
    let limit = limits
        .into_iter()
        .find(|limit| limit.name == name)
        .ok_or(NOT_THERE)?;
    api_keys::take_limit(&mut tx, &tenant, name).await?;
    store::remove(&mut tx, &tenant, &limit.id).await?;
    tx.changes(Topic::ApiKeys);
    let event = Event::new(Action::RateLimitRemoved)
        .target(&limit.id)
        .detail("name", name);
    ctx.commit(tx, event).await?;
    limit.read()
}

/// A key gives no more than it has: a limit that holds it is not for it to change.
fn hold_apart(ctx: &Ctx, name: &str) -> Result<()> {
    match ctx.actor() {
        Actor::ApiKey { limits, .. } if limits.iter().any(|limit| limit.terms.name == name) => {
            Err(Error::Conflict(
                "A key changes no limit that it is held to itself. Use another key, or the console.",
            ))
        }
        _ => Ok(()),
    }
}

fn check(terms: &LimitTerms) -> Result<()> {
    let mut problems = Problems::default();
    let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    let name = &terms.name;
    if !name.starts_with(plain)
        || name.len() > NAME
        || !name.chars().all(|letter| plain(letter) || letter == '-')
    {
        problems.add(
            "name",
            "A name is of small letters, digits and hyphens, at most 40, a letter or digit first.",
        );
    }
    if !(1..=UNITS).contains(&terms.units) {
        problems.add("units", "Give a whole number from 1 to 1,000,000.");
    }
    if !(1..=SECONDS).contains(&terms.seconds) {
        problems.add(
            "seconds",
            "Give whole seconds from 1 to 2,678,400, which are 31 days.",
        );
    }
    // It would never be taken otherwise, or for less than was said.
    if terms.costs.each().any(|(_, cost)| cost > terms.units) {
        problems.add("costs", "A call costs at most all units that there are.");
    }
    problems.settle()
}

/// The names of the organisation's limits.
pub(crate) async fn names(conn: &mut Conn, tenant: &str) -> Result<Vec<String>> {
    let limits = store::all(conn, tenant).await?;
    Ok(limits.into_iter().map(|limit| limit.name).collect())
}

/// The limits with these names, parted by spaces, that are there.
pub(crate) async fn of_key(conn: &mut Conn, tenant: &str, names: &str) -> Result<Vec<NamedLimit>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let has = |limit: &store::LimitRow| names.split_whitespace().any(|name| name == limit.name);
    let limits = store::all(conn, tenant).await?;
    limits
        .into_iter()
        .filter(has)
        .map(store::LimitRow::read)
        .collect()
}

/// What a limit of the caller's is called.
pub fn name_of(ctx: &Ctx, bucket: Bucket) -> Option<String> {
    match (bucket, ctx.actor()) {
        (Bucket::Named(id, _), Actor::ApiKey { limits, .. }) => {
            let limit = limits.iter().find(|limit| limit.id == id)?;
            Some(limit.terms.name.clone())
        }
        _ => None,
    }
}
