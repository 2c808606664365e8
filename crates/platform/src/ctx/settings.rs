//! What the operator decides.

use std::path::PathBuf;

use types::security::SessionLimits;
use url::Url;

use crate::identity::PasswordCost;

/// What the operator decides, as far as the domain needs it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where people reach this installation: gives origin and relying-party id.
    pub public_url: Url,
    /// How long a verification token is valid, in seconds.
    pub token_ttl: i64,
    /// How long a session link works, in seconds.
    pub verification_ttl: i64,
    /// How long a console session lasts at most.
    pub session: SessionLimits,
    /// How long it lasts at most if its user has a staff role.
    pub staff_session: SessionLimits,
    /// A MaxMind DB file that tells where an address is, if there is one.
    pub geo_database: Option<PathBuf>,
    /// The region of this installation, if the operator names one.
    pub region: Option<String>,
    /// How many calls programs may make.
    pub limits: crate::limits::Policy,
    /// How long an elevation waits that nobody else could approve, in seconds.
    pub elevation_delay: i64,
    /// What hashing a password costs.
    pub password_cost: PasswordCost,
    /// When backups are made, and how long they are kept.
    pub backups: crate::backups::Policy,
    /// How people come in and back.
    pub accounts: crate::accounts::Policy,
    /// How long things may be kept.
    pub retention: crate::retention::Limits,
    /// Who may look at the ledger, and who cosigns it.
    pub ledger: crate::ledger::Policy,
}
