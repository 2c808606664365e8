//! Looking into an organisation: in, page by page, and out.

use std::sync::Arc;

use db::Conn;
use types::{
    LookId, MfaRequirement, OrganisationId, Permission, Role, SignInMethod, StepUp, Timestamp, UserId,
    support::ConsentState,
};

use super::{
    checked, me,
    seal::{Place, seal},
    store::{
        consents,
        looks::{self, NewLook},
    },
};
use crate::{
    Actor, Ctx, Error, Look, Result,
    audit::{Action, Event, Housekeeping, Tx},
    sessions,
};

/// The look of a session, as it is remembered.
#[derive(Clone, Copy)]
pub(crate) struct KnownLook {
    id: LookId,
    organisation: OrganisationId,
    until: Timestamp,
    /// It was not ended, its consent holds, and the session meets what the organisation asks of
    /// sign-ins.
    holds: bool,
}

/// The look that a session is in.
pub(crate) async fn look_of_session(
    conn: &mut Conn,
    id: &str,
    method: SignInMethod,
) -> Result<Option<KnownLook>> {
    let Some(record) = looks::get(conn, id).await? else {
        return Ok(None);
    };
    let requirement: MfaRequirement = record.requirement.parse()?;
    let granted = record.consent_state == ConsentState::Granted.as_str();
    Ok(Some(KnownLook {
        id: id.parse()?,
        organisation: record.organisation_id.parse()?,
        until: Timestamp::from_millis(record.until.unwrap_or_default()),
        holds: granted && record.ended_at.is_none() && requirement.is_met_by(method),
    }))
}

impl KnownLook {
    /// Who acts at this moment: the same person, who reads there and does nothing else.
    pub(crate) fn actor(self, actor: Actor, now: Timestamp) -> Actor {
        let may = actor.may(Permission::SupportLook);
        let Actor::User {
            id,
            session,
            organisation,
            staff_role,
            mut standing,
            ..
        } = actor
        else {
            return actor;
        };
        let own = Arc::make_mut(&mut standing);
        own.look = Some(Look {
            id: self.id,
            home: organisation,
            until: self.until,
            over: !may || !self.holds || self.until <= now,
        });
        own.limited = None;
        own.custom = None;
        own.elevated = None;
        own.confirmed.clear();
        Actor::User {
            id,
            session,
            organisation: self.organisation,
            role: Role::Auditor,
            staff_role,
            standing,
        }
    }
}

/// Where a reason to look is sealed.
pub(super) const fn place<'a>(organisation: &'a str, id: &'a str) -> Place<'a> {
    Place {
        owner: organisation,
        table: "support_looks",
        row: id,
        column: "reason",
    }
}

/// Puts the session into a look: from the next request on it reads in that organisation.
///
/// # Errors
/// `Forbidden` without [`Permission::SupportLook`]; `StepUp`; `Invalid` for the reason;
/// `Conflict` without a consent; `Limited` if the organisation asks for more of sign-ins.
pub async fn enter(ctx: &Ctx, organisation: OrganisationId, reason: &str) -> Result<LookId> {
    ctx.require(Permission::SupportLook).await?;
    ctx.require_fresh(StepUp::Support).await?;
    let Actor::User {
        id: user,
        session,
        standing,
        ..
    } = ctx.actor()
    else {
        return Err(Error::Unauthenticated("Sign in first."));
    };
    let reason = checked("reason", reason, 10, 500)?;
    let tenant = organisation.to_string();
    let mut tx = ctx.begin().await?;
    let open = consents::open(&mut tx, &tenant).await?;
    let mut granted = None;
    for record in &open {
        if record.state_at(ctx.now())? == ConsentState::Granted {
            granted = Some(record);
        }
    }
    let consent = granted.ok_or(Error::Conflict(
        "This organisation does not let support look into it at the moment. Ask it first.",
    ))?;
    let id = LookId::new(ctx.clock(), ctx.rng());
    let row = id.to_string();
    let (data_key_id, sealed) = seal(ctx, &mut tx, place(&tenant, &row), reason).await?;
    let new = NewLook {
        id: &row,
        consent: &consent.id,
        user: user.to_string(),
        session: session.to_string(),
        data_key_id,
        reason: sealed,
    };
    looks::insert(&mut tx, &tenant, &new, ctx.now()).await?;
    let made = looks::get(&mut tx, &row).await?;
    let asked: MfaRequirement = made.ok_or(Error::NotFound("The look"))?.requirement.parse()?;
    if !asked.is_met_by(standing.method) {
        return Err(Error::Limited(asked));
    }
    sessions::set_look(&mut tx, *session, Some(id)).await?;
    let event = told(Action::SupportLookBegan, organisation)
        .target(id)
        .target(&consent.id);
    ctx.commit(tx, event).await?;
    Ok(id)
}

/// An event of a look: the customer's, done by staff on its behalf.
fn told(action: Action, organisation: OrganisationId) -> Event {
    Event::new(action)
        .as_staff()
        .on_behalf_of(organisation)
        .in_organisation(organisation)
}

/// Leaves the look: the session is where it was before.
///
/// # Errors
/// `NotFound` if the session is in none.
pub async fn leave(ctx: &Ctx) -> Result<()> {
    let Actor::User { session, .. } = ctx.actor() else {
        return Err(Error::Unauthenticated("Sign in first."));
    };
    if ctx.actor().look().is_none() {
        return Err(Error::NotFound("The look"));
    }
    let mut tx = ctx.begin_aside().await?;
    sessions::set_look(&mut tx, *session, None).await?;
    match end(ctx, &mut tx, "left").await? {
        Some(event) => ctx.commit(tx, event).await,
        None => ctx.commit_housekeeping(tx, Housekeeping::LookLeft).await,
    }
}

/// Notes that the actor's look ended, unless that was noted before.
async fn end(ctx: &Ctx, tx: &mut Tx, how: &'static str) -> Result<Option<Event>> {
    let Some(look) = ctx.actor().look() else {
        return Ok(None);
    };
    let ended = looks::end(tx, &look.id.to_string(), how, ctx.now()).await?;
    let why = if look.over {
        "it gave nothing any more, and was left"
    } else {
        "it was left"
    };
    let organisation = ctx.tenant()?;
    let event = told(Action::SupportLookEnded, organisation)
        .target(look.id)
        .detail("why", why);
    Ok(ended.then_some(event))
}

/// The events of a look that ends with its session.
pub(crate) async fn end_with_session(ctx: &Ctx, tx: &mut Tx) -> Result<Vec<Event>> {
    Ok(end(ctx, tx, "left").await?.into_iter().collect())
}

/// Ends the looks of somebody whose staff role does not let them look any more.
pub(crate) async fn end_of_staff(ctx: &Ctx, tx: &mut Tx, user: UserId) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    for (id, organisation) in looks::open_of_user(tx, &user.to_string()).await? {
        looks::end(tx, &id, "role", ctx.now()).await?;
        let event = Event::new(Action::SupportLookEnded)
            .target(id)
            .in_organisation(organisation.parse()?)
            .detail("why", "the staff role was taken");
        events.push(event);
    }
    Ok(events)
}

/// Pages that are the staff member's own and not the customer's; those of staff are closed in a
/// look, and a refusal there is told in the installation's log.
fn is_own(path: &str) -> bool {
    [
        "/account",
        "/report",
        "/session",
        "/sign-",
        "/staff",
        "/support/leave",
    ]
    .iter()
    .any(|own| path.starts_with(own))
}

/// Notes a request that is made in a look, before it is answered: a page that is read, or a form
/// that is going to be refused. Other requests are not noted here.
///
/// # Errors
/// If it cannot be written: then nothing is shown.
pub async fn note_request(ctx: &Ctx, path: &str, reads: bool) -> Result<()> {
    let Some(look) = ctx.actor().look().filter(|look| !look.over) else {
        return Ok(());
    };
    if is_own(path) {
        return Ok(());
    }
    me(ctx)?;
    let organisation = ctx.tenant()?;
    let event = if reads {
        told(Action::SupportPageRead, organisation)
    } else {
        told(Action::SupportLookBlocked, organisation).denied()
    };
    // The path holds ids, and never what was typed: that is in the query.
    ctx.record(event.target(look.id).detail("page", path)).await
}
