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
        /// Read the organisation's audit log.
        AuditRead = "audit:read",
        /// Staff: make a further organisation on this installation.
        OrganisationsCreate = "organisations:create",
        /// Staff: see background jobs.
        JobsRead = "jobs:read",
        /// Staff: run failed background jobs again.
        JobsManage = "jobs:manage",
        /// Staff: see backups and restore drills.
        BackupsRead = "backups:read",
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
            Self::OrganisationsCreate | Self::JobsRead | Self::JobsManage | Self::BackupsRead
        )
    }
}

impl Role {
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
                P::AuditRead,
            ],
            Self::Developer => &[
                P::OrganisationRead,
                P::VerificationsRead,
                P::KeysRead,
                P::KeysManage,
            ],
            Self::Billing => &[P::OrganisationRead],
            Self::Auditor => &[
                P::OrganisationRead,
                P::VerificationsRead,
                P::KeysRead,
                P::AuditRead,
            ],
            Self::Support => &[P::OrganisationRead, P::VerificationsRead],
        }
    }
}

impl StaffRole {
    /// What the role may do on the installation.
    pub const fn permissions(self) -> &'static [Permission] {
        use Permission as P;
        match self {
            Self::OperatorAdmin => &[P::OrganisationsCreate, P::JobsRead, P::JobsManage, P::BackupsRead],
            Self::Security => &[P::JobsRead, P::BackupsRead],
            Self::Support => &[P::JobsRead],
            Self::Billing => &[],
        }
    }
}

/// What every API key may do, until keys have scopes of their own.
pub const API_KEY_PERMISSIONS: &[Permission] = &[
    Permission::VerificationsRead,
    Permission::VerificationsStart,
    Permission::VerificationsComplete,
    Permission::TokensValidate,
];

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
        assert!(!API_KEY_PERMISSIONS.iter().any(|one| one.is_staff()));
    }
}
