//! What an actor must be allowed to do, and must have confirmed.

use std::time::Duration;

use moka::sync::Cache;
use types::{ApiKeyId, OrganisationId, Permission, SessionId, StepUp, Timestamp, keys::Scope};

use super::{Actor, Ctx, LOOKING};
use crate::{
    Error, Result,
    audit::{Action, Event},
};

/// How long a refusal that a page brings again and again is told once.
const ONCE_IN: Duration = Duration::from_mins(10);
/// Sessions and permissions that are kept in mind: beyond them one is told again.
const KEPT: u64 = 10_000;

/// What is refused the same thing again and again: every page of a limited session is refused
/// something, and a program whose key lacks a scope calls on. That must not fill the log.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Refused {
    Session(SessionId),
    Key(ApiKeyId),
}

/// What was told of in the log lately, and is not told again.
pub(super) struct Told {
    /// Sessions and keys that were refused a permission.
    refused: Cache<(Refused, Permission), ()>,
    /// Organisations whose quota is used up. Their programs may go on calling.
    over_quota: Cache<OrganisationId, ()>,
}

impl Default for Told {
    fn default() -> Self {
        Self {
            refused: Cache::builder().max_capacity(KEPT).time_to_live(ONCE_IN).build(),
            over_quota: Cache::builder().max_capacity(KEPT).time_to_live(ONCE_IN).build(),
        }
    }
}

impl Told {
    fn is_first(&self, actor: &Actor, permission: Permission) -> bool {
        let refused = match actor {
            Actor::User { session, .. } => Refused::Session(*session),
            Actor::ApiKey { id, .. } => Refused::Key(*id),
            _ => return true,
        };
        let entry = self.refused.entry((refused, permission)).or_insert(());
        entry.is_fresh()
    }
}

impl Ctx {
    /// Holds the actor to a permission. A refusal is audited.
    ///
    /// # Errors
    /// `Unauthenticated` if nobody is signed in, `Forbidden` or `ScopeMissing` if the actor may
    /// not, `Limited` if the session began with less than what is asked for.
    pub async fn require(&self, permission: Permission) -> Result<()> {
        if self.actor.may(permission) {
            return Ok(());
        }
        if self.actor == Actor::Anonymous {
            return Err(Error::Unauthenticated("Sign in first."));
        }
        if self.actor.look().is_some() {
            return Err(self.blocked(permission).await);
        }
        if let Some(asked) = self.actor.unmet(permission)
            && self.actor.is_given(permission)
        {
            if self.shared.told.is_first(&self.actor, permission) {
                let event = Event::new(Action::PermissionDenied)
                    .denied()
                    .detail("permission", permission)
                    .detail("reason", format!("the sign-in is weaker than {asked}"));
                self.record(event).await?;
            }
            return Err(Error::Limited(asked));
        }
        let is_program = matches!(self.actor, Actor::ApiKey { .. });
        if !is_program || self.shared.told.is_first(&self.actor, permission) {
            let event = Event::new(Action::PermissionDenied)
                .denied()
                .detail("permission", permission);
            self.record(event).await?;
        }
        Err(match Scope::giving(permission) {
            Some(scope) if is_program => Error::ScopeMissing(scope),
            _ => Error::Forbidden(permission),
        })
    }

    /// What a look does not give: the customer's log tells that it was tried, or ours, if it is
    /// for staff.
    async fn blocked(&self, permission: Permission) -> Error {
        let event = Event::new(Action::PermissionDenied)
            .denied()
            .detail("permission", permission);
        let event = if permission.is_staff() {
            event.in_installation()
        } else {
            event
        };
        match self.record(event).await {
            Ok(()) => Error::Refused(LOOKING),
            Err(error) => error,
        }
    }

    /// Holds a signed-in user to a fresh confirmation of this dangerous action, which they are
    /// about to do. A refusal is audited, in a transaction of its own: it is asked before one is
    /// begun. Programs and Loomwire itself have none to give: what they may do is decided by
    /// permission alone.
    ///
    /// # Errors
    /// `StepUp` if the session has not confirmed the action in the last five minutes; `Refused`
    /// in a look, where nothing dangerous is done.
    pub async fn require_fresh(&self, action: StepUp) -> Result<()> {
        if self.is_fresh(action) {
            return Ok(());
        }
        let (error, reason) = if self.actor.look().is_some() {
            (Error::Refused(LOOKING), "a look changes nothing")
        } else {
            (Error::StepUp(action), "it was not confirmed freshly")
        };
        let event = Event::new(Action::StepUpRefused)
            .denied()
            .detail("action", action)
            .detail("reason", reason);
        self.record(event).await?;
        Err(error)
    }

    /// Whether the action could be done without another confirmation. It only asks: nothing is
    /// audited.
    pub fn is_fresh(&self, action: StepUp) -> bool {
        let Actor::User { standing, .. } = &self.actor else {
            return true;
        };
        let now = self.now();
        let fresh = |(confirmed, until): &(StepUp, Timestamp)| *confirmed == action && now < *until;
        standing.look.is_none() && standing.confirmed.iter().any(fresh)
    }

    /// Whether it is to be told that this organisation's quota is used up: once in a while.
    pub(crate) fn tells_of_quota(&self, organisation: OrganisationId) -> bool {
        let entry = self.shared.told.over_quota.entry(organisation).or_insert(());
        entry.is_fresh()
    }

    /// What the user may do here, for navigation.
    pub fn permissions(&self) -> Vec<Permission> {
        Permission::ALL
            .iter()
            .copied()
            .filter(|p| self.actor.may(*p))
            .collect()
    }
}
