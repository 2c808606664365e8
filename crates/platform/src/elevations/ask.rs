//! Asking for a higher role.

use types::{ElevationId, Permission, StaffRole, StepUp, UserId};

use super::{PATIENCE, actor, approvers, store};
use crate::{
    Ctx, Error, Result,
    access::refuse,
    audit::{Action, Event, Tx},
    jobs::{self, Job},
    mail::{self, Message},
    notices,
    staff::{self, StaffRecord, covers},
};

/// The shortest elevation, in minutes.
pub const SHORTEST: i64 = 15;
/// The longest elevation, in minutes.
pub const LONGEST: i64 = 480;
const REASON: std::ops::RangeInclusive<usize> = 10..=500;

/// Asks for a staff role for a time. If somebody else could approve it, they are told and it
/// waits for one of them; if nobody could, it holds after the installation's delay, and everybody
/// who is staff is told.
///
/// # Errors
/// `Forbidden` without [`Permission::StaffRead`]; `StepUp`; `Refused` for who is not staff for
/// good; `Invalid`; `Conflict` while another request of theirs is open.
pub async fn ask(ctx: &Ctx, role: StaffRole, reason: &str, minutes: i64) -> Result<ElevationId> {
    ctx.require(Permission::StaffRead).await?;
    ctx.require_fresh(StepUp::Staff).await?;
    let user = actor(ctx)?;
    let reason = checked(reason, minutes)?;
    let mut tx = ctx.begin().await?;
    staff::hold(&mut tx).await?;
    let lasting = staff::role(&mut tx, &user.to_string()).await?;
    if lasting.is_none() {
        return Err(refuse(ctx, tx, "Only staff ask for a higher staff role.").await);
    }
    if covers(lasting, role.permissions()) {
        return Err(Error::invalid(
            "role",
            "You have all that this role gives. Choose a higher one.",
        ));
    }
    end_if_open(ctx, &mut tx, user).await?;
    let id = ElevationId::new(ctx.clock(), ctx.rng());
    let new = store::NewElevation {
        id: id.to_string(),
        user: user.to_string(),
        role: role.as_str(),
        reason,
        minutes,
    };
    store::insert(&mut tx, &new, ctx.now()).await?;
    let able = approvers(&mut tx, role, user).await?;
    let action = if able.is_empty() {
        delay(ctx, &mut tx, id, role, minutes).await?;
        Action::ElevationDelayed
    } else {
        request(ctx, &mut tx, id, role, &able).await?;
        Action::ElevationRequested
    };
    let own = Message::new(
        "elevation.asked",
        format!("elevation.asked:{id}"),
        "You asked for a higher staff role",
    )
    .text(format!("You asked to be {} for {minutes} minutes.", role.title()));
    notices::tell(ctx, &mut tx, user, own).await?;
    let event = Event::new(action)
        .target(id)
        .detail("role", role)
        .detail("minutes", minutes);
    ctx.commit(tx, event).await?;
    Ok(id)
}

fn checked(reason: &str, minutes: i64) -> Result<&str> {
    let reason = reason.trim();
    let mut fields = Vec::new();
    if !REASON.contains(&reason.chars().count()) {
        let text = format!("Say why in {} to {} characters.", REASON.start(), REASON.end());
        fields.push(("reason".to_owned(), text));
    }
    if !(SHORTEST..=LONGEST).contains(&minutes) {
        let text = format!("Give whole minutes from {SHORTEST} to {LONGEST}.");
        fields.push(("minutes".to_owned(), text));
    }
    if fields.is_empty() {
        Ok(reason)
    } else {
        Err(Error::Invalid { fields })
    }
}

/// One at a time: what is open stands in the way, what time has ended is noted as ended.
async fn end_if_open(ctx: &Ctx, tx: &mut Tx, user: UserId) -> Result<()> {
    use types::team::ElevationState;
    for record in store::open_of(tx, &user.to_string()).await? {
        let open = record.elevation()?;
        if open.state_at(ctx.now()) != ElevationState::Ended {
            return Err(Error::Conflict(
                "A request or an elevation of yours is open. End it before you ask for another one.",
            ));
        }
    }
    Ok(())
}

async fn request(
    ctx: &Ctx,
    tx: &mut Tx,
    id: ElevationId,
    role: StaffRole,
    able: &[StaffRecord],
) -> Result<()> {
    for person in able {
        let cause = format!("elevation.requested:{id}:{}", person.id);
        let message = Message::new("elevation.requested", cause, "A staff elevation waits for you")
            .text(format!(
                "A colleague asks to be {} for a time. Read the reason, then approve or refuse it.",
                role.title()
            ))
            .link("Look at the request", format!("/staff/access/elevations/{id}"));
        mail::to_user(ctx, tx, person.id.parse()?, message).await?;
    }
    let end = ctx.now().plus_seconds(PATIENCE);
    jobs::enqueue(ctx, tx, &Job::EndElevation(id), end).await
}

async fn delay(ctx: &Ctx, tx: &mut Tx, id: ElevationId, role: StaffRole, minutes: i64) -> Result<()> {
    let starts_at = ctx.now().plus_seconds(ctx.settings().elevation_delay);
    let ends_at = starts_at.plus_seconds(minutes.saturating_mul(60));
    tx.changes(crate::recall::Topic::Sessions);
    store::approve(tx, &id.to_string(), None, (starts_at, ends_at), ctx.now()).await?;
    jobs::enqueue(ctx, tx, &Job::EndElevation(id), ends_at).await?;
    for person in staff::all(tx).await? {
        let cause = format!("elevation.delayed:{id}:{}", person.id);
        let message = Message::new(
            "elevation.delayed",
            cause,
            "A staff elevation nobody else approves",
        )
        .text(format!(
            "Somebody asked to be {} for {minutes} minutes. Nobody else could approve it, so it begins by \
                 itself in {} minutes. If this is not expected, stop it now.",
            role.title(),
            ctx.settings().elevation_delay / 60
        ))
        .link("Look at it, or stop it", format!("/staff/access/elevations/{id}"));
        mail::to_user(ctx, tx, person.id.parse()?, message).await?;
    }
    Ok(())
}
