//! What an actor must be allowed to do, and must have confirmed.

use types::{Permission, StepUp, Timestamp};

use super::{Actor, Ctx};
use crate::{
    Error, Result,
    audit::{Action, Event},
};

impl Ctx {
    /// Holds the actor to a permission. A refusal is audited.
    ///
    /// # Errors
    /// `Unauthenticated` if nobody is signed in, `Forbidden` if the actor may not, `Limited` if
    /// the session began with less than what is asked for.
    pub async fn require(&self, permission: Permission) -> Result<()> {
        if self.actor.may(permission) {
            return Ok(());
        }
        if self.actor == Actor::Anonymous {
            return Err(Error::Unauthenticated("Sign in first."));
        }
        if let Some(asked) = self.actor.unmet(permission)
            && self.actor.is_given(permission)
        {
            return Err(Error::Limited(asked));
        }
        let event = Event::new(Action::PermissionDenied)
            .denied()
            .detail("permission", permission);
        self.record(event).await?;
        Err(Error::Forbidden(permission))
    }

    /// Holds a signed-in user to a fresh confirmation of this dangerous action. Programs and
    /// Loomwire itself have none to give: what they may do is decided by permission alone.
    ///
    /// # Errors
    /// `StepUp` if the session has not confirmed the action in the last five minutes.
    pub fn require_fresh(&self, action: StepUp) -> Result<()> {
        let Actor::User { standing, .. } = &self.actor else {
            return Ok(());
        };
        let now = self.now();
        let fresh = |(confirmed, until): &(StepUp, Timestamp)| *confirmed == action && now < *until;
        if standing.confirmed.iter().any(fresh) {
            return Ok(());
        }
        Err(Error::StepUp(action))
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
