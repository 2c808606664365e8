//! Approving somebody else's request.

use types::{ElevationId, Permission, StepUp, team::ElevationState};

use super::{actor, find, may_approve, store};
use crate::{
    Ctx, Error, Result,
    access::refuse,
    audit::{Action, Event},
    jobs::{self, Job},
    mail::Message,
    notices,
    recall::Topic,
    staff,
};

/// Approves a request: it holds from now for the minutes that were asked for.
///
/// # Errors
/// `Forbidden` without [`Permission::StaffApprove`]; `StepUp`; `Refused` for one's own request,
/// and for who does not have the role's permissions for good; `NotFound`; `Conflict` if it does
/// not wait any more.
pub async fn approve(ctx: &Ctx, id: ElevationId) -> Result<()> {
    ctx.require(Permission::StaffApprove).await?;
    ctx.require_fresh(StepUp::Staff).await?;
    let me = actor(ctx)?;
    let now = ctx.now();
    let mut tx = ctx.begin().await?;
    staff::hold(&mut tx).await?;
    let asked = find(&mut tx, id).await?;
    if asked.user == me {
        return Err(refuse(ctx, tx, "Nobody approves their own request. Ask a colleague.").await);
    }
    let mine = staff::role(&mut tx, &me.to_string()).await?;
    if !may_approve(mine, asked.role) {
        let rule = "You approve only roles whose permissions you have for good. Ask an operator admin.";
        return Err(refuse(ctx, tx, rule).await);
    }
    if asked.state_at(now) != ElevationState::Requested {
        return Err(Error::Conflict(
            "This request does not wait for an approval any more.",
        ));
    }
    if staff::role(&mut tx, &asked.user.to_string()).await?.is_none() {
        return Err(Error::Conflict("Whoever asked is not staff any more."));
    }
    let ends_at = now.plus_seconds(asked.minutes.saturating_mul(60));
    tx.changes(Topic::Sessions);
    store::approve(
        &mut tx,
        &id.to_string(),
        Some(&me.to_string()),
        (now, ends_at),
        now,
    )
    .await?;
    jobs::enqueue(ctx, &mut tx, &Job::EndElevation(id), ends_at).await?;
    let text = format!(
        "A colleague approved that you are {} for {} minutes. It ends by itself.",
        asked.role.title(),
        asked.minutes
    );
    let cause = format!("elevation.approved:{id}");
    let message = Message::new("elevation.approved", cause, "Your elevation was approved").text(text);
    notices::tell(ctx, &mut tx, asked.user, message).await?;
    let event = Event::new(Action::ElevationApproved)
        .target(id)
        .detail("role", asked.role)
        .detail("minutes", asked.minutes);
    ctx.commit(tx, event).await
}
