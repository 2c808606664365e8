//! What the console shows of one verification.

use types::{
    Permission, VerificationId,
    console::{VerificationDetail, VerificationRow as RowDto},
};

use super::store::{self, VerificationRow, lists};
use crate::{Ctx, Error, Result, audit};

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
