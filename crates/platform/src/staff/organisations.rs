//! The organisations of this installation, as staff see them: nothing from inside.

use types::{
    OrganisationId, Permission, Timestamp,
    console::Page,
    team::{OrganisationRow, OrganisationState},
};

use super::{
    page_read,
    store::{self, OrganisationRecord},
};
use crate::{Ctx, Error, Result};

/// Rows a page.
const PAGE: usize = 50;
const DAYS: i64 = 30;
/// Milliseconds in a quarter of an hour, by which verifications are counted.
const QUARTER: i64 = 900_000;

/// A page of organisations, newest first; `after` is a `next` from the page before.
///
/// # Errors
/// `Forbidden` without [`Permission::OrganisationsList`]; `Invalid` for an `after` that is none.
pub async fn organisations(ctx: &Ctx, after: Option<&str>) -> Result<Page<OrganisationRow>> {
    ctx.require(Permission::OrganisationsList).await?;
    let before = match after {
        None => "z".to_owned(),
        Some(id) => {
            let id: OrganisationId = id
                .parse()
                .map_err(|_| Error::invalid("after", "This page is not there. Begin at the newest."))?;
            id.to_string()
        }
    };
    let since = ctx.now().plus_seconds(-DAYS * 86_400).as_millis() / QUARTER;
    let limit = i64::try_from(PAGE).unwrap_or_default() + 1;
    let mut records = store::organisations(&mut *ctx.read().await?, &before, since, limit).await?;
    let more = records.len() > PAGE;
    records.truncate(PAGE);
    let next = records.last().filter(|_| more).map(|record| record.id.clone());
    let rows = records.into_iter().map(row).collect::<Result<Vec<_>>>()?;
    let shown = format!("{} organisations", rows.len());
    page_read(ctx, "organisations", &shown).await?;
    Ok(Page { rows, next })
}

fn row(record: OrganisationRecord) -> Result<OrganisationRow> {
    let count = |number: i64| u64::try_from(number).unwrap_or_default();
    let state = match (record.verifications, record.keys) {
        (1.., _) => OrganisationState::Active,
        (_, 1..) => OrganisationState::Quiet,
        _ => OrganisationState::New,
    };
    Ok(OrganisationRow {
        id: record.id.parse()?,
        name: record.name,
        created_at: Timestamp::from_millis(record.created_at),
        members: count(record.members),
        keys: count(record.keys),
        verifications: count(record.verifications),
        quota: record.quota.map(count),
        state,
    })
}
