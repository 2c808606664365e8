//! What the rules of roles look at, and how a breach is answered.

use types::{OrganisationId, Permission, Role, UserId};

use super::store;
use crate::{
    Actor, Ctx, Error, Result,
    audit::{Action, Event, Tx},
};

/// A membership at this moment.
pub(crate) struct Member {
    /// The role; the least one beside a role of the organisation's own.
    pub(crate) role: Role,
    /// How the role is told in the audit log.
    pub(crate) word: String,
    /// What it gives.
    pub(crate) permissions: Vec<Permission>,
}

impl Member {
    /// Whether this member has all of these permissions.
    pub(crate) fn has(&self, permissions: &[Permission]) -> bool {
        permissions.iter().all(|one| self.permissions.contains(one))
    }

    /// Whether this member may change or remove the other.
    pub(super) fn stands_over(&self, other: &Self) -> bool {
        self.has(&other.permissions) && (other.role != Role::Owner || self.role == Role::Owner)
    }
}

/// What a role of ours or of the organisation's own gives; a word that is not known here, as
/// after a way back to an older version, gives nothing, and what concerns the installation no
/// organisation gives.
pub(crate) fn permissions_of(role: Role, custom: Option<&str>) -> Vec<Permission> {
    match custom {
        None => role.permissions().to_vec(),
        Some(words) => words
            .split(' ')
            .filter_map(|word| word.parse().ok())
            .filter(|one: &Permission| !one.is_staff())
            .collect(),
    }
}

/// Holds the organisation until the transaction ends, so that changes of its roles and members
/// come one after the other on every database; then the actor's own membership as it is now.
///
/// # Errors
/// `Unauthenticated` if no user acts, or one who does not belong there any more.
pub(crate) async fn hold(ctx: &Ctx, tx: &mut Tx) -> Result<(OrganisationId, UserId, Member)> {
    const GONE: Error = Error::Unauthenticated("You do not belong to this organisation any more.");
    let Actor::User { id, organisation, .. } = ctx.actor() else {
        return Err(Error::Unauthenticated("Sign in first."));
    };
    let tenant = organisation.to_string();
    store::hold(tx, &tenant).await?;
    let record = store::member(tx, &tenant, &id.to_string()).await?;
    Ok((*organisation, *id, record.ok_or(GONE)?.member()?))
}

/// Gives the transaction up and answers that the rules of roles forbid it; the audit log is told.
pub(crate) async fn refuse(ctx: &Ctx, tx: Tx, rule: &'static str) -> Error {
    // First: on SQLite the log cannot be written while another write is under way.
    drop(tx);
    let event = Event::new(Action::AccessRefused).denied().detail("rule", rule);
    match ctx.record(event).await {
        Ok(()) => Error::Refused(rule),
        Err(error) => error,
    }
}
