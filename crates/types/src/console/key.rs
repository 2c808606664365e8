//! API keys, as pages show them.

use serde::{Deserialize, Serialize};

use crate::{ApiKeyId, Environment, Timestamp, UserId, keys::Scope};

/// An API key in the list; never the key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ApiKeyRow {
    /// Its id.
    pub id: ApiKeyId,
    /// The name that its maker gave it.
    pub name: String,
    /// Live or test.
    pub environment: Environment,
    /// The beginning of the key, such as `lw_test_4fQk`.
    pub prefix: String,
    /// The last four characters of the key.
    pub last_four: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it: the display name.
    pub created_by: String,
    /// When it was last used, within a minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked; it works until then.
    pub revoked_at: Option<Timestamp>,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// From which networks it may be used; empty: from everywhere.
    pub allow_list: Vec<String>,
    /// When it stops working by itself.
    pub expires_at: Option<Timestamp>,
    /// When it stops working because another took over from it.
    pub ends_at: Option<Timestamp>,
    /// What its people noted.
    pub note: String,
    /// Who answers for it: the display name.
    pub owner: String,
    /// Who answers for it.
    pub owner_id: UserId,
    /// Its own limit of calls in a minute.
    pub calls_per_minute: Option<u32>,
    /// Days from its making to its rotation.
    pub rotate_days: Option<u32>,
    /// When that is.
    pub rotates_at: Option<Timestamp>,
    /// The names of the organisation's own limits that it is held to.
    pub limits: Vec<String>,
    /// 1, and one more with each rotation.
    pub generation: u32,
    /// The key that took over from it.
    pub successor: Option<ApiKeyId>,
    /// The key from which it took over.
    pub predecessor: Option<ApiKeyId>,
    /// When the organisation's policy disabled it.
    pub disabled_at: Option<Timestamp>,
}

impl ApiKeyRow {
    /// When it stops working, revocation apart.
    pub fn until(&self) -> Option<Timestamp> {
        self.expires_at.into_iter().chain(self.ends_at).min()
    }

    /// Whether another key should have taken over from it by now, as was planned.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.successor.is_none() && self.works(now) && self.rotates_at.is_some_and(|at| at <= now)
    }

    /// Whether it opens anything at this moment.
    pub fn works(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none()
            && self.disabled_at.is_none()
            && self.until().is_none_or(|until| now < until)
    }
}

/// A key just made.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewApiKey {
    /// What the list will show.
    pub row: ApiKeyRow,
    /// **Secret**: the key, shown this once.
    pub key: String,
}

impl std::fmt::Debug for NewApiKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewApiKey")
            .field("row", &self.row)
            .finish_non_exhaustive()
    }
}
