//! Opening the installation: database, master key, domain.

use std::{path::Path, sync::Arc};

use platform::{Platform, Settings, identity::PasswordCost};
use vault::{CredentialKeys, FileKeys, KeyProvider, VaultError};

use super::Failure;
use crate::{
    config::{Config, MasterKey},
    guarded::Guarded,
    leaks::{GITHUB, PublishedKeys},
    smtp::SmtpMailer,
    source::{OsEntropy, SystemClock},
    streams::Streamer,
    valkey::{self, Valkey},
    webhooks::Poster,
};

/// The whole installation.
pub(crate) async fn open(config: &Config) -> Result<Platform, Failure> {
    let (db, keys, applied) = open_database(config).await?;
    if !applied.is_empty() {
        tracing::info!(applied = applied.join(", "), "brought the schema up to date");
    }
    domain(db, keys, config).await
}

pub(super) async fn domain(
    db: db::Db,
    keys: Arc<dyn KeyProvider>,
    config: &Config,
) -> Result<Platform, Failure> {
    let clock = Arc::new(SystemClock);
    let platform = Platform::open(db, clock, Arc::new(OsEntropy), keys, settings(config)).await?;
    if let Some(smtp) = &config.mail.smtp {
        let own_name = config.public_url.host_str().unwrap_or("localhost");
        platform.deliver_with(Arc::new(SmtpMailer::new(smtp, own_name)?));
    }
    let guarded = Guarded::new(&config.public_url, config.outbound.clone())?;
    platform.leak_keys_from(Arc::new(PublishedKeys::new(guarded.clone(), GITHUB)));
    platform.stream_with(Arc::new(Streamer::new(guarded.clone())));
    platform.post_with(Arc::new(Poster::new(guarded)));
    if let Some(redis) = &config.redis {
        let store = Valkey::new(redis, valkey::PATIENCE);
        let store = store.map_err(|error| Failure::Redis(error.to_string()))?;
        platform.share_limits_with(Arc::new(store)).await?;
    }
    Ok(platform)
}

/// The configuration as far as the domain needs it.
pub(crate) fn settings(config: &Config) -> Settings {
    Settings {
        public_url: config.public_url.clone(),
        token_ttl: config.token_ttl,
        verification_ttl: config.verification_ttl,
        elevation_delay: config.elevation_delay,
        session: config.session.customers,
        staff_session: config.session.staff,
        geo_database: config.geo_database.clone(),
        region: config.region.clone(),
        limits: config.limits.calls,
        password_cost: PasswordCost::default(),
        backups: config.backup.policy(),
        accounts: config.accounts,
        retention: config.retention,
        ledger: config.ledger.policy.clone(),
    }
}

/// The database with its schema up to date, the master key, and what was applied.
///
/// Only for a database that has nothing yet is a master key made; an older one has secrets
/// under a key that was there once, and says so if it is missing.
pub(crate) async fn open_database(
    config: &Config,
) -> Result<(db::Db, Arc<dyn KeyProvider>, Vec<String>), Failure> {
    let db = db::Db::connect(config.database_url.expose(), &config.database_options()).await?;
    let all = db::Migrations::embedded(db.kind()).iter().count();
    let fresh = db.pending().await?.len() == all;
    let keys = match existing_keys(config) {
        Err(Failure::Key(VaultError::Missing { path })) if fresh => make_keys(config, &path)?,
        other => other?,
    };
    let applied = db.migrate().await?;
    warn_if_ahead(&db).await?;
    Ok((db, keys, applied))
}

/// A newer version was here, and may be again: this one serves what it knows.
async fn warn_if_ahead(db: &db::Db) -> Result<(), Failure> {
    let ahead = db.ahead().await?;
    if !ahead.is_empty() {
        tracing::warn!(
            unknown = ahead.join(", "),
            "the schema is newer than this program, which can do without what was added: \
             update this program before a version that contracts the schema"
        );
    }
    Ok(())
}

pub(crate) fn existing_keys(config: &Config) -> Result<Arc<dyn KeyProvider>, Failure> {
    Ok(match &config.master_key {
        MasterKey::File(path) => Arc::new(FileKeys::open(path)?),
        MasterKey::Credential(folder) => Arc::new(CredentialKeys::open(folder)?),
    })
}

fn make_keys(config: &Config, path: &Path) -> Result<Arc<dyn KeyProvider>, Failure> {
    match FileKeys::create(path, &OsEntropy) {
        Ok(keys) => {
            tracing::warn!(path = %path.display(), "made a master key: back it up, apart from the database");
            Ok(Arc::new(keys))
        }
        // Another process of this installation was quicker.
        Err(VaultError::Exists { .. }) => existing_keys(config),
        Err(error) => Err(error.into()),
    }
}
