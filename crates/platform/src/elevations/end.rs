//! Ending: by time, early, or before it began.

use types::{ElevationId, Permission, UserId, team::ElevationState};

use super::{Elevation, actor, find, store};
use crate::{
    Ctx, Error, Result,
    audit::{Action, Event, Tx},
    mail::Message,
    notices,
    recall::Topic,
    staff,
};

/// Stops an elevation: whoever asked withdraws the request or gives the role back early; somebody
/// who may approve refuses the request, or ends it. No confirmation is asked for: it only takes.
///
/// # Errors
/// `Forbidden` without [`Permission::StaffRead`], and for another's without
/// [`Permission::StaffApprove`]; `NotFound`; `Conflict` if it is over.
pub async fn stop(ctx: &Ctx, id: ElevationId) -> Result<()> {
    ctx.require(Permission::StaffRead).await?;
    let me = actor(ctx)?;
    let asked = store::get(&mut *ctx.read().await?, &id.to_string()).await?;
    let own = asked.ok_or(Error::NotFound("The request"))?.elevation()?.user == me;
    if !own {
        ctx.require(Permission::StaffApprove).await?;
    }
    let mut tx = ctx.begin().await?;
    staff::hold(&mut tx).await?;
    let asked = find(&mut tx, id).await?;
    let now = ctx.now();
    let open = [ElevationState::Requested, ElevationState::Approved];
    if !open.contains(&asked.state_at(now)) {
        return Err(Error::Conflict("This is over already."));
    }
    let (state, event) = match (asked.holds(now), own) {
        (true, _) => (ElevationState::Ended, ended(&asked, "early, by hand")),
        (false, true) => (
            ElevationState::Withdrawn,
            about(Action::ElevationWithdrawn, &asked),
        ),
        (false, false) => (ElevationState::Refused, about(Action::ElevationRefused, &asked)),
    };
    let me = me.to_string();
    let decided_by = (!own).then_some(me.as_str());
    tx.changes(Topic::Sessions);
    store::end(&mut tx, &id.to_string(), state.as_str(), decided_by, now).await?;
    if !own {
        let text = format!(
            "A colleague stopped it: you are not {} through it.",
            asked.role.title()
        );
        let cause = format!("elevation.stopped:{id}");
        let message = Message::new("elevation.stopped", cause, "Your elevation was stopped").text(text);
        notices::tell(ctx, &mut tx, asked.user, message).await?;
    }
    ctx.commit(tx, event).await
}

fn about(action: Action, asked: &Elevation) -> Event {
    Event::new(action).target(asked.id).detail("role", asked.role)
}

fn ended(asked: &Elevation, why: &str) -> Event {
    about(Action::ElevationEnded, asked).detail("why", why)
}

/// Ends all that is open of somebody who is not staff any more; the events that tell of it.
pub(crate) async fn end_all(ctx: &Ctx, tx: &mut Tx, user: UserId) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    for record in store::open_of(tx, &user.to_string()).await? {
        let open = record.elevation()?;
        let state = ElevationState::Ended.as_str();
        store::end(tx, &open.id.to_string(), state, None, ctx.now()).await?;
        events.push(ended(&open, "the staff role was taken"));
    }
    Ok(events)
}

/// Notes the end of an elevation, or of a request that nobody decided, whose time is over. It
/// gave nothing any more before.
pub(crate) async fn end_due(ctx: &Ctx, tx: &mut Tx, id: ElevationId) -> Result<Option<Event>> {
    staff::hold(tx).await?;
    let Some(row) = store::get(tx, &id.to_string()).await? else {
        return Ok(None);
    };
    let open = row.elevation()?;
    let over = open.state != ElevationState::Ended && open.state_at(ctx.now()) == ElevationState::Ended;
    if !over {
        return Ok(None);
    }
    tx.changes(Topic::Sessions);
    let state = ElevationState::Ended.as_str();
    store::end(tx, &id.to_string(), state, None, ctx.now()).await?;
    let why = if open.state == ElevationState::Requested {
        "nobody decided on it"
    } else {
        "its time was over"
    };
    Ok(Some(ended(&open, why)))
}
