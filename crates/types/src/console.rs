//! What a page of the console is given to show. Nothing here is secret unless it says so, and
//! nothing here comes from a verified person.

mod key;

use serde::{Deserialize, Serialize};

pub use self::key::{ApiKeyRow, NewApiKey};
pub use crate::audit::AuditFilter;
use crate::{
    ApiKeyId, Assurance, AuditEventId, Environment, JobId, MfaRequirement, OrganisationId, Permission, Role,
    SignInMethod, StaffRole, StepUp, Timestamp, UserId, VerificationId, VerificationStatus,
    support::Looking,
    verification::{Check, words},
};

/// Who is looking, for the shell: navigation, switcher, account menu.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// The user.
    pub user_id: UserId,
    /// The user's display name.
    pub name: String,
    /// The user's e-mail address.
    pub email: String,
    /// The user's staff role, if the user is staff.
    pub staff_role: Option<StaffRole>,
    /// The organisation that the session is in.
    pub organisation: OrganisationChoice,
    /// All organisations of the user, the present one included, by name.
    pub organisations: Vec<OrganisationChoice>,
    /// What the user may do here: from the role and the staff role.
    pub permissions: Vec<Permission>,
    /// Since when somebody has been recovering this account, if somebody is.
    pub recovery: Option<Timestamp>,
    /// How this session began.
    pub method: SignInMethod,
    /// Dangerous actions that this session has confirmed, each until when.
    pub confirmed: Vec<(StepUp, Timestamp)>,
    /// What the organisation asks of sign-ins and this session does not meet: it may nothing here.
    pub limited: Option<MfaRequirement>,
    /// As which organisation's support the viewer looks into it, if so.
    pub looking: Option<Looking>,
    /// When this session ends if nothing more comes.
    pub session_ends_at: Timestamp,
    /// Whether the user has a passkey to confirm with.
    pub has_passkey: bool,
    /// Whether the user has an authenticator app to confirm with.
    pub has_app: bool,
}

impl Viewer {
    /// Whether the viewer may do this.
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }
}

/// An organisation that a user belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganisationChoice {
    /// Its id.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
    /// The user's role in it.
    pub role: Role,
    /// The name of a role of the organisation's own, which counts in its place.
    pub custom_role: Option<String>,
    /// Its IANA time zone.
    pub time_zone: String,
}

/// Whom a one-time link is for, where it is for somebody who is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetupInvitation {
    /// The person's name.
    pub name: String,
    /// The person's e-mail address.
    pub email: String,
    /// The organisation that the person will be in.
    pub organisation: String,
}

/// The organisation's settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganisationSettings {
    /// Its id.
    pub id: OrganisationId,
    /// Its name, 1 to 100 characters; a verified person sees it.
    pub name: String,
    /// IANA time zone, such as `Europe/London`: whose calendar day "today" is.
    pub time_zone: String,
    /// Whether live keys may reach an outcome on typed lines alone.
    pub accept_self_asserted_live: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

/// One step of the first-run checklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a step of its own")]
pub struct Checklist {
    /// An API key exists or existed.
    pub key_made: bool,
    /// A verification was started.
    pub verification_started: bool,
    /// A verification was decided.
    pub verification_decided: bool,
    /// Somebody is told when something is wrong.
    pub alert_set: bool,
}

/// Verifications of one calendar day (the organisation's) by where they stand now.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DayCount {
    /// The day, as `YYYY-MM-DD`.
    pub day: String,
    /// Approved.
    pub approved: u64,
    /// Denied.
    pub denied: u64,
    /// Ended without a decision.
    pub rejected: u64,
    /// Still open.
    pub open: u64,
}

/// How long verifications took from start to decision, within an eighth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Durations {
    /// Half took at most this long, in milliseconds.
    pub median: u64,
    /// 95 of 100 took at most this long, in milliseconds.
    pub p95: u64,
    /// How many were decided.
    pub decided: u64,
}

words! {
    /// Why a key needs a look.
    AttentionReason {
        /// Expires within 14 days.
        Expiring = "expiring",
        /// Its rotation, as it was planned, is due.
        RotationDue = "rotation_due",
        /// Made more than a week ago and never used.
        NeverUsed = "never_used",
        /// Not used for 90 days.
        Unused = "unused",
        /// Older than 365 days: rotate it.
        Old = "old",
    }
}

/// A key that works and that somebody should look at.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct KeyAttention {
    /// The key.
    pub key: ApiKeyRow,
    /// Why.
    pub reason: AttentionReason,
}

/// The overview page.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Overview {
    /// First steps.
    pub checklist: Checklist,
    /// The last 30 days, oldest first, none left out.
    pub days: Vec<DayCount>,
    /// The same sums for the 30 days before.
    pub before: DayCount,
    /// How long decisions of the last 30 days took; `None` if there was none.
    pub time_to_outcome: Option<Durations>,
    /// The same for the 30 days before.
    pub time_before: Option<Durations>,
    /// Keys that work now.
    pub active_keys: u64,
    /// Keys that somebody should look at, the most pressing first, at most five.
    pub attention: Vec<KeyAttention>,
    /// The newest verifications, newest first, at most five.
    pub recent: Vec<VerificationRow>,
}

/// A page of rows and the way to the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows, newest first.
    pub rows: Vec<T>,
    /// Opaque: pass it as `after` for older rows; `None` at the end.
    pub next: Option<String>,
}

/// A verification in a list.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct VerificationRow {
    /// Its id.
    pub id: VerificationId,
    /// Live or test.
    pub environment: Environment,
    /// Where it stands.
    pub status: VerificationStatus,
    /// The business's own reference.
    pub reference: Option<String>,
    /// When it was started.
    pub created_at: Timestamp,
    /// When it reached a final status.
    pub completed_at: Option<Timestamp>,
}

/// One verification, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerificationDetail {
    /// What the list shows.
    pub row: VerificationRow,
    /// The key that started it: name and last four.
    pub key: Option<(ApiKeyId, String, String)>,
    /// The age asked for, in whole years.
    pub minimum_age: Option<u8>,
    /// How much the outcome rests on; `None` before a decision.
    pub assurance: Option<Assurance>,
    /// Each check and what it came to; empty before a decision.
    pub checks: Vec<Check>,
    /// Why it ended as it did, in words; `None` while open or approved.
    pub reason: Option<String>,
    /// When the session link stops working.
    pub expires_at: Timestamp,
    /// What happened to it, oldest first.
    pub timeline: Vec<AuditRow>,
}

words! {
    /// How an audited action ended.
    AuditResult {
        /// It was done.
        Success = "success",
        /// It was refused.
        Denied = "denied",
        /// It was allowed and did not work.
        Failed = "failed",
    }
}

/// An audit event, ready to read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    /// Its id.
    pub id: AuditEventId,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// In whose log it stands; `None`: the installation's.
    pub organisation: Option<OrganisationId>,
    /// The stable code, such as `api_key.created`.
    pub action: String,
    /// The event as a sentence, such as "Ada Lovelace made the API key Staging."
    pub sentence: String,
    /// What kind of actor did it, such as `user`.
    pub kind: String,
    /// Who did it: a name, a key, "The person", "Loomwire".
    pub actor: String,
    /// The id of who did it, if there is one.
    pub actor_id: Option<String>,
    /// What it was done to, if anything: the id.
    pub target_id: Option<String>,
    /// How it ended.
    pub result: AuditResult,
    /// The request that did it.
    pub request_id: Option<String>,
    /// Further facts, name and value.
    pub details: Vec<(String, String)>,
}

/// What to look for among verifications; every part is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VerificationFilter {
    /// Only this status.
    pub status: Option<VerificationStatus>,
    /// Only this environment.
    pub environment: Option<Environment>,
    /// Only those that this key started.
    pub key: Option<ApiKeyId>,
    /// Only those with exactly this reference.
    pub reference: Option<String>,
    /// Started on this day or later (`YYYY-MM-DD`, the organisation's time zone).
    pub from: Option<String>,
    /// Started on this day or earlier.
    pub to: Option<String>,
    /// Older than this: a `next` from the page before.
    pub after: Option<String>,
}

/// A background job that is not going to run again by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedJobRow {
    /// Its id.
    pub id: JobId,
    /// What it does, such as `verification.expire`.
    pub kind: String,
    /// How often it was tried.
    pub attempts: u32,
    /// What the last try said; no personal data.
    pub last_error: String,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When it was last tried.
    pub failed_at: Timestamp,
}

/// The staff page of background jobs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobsPage {
    /// Waiting for their time or a worker.
    pub queued: u64,
    /// Being run.
    pub running: u64,
    /// Given up; newest first, at most 100.
    pub failed: Vec<FailedJobRow>,
}
