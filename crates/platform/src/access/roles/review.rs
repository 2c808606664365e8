//! What a change of a role would come to.

use types::{
    CustomRoleId, Permission,
    team::{RoleDraft, RoleReview},
};

use super::{all, checked, others};
use crate::{Ctx, Error, Result};

/// The difference that the draft makes, and to whom. Nothing is written.
///
/// # Errors
/// `Forbidden` without [`Permission::TeamManage`]; `Invalid`; `NotFound`; `Refused` for what the
/// actor does not have.
pub async fn review(ctx: &Ctx, id: Option<CustomRoleId>, draft: &RoleDraft) -> Result<RoleReview> {
    ctx.require(Permission::TeamManage).await?;
    let rows = all(ctx).await?;
    let draft = checked(draft, &others(&rows, id))?;
    let before = match id {
        None => None,
        Some(id) => {
            let found = rows.into_iter().find(|row| row.id == id);
            Some(found.ok_or(Error::NotFound("The role"))?)
        }
    };
    let had = before.as_ref().map_or(&[][..], |row| row.permissions.as_slice());
    let all = had.iter().chain(&draft.permissions);
    if !all.into_iter().all(|one| ctx.actor().may(*one)) {
        return Err(Error::Refused(super::save::BEYOND));
    }
    let lacks = |these: &[Permission], one: &Permission| !these.contains(one);
    Ok(RoleReview {
        added: draft
            .permissions
            .iter()
            .copied()
            .filter(|one| lacks(had, one))
            .collect(),
        removed: had
            .iter()
            .copied()
            .filter(|one| lacks(&draft.permissions, one))
            .collect(),
        renamed_from: before
            .as_ref()
            .and_then(|row| (row.name != draft.name).then(|| row.name.clone())),
        affected: before.map(|row| row.members).unwrap_or_default(),
        draft,
    })
}
