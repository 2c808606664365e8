//! Whose log somebody decides about.

use types::{OrganisationId, Permission, retention::LogScope};

use super::Event;
use crate::{Ctx, Result};

/// A log whose retention, holds and streams the actor may decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Managed {
    /// Whose; none: the installation's own.
    pub(crate) organisation: Option<OrganisationId>,
}

impl Managed {
    /// As rows name it: empty for the installation's own.
    pub(crate) fn tenant(self) -> String {
        self.organisation.map(|id| id.to_string()).unwrap_or_default()
    }

    /// An event that stands in this log.
    pub(crate) fn tell(self, event: Event) -> Event {
        match self.organisation {
            Some(organisation) => event.in_organisation(organisation),
            None => event.in_installation().as_staff(),
        }
    }
}

/// The log of this scope, if the actor may decide about it.
///
/// # Errors
/// `Forbidden` without [`Permission::AuditManage`], or [`Permission::AuditManageAll`] for the
/// installation's own.
pub(crate) async fn managed(ctx: &Ctx, scope: LogScope) -> Result<Managed> {
    let organisation = match scope {
        LogScope::Organisation => {
            ctx.require(Permission::AuditManage).await?;
            Some(ctx.tenant()?)
        }
        LogScope::Installation => {
            ctx.require(Permission::AuditManageAll).await?;
            None
        }
    };
    Ok(Managed { organisation })
}
