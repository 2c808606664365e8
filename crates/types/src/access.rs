//! Roles and permissions.
//!
//! A permission is asked for by the domain function that needs it; a role is a named set of
//! them. Customers' roles belong to an organisation, staff roles to the operator of this
//! installation; neither implies the other.

use serde::{Deserialize, Serialize};

use crate::verification::words;

words! {
    /// What somebody may do.
    Permission {
        /// See the organisation's name, time zone and policy, and its overview.
        OrganisationRead = "organisation:read",
        /// Change them.
        OrganisationManage = "organisation:manage",
        /// See verifications (metadata; there is nothing else to see).
        VerificationsRead = "verifications:read",
        /// Start a verification.
        VerificationsStart = "verifications:start",
        /// Hand over evidence for, or collect the token of, a verification.
        VerificationsComplete = "verifications:complete",
        /// Ask whether a token is valid.
        TokensValidate = "tokens:validate",
        /// See API keys (never the keys themselves).
        KeysRead = "keys:read",
        /// Make and revoke API keys.
        KeysManage = "keys:manage",
        /// See webhooks, and what was sent to them.
        WebhooksRead = "webhooks:read",
        /// Make, change, rotate and delete webhooks; send tests and replays.
        WebhooksManage = "webhooks:manage",
        /// See alerts, their channels and what was told.
        AlertsRead = "alerts:read",
        /// Make, change, silence and acknowledge alerts; make, test and remove channels.
        AlertsManage = "alerts:manage",
        /// Read the organisation's audit log.
        AuditRead = "audit:read",
        /// Say how long audit events are kept, put them on legal hold, stream them elsewhere.
        AuditManage = "audit:manage",
        /// Let the operator's support look into the organisation, for a time.
        SupportConsent = "support:consent",
        /// See who belongs to the organisation, with which role, and open invitations.
        TeamRead = "team:read",
        /// Invite, change roles, remove members; make and change custom roles.
        TeamManage = "team:manage",
        /// Change what the organisation asks of sign-ins and sessions.
        SecurityManage = "security:manage",
        /// See usage, and the log of requests.
        UsageRead = "usage:read",
        /// See plans and invoices.
        BillingRead = "billing:read",
        /// Change plans and ways to pay.
        BillingManage = "billing:manage",
        /// Staff: make a further organisation on this installation.
        OrganisationsCreate = "organisations:create",
        /// Staff: see background jobs.
        JobsRead = "jobs:read",
        /// Staff: run failed background jobs again.
        JobsManage = "jobs:manage",
        /// Staff: see backups and restore drills.
        BackupsRead = "backups:read",
        /// Staff: see the organisations of this installation (names and states, nothing inside).
        OrganisationsList = "organisations:list",
        /// Staff: see who is staff, and requests for elevation.
        StaffRead = "staff:read",
        /// Staff: give and take staff roles.
        StaffManage = "staff:manage",
        /// Staff: approve another's elevation or recovery; never one's own.
        StaffApprove = "staff:approve",
        /// Staff: see suspicious sign-ins and what people report.
        SignalsRead = "signals:read",
        /// Staff: find an account and start its recovery; never sets a secret.
        RecoveryStart = "recovery:start",
        /// Staff: read the audit log of the installation and of every organisation.
        AuditReadAll = "audit:read_all",
        /// Staff: decide retention, holds and streams of the installation's own audit events.
        AuditManageAll = "audit:manage_all",
        /// Staff: see the ledger, its checkpoints and its witnesses.
        LedgerRead = "ledger:read",
        /// Staff: search the support desk, read timelines, write notes (metadata only).
        SupportDesk = "support:desk",
        /// Staff: look into an organisation that consents to it, read only.
        SupportLook = "support:look",
        /// Staff: set how many billable units an organisation may start in a month.
        QuotasManage = "quotas:manage",
        /// Staff: end everybody's sessions.
        SessionsEnd = "sessions:end",
    }
}

words! {
    /// A role within an organisation.
    Role {
        /// Everything, and answers for it.
        Owner = "owner",
        /// Everything but to remove the owner.
        Admin = "admin",
        /// Keys and verifications.
        Developer = "developer",
        /// Plans and invoices.
        Billing = "billing",
        /// Reads everything, changes nothing.
        Auditor = "auditor",
        /// Answers people's questions about their verification.
        Support = "support",
    }
}

words! {
    /// A role at the operator of this installation.
    StaffRole {
        /// Runs the installation.
        OperatorAdmin = "operator_admin",
        /// Watches signals and incidents.
        Security = "security",
        /// Helps customers.
        Support = "staff_support",
        /// Deals with plans and invoices.
        Billing = "staff_billing",
    }
}

impl Permission {
    /// Whether it concerns the installation: the operator gives it, and no organisation can.
    pub const fn is_staff(self) -> bool {
        matches!(
            self,
            Self::OrganisationsCreate
                | Self::JobsRead
                | Self::JobsManage
                | Self::BackupsRead
                | Self::OrganisationsList
                | Self::StaffRead
                | Self::StaffManage
                | Self::StaffApprove
                | Self::SignalsRead
                | Self::RecoveryStart
                | Self::AuditReadAll
                | Self::AuditManageAll
                | Self::LedgerRead
                | Self::SupportDesk
                | Self::SupportLook
                | Self::QuotasManage
                | Self::SessionsEnd
        )
    }
}

impl Role {
    /// How the role reads.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Owner => "Owner",
            Self::Admin => "Admin",
            Self::Developer => "Developer",
            Self::Billing => "Billing",
            Self::Auditor => "Auditor",
            Self::Support => "Support",
        }
    }

    /// What the role may do within its organisation.
    pub const fn permissions(self) -> &'static [Permission] {
        use Permission as P;
        match self {
            Self::Owner | Self::Admin => &[
                P::OrganisationRead,
                P::OrganisationManage,
                P::VerificationsRead,
                P::KeysRead,
                P::KeysManage,
                P::WebhooksRead,
                P::WebhooksManage,
                P::AlertsRead,
                P::AlertsManage,
                P::AuditRead,
                P::AuditManage,
                P::SupportConsent,
                P::TeamRead,
                P::TeamManage,
                P::SecurityManage,
                P::UsageRead,
                P::BillingRead,
                P::BillingManage,
            ],
            Self::Developer => &[
                P::OrganisationRead,
                P::VerificationsRead,
                P::KeysRead,
                P::KeysManage,
                P::WebhooksRead,
                P::WebhooksManage,
                P::AlertsRead,
                P::AlertsManage,
                P::TeamRead,
                P::UsageRead,
            ],
            Self::Billing => &[
                P::OrganisationRead,
                P::AlertsRead,
                P::UsageRead,
                P::BillingRead,
                P::BillingManage,
            ],
            Self::Auditor => &[
                P::OrganisationRead,
                P::VerificationsRead,
                P::KeysRead,
                P::WebhooksRead,
                P::AlertsRead,
                P::AuditRead,
                P::TeamRead,
                P::UsageRead,
                P::BillingRead,
            ],
            Self::Support => &[P::OrganisationRead, P::VerificationsRead, P::AlertsRead],
        }
    }
}

impl StaffRole {
    /// How the role reads.
    pub const fn title(self) -> &'static str {
        match self {
            Self::OperatorAdmin => "Operator admin",
            Self::Security => "Security",
            Self::Support => "Support",
            Self::Billing => "Billing",
        }
    }

    /// What the role may do on the installation.
    pub const fn permissions(self) -> &'static [Permission] {
        use Permission as P;
        match self {
            Self::OperatorAdmin => &[
                P::OrganisationsCreate,
                P::JobsRead,
                P::JobsManage,
                P::BackupsRead,
                P::OrganisationsList,
                P::StaffRead,
                P::StaffManage,
                P::StaffApprove,
                P::SignalsRead,
                P::RecoveryStart,
                P::AuditReadAll,
                P::AuditManageAll,
                P::LedgerRead,
                P::SupportDesk,
                P::SupportLook,
                P::QuotasManage,
                P::SessionsEnd,
            ],
            Self::Security => &[
                P::JobsRead,
                P::BackupsRead,
                P::OrganisationsList,
                P::StaffRead,
                P::StaffApprove,
                P::SignalsRead,
                P::AuditReadAll,
                P::LedgerRead,
                P::SupportDesk,
                P::SessionsEnd,
            ],
            Self::Support => &[
                P::JobsRead,
                P::OrganisationsList,
                P::StaffRead,
                P::RecoveryStart,
                P::SupportDesk,
                P::SupportLook,
            ],
            Self::Billing => &[P::OrganisationsList, P::StaffRead, P::QuotasManage],
        }
    }
}

words! {
    /// How somebody signed in, weakest first.
    SignInMethod {
        /// A password and a time-based one-time code (RFC 6238), or a recovery code for it.
        PasswordTotp = "password_totp",
        /// A passkey that its provider may copy to other devices (WebAuthn flag BE is 1).
        Passkey = "passkey",
        /// A passkey that stays on its device, as the authenticator claims (BE is 0).
        DeviceBoundPasskey = "device_bound_passkey",
    }
}

words! {
    /// What an organisation asks of its members' sign-ins, weakest first. Each is met by the
    /// method of the same place in [`SignInMethod`] and by every stronger one.
    MfaRequirement {
        /// Any two factors.
        Any = "any",
        /// A passkey, synced or not.
        Passkey = "passkey",
        /// A passkey that stays on its device.
        DeviceBoundPasskey = "device_bound_passkey",
    }
}

impl MfaRequirement {
    /// What is asked for, within a sentence.
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Any => "any two factors",
            Self::Passkey => "a passkey",
            Self::DeviceBoundPasskey => "a passkey that stays on its device",
        }
    }

    /// Whether a session that began like this may work in the organisation.
    pub const fn is_met_by(self, method: SignInMethod) -> bool {
        match self {
            Self::Any => true,
            Self::Passkey => !matches!(method, SignInMethod::PasswordTotp),
            Self::DeviceBoundPasskey => matches!(method, SignInMethod::DeviceBoundPasskey),
        }
    }
}

words! {
    /// A dangerous action: it asks for a fresh passkey or one-time code, which counts for this
    /// action alone and for five minutes (OWASP ASVS 5.0.0, 7.5.1 and 7.5.3).
    StepUp {
        /// Make, rotate or revoke an API key.
        Keys = "keys",
        /// Make, change, rotate or delete a webhook; make a channel of alerts that leads elsewhere.
        Webhooks = "webhooks",
        /// Invite or remove members, change roles.
        Team = "team",
        /// Change what the organisation asks of sign-ins and sessions.
        Security = "security",
        /// Add, rename or remove a way of signing in; change the e-mail address.
        Credentials = "credentials",
        /// Take data away as a file.
        Export = "export",
        /// Change plans and ways to pay.
        Billing = "billing",
        /// Say how long audit events are kept, release a legal hold, stream events elsewhere.
        Audit = "audit",
        /// Let support look into the organisation; look into one.
        Support = "support",
        /// Erase data for good.
        Erasure = "erasure",
        /// Give staff roles, ask for or approve elevation and recovery, set quotas, end everybody's
        /// sessions.
        Staff = "staff",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_staff_may_do_no_organisation_gives() {
        for role in Role::ALL {
            let given = role.permissions();
            assert!(!given.iter().any(|one| one.is_staff()), "{role:?}");
        }
        for role in StaffRole::ALL {
            let given = role.permissions();
            assert!(given.iter().all(|one| one.is_staff()), "{role:?}");
        }
    }
}
