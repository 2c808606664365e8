//! API keys: what one may do, from where, for how long, and who takes over from whom.

mod calls;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    Permission, Timestamp, UserId,
    console::ApiKeyRow,
    verification::{UnknownWord, words},
};

pub use calls::{ChangeKeyBody, KeyAnswer, KeysAnswer, NewKeyAnswer, NewKeyBody, RotateKeyBody};

words! {
    /// What a key may do, by resource: read, or write.
    Scope {
        /// Ask where a verification stands.
        VerificationsRead = "verifications:read",
        /// Start a verification, and complete it.
        VerificationsWrite = "verifications:write",
        /// Ask whether a token is valid.
        TokensRead = "tokens:read",
        /// Read the organisation's usage.
        UsageRead = "usage:read",
        /// See the keys of the key's own environment, never the keys themselves.
        KeysRead = "keys:read",
        /// Make, change, rotate and revoke them.
        KeysWrite = "keys:write",
    }
}

impl Scope {
    /// What the four calls of the verification API need, and no more.
    pub const USUAL: [Self; 3] = [
        Self::VerificationsRead,
        Self::VerificationsWrite,
        Self::TokensRead,
    ];

    /// What it gives.
    pub const fn permissions(self) -> &'static [Permission] {
        match self {
            Self::VerificationsRead => &[Permission::VerificationsRead],
            Self::VerificationsWrite => &[Permission::VerificationsStart, Permission::VerificationsComplete],
            Self::TokensRead => &[Permission::TokensValidate],
            Self::UsageRead => &[Permission::UsageRead],
            Self::KeysRead => &[Permission::KeysRead],
            Self::KeysWrite => &[Permission::KeysManage],
        }
    }

    /// The scope that gives this; none, if no key can have it.
    pub fn giving(permission: Permission) -> Option<Self> {
        let gives = |scope: &&Self| scope.permissions().contains(&permission);
        Self::ALL.iter().find(gives).copied()
    }

    /// What it means, for whoever gives it.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::VerificationsRead => "Ask where a verification stands.",
            Self::VerificationsWrite => "Start verifications and collect their tokens.",
            Self::TokensRead => "Ask whether a token is valid.",
            Self::UsageRead => "Read your organisation's usage.",
            Self::KeysRead => "See the keys of its own environment, never their text.",
            Self::KeysWrite => {
                "Make, change, rotate and revoke keys of its own environment, none with more than it has itself."
            }
        }
    }

    const fn bit(self) -> u8 {
        match self {
            Self::VerificationsRead => 1,
            Self::VerificationsWrite => 2,
            Self::TokensRead => 4,
            Self::UsageRead => 8,
            Self::KeysRead => 16,
            Self::KeysWrite => 32,
        }
    }
}

/// Some scopes. As text they are parted by spaces (RFC 6749, 3.3).
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Scopes(u8);

impl Scopes {
    /// What every key could do before keys had scopes.
    pub fn before_scopes() -> Self {
        Scope::USUAL.into_iter().chain([Scope::UsageRead]).collect()
    }

    /// Whether this one is among them.
    pub const fn has(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// Whether all of these are among them.
    pub const fn cover(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }

    /// Whether they give this.
    pub fn give(self, permission: Permission) -> bool {
        Scope::giving(permission).is_some_and(|scope| self.has(scope))
    }

    /// Each, in their fixed order.
    pub fn list(self) -> Vec<Scope> {
        Scope::ALL
            .iter()
            .copied()
            .filter(|scope| self.has(*scope))
            .collect()
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |all, scope| all | scope.bit()))
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.list().into_iter().map(Scope::as_str).collect();
        f.write_str(&words.join(" "))
    }
}

impl fmt::Debug for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scopes({self})")
    }
}

impl FromStr for Scopes {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        text.split_whitespace().map(Scope::from_str).collect()
    }
}

words! {
    /// What is done with a key that was found where it should not be.
    LeakAnswer {
        /// Its owner and those who may revoke it are told.
        Tell = "tell",
        /// It is revoked at once, and they are told.
        Revoke = "revoke",
    }
}

words! {
    /// What of an organisation's policy a key is past.
    PolicyBreach {
        /// It is older than a key may become.
        TooOld = "too_old",
        /// It was not used for too long.
        Unused = "unused",
        /// It does not expire.
        NoExpiry = "no_expiry",
        /// It may be used from everywhere.
        NoNetworks = "no_networks",
    }
}

impl PolicyBreach {
    /// As a sentence about the key.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::TooOld => "It is older than a key may become.",
            Self::Unused => "It was not used for longer than a key may be.",
            Self::NoExpiry => "It does not expire, and keys have to.",
            Self::NoNetworks => "It may be used from everywhere, and keys may not.",
        }
    }
}

/// What an organisation asks of its keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyPolicy {
    /// The longest life of a key, in days: 1 to 3,650.
    pub longest_days: Option<u32>,
    /// The longest time without a call, in days: 1 to 3,650.
    pub unused_days: Option<u32>,
    /// Whether every key has to expire.
    pub requires_expiry: bool,
    /// Whether every key has to have a list of networks.
    pub requires_networks: bool,
    /// Days after which a key that is past the policy is disabled, 0 to 365; never, if `None`.
    pub disable_after_days: Option<u32>,
    /// What is done with a live key that was found elsewhere.
    pub leaked_live: LeakAnswer,
    /// What is done with a test key that was found elsewhere.
    pub leaked_test: LeakAnswer,
}

impl Default for KeyPolicy {
    fn default() -> Self {
        Self {
            longest_days: None,
            unused_days: None,
            requires_expiry: false,
            requires_networks: false,
            disable_after_days: None,
            leaked_live: LeakAnswer::Tell,
            leaked_test: LeakAnswer::Tell,
        }
    }
}

/// A key that is past a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastPolicy {
    /// The key.
    pub row: ApiKeyRow,
    /// Of what.
    pub breaches: Vec<PolicyBreach>,
    /// When it is disabled, if it stays as it is.
    pub disabled_from: Option<Timestamp>,
}

/// A policy, and whom it hits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyPolicyPage {
    /// The policy.
    pub policy: KeyPolicy,
    /// The working keys that are past it, the first to be disabled first.
    pub past: Vec<PastPolicy>,
    /// Whether it is only looked at, and not saved yet.
    pub preview: bool,
}

/// What a key is made with, and what of it can be changed later.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyTerms {
    /// 1 to 100 characters.
    pub name: String,
    /// What it may do: at least one.
    pub scopes: Vec<Scope>,
    /// From which networks it may be used, in CIDR notation (RFC 4632, RFC 4291); a bare address
    /// is a network of one. Empty: from everywhere. At most 50.
    pub allow_list: Vec<String>,
    /// When it stops working by itself.
    pub expires_at: Option<Timestamp>,
    /// At most 500 characters.
    pub note: String,
    /// The member who answers for it; its maker, if `None`.
    pub owner: Option<UserId>,
    /// Calls that it may make in a minute; as many as any, if `None`. From 1 to 100,000.
    pub calls_per_minute: Option<u32>,
    /// Days from the making of a key to its rotation, from 1 to 3,650; none is planned, if `None`.
    pub rotate_days: Option<u32>,
    /// The names of the organisation's own limits that it is held to.
    pub limits: Vec<String>,
}

impl KeyTerms {
    /// A key for the verification API, with nothing held back.
    pub fn usual(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            scopes: Scope::USUAL.to_vec(),
            ..Self::default()
        }
    }
}

/// From where a key was used, and by what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeySource {
    /// The address, trusted proxies looked through; empty if it is not known.
    pub address: String,
    /// The `User-Agent`; may be empty.
    pub user_agent: String,
    /// The first call from there.
    pub first_at: Timestamp,
    /// The last, within a few seconds.
    pub last_at: Timestamp,
    /// Calls from there.
    pub calls: u64,
}

/// A key's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyPage {
    /// The key.
    pub row: ApiKeyRow,
    /// Who takes over from it.
    pub successor: Option<ApiKeyRow>,
    /// From whom it takes over.
    pub predecessor: Option<ApiKeyRow>,
    /// From where it is used, the latest first; at most 50.
    pub sources: Vec<KeySource>,
    /// From where its predecessor was used since this key was made: whoever has still to change
    /// over.
    pub behind: Vec<KeySource>,
}

#[cfg(test)]
mod tests {
    use super::{Scope, Scopes};
    use crate::Permission;

    #[test]
    fn scopes_read_as_they_are_written() {
        let all: Scopes = Scope::ALL.iter().copied().collect();
        assert_eq!(all.to_string().parse(), Ok(all));
        assert_eq!(all.list(), Scope::ALL);
        assert_eq!("".parse(), Ok(Scopes::default()));
        assert!("verifications:read admin".parse::<Scopes>().is_err());
    }

    #[test]
    fn a_scope_gives_what_it_says_and_nothing_of_staff() {
        let some: Scopes = [Scope::VerificationsRead, Scope::KeysRead].into_iter().collect();
        assert!(some.give(Permission::KeysRead) && !some.give(Permission::KeysManage));
        assert!(!some.cover(Scope::ALL.iter().copied().collect()));
        assert!(
            Permission::ALL
                .iter()
                .filter(|one| one.is_staff())
                .all(|one| Scope::giving(*one).is_none())
        );
    }
}
