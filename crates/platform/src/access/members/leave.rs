//! Leaving an organisation by oneself.

use types::{OrganisationId, Role, StepUp};

use super::{change::LAST_OWNER, hold, store};
use crate::{
    Actor, Ctx, Error, Result,
    access::organisations_of,
    audit::{Action, Event},
    sessions,
};

/// Leaves the organisation that the session is in. The session goes on in another organisation
/// of the user, which is given back, or ends if there is none. Every member may, and needs no
/// permission for it.
///
/// # Errors
/// `StepUp`; `Limited`; `Conflict` for the last owner.
pub async fn leave(ctx: &Ctx) -> Result<Option<OrganisationId>> {
    let Actor::User {
        id,
        session,
        standing,
        ..
    } = ctx.actor()
    else {
        return Err(Error::Unauthenticated("Sign in first."));
    };
    if let Some(asked) = standing.limited {
        return Err(Error::Limited(asked));
    }
    ctx.require_fresh(StepUp::Team).await?;
    let mut tx = ctx.begin().await?;
    let (tenant, _, member) = hold(ctx, &mut tx).await?;
    let (key, user) = (tenant.to_string(), id.to_string());
    if member.role == Role::Owner && store::owners(&mut tx, &key).await? < 2 {
        return Err(LAST_OWNER);
    }
    let others = organisations_of(&mut tx, &user).await?;
    let next = others.into_iter().find(|choice| choice.id != key);
    let next: Option<OrganisationId> = next.map(|choice| choice.id.parse()).transpose()?;
    if let Some(next) = next {
        sessions::move_to(&mut tx, *session, next).await?;
    }
    sessions::end_of_member(&mut tx, tenant, *id).await?;
    store::remove(&mut tx, &key, &user).await?;
    let event = Event::new(Action::MemberLeft)
        .target(id)
        .in_organisation(tenant)
        .detail("role", member.word);
    ctx.commit(tx, event).await?;
    Ok(next)
}
