//! Ending the sessions of somebody else (OWASP ASVS 5.0.0, 7.4.5).

use types::{Permission, StepUp, UserId};

use super::{
    change::{breach, organisation_name, tell},
    rules::{hold, refuse},
    store,
};
use crate::{
    Ctx, Error, Result,
    audit::{Action, Event},
    sessions,
};

/// Ends every session that a member has in this organisation; they can sign in again. What they
/// have open in another organisation is that one's to end.
///
/// # Errors
/// `Forbidden` without [`Permission::TeamManage`]; `StepUp`; `NotFound`; `Refused` for a member
/// who may more than the actor.
pub async fn end_sessions(ctx: &Ctx, user: UserId) -> Result<()> {
    ctx.require(Permission::TeamManage).await?;
    ctx.require_fresh(StepUp::Team).await?;
    let mut tx = ctx.begin().await?;
    let (tenant, _, actor) = hold(ctx, &mut tx).await?;
    let key = tenant.to_string();
    let record = store::member(&mut tx, &key, &user.to_string()).await?;
    let target = record.ok_or(Error::NotFound("The member"))?.member()?;
    if let Some(rule) = breach(&actor, &target, None) {
        return Err(refuse(ctx, tx, rule).await);
    }
    sessions::end_of_member(&mut tx, tenant, user).await?;
    let name = organisation_name(&mut tx, &key).await?;
    let text =
        format!("Somebody who manages the team of {name} ended your sessions there. You can sign in again.");
    let subject = format!("Your sessions in {name} were ended");
    tell(ctx, &mut tx, user, "team.sessions_ended", &subject, text).await?;
    ctx.commit(tx, Event::new(Action::MemberSessionsEnded).target(user))
        .await
}
