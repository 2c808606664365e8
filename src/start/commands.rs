//! The commands that do one thing and end.

use platform::{api_keys, identity, keyring, recovery};
use vault::FileKeys;

use super::{
    Failure,
    database::{domain, existing_keys, open, open_database},
    say, setup_address,
};
use crate::{
    config::{Config, MasterKey},
    source::OsEntropy,
    telemetry,
};

/// Brings the schema up to date.
pub async fn migrate(config: Config) -> Result<(), Failure> {
    telemetry::start(&config.log);
    let (db, _, applied) = open_database(&config).await?;
    db.close().await;
    if applied.is_empty() {
        say("The schema is up to date.\n")?;
    } else {
        say(&format!("Applied: {}\n", applied.join(", ")))?;
    }
    Ok(())
}

/// Says what [`migrate`] would apply, and changes nothing but to make an empty SQLite file.
pub async fn pending(config: Config) -> Result<(), Failure> {
    telemetry::start(&config.log);
    let db = db::Db::connect(config.database_url.expose(), &config.database_options()).await?;
    let (pending, ahead) = (db.pending().await, db.ahead().await);
    db.close().await;
    say(&match (pending?.as_slice(), ahead?.as_slice()) {
        ([], []) => "The schema is up to date.\n".to_owned(),
        ([], newer) => format!(
            "Nothing to be applied. A newer version has expanded the schema: {}\n",
            newer.join(", ")
        ),
        (names, _) => format!("To be applied: {}\n", names.join(", ")),
    })
}

/// Prints a fresh link for the first account, if nobody has one yet.
pub async fn setup_link(config: Config) -> Result<(), Failure> {
    telemetry::start(&config.log);
    let platform = open(&config).await?;
    match identity::setup_link(&platform.system()).await? {
        Some(secret) => say(&format!("{}\n", setup_address(&config, &secret)))?,
        None => say("This installation is set up already: sign in instead.\n")?,
    }
    platform.close().await;
    Ok(())
}

/// Prints a link with which the person of an account makes a new way to sign in.
pub async fn recover(config: Config, email: String) -> Result<(), Failure> {
    telemetry::start(&config.log);
    let platform = open(&config).await?;
    let made = recovery::start_on_host(&platform.system(), &email).await;
    platform.close().await;
    let origin = config.public_url.origin().ascii_serialization();
    say(&format!(
        "Within a day, once: {origin}/recover/{}\n\
         It replaces every way to sign in to the account and ends its sessions; nothing changes \
         before. The account's address is told by mail.\n",
        made?
    ))
}

/// Adds a master key and wraps every data key under it.
pub async fn rotate(config: Config) -> Result<(), Failure> {
    telemetry::start(&config.log);
    let (db, keys, _) = open_database(&config).await?;
    // Opened once under the old key: should it not fit, nothing is changed.
    let platform = domain(db, keys, &config).await?;
    platform.close().await;
    match &config.master_key {
        MasterKey::File(path) => drop(FileKeys::add_version(path, &OsEntropy)?),
        MasterKey::Credential(_) if versions(&config)? < 2 => return Err(Failure::KeyReadOnly),
        MasterKey::Credential(_) => {}
    }
    let platform = open(&config).await?;
    let done = keyring::rotate(&platform.system()).await?;
    platform.close().await;
    say(&format!(
        "{} data keys are now wrapped under master key version {}.\n\
         Restart running servers, so that they wrap new keys under it too. Keep the older \
         lines of the key file for as long as you keep backups from before.\n",
        done.rewrapped, done.master_version
    ))?;
    Ok(())
}

/// `loomwire vault pepper`.
///
/// # Errors
/// If the database cannot be opened, or fails.
pub async fn rotate_pepper(config: Config) -> Result<(), Failure> {
    telemetry::start(&config.log);
    let platform = open(&config).await?;
    let version = api_keys::rotate_pepper(&platform.system()).await?;
    platform.close().await;
    say(&format!(
        "The pepper of API keys has version {version} now. Every key works on, and is moved to it at \
         its next use.\n"
    ))?;
    Ok(())
}

fn versions(config: &Config) -> Result<u32, Failure> {
    Ok(existing_keys(config)?.current_version())
}
