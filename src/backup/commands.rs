//! `loomwire backup`, `loomwire backup keygen`, `loomwire restore`.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use backup::{BackupError, Identities, Restored, Stop};
use db::Migrations;
use platform::backups;
use types::Clock as _;

use crate::{
    config::{Config, MasterKey},
    source::SystemClock,
    start::{self, Failure, say},
    telemetry,
};

/// Makes a backup now.
pub async fn make(config: Config) -> Result<(), Failure> {
    telemetry::start(&config.log);
    let stop = Stop::default();
    let path = |file: &str| config.backup.folder.join(file).display().to_string();
    refuse_absent(&config)?;
    if config.backup.recipients.is_empty() {
        // The making itself says how to get one.
        super::make_file(&config, String::new(), SystemClock.now(), &stop).await?;
    }
    let (file, made) = if is_current(&config).await? {
        let platform = start::open(&config).await?;
        let ctx = platform.system();
        super::sweep(&ctx, &config).await;
        let claim = backups::begin(&ctx, super::name(&config)).await?;
        let result = super::make_file(&config, claim.file.clone(), claim.started_at, &stop).await;
        let made = super::record(&ctx, &claim, result).await;
        platform.close().await;
        (claim.file, made?)
    } else {
        // Of another version: it is backed up before it is migrated, and has no book for it.
        let begun = SystemClock.now();
        let file = super::name(&config)(begun);
        let made = super::make_file(&config, file.clone(), begun, &stop).await?;
        (file, made)
    };
    say(&format!(
        "Made {} ({} bytes, {} audit events).\n{}",
        path(&file),
        made.bytes,
        made.events,
        key_reminder(&config)
    ))
}

/// The key without which a backup opens nothing, where it is, and what to do.
pub(super) fn key_reminder(config: &Config) -> String {
    let place = match &config.master_key {
        MasterKey::File(path) => path.display().to_string(),
        MasterKey::Credential(_) => "the systemd credential".to_owned(),
    };
    format!(
        "THE MASTER KEY IS NOT IN IT. Without {place} a restored database starts no server and \
         opens no secret: keep a copy of it, apart from the backups.\n"
    )
}

/// Looking for a SQLite database would make one.
pub(super) fn refuse_absent(config: &Config) -> Result<(), Failure> {
    match config.database_url.expose().strip_prefix("sqlite:") {
        Some(path) if !Path::new(path.trim_start_matches("//")).exists() => {
            Err(nothing(path.trim_start_matches("//")))
        }
        _ => Ok(()),
    }
}

fn nothing(place: &str) -> Failure {
    BackupError::Configuration(format!(
        "There is no database at {place} yet: nothing to back up."
    ))
    .into()
}

/// Whether the schema is this program's own.
pub(super) async fn is_current(config: &Config) -> Result<bool, Failure> {
    let db = super::connect(config).await?;
    let pending = db.pending().await;
    let all = Migrations::embedded(db.kind()).iter().count();
    db.close().await;
    let pending = pending?.len();
    if pending == all {
        return Err(nothing("that address"));
    }
    Ok(pending == 0)
}

/// Makes a key: its secret half goes to a file, its recipient is printed.
pub fn keygen(path: &Path) -> Result<(), Failure> {
    let recipient = backup::keygen(path)?;
    say(&format!(
        "The secret half is in {}: keep it where the server is not, and two copies of it. It \
         opens every backup made for this recipient:\n\n{recipient}\n\nPut that into the \
         configuration:\n\n[backup]\nrecipients = [\"{recipient}\"]\n",
        path.display()
    ))
}

/// What `loomwire restore` is given.
#[derive(Clone, Debug)]
pub struct Request {
    /// The backup.
    pub file: PathBuf,
    /// The file with the secret half of a key.
    pub identity: PathBuf,
    /// Where to, if not into the configured database.
    pub into: Option<String>,
    /// Only into a scratch place, to compare.
    pub drill: bool,
}

/// Restores a backup into an empty place, or holds a drill.
pub async fn restore(config: Config, request: Request) -> Result<(), Failure> {
    telemetry::start(&config.log);
    let identities = Identities::open(&request.identity)?;
    if request.drill {
        return drill(&config, &request.file, identities).await;
    }
    let url = request.into.as_deref().unwrap_or(config.database_url.expose());
    let (scratch, now) = (&config.backup.scratch, SystemClock.now());
    let restored = backup::restore(&request.file, identities, url, scratch, now).await?;
    let place = match url.strip_prefix("sqlite:") {
        Some(path) => path.trim_start_matches("//"),
        None => "the PostgreSQL database",
    };
    say(&format!(
        "Restored {} into {place}. {}\n{}",
        request.file.display(),
        in_words(&restored),
        key_reminder(&config)
    ))
}

fn in_words(restored: &Restored) -> String {
    let manifest = &restored.manifest;
    let mut text = format!(
        "It was made at {} by Loomwire {}. All {} audit events are there with the same hashes.",
        moment(manifest.made_at),
        manifest.version,
        manifest.census.events
    );
    if manifest.census.wrong_events > 0 {
        let _ = write!(
            text,
            " {} of them had been changed before the backup was made.",
            manifest.census.wrong_events
        );
    }
    text
}

fn moment(at: types::Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.as_millis()).map_or_else(|_| String::new(), |at| at.to_string())
}

/// It is written down if there is a database of this version to write it into.
async fn drill(config: &Config, file: &Path, identities: Identities) -> Result<(), Failure> {
    let stop = Stop::default();
    let restored = if refuse_absent(config).is_ok() && is_current(config).await.unwrap_or(false) {
        let platform = start::open(config).await?;
        let ctx = platform.system();
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let claim = backups::begin_drill(&ctx, name).await?;
        let result = super::hold_drill(config, file, identities, claim.started_at, &stop).await;
        let words = result.as_ref().map(in_words).unwrap_or_default();
        let recorded = super::record(&ctx, &claim, result.map(super::found)).await;
        platform.close().await;
        recorded?;
        words
    } else {
        let restored = super::hold_drill(config, file, identities, SystemClock.now(), &stop).await?;
        format!(
            "{} The drill was not recorded: there is no database of this version.",
            in_words(&restored)
        )
    };
    say(&format!(
        "The drill succeeded: {} can be restored. {restored}\n{}",
        file.display(),
        key_reminder(config)
    ))
}
