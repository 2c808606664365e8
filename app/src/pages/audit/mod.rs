//! The audit log: an organisation's, and for staff everybody's.

mod event;
mod export;
mod filter;
mod list;
mod row;
mod search;

pub use event::{AuditEvent, StaffAuditEvent};
pub use export::{AuditExports, StaffAuditExports};
pub use list::{Audit, StaffAudit};
pub use search::{AuditSearches, StaffAuditSearches};

use crate::components::Place;

/// Whose log a page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Log {
    /// The organisation's.
    Own,
    /// The installation's and every organisation's.
    Staff,
}

impl Log {
    const fn path(self) -> &'static str {
        match self {
            Self::Own => "/audit",
            Self::Staff => "/staff/audit",
        }
    }

    const fn searches(self) -> &'static str {
        match self {
            Self::Own => "/audit/searches",
            Self::Staff => "/staff/audit/searches",
        }
    }

    const fn exports(self) -> &'static str {
        match self {
            Self::Own => "/audit/exports",
            Self::Staff => "/staff/audit/exports",
        }
    }

    const fn place(self) -> Place {
        match self {
            Self::Own => Place::Audit,
            Self::Staff => Place::StaffAudit,
        }
    }

    fn is_staff(self) -> bool {
        self == Self::Staff
    }
}

/// A fact's name as words: `lastFour` is "Last four".
fn fact_words(name: &str) -> String {
    if name == "sha256" {
        return "SHA-256".to_owned();
    }
    let mut words = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if words.is_empty() {
            words.extend(letter.to_uppercase());
        } else if letter.is_ascii_uppercase() {
            words.push(' ');
            words.push(letter.to_ascii_lowercase());
        } else {
            words.push(if letter == '_' { ' ' } else { letter });
        }
    }
    words
}

/// Words for what a word of the log stands for.
fn kind_words(kind: &str) -> &str {
    match kind {
        "user" => "Member",
        "staff" => "Support staff",
        "api_key" => "API key",
        "person" => "Verified person",
        "system" => "Loomwire itself",
        "anonymous" => "Somebody not signed in",
        other => other,
    }
}

fn way_words(way: &str) -> &str {
    match way {
        "passkey" => "Passkey",
        "device_bound_passkey" => "Device-bound passkey",
        "password_totp" => "Password and app",
        "password_recovery_code" => "Password and recovery code",
        "recovery" => "Recovery",
        "api_key" => "API key",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_named_in_words() {
        let told = ["lastFour", "userAgent", "environment", "sha256", "api_key"].map(fact_words);
        assert_eq!(
            told,
            ["Last four", "User agent", "Environment", "SHA-256", "Api key"]
        );
    }

    #[test]
    fn every_way_to_sign_in_has_words() {
        for way in types::SignInMethod::ALL {
            assert_ne!(way_words(way.as_str()), way.as_str());
        }
    }
}
