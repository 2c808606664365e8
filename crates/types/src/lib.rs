//! The words that every room of the house shares: ids, time, roles, permissions, and the
//! shapes that cross from the server to a page.
//!
//! It compiles for the browser, so it knows serde and nothing else: no clock, no random
//! source of its own, no database. The feature `openapi`, which only the server turns on, adds
//! what the API's description says of its shapes.

pub mod access;

pub mod accounts;
pub mod alerts;
pub mod api;
pub mod audit;
pub mod backup;
pub mod console;
pub mod credentials;
pub mod id;
pub mod keys;
pub mod ledger;
pub mod limits;
#[cfg(feature = "openapi")]
mod openapi;
pub mod retention;
pub mod security;
pub mod source;
pub mod streams;
pub mod support;
pub mod team;
pub mod usage;
pub mod verification;
pub mod webhooks;
mod whole;

pub use access::{MfaRequirement, Permission, Role, SignInMethod, StaffRole, StepUp};
pub use id::{
    AddressRequestId, AlertChannelId, AlertDeliveryId, AlertEventId, AlertRuleId, ApiKeyId, AuditEventId,
    BackupId, ConsentId, CustomRoleId, DeliveryId, ElevationId, ExportId, InvitationId, JobId, LeakReportId,
    LegalHoldId, LimitId, LookId, MailId, OrganisationId, ParseIdError, PasskeyId, RecoveryId, ReportId,
    RequestId, SavedSearchId, SessionId, StreamId, SupportNoteId, TokenId, UserId, VerificationId, WebhookId,
    WebhookMessageId,
};
pub use source::{Clock, Entropy, Timestamp};
pub use verification::{Assurance, Environment, VerificationStatus};
