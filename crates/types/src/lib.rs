//! The words that every room of the house shares: ids, time, roles, permissions, and the
//! shapes that cross from the server to a page.
//!
//! It compiles for the browser, so it knows serde and nothing else: no clock, no random
//! source of its own, no database.

pub mod access;

pub mod accounts;
pub mod api;
pub mod backup;
pub mod console;
pub mod credentials;
pub mod id;
pub mod security;
pub mod source;
pub mod team;
pub mod verification;

pub use access::{MfaRequirement, Permission, Role, SignInMethod, StaffRole, StepUp};
pub use id::{
    AddressRequestId, ApiKeyId, AuditEventId, BackupId, CustomRoleId, ElevationId, InvitationId, JobId,
    MailId, OrganisationId, ParseIdError, PasskeyId, RecoveryId, ReportId, RequestId, SessionId, TokenId,
    UserId, VerificationId,
};
pub use source::{Clock, Entropy, Timestamp};
pub use verification::{Assurance, Environment, VerificationStatus};
