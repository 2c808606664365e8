//! What the pages of people and their roles are given to show: an organisation's team, its own
//! roles, what it asks of sign-ins, and the operator's staff.

use serde::{Deserialize, Serialize};

use crate::{
    ApiKeyId, CustomRoleId, ElevationId, Environment, MfaRequirement, OrganisationId, Permission, Role,
    SignInMethod, StaffRole, Timestamp, UserId, verification::words,
};

/// The role that a member has: one of ours, or one of the organisation's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MemberRole {
    /// One of ours.
    BuiltIn(Role),
    /// One of the organisation's own: its id and its name.
    Custom(CustomRoleId, String),
}

impl MemberRole {
    /// The word in a form: a role's, or a custom role's id.
    pub fn word(&self) -> String {
        match self {
            Self::BuiltIn(role) => role.to_string(),
            Self::Custom(id, _) => id.to_string(),
        }
    }

    /// How it reads.
    pub fn name(&self) -> &str {
        match self {
            Self::BuiltIn(role) => role.title(),
            Self::Custom(_, name) => name,
        }
    }
}

/// Somebody who belongs to the organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRow {
    /// Who.
    pub id: UserId,
    /// The display name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// With which role.
    pub role: MemberRole,
    /// Since when.
    pub since: Timestamp,
    /// When a session of theirs was last used here, within a minute; `None` if none is left.
    pub last_active: Option<Timestamp>,
    /// The strongest way in which they can sign in; `None` before they set one up.
    pub strongest: Option<SignInMethod>,
    /// Working API keys that they made.
    pub keys: u64,
    /// Whether the viewer may change their role or remove them.
    pub changeable: bool,
}

/// A working key whose maker does not belong to the organisation any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftKey {
    /// The key.
    pub id: ApiKeyId,
    /// Its name.
    pub name: String,
    /// Live or test.
    pub environment: Environment,
    /// Who made it.
    pub maker: String,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
}

/// The team page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamPage {
    /// By name.
    pub members: Vec<MemberRow>,
    /// Keys to review.
    pub left_keys: Vec<LeftKey>,
}

/// One member, and what the viewer may make of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberPage {
    /// The member.
    pub member: MemberRow,
    /// Roles that the viewer may give.
    pub roles: Vec<MemberRole>,
}

/// A role of the organisation's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomRoleRow {
    /// Its id.
    pub id: CustomRoleId,
    /// Its name.
    pub name: String,
    /// What it gives.
    pub permissions: Vec<Permission>,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Who has it: display names.
    pub members: Vec<String>,
}

/// A custom role as it is to be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleDraft {
    /// 1 to 100 characters.
    pub name: String,
    /// What it is to give.
    pub permissions: Vec<Permission>,
}

/// What a change of a custom role comes to, shown before it is saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleReview {
    /// What it is to be.
    pub draft: RoleDraft,
    /// The name before, if it changes.
    pub renamed_from: Option<String>,
    /// Permissions that it will give and did not.
    pub added: Vec<Permission>,
    /// Permissions that it gave and will not.
    pub removed: Vec<Permission>,
    /// Who has the role: display names.
    pub affected: Vec<String>,
}

/// What the organisation asks of sign-ins and sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityPolicy {
    /// Of sign-ins.
    pub requirement: MfaRequirement,
    /// A session ends after so many minutes without a request; `None`: the installation's.
    pub idle_minutes: Option<i64>,
    /// A session ends after so many minutes in any case; `None`: the installation's.
    pub absolute_minutes: Option<i64>,
}

/// The policy, and the installation's limits that it can only shorten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityPage {
    /// The policy as it is.
    pub policy: SecurityPolicy,
    /// The installation's limit without a request, in minutes.
    pub longest_idle: i64,
    /// The installation's limit in any case, in minutes.
    pub longest_absolute: i64,
}

/// What a change of the policy comes to, shown before it is saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyReview {
    /// What it is to be.
    pub policy: SecurityPolicy,
    /// What changes, a sentence each.
    pub changes: Vec<String>,
    /// Who has no sign-in method that meets it: name, and the strongest they have.
    pub locked_out: Vec<(String, Option<SignInMethod>)>,
}

/// What a two-step form is about to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Review {
    /// To a custom role.
    Role(RoleReview),
    /// To the security policy.
    Policy(PolicyReview),
    /// To how long things are kept.
    Retention(crate::retention::RetentionReview),
}

/// Somebody who works for the operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffRow {
    /// Who.
    pub id: UserId,
    /// The display name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// With which role.
    pub role: StaffRole,
    /// A higher role for a time, and when it ends.
    pub elevated: Option<(StaffRole, Timestamp)>,
    /// Whether the viewer may change it.
    pub changeable: bool,
}

words! {
    /// Where a request for elevation stands.
    ElevationState {
        /// Waits for another person.
        Requested = "requested",
        /// It holds within its time.
        Approved = "approved",
        /// Another person said no.
        Refused = "refused",
        /// Whoever asked took it back.
        Withdrawn = "withdrawn",
        /// Its time is over, or was cut short.
        Ended = "ended",
    }
}

/// A request for a higher staff role for a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ElevationRow {
    /// Its id.
    pub id: ElevationId,
    /// Who asked.
    pub user: UserId,
    /// The display name.
    pub name: String,
    /// Which role.
    pub role: StaffRole,
    /// Why, in their words.
    pub reason: String,
    /// For how long.
    pub minutes: i64,
    /// Where it stands at this moment.
    pub state: ElevationState,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// Who decided; `None` while nobody did, and where the delay does.
    pub decided_by: Option<String>,
    /// When it begins to hold.
    pub starts_at: Option<Timestamp>,
    /// When it ends.
    pub ends_at: Option<Timestamp>,
    /// Whether the viewer may approve it.
    pub may_approve: bool,
    /// Whether the viewer may refuse it, or end it early.
    pub may_stop: bool,
    /// Whether the viewer asked for it.
    pub own: bool,
}

/// The page of staff access.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffPage {
    /// By name.
    pub staff: Vec<StaffRow>,
    /// Requests that wait, and elevations that hold or are about to.
    pub open: Vec<ElevationRow>,
    /// What is over, newest first, at most 20.
    pub past: Vec<ElevationRow>,
    /// Roles that the viewer may give for good.
    pub grantable: Vec<StaffRole>,
    /// Roles that the viewer may ask for, for a time.
    pub askable: Vec<StaffRole>,
    /// Seconds that an elevation waits which nobody else could approve.
    pub delay: i64,
}

words! {
    /// How an organisation fares, by what it did in the last 30 days.
    OrganisationState {
        /// It verifies people.
        Active = "active",
        /// It has keys and verified nobody.
        Quiet = "quiet",
        /// It has no working key.
        New = "new",
    }
}

/// An organisation as staff see it: nothing from inside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganisationRow {
    /// Its id.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// People who belong to it.
    pub members: u64,
    /// Keys that work.
    pub keys: u64,
    /// Verifications started in the last 30 days.
    pub verifications: u64,
    /// Billable units that it may start in a month; none if there is no limit.
    pub quota: Option<u64>,
    /// What that says.
    pub state: OrganisationState,
}
