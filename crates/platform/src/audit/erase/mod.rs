//! Erasing a person's fields from every event.
//!
//! An event has a commitment to each personal field; value, salt and blind index stand beside
//! it. They go, and the key that sealed them, so nothing is left that the commitment could be
//! compared with; the event's bytes, its hash and every proof stay as they are.
//!
//! It is not the deletion of an account: whoever is erased can still sign in.

mod store;

use types::{
    Permission, StepUp, UserId,
    retention::{ErasurePage, ErasurePlace},
};

use super::{Action, Event, list};
use crate::{
    Actor, Ctx, Error, Result, identity,
    keyring::Purpose,
    mail::{self, Message},
    retention::{self, Holds},
};

const HELD: Error = Error::Conflict(
    "A legal hold keeps events of this person, and with them these fields. Release it first, or wait.",
);
const OWN: Error = Error::Conflict("Nobody erases their own fields. Ask another member of staff.");

/// What would be erased of a person: fields, by log, and what stands against it.
///
/// # Errors
/// `Forbidden` without [`Permission::AuditManageAll`]; `NotFound`.
pub async fn erasable(ctx: &Ctx, user: UserId) -> Result<ErasurePage> {
    ctx.require(Permission::AuditManageAll).await?;
    let id = user.to_string();
    let mut read = ctx.read().await?;
    let row = identity::user(&mut read, &id).await?;
    let row = row.ok_or(Error::NotFound("The account"))?;
    let mut places = Vec::new();
    for (tenant, name) in store::logs(&mut read).await? {
        let fields = store::fields(&mut read, &tenant, &id, EVER).await?;
        if fields > 0 {
            let holds = retention::active(&mut read, &tenant).await?;
            places.push(ErasurePlace {
                log: name,
                fields: u64::try_from(fields).unwrap_or_default(),
                is_held: is_held(&mut read, &tenant, &id, &holds).await?,
            });
        }
    }
    Ok(ErasurePage {
        user,
        name: row.name,
        places,
    })
}

/// Erases them; how many there were.
///
/// # Errors
/// As [`erasable`]; `StepUp`; `Conflict` while a legal hold keeps them, and for one's own;
/// `Invalid` without a reason.
pub async fn erase_person(ctx: &Ctx, user: UserId, reason: &str) -> Result<u64> {
    ctx.require(Permission::AuditManageAll).await?;
    ctx.require_fresh(StepUp::Erasure).await?;
    if matches!(ctx.actor(), Actor::User { id, .. } if *id == user) {
        return Err(OWN);
    }
    let reason = reason.trim();
    if !(10..=500).contains(&reason.chars().count()) {
        return Err(Error::invalid("reason", "Say why in 10 to 500 characters."));
    }
    let id = user.to_string();
    let mut tx = ctx.begin().await?;
    if identity::user(&mut tx, &id).await?.is_none() {
        return Err(Error::NotFound("The account"));
    }
    let (mut all, mut told) = (0, Vec::new());
    for (tenant, _) in store::logs(&mut tx).await? {
        if store::fields(&mut tx, &tenant, &id, EVER).await? == 0 {
            continue;
        }
        let holds = retention::active(&mut tx, &tenant).await?;
        if is_held(&mut tx, &tenant, &id, &holds).await? {
            return Err(HELD);
        }
        let fields = store::erase(&mut tx, &tenant, &id).await?;
        all += fields;
        if !tenant.is_empty() {
            let event = event(user, fields).in_organisation(tenant.parse()?);
            told.push(event.detail("reason", reason));
        }
    }
    let replaced = ctx.replace_data_key(&mut tx, Purpose::Personal, &id).await?;
    identity::reseal(ctx, &mut tx, &id, &replaced).await?;
    let message = Message::new(
        "audit.erased",
        format!("audit.erased:{id}:{}", ctx.now().as_millis()),
        "Your data in audit logs was erased",
    )
    .text("Addresses and devices that audit logs of this installation had from you were erased for good.")
    .text("What you did still stands there, under your account's id. You can go on signing in.");
    mail::to_user_under(ctx, &mut tx, user, &replaced.fresh, message).await?;
    let first = event(user, all).in_installation().detail("reason", reason);
    ctx.commit_all(tx, first, told).await?;
    Ok(all)
}

fn event(user: UserId, fields: u64) -> Event {
    Event::new(Action::PersonErased)
        .as_staff()
        .target(user)
        .detail("fields", fields)
}

/// Every moment.
const EVER: (i64, i64) = (i64::MIN, i64::MAX);

async fn is_held(conn: &mut db::Conn, tenant: &str, user: &str, holds: &Holds) -> Result<bool> {
    for range in holds.times_on(user) {
        if store::fields(conn, tenant, user, range).await? > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What a page says of fields that an event has a commitment to and nothing else any more.
pub(super) fn erased(canonical: &str, shown: &[(String, String)]) -> Result<Vec<(String, String)>> {
    let names = list::committed(canonical)?;
    let gone = names
        .into_iter()
        .filter(|name| !shown.iter().any(|(known, _)| known == name));
    Ok(gone.map(|name| (name, "erased".to_owned())).collect())
}
