//! Files of audit events: what a search finds among the first so many leaves of the ledger, each
//! event with its place and its proof.
//!
//! An export is a record. Its rows are fixed when it is asked for, and so are its bytes: they are
//! made twice, once to know their number and digest, and again for whoever downloads them, from
//! any byte on. Nothing of it lies on a disk.
//!
//! **Invariants**
//! - All proofs of an export hang on one checkpoint.
//! - A download whose bytes are not those of the digest any more (a person was erased, events
//!   were retired) breaks off: a part is never taken for the whole.
//! - The record holds no personal data: an address is kept as its blind index.

mod file;
mod line;
mod make;
pub mod ocsf;
mod query;
mod store;

#[cfg(test)]
mod tests;

use types::{
    ExportId, Permission, StepUp, Timestamp,
    audit::{ExportFormat, ExportRow, ExportState},
    console::AuditFilter,
};

pub use file::Download;
pub use make::make_due;
pub(crate) use make::sweep;

use super::{
    Action, Event,
    find::Scope,
    list,
    staff::{in_text, scope},
};
use crate::{Actor, Ctx, Error, Result, access, ledger::Prover};

/// How long an export can be downloaded, in seconds.
const KEPT: i64 = 7 * 86_400;
/// Exports of one person that are shown.
const SHOWN: i64 = 50;

/// Who may, in which log, as which person.
async fn owner(ctx: &Ctx, of_staff: bool) -> Result<String> {
    let permission = if of_staff {
        Permission::AuditReadAll
    } else {
        Permission::AuditRead
    };
    ctx.require(permission).await?;
    let Actor::User { id, .. } = ctx.actor() else {
        return Err(Error::Unauthenticated("Sign in first."));
    };
    Ok(id.to_string())
}

/// In whose list the exports of this page are.
fn list_of(ctx: &Ctx, of_staff: bool) -> Result<String> {
    if of_staff {
        return Ok(Scope::Everywhere.as_str().to_owned());
    }
    Ok(ctx.tenant()?.to_string())
}

/// Asks for a file of what the filter finds up to now.
///
/// # Errors
/// `Forbidden` for whoever may not read the log; `StepUp`; `Invalid` for a filter that cannot be
/// read; `Conflict` if no event has its place in the ledger yet.
pub async fn ask_export(
    ctx: &Ctx,
    of_staff: bool,
    filter: &AuditFilter,
    format: ExportFormat,
) -> Result<ExportId> {
    let user = owner(ctx, of_staff).await?;
    ctx.require_fresh(StepUp::Export).await?;
    let (scope, organisation) = if of_staff {
        scope(filter)?
    } else {
        let tenant = ctx.tenant()?;
        (Scope::Tenant(tenant.to_string()), Some(tenant))
    };
    let zone = if of_staff {
        jiff::tz::TimeZone::UTC
    } else {
        access::time_zone(ctx).await?
    };
    let mut read = ctx.read().await?;
    let plan = list::plan(ctx, &mut read, scope.clone(), filter, &zone).await?;
    let prover = Prover::open(ctx, &mut read, 0).await?;
    drop(read);
    let id = ExportId::new(ctx.clock(), ctx.rng());
    let row = store::NewRow {
        id: id.to_string(),
        scope: list_of(ctx, of_staff)?,
        user_id: user,
        format: format.as_str(),
        query: query::write(filter, &plan, &scope, &zone),
        tree_size: i64::try_from(prover.size()).map_err(Error::internal)?,
        checkpoint: prover.checkpoint().to_owned(),
        expires_at: ctx.now().plus_seconds(KEPT),
    };
    let mut tx = ctx.begin().await?;
    store::insert(&mut tx, &row, ctx.now()).await?;
    let event = Event::new(Action::AuditExportAsked)
        .target(id)
        .detail("format", format)
        .detail("filter", in_text(filter))
        .detail("treeSize", row.tree_size);
    let event = match (of_staff, organisation) {
        (false, _) => event,
        (true, Some(organisation)) => event.as_staff().in_organisation(organisation),
        (true, None) => event.as_staff().in_installation(),
    };
    ctx.commit(tx, event).await?;
    Ok(id)
}

/// The viewer's own exports, newest first.
///
/// # Errors
/// `Forbidden` for whoever may not read the log.
pub async fn exports(ctx: &Ctx, of_staff: bool) -> Result<Vec<ExportRow>> {
    let user = owner(ctx, of_staff).await?;
    let list = list_of(ctx, of_staff)?;
    let rows = store::list(&mut *ctx.read().await?, (&list, &user), ctx.now(), SHOWN).await?;
    rows.into_iter().map(shown).collect()
}

fn shown(row: store::Row) -> Result<ExportRow> {
    let number = |number: i64| u64::try_from(number).unwrap_or_default();
    let state = match (row.problem, row.bytes, row.digest) {
        (Some(problem), ..) => ExportState::Failed(problem),
        (None, Some(bytes), Some(digest)) => ExportState::Ready {
            events: number(row.event_count.unwrap_or_default()),
            bytes: number(bytes),
            digest: hex::encode(digest),
        },
        _ => ExportState::Making,
    };
    Ok(ExportRow {
        id: row.id.parse()?,
        format: row.format.parse().map_err(Error::internal)?,
        query: row.query,
        tree_size: number(row.tree_size),
        proofs: true,
        created_at: Timestamp::from_millis(row.created_at),
        expires_at: Timestamp::from_millis(row.expires_at),
        state,
    })
}

/// Opens one of the viewer's own exports for a download, from a byte on. That it was opened is
/// audited, and that its last byte was given.
///
/// # Errors
/// `Forbidden` for whoever may not read the log; `NotFound` if they have no such export; `Conflict`
/// while it is being made, or if it could not be.
pub async fn open_export(ctx: &Ctx, of_staff: bool, id: ExportId) -> Result<Download> {
    let user = owner(ctx, of_staff).await?;
    let list = list_of(ctx, of_staff)?;
    let row = store::one(
        &mut *ctx.read().await?,
        (&list, &user),
        &id.to_string(),
        ctx.now(),
    )
    .await?;
    let row = row.ok_or(Error::NotFound("The export"))?;
    if row.problem.is_some() {
        return Err(Error::Conflict("This export could not be made. Ask for another."));
    }
    Download::of(ctx, of_staff, row)
}
