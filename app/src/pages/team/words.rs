//! Permissions and sign-in methods in words.

use types::{Permission, SignInMethod};

/// What a sign-in method is called; `None` before somebody set one up.
pub(crate) const fn method_word(method: Option<SignInMethod>) -> &'static str {
    match method {
        Some(SignInMethod::DeviceBoundPasskey) => "Device-bound passkey",
        Some(SignInMethod::Passkey) => "Synced passkey",
        Some(SignInMethod::PasswordTotp) => "Password and code",
        None => "None yet",
    }
}

/// A permission's name and what it means.
pub(super) const fn permission_words(permission: Permission) -> (&'static str, &'static str) {
    match permission {
        Permission::OrganisationRead => (
            "See the organisation",
            "Its overview, name, time zone and policy. Nearly everybody needs this.",
        ),
        Permission::OrganisationManage => ("Change settings", "Name, time zone and policy."),
        Permission::SecurityManage => (
            "Change the security policy",
            "What a sign-in needs, and how long sessions last.",
        ),
        Permission::VerificationsRead => (
            "See verifications",
            "Outcomes and times, and take them away as a file. There is no evidence to see.",
        ),
        Permission::KeysRead => ("See API keys", "Names and last use, never the keys."),
        Permission::KeysManage => ("Manage API keys", "Create and revoke them."),
        Permission::WebhooksRead => ("See webhooks", "Where events are sent, and what became of them."),
        Permission::WebhooksManage => (
            "Manage webhooks",
            "Make, change, rotate and delete them; send tests and replays.",
        ),
        Permission::AlertsRead => ("See alerts", "What is watched, what fires, and what was told."),
        Permission::AlertsManage => (
            "Manage alerts",
            "Make, change, silence and acknowledge them; make, test and remove channels.",
        ),
        Permission::AuditRead => ("Read the audit log", "Who did what, from where."),
        Permission::AuditManage => (
            "Manage the audit log",
            "How long events are kept, legal holds, and where they are streamed to.",
        ),
        Permission::SupportConsent => (
            "Let support look in",
            "Consent, for a time, that the operator's support looks into the organisation.",
        ),
        Permission::TeamRead => ("See the team", "Members, their roles, and open invitations."),
        Permission::TeamManage => (
            "Manage the team",
            "Invite and remove members, change roles. Nobody gives more than they have.",
        ),
        Permission::UsageRead => ("See usage", "Calls, billable units and the log of requests."),
        Permission::BillingRead => ("See billing", "Plans and invoices."),
        Permission::BillingManage => ("Manage billing", "Change plans and ways to pay."),
        // No organisation offers these.
        _ => ("", ""),
    }
}

/// The permissions that a role of the organisation's own can give, by what they are about.
pub(super) const GROUPS: [(&str, &[Permission]); 10] = [
    (
        "Organisation",
        &[
            Permission::OrganisationRead,
            Permission::OrganisationManage,
            Permission::SecurityManage,
        ],
    ),
    ("Verifications", &[Permission::VerificationsRead]),
    ("API keys", &[Permission::KeysRead, Permission::KeysManage]),
    (
        "Webhooks",
        &[Permission::WebhooksRead, Permission::WebhooksManage],
    ),
    ("Alerts", &[Permission::AlertsRead, Permission::AlertsManage]),
    ("Audit log", &[Permission::AuditRead, Permission::AuditManage]),
    ("Support", &[Permission::SupportConsent]),
    ("Team", &[Permission::TeamRead, Permission::TeamManage]),
    ("Usage", &[Permission::UsageRead]),
    ("Billing", &[Permission::BillingRead, Permission::BillingManage]),
];

#[cfg(test)]
mod tests {
    use types::Role;

    use super::*;

    #[test]
    fn the_editor_offers_all_that_an_owner_has_and_explains_it() {
        let offered: Vec<_> = GROUPS
            .iter()
            .flat_map(|(_, group)| group.iter().copied())
            .collect();
        let owner = Role::Owner.permissions();
        assert_eq!(offered.len(), owner.len());
        for permission in owner {
            assert!(offered.contains(permission), "{permission}");
            assert!(!permission_words(*permission).1.is_empty(), "{permission}");
        }
    }
}
