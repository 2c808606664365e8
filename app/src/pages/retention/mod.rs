//! How long what is kept, legal holds, and erasure: of an organisation, and of the installation.

mod editor;
mod erasure;
mod hold;
mod page;

pub use erasure::Erasure;
pub use hold::{InstallationHold, InstallationRelease, OrganisationHold, OrganisationRelease};
pub use page::{InstallationRetention, OrganisationRetention};

use types::{Permission, retention::LogScope};

use crate::components::Place;

/// What differs between the log of an organisation and that of the installation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Log {
    pub(crate) scope: LogScope,
    pub(crate) place: Place,
    pub(crate) permission: Permission,
    /// Whom to ask for the permission.
    pub(crate) ask: &'static str,
    pub(crate) retention: &'static str,
    pub(crate) holds: &'static str,
    pub(crate) streams: &'static str,
}

impl Log {
    pub(crate) const fn of(scope: LogScope) -> Self {
        match scope {
            LogScope::Organisation => Self {
                scope,
                place: Place::Audit,
                permission: Permission::AuditManage,
                ask: "an owner or admin of the organisation",
                retention: "/audit/retention",
                holds: "/audit/holds",
                streams: "/audit/streams",
            },
            LogScope::Installation => Self {
                scope,
                place: Place::Keeping,
                permission: Permission::AuditManageAll,
                ask: "an operator admin of this installation",
                retention: "/staff/retention",
                holds: "/staff/holds",
                streams: "/staff/streams",
            },
        }
    }
}
