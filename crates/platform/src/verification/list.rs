//! The list of verifications.

use types::{
    Permission, Timestamp, VerificationId,
    console::{Page, VerificationFilter, VerificationRow as RowDto},
};

use super::store::lists::{self, Bounds, ListRow};
use crate::{
    Ctx, Result, access,
    search::{Problems, given},
};

/// Rows a page.
const PAGE: usize = 50;

pub(super) fn into_dto(row: ListRow) -> Result<RowDto> {
    Ok(RowDto {
        id: row.id.parse()?,
        environment: row.environment.parse()?,
        status: row.status.parse()?,
        reference: row.reference,
        created_at: Timestamp::from_millis(row.created_at),
        completed_at: row.completed_at.map(Timestamp::from_millis),
    })
}

/// What a filter asks for.
///
/// # Errors
/// `Invalid`, a field each, for a day or a place that cannot be read.
pub(super) async fn bounds(ctx: &Ctx, filter: &VerificationFilter) -> Result<Bounds> {
    let mut problems = Problems::default();
    let days = problems.days(filter.from.as_deref(), filter.to.as_deref());
    let after = problems.place::<VerificationId>(filter.after.as_deref());
    problems.settle()?;
    let (from, end) = if days.is_open() {
        (None, None)
    } else {
        days.bounds(&access::time_zone(ctx).await?)?
    };
    let end = end.map(VerificationId::first_at);
    Ok(Bounds {
        status: filter.status,
        environment: filter.environment,
        key: filter.key,
        reference: given(filter.reference.as_deref()).map(ToOwned::to_owned),
        from: from.map(VerificationId::first_at),
        before: [end, after].into_iter().flatten().min(),
    })
}

/// The organisation's verifications, newest first.
///
/// # Errors
/// `Forbidden` without [`Permission::VerificationsRead`]; `Invalid` for a filter that cannot
/// be read.
pub async fn list(ctx: &Ctx, filter: &VerificationFilter) -> Result<Page<RowDto>> {
    ctx.require(Permission::VerificationsRead).await?;
    let tenant = ctx.tenant()?.to_string();
    let bounds = bounds(ctx, filter).await?;
    let limit = i64::try_from(PAGE + 1).unwrap_or_default();
    let mut rows = lists::list(&mut *ctx.read().await?, &tenant, &bounds, limit).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(|row| row.id.clone());
    Ok(Page {
        rows: rows.into_iter().map(into_dto).collect::<Result<_>>()?,
        next,
    })
}
