//! Who belongs to an organisation, and with which role.
//!
//! Rules: nobody gives what they do not have, nor touches somebody who has more; owners are made
//! and unmade by owners; the last owner stays. What the actor has is read again within the
//! transaction, with the organisation held: a role that was taken a moment ago gives nothing.

mod change;
mod choice;
mod end_sessions;
mod leave;
mod rules;
pub(super) mod store;

pub use change::{change_role, remove};
pub use choice::RoleChoice;
pub use end_sessions::end_sessions;
pub use leave::leave;
pub(super) use rules::{Member, hold};
pub(crate) use rules::{permissions_of, refuse};
use store::MemberRecord;

use std::collections::HashMap;

use db::Conn;
use types::{
    Permission, Role, SignInMethod, Timestamp, UserId,
    team::{LeftKey, MemberPage, MemberRole, MemberRow, TeamPage},
};

use super::roles;
use crate::{Actor, Ctx, Error, Result, api_keys, identity};

/// The members, by name, and the keys of those who left.
///
/// # Errors
/// `Forbidden` without [`Permission::TeamRead`].
pub async fn list(ctx: &Ctx) -> Result<TeamPage> {
    ctx.require(Permission::TeamRead).await?;
    let tenant = ctx.tenant()?.to_string();
    let mut read = ctx.read().await?;
    let records = store::list(&mut read, &tenant).await?;
    let strongest = identity::strongest_in(&mut read, &tenant).await?;
    let left_keys = if ctx.actor().may(Permission::KeysRead) {
        api_keys::of_former_members(&mut read, &tenant, ctx.now()).await?
    } else {
        Vec::<LeftKey>::new()
    };
    let members = records
        .into_iter()
        .map(|record| row(ctx, record, &strongest))
        .collect::<Result<_>>()?;
    Ok(TeamPage { members, left_keys })
}

/// The members who may do this, by name.
///
/// # Errors
/// If the database fails.
pub(crate) async fn who_may(conn: &mut Conn, tenant: &str, permission: Permission) -> Result<Vec<UserId>> {
    let mut found = Vec::new();
    for record in store::list(conn, tenant).await? {
        if record.member()?.has(&[permission]) {
            found.push(record.user_id.parse()?);
        }
    }
    Ok(found)
}

/// One member, and the roles that the viewer may give.
///
/// # Errors
/// `Forbidden` without [`Permission::TeamRead`]; `NotFound` for somebody who is no member here.
pub async fn get(ctx: &Ctx, user: UserId) -> Result<MemberPage> {
    let page = list(ctx).await?;
    let member = page.members.into_iter().find(|member| member.id == user);
    Ok(MemberPage {
        member: member.ok_or(Error::NotFound("The member"))?,
        roles: grantable(ctx).await?,
    })
}

/// Roles that the viewer may give: ours and the organisation's own.
async fn grantable(ctx: &Ctx) -> Result<Vec<MemberRole>> {
    if !ctx.actor().may(Permission::TeamManage) {
        return Ok(Vec::new());
    }
    let has = |permissions: &[Permission]| permissions.iter().all(|one| ctx.actor().may(*one));
    let ours = Role::ALL
        .iter()
        .filter(|role| has(role.permissions()) && (**role != Role::Owner || is_owner(ctx)))
        .map(|role| MemberRole::BuiltIn(*role));
    let own = roles::all(ctx).await?;
    let own = own
        .into_iter()
        .filter(|role| has(&role.permissions))
        .map(|role| MemberRole::Custom(role.id, role.name));
    Ok(ours.chain(own).collect())
}

/// Whether the viewer is an owner, as far as the session knows: what a page shows.
fn is_owner(ctx: &Ctx) -> bool {
    matches!(ctx.actor(), Actor::User { role: Role::Owner, standing, .. } if standing.custom.is_none())
}

fn row(ctx: &Ctx, record: MemberRecord, strongest: &HashMap<String, SignInMethod>) -> Result<MemberRow> {
    let member = record.member()?;
    let below = member.permissions.iter().all(|one| ctx.actor().may(*one));
    let changeable =
        ctx.actor().may(Permission::TeamManage) && below && (member.role != Role::Owner || is_owner(ctx));
    Ok(MemberRow {
        role: record.role()?,
        strongest: strongest.get(&record.user_id).copied(),
        id: record.user_id.parse()?,
        name: record.name,
        email: record.email,
        since: Timestamp::from_millis(record.created_at),
        last_active: record.last_active.map(Timestamp::from_millis),
        keys: u64::try_from(record.keys).unwrap_or_default(),
        changeable,
    })
}
