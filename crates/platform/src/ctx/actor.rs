//! Who asks, and through what.

use std::{net::IpAddr, sync::Arc};

use types::{
    ApiKeyId, Environment, LookId, MfaRequirement, OrganisationId, Permission, RequestId, Role, SessionId,
    SignInMethod, StaffRole, StepUp, Timestamp, UserId, VerificationId, keys::Scopes, limits::NamedLimit,
};

/// What a look gives in the organisation that consents to it: reading, and no more than an
/// auditor of its own reads.
const LOOK_PERMISSIONS: &[Permission] = Role::Auditor.permissions();

/// A staff member looks into an organisation that consents to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Which look.
    pub id: LookId,
    /// Where the session is once it is left.
    pub home: OrganisationId,
    /// When the consent ends.
    pub until: Timestamp,
    /// The consent has ended, or the staff role is gone, and the look was not left yet: it gives
    /// nothing, and nothing else is done in its place.
    pub over: bool,
}

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
    /// What the organisation asks of sign-ins, if the session does not meet it: then it may
    /// nothing there.
    pub limited: Option<MfaRequirement>,
    /// The look that the session is in: then it reads in that organisation, and does nothing
    /// else anywhere.
    pub look: Option<Look>,
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
            limited: None,
            look: None,
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
        /// What the key may do.
        scopes: Scopes,
        /// The first of the keys that took over one from another up to this one: a limit is of
        /// all of them.
        family: ApiKeyId,
        /// The key's own limit of calls in a minute.
        calls_per_minute: Option<u32>,
        /// The organisation's own limits that it is held to.
        limits: Arc<[NamedLimit]>,
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

    /// The look that the actor is in, over or not.
    pub fn look(&self) -> Option<Look> {
        match self {
            Self::User { standing, .. } => standing.look,
            _ => None,
        }
    }

    /// Whether the actor may do this.
    pub fn may(&self, permission: Permission) -> bool {
        match self {
            Self::System => true,
            Self::Anonymous | Self::Person { .. } => false,
            Self::User { .. } => self.unmet(permission).is_none() && self.is_given(permission),
            Self::ApiKey { scopes, .. } => scopes.give(permission),
        }
    }

    /// What the session would have to be begun with to use this permission, if it was begun
    /// with less: what its organisation asks for, and for staff a passkey.
    pub(super) fn unmet(&self, permission: Permission) -> Option<MfaRequirement> {
        let Self::User { standing, .. } = self else {
            return None;
        };
        let of_staff = permission.is_staff() && !MfaRequirement::Passkey.is_met_by(standing.method);
        standing.limited.or(of_staff.then_some(MfaRequirement::Passkey))
    }

    /// Whether a user's roles give this, however the session began.
    pub(super) fn is_given(&self, permission: Permission) -> bool {
        let Self::User {
            role,
            staff_role,
            standing,
            ..
        } = self
        else {
            return false;
        };
        if let Some(look) = standing.look {
            return !look.over && LOOK_PERMISSIONS.contains(&permission);
        }
        if permission.is_staff() {
            let mut roles = staff_role.iter().chain(&standing.elevated);
            return roles.any(|role| role.permissions().contains(&permission));
        }
        let given = standing.custom.as_deref().unwrap_or_else(|| role.permissions());
        given.contains(&permission)
    }
}
