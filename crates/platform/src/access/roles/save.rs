//! Making, changing and deleting a role of the organisation's own.

use types::{
    CustomRoleId, OrganisationId, Permission, StepUp,
    team::{CustomRoleRow, RoleDraft},
};

use super::{
    super::members::{Member, hold, refuse},
    checked, find, store,
};
use crate::{
    Ctx, Error, Result,
    audit::{Action, Event, Tx},
    recall::Topic,
};

pub(super) const BEYOND: &str = "A role gives at most what its maker may do, and is changed by somebody who \
                                 may do all of it. Ask somebody who has these permissions.";

async fn names(tx: &mut Tx, tenant: &str, except: Option<CustomRoleId>) -> Result<Vec<String>> {
    let except = except.map(|id| id.to_string());
    let rows = store::list(tx, tenant).await?.into_iter();
    Ok(rows
        .filter(|row| Some(&row.id) != except.as_ref())
        .map(|row| row.name)
        .collect())
}

/// Asks for permission and confirmation, and holds the organisation.
async fn begin(ctx: &Ctx) -> Result<(Tx, OrganisationId, Member)> {
    ctx.require(Permission::TeamManage).await?;
    ctx.require_fresh(StepUp::Team).await?;
    let mut tx = ctx.begin().await?;
    let (tenant, _, actor) = hold(ctx, &mut tx).await?;
    Ok((tx, tenant, actor))
}

fn words(permissions: &[Permission]) -> String {
    let words: Vec<&str> = permissions.iter().map(|one| one.as_str()).collect();
    words.join(" ")
}

/// Makes a role.
///
/// # Errors
/// `Forbidden` without [`Permission::TeamManage`]; `StepUp`; `Invalid`; `Refused` for what the
/// actor does not have.
pub async fn create(ctx: &Ctx, draft: &RoleDraft) -> Result<CustomRoleId> {
    let (mut tx, tenant, actor) = begin(ctx).await?;
    let key = tenant.to_string();
    let draft = checked(draft, &names(&mut tx, &key, None).await?)?;
    if !actor.has(&draft.permissions) {
        return Err(refuse(ctx, tx, BEYOND).await);
    }
    let id = CustomRoleId::new(ctx.clock(), ctx.rng());
    let permissions = words(&draft.permissions);
    store::insert(
        &mut tx,
        &key,
        &id.to_string(),
        (&draft.name, &permissions),
        ctx.now(),
    )
    .await?;
    let event = Event::new(Action::CustomRoleCreated)
        .target(id)
        .detail("name", &draft.name)
        .detail("permissions", permissions);
    ctx.commit(tx, event).await?;
    Ok(id)
}

/// Changes a role; for its members it holds on their next request.
///
/// # Errors
/// As [`create`]; `NotFound`.
pub async fn update(ctx: &Ctx, id: CustomRoleId, draft: &RoleDraft) -> Result<()> {
    let (mut tx, tenant, actor) = begin(ctx).await?;
    let key = tenant.to_string();
    let before = find(&mut tx, tenant, id).await?;
    let draft = checked(draft, &names(&mut tx, &key, Some(id)).await?)?;
    if !actor.has(&draft.permissions) || !actor.has(&before.permissions) {
        return Err(refuse(ctx, tx, BEYOND).await);
    }
    let permissions = words(&draft.permissions);
    tx.changes(Topic::Sessions);
    store::update(
        &mut tx,
        &key,
        &id.to_string(),
        (&draft.name, &permissions),
        ctx.now(),
    )
    .await?;
    let event = Event::new(Action::CustomRoleChanged)
        .target(id)
        .detail("name", &draft.name)
        .detail("from", words(&before.permissions))
        .detail("to", permissions)
        .detail("members", before.members.len());
    ctx.commit(tx, event).await
}

/// Deletes a role that nobody has.
///
/// # Errors
/// As [`update`]; `Conflict` while somebody has it.
pub async fn delete(ctx: &Ctx, id: CustomRoleId) -> Result<()> {
    let (mut tx, tenant, actor) = begin(ctx).await?;
    let CustomRoleRow {
        name,
        permissions,
        members,
        ..
    } = find(&mut tx, tenant, id).await?;
    if !members.is_empty() {
        return Err(Error::Conflict(
            "Members have this role. Give them another one first, then delete it.",
        ));
    }
    if !actor.has(&permissions) {
        return Err(refuse(ctx, tx, BEYOND).await);
    }
    store::delete(&mut tx, &tenant.to_string(), &id.to_string()).await?;
    let event = Event::new(Action::CustomRoleDeleted)
        .target(id)
        .detail("name", name);
    ctx.commit(tx, event).await
}
