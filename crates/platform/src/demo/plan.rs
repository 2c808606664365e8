//! What is to be invented, and what came of it.

use types::UserId;

/// What is to be invented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Another seed, another life.
    pub seed: u64,
    /// How many verifications.
    pub verifications: u64,
    /// How many days, today the last of them.
    pub days: u16,
    /// Which verifications get their audit events.
    pub audit: Audit,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            seed: 1,
            verifications: 24_000,
            days: 90,
            audit: Audit::All,
        }
    }
}

/// Which verifications get their audit events. People and keys always do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audit {
    /// Every one.
    All,
    /// Those started within so many days before now.
    LastDays(u16),
    /// None, and no calls are counted: the smallest database, for measuring lists and figures.
    None,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The organisations, the busiest first, and their verifications.
    pub organisations: Vec<(String, u64)>,
    /// People with an account.
    pub people: u64,
    /// API keys, revoked ones included.
    pub keys: u64,
    /// Verifications.
    pub verifications: u64,
    /// Audit events.
    pub events: u64,
    /// Calls of the API, as they were counted.
    pub calls: u64,
    /// The owner of the busiest organisation, who is operator admin too.
    pub owner: UserId,
}
