//! Making exports: each is gone through once, so that its length and digest are known.

use types::{OrganisationId, Timestamp};

use super::{file::File, store};
use crate::{
    Ctx, Error, Result,
    audit::{Action, Event, Housekeeping, Tx, find::Scope},
};

/// How long nobody else takes an export that is being made, in seconds.
const LEASE: i64 = 120;

/// Makes the oldest export that is to be made; whether there was one. A server that dies in
/// between leaves it to another.
///
/// # Errors
/// If the database fails; the export is tried again.
pub async fn make_due(ctx: &Ctx) -> Result<bool> {
    let row = store::unmade(&mut *ctx.read().await?, ctx.now()).await?;
    let Some(row) = row else { return Ok(false) };
    let Some(mut held) = claim(ctx, &row.id, None).await? else {
        return Ok(true);
    };
    let mut file = File::of(ctx, &row)?;
    loop {
        match file.next().await {
            Ok(Some(_)) => {}
            Ok(None) => break,
            // The index is behind: it is made once the lease is over.
            Err(Error::Conflict(_)) => return Ok(false),
            Err(error) => return Err(error),
        }
        if ctx.now() > held.plus_seconds(-LEASE / 2) {
            let Some(kept) = claim(ctx, &row.id, Some(held)).await? else {
                return Ok(true);
            };
            held = kept;
        }
    }
    let scope = super::query::read(&row.query)?.scope;
    let (events, bytes) = (file.events, file.bytes);
    let digest = file.digest();
    let number = |number: u64| i64::try_from(number).map_err(Error::internal);
    let mut tx = ctx.begin().await?;
    if !store::made(&mut tx, &row.id, (number(events)?, number(bytes)?), &digest).await? {
        return Ok(true);
    }
    let event = Event::new(Action::AuditExportMade)
        .target(&row.id)
        .detail("events", events)
        .detail("bytes", bytes)
        .detail("sha256", hex::encode(&digest));
    let event = match organisation(&scope)? {
        Some(organisation) => event.in_organisation(organisation),
        None => event.in_installation(),
    };
    ctx.commit(tx, event).await?;
    Ok(true)
}

fn organisation(scope: &Scope) -> Result<Option<OrganisationId>> {
    match scope.tenant() {
        None | Some("") => Ok(None),
        Some(tenant) => Ok(Some(tenant.parse()?)),
    }
}

/// Takes it, or keeps it: until when.
async fn claim(ctx: &Ctx, id: &str, held: Option<Timestamp>) -> Result<Option<Timestamp>> {
    let now = ctx.now();
    let until = now.plus_seconds(LEASE);
    let mut tx = ctx.begin().await?;
    if !store::claim(&mut tx, id, (held, now), until).await? {
        return Ok(None);
    }
    ctx.commit_housekeeping(tx, Housekeeping::ExportMoved).await?;
    Ok(Some(until))
}

/// Removes the records whose time is over.
pub(crate) async fn sweep(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    Ok(store::sweep(tx, ctx.now()).await?)
}
