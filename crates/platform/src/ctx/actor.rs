//! Who asks, and through what.

use std::net::IpAddr;

use types::{
    ApiKeyId, Environment, OrganisationId, Permission, RequestId, Role, SessionId, StaffRole, UserId,
    VerificationId, access::API_KEY_PERMISSIONS,
};

/// The request behind a context.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// Its id.
    pub request_id: Option<RequestId>,
    /// Where it came from, trusted proxies looked through.
    pub address: Option<IpAddr>,
    /// Its `User-Agent`.
    pub user_agent: Option<String>,
}

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Loomwire itself.
    System,
    /// Nobody yet: sign-in, set-up.
    Anonymous,
    /// Somebody signed in to the console.
    User {
        /// Who.
        id: UserId,
        /// Through which session.
        session: SessionId,
        /// In which organisation.
        organisation: OrganisationId,
        /// With which role there.
        role: Role,
        /// And which staff role, if any.
        staff_role: Option<StaffRole>,
    },
    /// A business's program.
    ApiKey {
        /// Which key.
        id: ApiKeyId,
        /// Whose.
        organisation: OrganisationId,
        /// Live or test.
        environment: Environment,
    },
    /// The person who is being verified. Nothing that comes from them is kept.
    Person {
        /// In which verification.
        verification: VerificationId,
        /// For which organisation.
        organisation: OrganisationId,
    },
}

impl Actor {
    /// The tenant that the actor acts in.
    pub const fn organisation(&self) -> Option<OrganisationId> {
        match self {
            Self::System | Self::Anonymous => None,
            Self::User { organisation, .. }
            | Self::ApiKey { organisation, .. }
            | Self::Person { organisation, .. } => Some(*organisation),
        }
    }

    pub(super) fn may(&self, permission: Permission) -> bool {
        match self {
            Self::System => true,
            Self::Anonymous | Self::Person { .. } => false,
            Self::User { role, staff_role, .. } => {
                role.permissions().contains(&permission)
                    || staff_role.is_some_and(|role| role.permissions().contains(&permission))
            }
            Self::ApiKey { .. } => API_KEY_PERMISSIONS.contains(&permission),
        }
    }
}
