//! Roles of an organisation's own: named sets of permissions.
//!
//! A change is reviewed before it is saved. Nobody makes or changes a role that gives more than
//! they have themselves, and what only the operator gives is in none.

mod review;
mod save;
mod store;

pub use review::review;
pub use save::{create, delete, update};

use types::{
    CustomRoleId, OrganisationId, Permission, Role, Timestamp,
    team::{CustomRoleRow, RoleDraft},
};

use super::{check_name, members::permissions_of};
use crate::{Ctx, Error, Result, audit::Tx};

/// What a role of an organisation's own can give: everything that an owner has.
pub const OFFERED: &[Permission] = Role::Owner.permissions();

/// The organisation's own roles, by name, with who has them.
///
/// # Errors
/// `Forbidden` without [`Permission::TeamRead`].
pub async fn list(ctx: &Ctx) -> Result<Vec<CustomRoleRow>> {
    ctx.require(Permission::TeamRead).await?;
    all(ctx).await
}

/// One of them.
///
/// # Errors
/// `Forbidden` without [`Permission::TeamRead`]; `NotFound`.
pub async fn get(ctx: &Ctx, id: CustomRoleId) -> Result<CustomRoleRow> {
    let mut rows = list(ctx).await?.into_iter();
    rows.find(|row| row.id == id).ok_or(Error::NotFound("The role"))
}

/// All of them; the caller has asked for the permission.
pub(super) async fn all(ctx: &Ctx) -> Result<Vec<CustomRoleRow>> {
    let tenant = ctx.tenant()?.to_string();
    let mut read = ctx.read().await?;
    let members = store::members(&mut read, &tenant).await?;
    let rows = store::list(&mut read, &tenant).await?;
    rows.into_iter()
        .map(|row| {
            let has = |(role, name): &(String, String)| (*role == row.id).then(|| name.clone());
            let members = members.iter().filter_map(has).collect();
            row.read(members)
        })
        .collect()
}

/// A role within a transaction that is about to give, change or delete it.
pub(super) async fn find(tx: &mut Tx, tenant: OrganisationId, id: CustomRoleId) -> Result<CustomRoleRow> {
    let tenant = tenant.to_string();
    let row = store::get(tx, &tenant, &id.to_string()).await?;
    let members = store::members(tx, &tenant).await?;
    let id = id.to_string();
    let has = |(role, name): (String, String)| (role == id).then_some(name);
    row.ok_or(Error::NotFound("The role"))?
        .read(members.into_iter().filter_map(has).collect())
}

/// The draft with its permissions in the order of the list, each once.
///
/// # Errors
/// `Invalid` for a name that is none or is taken, or for no permission at all.
fn checked(draft: &RoleDraft, others: &[String]) -> Result<RoleDraft> {
    let name = draft.name.trim().to_owned();
    let mut fields = Vec::new();
    let is = |other: &str| other.to_lowercase() == name.to_lowercase();
    if let Err(message) = check_name(&name) {
        fields.push(("name".to_owned(), message));
    } else if others.iter().any(|other| is(other)) || Role::ALL.iter().any(|role| is(role.title())) {
        fields.push((
            "name".to_owned(),
            "There is a role of this name. Choose another one.".to_owned(),
        ));
    }
    if draft.permissions.is_empty() {
        fields.push((
            "permissions".to_owned(),
            "Choose at least one permission.".to_owned(),
        ));
    }
    if !fields.is_empty() {
        return Err(Error::Invalid { fields });
    }
    let all = Permission::ALL.iter().copied();
    Ok(RoleDraft {
        name,
        permissions: all.filter(|one| draft.permissions.contains(one)).collect(),
    })
}

impl store::RoleRow {
    fn read(self, members: Vec<String>) -> Result<CustomRoleRow> {
        Ok(CustomRoleRow {
            id: self.id.parse()?,
            name: self.name,
            permissions: permissions_of(Role::Billing, Some(&self.permissions)),
            updated_at: Timestamp::from_millis(self.updated_at),
            members,
        })
    }
}

/// The names of the other roles.
fn others(rows: &[CustomRoleRow], except: Option<CustomRoleId>) -> Vec<String> {
    let kept = rows.iter().filter(|row| Some(row.id) != except);
    kept.map(|row| row.name.clone()).collect()
}
