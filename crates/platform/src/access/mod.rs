//! Organisations, who belongs to them, and what they decide.
//!
//! What a role may do is in `types::access`; who asks for it is each domain function itself.

mod create_organisation;
pub mod members;
pub mod roles;
pub mod security;
mod settings;
mod store;
mod viewer;

use jiff::tz::TimeZone;

use crate::{
    Ctx, Error, Result,
    audit::{Action, Event, Housekeeping, Tx},
};

pub use create_organisation::create_organisation;
pub(crate) use create_organisation::{NewOrganisation, check_name, insert_organisation};
pub(crate) use members::{permissions_of, refuse, who_may};
pub use settings::{SettingsChange, settings, update_settings};
pub(crate) use store::{
    insert_member, insert_organisation as insert_organisation_row, member, organisation, organisations_of,
    update_organisation,
};
pub(crate) use viewer::Seen;
pub use viewer::viewer;

/// The name under which the public URL is noted in `installation`.
const PUBLIC_URL: &str = "public_url";

/// Notes the public URL at first start, and holds later starts to it: passkeys are bound to
/// its host, and would silently stop to work.
pub(crate) async fn hold_public_url(ctx: &Ctx) -> Result<()> {
    if is_public_url_noted(ctx).await? {
        return Ok(());
    }
    let wanted = ctx.settings().public_url.origin().ascii_serialization();
    let mut tx = ctx.begin().await?;
    store::note_installation(&mut tx, PUBLIC_URL, &wanted).await?;
    ctx.commit_housekeeping(tx, Housekeeping::InstallationNoted).await
}

/// Whether the database was set up for our public URL, or for none yet.
///
/// # Errors
/// `Unavailable` if it was set up for another one.
pub(crate) async fn is_public_url_noted(ctx: &Ctx) -> Result<bool> {
    let wanted = ctx.settings().public_url.origin().ascii_serialization();
    let noted = store::installation(&mut *ctx.read().await?, PUBLIC_URL).await?;
    match noted {
        None => Ok(false),
        Some(noted) if noted == wanted => Ok(true),
        Some(noted) => Err(Error::Unavailable(format!(
            "This database was set up for {noted}, and the public URL is now {wanted}. Passkeys \
             are bound to the first. Set PUBLIC_URL={noted}, or start with an empty database."
        ))),
    }
}

/// The organisation's time zone: whose calendar day "today" is.
pub(crate) async fn time_zone(ctx: &Ctx) -> Result<TimeZone> {
    let tenant = ctx.tenant()?.to_string();
    let row = organisation(&mut *ctx.read().await?, &tenant).await?;
    zone(&row.ok_or(Error::NotFound("The organisation"))?.time_zone)
}

/// A stored time zone.
pub(crate) fn zone(name: &str) -> Result<TimeZone> {
    TimeZone::get(name).map_err(Error::internal)
}

/// Moves the session to another organisation of the same user.
///
/// # Errors
/// `NotFound` if the user does not belong to it.
pub async fn switch_organisation(ctx: &Ctx, to: types::OrganisationId) -> Result<()> {
    let crate::Actor::User { id, session, .. } = ctx.actor() else {
        return Err(Error::Unauthenticated("Sign in first."));
    };
    let mut tx: Tx = ctx.begin().await?;
    if member(&mut tx, &to.to_string(), &id.to_string()).await?.is_none() {
        return Err(Error::NotFound("The organisation"));
    }
    let row = organisation(&mut tx, &to.to_string())
        .await?
        .ok_or(Error::NotFound("The organisation"))?;
    crate::sessions::move_to(&mut tx, *session, to).await?;
    let event = Event::new(Action::OrganisationSwitched)
        .target(to)
        .in_organisation(to)
        .detail("organisation", row.name);
    ctx.commit(tx, event).await
}
