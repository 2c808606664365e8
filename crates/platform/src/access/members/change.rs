//! Changing a member's role, and removing a member.

use types::{OrganisationId, Permission, Role, StepUp, UserId};

use super::{
    super::{roles, store::organisation},
    Member, RoleChoice, hold, refuse, store,
};
use crate::{
    Ctx, Error, Result,
    audit::{Action, Event, Tx},
    mail::{self, Message},
    recall::Topic,
    sessions,
};

const BEYOND: &str = "You can give only what you may do yourself: this role gives more. \
                      Ask somebody who has all of it.";
const ABOVE: &str = "This member may do more than you, so that you cannot change or remove them. \
                     Ask an owner.";
const OWNERS: &str = "Only an owner makes somebody an owner, or changes or removes one. Ask an owner.";
pub(super) const LAST_OWNER: Error = Error::Conflict(
    "The organisation needs an owner, and this is the last one. Make somebody else an owner first.",
);
/// The least role: what a server gives that does not know of roles of an organisation's own.
const LEAST: Role = Role::Billing;

/// A role about to be given.
pub(super) struct Given {
    role: Role,
    custom: Option<String>,
    word: String,
    permissions: Vec<Permission>,
}

async fn given(tx: &mut Tx, tenant: OrganisationId, choice: RoleChoice) -> Result<Given> {
    Ok(match choice {
        RoleChoice::BuiltIn(role) => Given {
            role,
            custom: None,
            word: role.to_string(),
            permissions: role.permissions().to_vec(),
        },
        RoleChoice::Custom(id) => {
            let role = roles::find(tx, tenant, id).await?;
            Given {
                role: LEAST,
                custom: Some(id.to_string()),
                word: role.name,
                permissions: role.permissions,
            }
        }
    })
}

/// The rule that stands against it, if one does.
pub(super) fn breach(actor: &Member, target: &Member, given: Option<&Given>) -> Option<&'static str> {
    let makes_owner = given.is_some_and(|given| given.role == Role::Owner);
    if (makes_owner || target.role == Role::Owner) && actor.role != Role::Owner {
        return Some(OWNERS);
    }
    if !actor.stands_over(target) {
        return Some(ABOVE);
    }
    given
        .is_some_and(|given| !actor.has(&given.permissions))
        .then_some(BEYOND)
}

/// Gives a member another role; it holds on their next request.
///
/// # Errors
/// `Forbidden` without [`Permission::TeamManage`]; `StepUp`; `Refused` by a rule; `NotFound` for
/// who is no member or a role that is not there; `Conflict` for the last owner.
pub async fn change_role(ctx: &Ctx, user: UserId, choice: RoleChoice) -> Result<()> {
    ctx.require(Permission::TeamManage).await?;
    ctx.require_fresh(StepUp::Team).await?;
    let mut tx = ctx.begin().await?;
    let (tenant, _, actor) = hold(ctx, &mut tx).await?;
    let (key, id) = (tenant.to_string(), user.to_string());
    let target = store::member(&mut tx, &key, &id).await?;
    let target = target.ok_or(Error::NotFound("The member"))?.member()?;
    let given = given(&mut tx, tenant, choice).await?;
    if let Some(rule) = breach(&actor, &target, Some(&given)) {
        return Err(refuse(ctx, tx, rule).await);
    }
    if target.role == Role::Owner && given.role != Role::Owner && store::owners(&mut tx, &key).await? < 2 {
        return Err(LAST_OWNER);
    }
    if target.word == given.word {
        return Ok(());
    }
    tx.changes(Topic::Sessions);
    store::set_role(&mut tx, &key, &id, given.role, given.custom.as_deref()).await?;
    let name = organisation_name(&mut tx, &key).await?;
    let text = format!(
        "Your role in {name} is now {}; it was {}. It holds from your next page on.",
        given.word, target.word
    );
    tell(
        ctx,
        &mut tx,
        user,
        "team.role_changed",
        &format!("Your role in {name} changed"),
        text,
    )
    .await?;
    let event = Event::new(Action::MemberRoleChanged)
        .target(user)
        .detail("from", target.word)
        .detail("to", given.word);
    ctx.commit(tx, event).await
}

/// Removes a member: their sessions in this organisation end, the keys that they made stay and
/// are listed for review.
///
/// # Errors
/// As [`change_role`]; `Conflict` for oneself, who leaves instead.
pub async fn remove(ctx: &Ctx, user: UserId) -> Result<()> {
    ctx.require(Permission::TeamManage).await?;
    ctx.require_fresh(StepUp::Team).await?;
    let mut tx = ctx.begin().await?;
    let (tenant, me, actor) = hold(ctx, &mut tx).await?;
    if me == user {
        return Err(Error::Conflict("This is you. Use “Leave organisation” instead."));
    }
    let (key, id) = (tenant.to_string(), user.to_string());
    let record = store::member(&mut tx, &key, &id).await?;
    let record = record.ok_or(Error::NotFound("The member"))?;
    let target = record.member()?;
    if let Some(rule) = breach(&actor, &target, None) {
        return Err(refuse(ctx, tx, rule).await);
    }
    if target.role == Role::Owner && store::owners(&mut tx, &key).await? < 2 {
        return Err(LAST_OWNER);
    }
    sessions::end_of_member(&mut tx, tenant, user).await?;
    store::remove(&mut tx, &key, &id).await?;
    let name = organisation_name(&mut tx, &key).await?;
    let text =
        format!("You do not belong to {name} any more. Your sessions there have ended; your account stays.");
    tell(
        ctx,
        &mut tx,
        user,
        "team.removed",
        &format!("You were removed from {name}"),
        text,
    )
    .await?;
    let event = Event::new(Action::MemberRemoved)
        .target(user)
        .detail("role", target.word)
        .detail("keys", record.keys);
    ctx.commit(tx, event).await
}

pub(super) async fn organisation_name(tx: &mut Tx, tenant: &str) -> Result<String> {
    let row = organisation(tx, tenant).await?;
    Ok(row.ok_or(Error::NotFound("The organisation"))?.name)
}

pub(super) async fn tell(
    ctx: &Ctx,
    tx: &mut Tx,
    user: UserId,
    kind: &'static str,
    subject: &str,
    text: String,
) -> Result<()> {
    let cause = format!("{kind}:{user}:{}", ctx.now().as_millis());
    mail::to_user(ctx, tx, user, Message::new(kind, cause, subject).text(text)).await
}
