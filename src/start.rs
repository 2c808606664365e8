//! Putting the parts together: what each command does once the configuration is sound.

use std::{
    io::{self, Write},
    sync::Arc,
};

use platform::{Platform, Settings, identity, keyring};
use tokio::net::TcpListener;
use vault::{CredentialKeys, FileKeys, KeyProvider, VaultError};

use crate::{
    config::{Config, MasterKey},
    http::{self, Frame, Health, assets::Manifest},
    jobs,
    metrics::{self, Watched},
    serve::{self, Ended},
    source::{OsEntropy, SystemClock},
    telemetry,
};

/// Why a command did not do what it should, in words for the operator.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The database could not be opened or brought up to date.
    #[error("The database cannot be used: {0}")]
    Database(#[from] db::DbError),
    /// The master key is missing or not fit.
    #[error("The master key cannot be used: {0}")]
    Key(#[from] VaultError),
    /// The master key is not ours to change.
    #[error(
        "The master key is a systemd credential: add a version where the credential is made, \
         then run this again to wrap the data keys under it."
    )]
    KeyReadOnly,
    /// The domain said no.
    #[error("{}", whole(.0))]
    Domain(#[from] platform::Error),
    /// The address is taken or not ours.
    #[error("Cannot listen on {address}: {source}. Choose another with {key}.")]
    Listen {
        /// The address.
        address: std::net::SocketAddr,
        /// What names it.
        key: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// Everything else that the system refuses.
    #[error("The system said no: {0}")]
    System(#[from] io::Error),
}

/// The operator is told the cause, which a caller over HTTP is not.
fn whole(error: &platform::Error) -> String {
    match error {
        platform::Error::Internal(source) => format!("{error} The cause: {source}"),
        other => other.to_string(),
    }
}

/// Serves until the signal to stop.
pub async fn serve(config: Config) -> Result<(), Failure> {
    let traces = telemetry::start_traced(&config);
    let stop = serve::stop_signal()?;
    let counted = config.metrics.is_on().then(metrics::start).flatten();
    let platform = open(&config).await?;
    let listener = bind(config.listen, "LOOMWIRE_LISTEN").await?;
    let reader = match config.metrics.listen {
        Some(address) => Some(bind(address, "LOOMWIRE_METRICS__LISTEN").await?),
        None => None,
    };
    let watched = Watched::start(&config, &platform, counted, reader);
    if !Manifest::load().is_built() {
        tracing::warn!("the site is not built, so pages have no styles: run `cargo xtask run`");
    }
    greet(&config, &platform).await?;
    let asked = platform.clone();
    let health = Health::new(move || {
        let platform = asked.clone();
        async move { platform.ping().await.is_ok() }
    });
    let frame = Frame::new(&config, Arc::new(SystemClock), Arc::new(OsEntropy));
    let routes = http::routes(&platform, &config, health.clone()).merge(watched.public());
    let router = http::frame(routes, &frame);
    let worker = jobs::Worker::start(platform.system());
    let ended = serve::serve(listener, router, config.limits, health, stop).await;
    if let Ended::CutOff(connections) = ended {
        tracing::warn!(connections, "stopped with connections still open");
    }
    worker.stop().await;
    watched.stop().await;
    platform.close().await;
    if let Some(traces) = traces {
        traces.stop().await;
    }
    tracing::info!("stopped");
    Ok(())
}

async fn bind(address: std::net::SocketAddr, key: &'static str) -> Result<TcpListener, Failure> {
    let listener = TcpListener::bind(address).await;
    listener.map_err(|source| Failure::Listen { address, key, source })
}

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

fn versions(config: &Config) -> Result<u32, Failure> {
    Ok(existing_keys(config)?.current_version())
}

/// What serving says to whoever started it. On standard output, beside the log: a link that
/// sets up an installation is a secret.
async fn greet(config: &Config, platform: &Platform) -> Result<(), Failure> {
    let origin = config.public_url.origin().ascii_serialization();
    tracing::info!(listen = %config.listen, public_url = %origin, "serving");
    say(&format!("Loomwire is at {origin}\n"))?;
    if let Some(secret) = identity::setup_link(&platform.system()).await? {
        let address = setup_address(config, &secret);
        say(&format!(
            "Set up the first account within one hour, once: {address}\n"
        ))?;
    }
    Ok(())
}

fn setup_address(config: &Config, secret: &str) -> String {
    format!(
        "{}/setup/{secret}",
        config.public_url.origin().ascii_serialization()
    )
}

pub(crate) fn say(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

async fn open(config: &Config) -> Result<Platform, Failure> {
    let (db, keys, applied) = open_database(config).await?;
    if !applied.is_empty() {
        tracing::info!(applied = applied.join(", "), "brought the schema up to date");
    }
    domain(db, keys, config).await
}

async fn domain(db: db::Db, keys: Arc<dyn KeyProvider>, config: &Config) -> Result<Platform, Failure> {
    let settings = Settings {
        public_url: config.public_url.clone(),
        token_ttl: config.token_ttl,
        verification_ttl: config.verification_ttl,
        session_idle: config.session.idle,
        session_absolute: config.session.absolute,
        region: config.region.clone(),
    };
    let clock = Arc::new(SystemClock);
    Ok(Platform::open(db, clock, Arc::new(OsEntropy), keys, settings).await?)
}

/// The database with its schema up to date, the master key, and what was applied.
///
/// Only for a database that has nothing yet is a master key made; an older one has secrets
/// under a key that was there once, and says so if it is missing.
async fn open_database(config: &Config) -> Result<(db::Db, Arc<dyn KeyProvider>, Vec<String>), Failure> {
    let db = db::Db::connect(config.database_url.expose(), &db::Options::default()).await?;
    let all = db::Migrations::embedded(db.kind()).iter().count();
    let fresh = db.pending().await?.len() == all;
    let keys = match existing_keys(config) {
        Err(Failure::Key(VaultError::Missing { path })) if fresh => make_keys(config, &path)?,
        other => other?,
    };
    let applied = db.migrate().await?;
    Ok((db, keys, applied))
}

fn existing_keys(config: &Config) -> Result<Arc<dyn KeyProvider>, Failure> {
    Ok(match &config.master_key {
        MasterKey::File(path) => Arc::new(FileKeys::open(path)?),
        MasterKey::Credential(folder) => Arc::new(CredentialKeys::open(folder)?),
    })
}

fn make_keys(config: &Config, path: &std::path::Path) -> Result<Arc<dyn KeyProvider>, Failure> {
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

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;
    use crate::config::Environment;

    fn installation() -> (TempDir, Config) {
        let folder = TempDir::new().unwrap();
        let data = folder.path().join("data").to_str().unwrap().to_owned();
        let environment = Environment::from([("LOOMWIRE_DATA".to_owned(), data)]);
        (folder, Config::load(None, &environment).unwrap())
    }

    fn key_file(config: &Config) -> std::path::PathBuf {
        match &config.master_key {
            MasterKey::File(path) => path.clone(),
            MasterKey::Credential(_) => panic!("a file by default"),
        }
    }

    async fn opens(config: &Config) -> Result<(), Failure> {
        open(config).await?.close().await;
        Ok(())
    }

    #[tokio::test]
    async fn a_new_installation_makes_its_key_and_an_old_one_wants_it_back() {
        let (_folder, config) = installation();
        migrate(config.clone()).await.unwrap();
        opens(&config).await.unwrap();

        let path = key_file(&config);
        let kept = path.with_extension("kept");
        fs::rename(&path, &kept).unwrap();
        let missing = opens(&config).await.unwrap_err().to_string();
        assert!(
            missing.contains(path.to_str().unwrap()) && missing.contains("backup"),
            "{missing}"
        );
        assert!(!path.exists());

        FileKeys::create(&path, &OsEntropy).unwrap();
        let foreign = opens(&config).await.unwrap_err().to_string();
        assert!(foreign.contains("another key file"), "{foreign}");

        fs::rename(&kept, &path).unwrap();
        opens(&config).await.unwrap();
    }

    #[tokio::test]
    async fn a_rotation_moves_every_data_key_to_the_new_version() {
        let (_folder, config) = installation();
        opens(&config).await.unwrap();
        let running = open(&config).await.unwrap();
        rotate(config.clone()).await.unwrap();
        rotate(config.clone()).await.unwrap();

        let path = key_file(&config);
        assert_eq!(FileKeys::open(&path).unwrap().current_version(), 3);
        let tokens = platform::verification::jwks(&running.system()).await.unwrap();
        running.close().await;
        // Nothing is left under the older versions: without them it still opens.
        assert_eq!(FileKeys::retire_older(&path, &OsEntropy).unwrap(), [1, 2]);
        let again = open(&config).await.unwrap();
        assert_eq!(
            platform::verification::jwks(&again.system()).await.unwrap(),
            tokens
        );
        again.close().await;
    }

    #[tokio::test]
    async fn a_rotation_under_a_foreign_key_changes_nothing() {
        let (_folder, config) = installation();
        opens(&config).await.unwrap();
        let path = key_file(&config);
        fs::remove_file(&path).unwrap();
        FileKeys::create(&path, &OsEntropy).unwrap();
        let before = fs::read(&path).unwrap();
        assert!(rotate(config).await.is_err());
        assert_eq!(fs::read(&path).unwrap(), before);
    }

    #[tokio::test]
    async fn a_credential_is_rotated_where_it_is_made() {
        let (folder, config) = installation();
        opens(&config).await.unwrap();
        let credential = folder.path().join("credentials");
        fs::create_dir(&credential).unwrap();
        let path = credential.join(vault::CREDENTIAL_NAME);
        fs::copy(key_file(&config), &path).unwrap();
        let mut config = config;
        config.master_key = MasterKey::Credential(credential);
        assert!(matches!(rotate(config.clone()).await, Err(Failure::KeyReadOnly)));
        FileKeys::add_version(&path, &OsEntropy).unwrap();
        rotate(config.clone()).await.unwrap();
        opens(&config).await.unwrap();
    }

    #[tokio::test]
    async fn an_installation_of_another_address_is_not_opened() {
        let (_folder, config) = installation();
        opens(&config).await.unwrap();
        let mut moved = config;
        moved.public_url = "https://other.example".parse().unwrap();
        assert!(opens(&moved).await.is_err());
    }
}
