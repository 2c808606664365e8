//! An organisation's name, time zone and policy.

use types::{Permission, StepUp, Timestamp, console::OrganisationSettings};

use super::{
    create_organisation::NewOrganisation,
    store::{self, OrganisationRow},
};
use crate::{
    Ctx, Error, Result,
    audit::{Action, Event},
    recall::Topic,
};

/// The settings as they are to be.
#[derive(Clone, Debug)]
pub struct SettingsChange {
    /// 1 to 100 characters.
    pub name: String,
    /// IANA name.
    pub time_zone: String,
    /// Whether live keys may reach an outcome on typed lines alone.
    pub accept_self_asserted_live: bool,
}

/// The organisation's settings.
///
/// # Errors
/// `Forbidden` without [`Permission::OrganisationRead`].
pub async fn settings(ctx: &Ctx) -> Result<OrganisationSettings> {
    ctx.require(Permission::OrganisationRead).await?;
    let tenant = ctx.tenant()?;
    let row = store::organisation(&mut *ctx.read().await?, &tenant.to_string()).await?;
    let row = row.ok_or(Error::NotFound("The organisation"))?;
    Ok(OrganisationSettings {
        id: tenant,
        name: row.name,
        time_zone: row.time_zone,
        accept_self_asserted_live: row.accept_self_asserted_live,
        created_at: Timestamp::from_millis(row.created_at),
    })
}

/// Changes them; the audit event says what changed.
///
/// # Errors
/// `Forbidden` without [`Permission::OrganisationManage`]; `Invalid`; `StepUp` if from now on live
/// keys are to reach an outcome on typed lines alone.
pub async fn update_settings(ctx: &Ctx, change: SettingsChange) -> Result<()> {
    ctx.require(Permission::OrganisationManage).await?;
    let new = NewOrganisation::check(&change.name, &change.time_zone)?;
    let tenant = ctx.tenant()?;
    if change.accept_self_asserted_live {
        // Before the transaction: a refusal is written in one of its own.
        let before = store::organisation(&mut *ctx.read().await?, &tenant.to_string()).await?;
        if before.is_some_and(|before| !before.accept_self_asserted_live) {
            ctx.require_fresh(StepUp::Security).await?;
        }
    }
    let mut tx = ctx.begin().await?;
    let before = store::organisation(&mut tx, &tenant.to_string()).await?;
    let before = before.ok_or(Error::NotFound("The organisation"))?;
    let changes = changes(&before, &new, change.accept_self_asserted_live);
    if changes.is_empty() {
        return Ok(());
    }
    if change.accept_self_asserted_live
        && !before.accept_self_asserted_live
        && !ctx.is_fresh(StepUp::Security)
    {
        // Somebody took the permission back in between.
        return Err(Error::StepUp(StepUp::Security));
    }
    tx.changes(Topic::Sessions);
    store::update_organisation(
        &mut tx,
        &tenant.to_string(),
        &new.name,
        &new.time_zone,
        change.accept_self_asserted_live,
    )
    .await?;
    let event = Event::new(Action::OrganisationUpdated)
        .target(tenant)
        .detail("changes", changes.join(", "));
    ctx.commit(tx, event).await
}

fn changes(before: &OrganisationRow, new: &NewOrganisation, accept: bool) -> Vec<String> {
    let mut changes = Vec::new();
    if before.name != new.name {
        changes.push(format!("name from {} to {}", before.name, new.name));
    }
    if before.time_zone != new.time_zone {
        changes.push(format!(
            "time zone from {} to {}",
            before.time_zone, new.time_zone
        ));
    }
    if before.accept_self_asserted_live != accept {
        let now = if accept { "accepted" } else { "refused" };
        changes.push(format!("self-asserted evidence on live keys is now {now}"));
    }
    changes
}
