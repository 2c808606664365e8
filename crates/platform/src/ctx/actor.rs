//! Who asks, and through what.

use std::{net::IpAddr, sync::Arc};

use types::{
    ApiKeyId, Environment, OrganisationId, Permission, RequestId, Role, SessionId, SignInMethod, StaffRole,
    StepUp, Timestamp, UserId, VerificationId, access::API_KEY_PERMISSIONS,
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
    /// **Secret**: what the browser was given to be known again by. It signs nobody in.
    pub device: Option<String>,
}

/// What a session stands for beside its user's roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// How it began.
    pub method: SignInMethod,
    /// The permissions of a custom role, which then count in place of the role's own.
    pub custom: Option<Vec<Permission>>,
    /// A higher staff role for a time, while that time lasts.
    pub elevated: Option<StaffRole>,
    /// Dangerous actions confirmed by a fresh passkey or code, each until when.
    pub confirmed: Vec<(StepUp, Timestamp)>,
    /// When the session ends if nothing more comes.
    pub ends_at: Timestamp,
}

impl Default for Standing {
    fn default() -> Self {
        Self {
            method: SignInMethod::Passkey,
            custom: None,
            elevated: None,
            confirmed: Vec::new(),
            ends_at: Timestamp::from_millis(i64::MAX),
        }
    }
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
        /// What else the session stands for.
        standing: Arc<Standing>,
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
            Self::User {
                role,
                staff_role,
                standing,
                ..
            } => {
                let given = standing.custom.as_deref().unwrap_or_else(|| role.permissions());
                let staff = staff_role.iter().chain(&standing.elevated);
                (given.contains(&permission) && !permission.is_staff())
                    || staff
                        .flat_map(|role| role.permissions())
                        .any(|one| *one == permission)
            }
            Self::ApiKey { .. } => API_KEY_PERMISSIONS.contains(&permission),
        }
    }
}
