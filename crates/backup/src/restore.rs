//! Restoring a backup into a place that has nothing yet.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use db::{Db, Kind, Migrations};
use types::{Timestamp, backup::RestoreNote};

use crate::{
    BackupError, Census, Identities, Manifest, Stop,
    error::at,
    make::{blocking, connect, open_copy},
    open::{Opened, open},
    part::sync_folder,
    postgres::Programs,
    scratch::{Scratch, private_folder},
    store,
};

/// What was restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// What the backup says of itself; all of it was found again.
    pub manifest: Manifest,
    /// The file's length.
    pub bytes: u64,
    /// Its SHA-256, in hex.
    pub sha256: String,
}

impl From<Opened> for Restored {
    fn from(opened: Opened) -> Self {
        Self {
            manifest: opened.manifest,
            bytes: opened.bytes,
            sha256: opened.sha256,
        }
    }
}

/// Restores into the database at `url`, which must be missing or empty. On SQLite the file
/// appears once everything in it has been checked; PostgreSQL restores in one transaction.
///
/// The database has a [`RestoreNote`] then: the key that seals the audit log may be elsewhere, so
/// the log is told by whoever opens it first.
pub async fn restore(
    file: &Path,
    identities: Identities,
    url: &str,
    scratch: &Path,
    now: Timestamp,
) -> Result<Restored, BackupError> {
    match url.strip_prefix("sqlite:") {
        Some(path) => {
            let path = Path::new(path.strip_prefix("//").unwrap_or(path));
            into_file(file, identities, path, now).await
        }
        None => into_server(file, identities, url, scratch, now).await,
    }
}

async fn into_file(
    file: &Path,
    identities: Identities,
    target: &Path,
    now: Timestamp,
) -> Result<Restored, BackupError> {
    refuse_if_taken(target)?;
    let folder = parent(target);
    private_folder(folder)?;
    // On the target's own disk, so that the last step is a rename.
    let scratch = Scratch::make(&folder.join("scratch"))?;
    let opened = unpack(file, identities, &scratch, Kind::Sqlite, Stop::default()).await?;
    check_file(&opened).await?;
    let (path, restored) = (opened.database.clone(), Restored::from(opened));
    let db = open_copy(&path).await?;
    let noted = note(&db, file, &restored, now).await;
    db.close().await;
    noted?;
    let written = at("write", target);
    File::open(&path)
        .and_then(|file| file.sync_all())
        .map_err(at("write", target))?;
    refuse_if_taken(target)?;
    fs::rename(&path, target).map_err(written)?;
    sync_folder(folder)?;
    Ok(restored)
}

async fn note(db: &Db, file: &Path, restored: &Restored, now: Timestamp) -> Result<(), BackupError> {
    let note = RestoreNote {
        file: file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        sha256: restored.sha256.clone(),
        made_at: restored.manifest.made_at,
        restored_at: now,
    };
    let note = serde_json::to_string(&note).map_err(|error| BackupError::Unknown(error.to_string()))?;
    let mut tx = db.begin().await?;
    store::leave_note(&mut tx, &note).await?;
    Ok(tx.commit().await?)
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// A log of an older database would be played into the restored one.
fn refuse_if_taken(target: &Path) -> Result<(), BackupError> {
    for suffix in ["", "-wal", "-journal"] {
        let mut name = target.as_os_str().to_owned();
        name.push(suffix);
        let path = PathBuf::from(name);
        if fs::metadata(&path).is_ok_and(|found| found.len() > 0) {
            return Err(BackupError::NotEmpty(path.display().to_string()));
        }
    }
    Ok(())
}

/// Unpacks it all into the scratch folder and looks whether this program can use it.
pub(crate) async fn unpack(
    file: &Path,
    identities: Identities,
    scratch: &Scratch,
    kind: Kind,
    stop: Stop,
) -> Result<Opened, BackupError> {
    let opened = read(file, identities, scratch, stop).await?;
    if opened.manifest.kind()? != kind {
        return Err(BackupError::Configuration(format!(
            "The backup is of {}: name a database of that kind with --into. To move to the other \
             kind, restore it first.",
            opened.manifest.database
        )));
    }
    Ok(opened)
}

/// The same, of either kind.
pub(crate) async fn read(
    file: &Path,
    identities: Identities,
    scratch: &Scratch,
    stop: Stop,
) -> Result<Opened, BackupError> {
    let (file, into) = (file.to_owned(), scratch.path("restored.db"));
    let opened = blocking(move || open(&file, &identities, into, &stop)).await?;
    let kind = opened.manifest.kind()?;
    let program = newest_migration(kind);
    let census = &opened.manifest.census;
    let backup = census.needs.unwrap_or(census.schema);
    if backup > program {
        return Err(BackupError::Newer {
            backup,
            program,
            version: opened.manifest.version,
        });
    }
    Ok(opened)
}

fn newest_migration(kind: Kind) -> i64 {
    Migrations::embedded(kind)
        .iter()
        .filter_map(|(name, _)| name.split('_').next()?.parse().ok())
        .max()
        .unwrap_or_default()
}

/// Opens the unpacked file, counts it, and holds it to its manifest.
pub(crate) async fn check_file(opened: &Opened) -> Result<(), BackupError> {
    let db = open_copy(&opened.database).await?;
    let found = examine(&db).await;
    db.close().await;
    opened.manifest.compare(&found?)?;
    File::open(&opened.database)
        .and_then(|file| file.sync_all())
        .map_err(at("write", &opened.database))
}

pub(crate) async fn examine(db: &Db) -> Result<Census, BackupError> {
    let mut read = db.read().await?;
    if !store::is_sound(&mut read).await? {
        return Err(BackupError::Different(
            "the database's own check finds it damaged".to_owned(),
        ));
    }
    let census = store::census(&mut read).await?;
    drop(read);
    // Refuses a schema that this program does not know.
    db.pending().await?;
    Ok(census)
}

async fn into_server(
    file: &Path,
    identities: Identities,
    url: &str,
    scratch: &Path,
    now: Timestamp,
) -> Result<Restored, BackupError> {
    let db = connect(url).await?;
    let restored = into_open_server(file, identities, (&db, url), scratch, Stop::default()).await;
    let noted = match &restored {
        Ok(restored) => note(&db, file, restored, now).await,
        Err(_) => Ok(()),
    };
    db.close().await;
    noted?;
    restored
}

/// Restores into an open PostgreSQL database that is empty, and checks what is there then.
pub(crate) async fn into_open_server(
    file: &Path,
    identities: Identities,
    (db, url): (&Db, &str),
    scratch: &Path,
    stop: Stop,
) -> Result<Restored, BackupError> {
    let mut read = db.read().await?;
    let there = store::relations(&mut read).await?;
    let major = store::server_major(&mut read).await?;
    drop(read);
    if !there.is_empty() {
        return Err(BackupError::NotEmpty("The PostgreSQL database".to_owned()));
    }
    let scratch = Scratch::make(scratch)?;
    let opened = unpack(file, identities, &scratch, Kind::Postgres, stop).await?;
    let programs = Programs::find(major.max(opened.manifest.dumped_with.unwrap_or_default()))?;
    let (address, dump) = (url.to_owned(), opened.database.clone());
    blocking(move || programs.restore(&address, &dump)).await?;
    drop(scratch);
    opened.manifest.compare(&examine(db).await?)?;
    Ok(opened.into())
}
