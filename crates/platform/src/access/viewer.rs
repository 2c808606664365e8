//! Who is looking, for the shell of the console.

use db::Conn;
use types::{
    OrganisationId, Role, Timestamp, UserId,
    console::{OrganisationChoice, Viewer},
    support::Looking,
};

use super::store;
use crate::{
    Actor, Ctx, Error, Result, identity,
    recall::{LONGEST, Topic},
    recovery,
};

/// What of a viewer is read from the database, and remembered.
#[derive(Clone)]
pub(crate) struct Seen {
    name: String,
    email: String,
    organisation: OrganisationChoice,
    organisations: Vec<OrganisationChoice>,
    recovery: Option<Timestamp>,
    has_passkey: bool,
    has_app: bool,
}

/// The signed-in user, the organisations to choose from, and the permissions.
///
/// # Errors
/// `Unauthenticated` if nobody is signed in.
pub async fn viewer(ctx: &Ctx) -> Result<Viewer> {
    let Actor::User {
        id,
        organisation,
        staff_role,
        standing,
        ..
    } = ctx.actor()
    else {
        return Err(Error::Unauthenticated("Sign in first."));
    };
    let seen = match standing.look {
        // Not remembered: in their own organisations the same person sees something else.
        Some(_) => read(ctx, *id, *organisation, true).await?,
        None => recall(ctx, *id, *organisation).await?,
    };
    let looking = standing.look.map(|look| Looking {
        look: look.id,
        organisation: seen.organisation.name.clone(),
        until: look.until.min(standing.ends_at),
        over: look.over,
    });
    Ok(Viewer {
        user_id: *id,
        name: seen.name,
        email: seen.email,
        staff_role: *staff_role,
        organisation: seen.organisation,
        organisations: seen.organisations,
        permissions: ctx.permissions(),
        recovery: seen.recovery,
        method: standing.method,
        confirmed: standing.confirmed.clone(),
        limited: standing.limited,
        looking,
        session_ends_at: standing.ends_at,
        has_passkey: seen.has_passkey,
        has_app: seen.has_app,
    })
}

/// From memory or from the database: every page of the console asks.
async fn recall(ctx: &Ctx, user: UserId, here: OrganisationId) -> Result<Seen> {
    let mark = ctx.mark(Topic::Sessions);
    let memory = &ctx.remembered().viewers;
    if let Some((seen, _)) = memory.get(&(user, here), mark, LONGEST) {
        return Ok(seen);
    }
    let seen = read(ctx, user, here, false).await?;
    memory.put((user, here), seen.clone(), mark);
    Ok(seen)
}

/// What the frame shows of somebody who works in this organisation, or looks into it.
async fn read(ctx: &Ctx, user: UserId, here: OrganisationId, looks: bool) -> Result<Seen> {
    let mut read = ctx.read().await?;
    let row = identity::user(&mut read, &user.to_string()).await?;
    let row = row.ok_or(Error::Unauthenticated("This account is gone. Sign in again."))?;
    let organisations = store::organisations_of(&mut read, &row.id)
        .await?
        .into_iter()
        .map(|row| {
            Ok(OrganisationChoice {
                id: row.id.parse()?,
                name: row.name,
                role: row.role.parse()?,
                custom_role: row.custom,
                time_zone: row.time_zone,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    let (has_passkey, has_app) = identity::means(&mut read, &row.id).await?;
    let recovery = recovery::open_since(ctx, &mut read, user).await?;
    let organisation = if looks {
        looked_into(&mut read, here).await?
    } else {
        organisations.iter().find(|choice| choice.id == here).cloned()
    };
    Ok(Seen {
        name: row.name,
        email: row.email,
        organisation: organisation.ok_or(Error::NotFound("The organisation"))?,
        organisations,
        recovery,
        has_passkey,
        has_app,
    })
}

/// An organisation as the frame names it to whoever looks into it.
async fn looked_into(read: &mut Conn, here: OrganisationId) -> Result<Option<OrganisationChoice>> {
    let row = store::organisation(read, &here.to_string()).await?;
    Ok(row.map(|row| OrganisationChoice {
        id: here,
        name: row.name,
        role: Role::Auditor,
        custom_role: Some("Looking in, read only".to_owned()),
        time_zone: row.time_zone,
    }))
}
