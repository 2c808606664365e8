//! Making an organisation.

use types::{OrganisationId, Permission, Role, Timestamp, UserId};

use super::store;
use crate::{
    Actor, Ctx, Error, Result,
    audit::{Action, Event, Tx},
    keyring::Purpose,
    recall::Topic,
};

/// What an organisation is made of.
pub(crate) struct NewOrganisation {
    pub(crate) name: String,
    pub(crate) time_zone: String,
}

impl NewOrganisation {
    /// # Errors
    /// `Invalid`: a field each.
    pub(crate) fn check(name: &str, time_zone: &str) -> Result<Self> {
        let (name, time_zone) = (name.trim(), time_zone.trim());
        let mut fields = Vec::new();
        if let Err(message) = check_name(name) {
            fields.push(("name".into(), message));
        }
        if let Err(message) = check_time_zone(time_zone) {
            fields.push(("time_zone".into(), message));
        }
        if !fields.is_empty() {
            return Err(Error::Invalid { fields });
        }
        Ok(Self {
            name: name.to_owned(),
            time_zone: time_zone.to_owned(),
        })
    }
}

/// 1 to 100 characters, none of them a control character.
pub(crate) fn check_name(name: &str) -> Result<(), String> {
    let length = name.chars().count();
    if length == 0 {
        return Err("Give a name.".into());
    }
    if length > 100 {
        return Err(format!(
            "A name has at most 100 characters; this one has {length}."
        ));
    }
    if name.chars().any(char::is_control) {
        return Err("A name has no line breaks or control characters.".into());
    }
    Ok(())
}

pub(super) fn check_time_zone(name: &str) -> Result<(), String> {
    jiff::tz::TimeZone::get(name)
        .map(|_| ())
        .map_err(|_| "Give an IANA time zone, such as Europe/London or UTC.".into())
}

/// Writes the organisation, its keys, and its owner.
pub(crate) async fn insert_organisation(
    ctx: &Ctx,
    tx: &mut Tx,
    new: &NewOrganisation,
    owner: UserId,
    now: Timestamp,
) -> Result<OrganisationId> {
    let id = OrganisationId::new(ctx.clock(), ctx.rng());
    let tenant = id.to_string();
    store::insert_organisation(tx, &tenant, &new.name, &new.time_zone, now).await?;
    store::insert_member(tx, &tenant, &owner.to_string(), Role::Owner, now).await?;
    tx.changes(Topic::Sessions);
    ctx.make_data_key(tx, Purpose::BlindIndex, &tenant).await?;
    ctx.make_data_key(tx, Purpose::Personal, &tenant).await?;
    Ok(id)
}

/// Staff make a further organisation and own it.
///
/// # Errors
/// `Forbidden` without [`Permission::OrganisationsCreate`]; `Invalid`.
pub async fn create_organisation(ctx: &Ctx, name: &str, time_zone: &str) -> Result<OrganisationId> {
    ctx.require(Permission::OrganisationsCreate).await?;
    let Actor::User { id: owner, .. } = ctx.actor() else {
        return Err(Error::Unauthenticated("Sign in first."));
    };
    let new = NewOrganisation::check(name, time_zone)?;
    let mut tx = ctx.begin().await?;
    let id = insert_organisation(ctx, &mut tx, &new, *owner, ctx.now()).await?;
    let event = Event::new(Action::OrganisationCreated)
        .target(id)
        .in_organisation(id)
        .detail("organisation", &new.name);
    ctx.commit(tx, event).await?;
    Ok(id)
}
