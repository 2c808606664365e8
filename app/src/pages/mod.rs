//! The pages, by the noun that they show.

mod account;
mod alerts;
mod audit;
mod backup;
mod days;
mod entry;
mod hosted;
mod invitation;
mod job;
mod key;
mod ledger;
mod not_found;
mod organisation;
mod outbox;
mod overview;
mod recover;
mod reference;
mod retention;
mod security;
mod staff;
mod streams;
mod support;
mod team;
mod usage;
mod verification;
mod webhooks;

pub use account::{ConfirmEmail, OwnRecovery, PasskeyPage, PasswordPage, Profile, SignInMethods};
pub use alerts::{Alert, AlertChannel, AlertChannels, Alerts, EditAlert, NewAlert, NewAlertChannel};
pub use audit::{
    Audit, AuditEvent, AuditExports, AuditSearches, StaffAudit, StaffAuditEvent, StaffAuditExports,
    StaffAuditSearches,
};
pub use backup::Backups;
pub use entry::{ConfirmSignUp, SetUp, SignIn, SignUp, is_ours};
pub use hosted::Hosted;
pub use invitation::{Invitation, Invite};
pub use job::Jobs;
pub use key::{
    EditKey, EditKeyLimit, FoundKey, Key, KeyLimits, KeyPolicies, Keys, NewKey, NewKeyLimit, RevokeKey,
    RotateKey,
};
pub use ledger::Ledger;
pub use not_found::NotFound;
pub use organisation::{NewOrganisation, Security, Settings};
pub use outbox::Outbox;
pub use overview::Overview;
pub use recover::{Accounts, CancelRecovery, Recover, Recovery};
pub use reference::ApiReference;
pub use retention::{
    Erasure, InstallationHold, InstallationRelease, InstallationRetention, OrganisationHold,
    OrganisationRelease, OrganisationRetention,
};
pub use security::{Activity, NotMe, Notifications, Report, Sessions, Signals};
pub use staff::{
    Access, Elevate, Elevation, EverybodysSessions, GiveStaffRole, Organisations, Quota, StaffPerson,
};
pub use streams::{
    InstallationNewStream, InstallationStream, InstallationStreams, OrganisationNewStream,
    OrganisationStream, OrganisationStreams,
};
pub use support::{Desk, DeskSubject, HandOver, HelpRecover, LookInto, SupportAccess};
pub use team::{DeleteRole, EditRole, Leave, Member, NewRole, RemoveMember, Roles, Team};
pub use usage::{RequestPage, RequestsPage, UsageReportPage};
pub use verification::{ExportVerifications, Verification, Verifications};
pub use webhooks::{Delivery, NewWebhook, Webhook, Webhooks};

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// A parameter of the query; empty text counts as absent, as forms send it.
fn asked(name: &str) -> Option<String> {
    use_query_map()
        .with_untracked(|query| query.get(name))
        .filter(|value| !value.is_empty())
}

/// A part of the path, read as whatever is wanted.
fn named<T: std::str::FromStr>(name: &str) -> Option<T> {
    use_params_map()
        .with_untracked(|params| params.get(name))
        .and_then(|text| text.parse().ok())
}
