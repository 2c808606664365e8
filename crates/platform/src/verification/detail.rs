//! What the console shows of verifications.

use types::{
    Permission, Timestamp, VerificationId,
    console::{Page, VerificationDetail, VerificationFilter, VerificationRow as RowDto},
};

use super::store::{
    self, VerificationRow,
    lists::{self, ListRow},
};
use crate::{Ctx, Error, Result, audit};

/// Rows a page.
const PAGE: u16 = 50;
/// Sorts behind every id.
const AFTER_ALL: &str = "\u{7f}";

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

/// The organisation's verifications, newest first.
///
/// # Errors
/// `Forbidden` without [`Permission::VerificationsRead`]; `Invalid` for a broken page link.
pub async fn list(ctx: &Ctx, filter: &VerificationFilter) -> Result<Page<RowDto>> {
    ctx.require(Permission::VerificationsRead).await?;
    let before = match &filter.after {
        None => AFTER_ALL.to_owned(),
        Some(after) => {
            let broken = "This page link is not complete. Go back to the first page.";
            let id = after
                .parse::<VerificationId>()
                .map_err(|_| Error::invalid("after", broken))?;
            id.to_string()
        }
    };
    let tenant = ctx.tenant()?.to_string();
    let status = filter.status.map(types::VerificationStatus::as_str);
    let environment = filter.environment.map(types::Environment::as_str);
    let mut read = ctx.read().await?;
    let mut rows = lists::list(
        &mut read,
        &tenant,
        status,
        environment,
        &before,
        i64::from(PAGE) + 1,
    )
    .await?;
    let more = rows.len() > usize::from(PAGE);
    rows.truncate(usize::from(PAGE));
    let next = if more {
        rows.last().map(|row| row.id.clone())
    } else {
        None
    };
    Ok(Page {
        rows: rows.into_iter().map(into_dto).collect::<Result<_>>()?,
        next,
    })
}

/// One verification and what happened to it.
///
/// # Errors
/// `Forbidden` without [`Permission::VerificationsRead`]; `NotFound`.
pub async fn detail(ctx: &Ctx, id: VerificationId) -> Result<VerificationDetail> {
    ctx.require(Permission::VerificationsRead).await?;
    let tenant = ctx.tenant()?.to_string();
    let mut read = ctx.read().await?;
    let row = store::get(&mut read, &tenant, &id.to_string()).await?;
    let row: VerificationRow = row.ok_or(Error::NotFound("The verification"))?.try_into()?;
    let key = lists::key_of(&mut read, &tenant, &id.to_string()).await?;
    drop(read);
    let reference = key.as_ref().and_then(|key| key.reference.clone());
    Ok(VerificationDetail {
        row: RowDto {
            id: row.id,
            environment: row.environment,
            status: row.status,
            reference,
            created_at: row.created_at,
            completed_at: row.completed_at,
        },
        key: key
            .map(|key| Ok::<_, Error>((key.id.parse()?, key.name, key.last_four)))
            .transpose()?,
        minimum_age: row.minimum_age,
        assurance: row.assurance,
        checks: row.checks,
        reason: row.reason.as_deref().map(in_words),
        expires_at: row.expires_at,
        timeline: audit::of_target(ctx, &id.to_string()).await?,
    })
}

/// A stored reason in words.
pub(super) fn in_words(reason: &str) -> String {
    match reason {
        "declined" => "The person declined.".into(),
        "expired" => "The session link's time ran out.".into(),
        "too_many_tries" => "The check digits did not agree, five times.".into(),
        "document_expired" => "The document has expired.".into(),
        "underage" => "The person has not reached the minimum age.".into(),
        other => other.to_owned(),
    }
}
