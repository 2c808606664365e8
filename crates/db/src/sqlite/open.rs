//! Where the file is, and with which settings it is opened.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use tempfile::TempDir;

use crate::{DbError, Options};

/// How long SQLite itself waits for a lock of another process.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// What the WAL is cut back to after a checkpoint, in bytes.
const JOURNAL_LIMIT: &str = "67108864";

/// The file, and the folder to remove with it.
pub(super) struct Place {
    path: PathBuf,
    pub(super) folder: Option<Arc<TempDir>>,
}

/// Finds or makes the file: 0600, in a folder of 0700 if that is missing too.
///
/// `:memory:` is a file in a private temporary folder. SQLite's own shared memory has other
/// locks than a file (a reader there stops the writer), and so would prove nothing.
pub(super) fn place(path: &str) -> Result<Place, DbError> {
    if path == ":memory:" {
        let mut builder = tempfile::Builder::new();
        builder.prefix("loomwire-");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let folder = builder
            .tempdir()
            .map_err(|error| unusable(&std::env::temp_dir(), &error))?;
        let path = folder.path().join("memory.db");
        make(&path).map_err(|error| unusable(&path, &error))?;
        return Ok(Place {
            path,
            folder: Some(Arc::new(folder)),
        });
    }
    if path.is_empty() || path.starts_with("file:") || path.contains('?') {
        return Err(DbError::Configuration(
            "sqlite:// takes a plain path, without options".to_owned(),
        ));
    }
    let path = PathBuf::from(path);
    if !path.exists() {
        make(&path).map_err(|error| unusable(&path, &error))?;
    }
    Ok(Place { path, folder: None })
}

fn unusable(path: &Path, error: &std::io::Error) -> DbError {
    DbError::Unavailable(format!(
        "{} cannot be made ({error}): check the path and its permissions",
        path.display()
    ))
}

fn make(path: &Path) -> std::io::Result<()> {
    let mut folder = fs::DirBuilder::new();
    folder.recursive(true);
    let mut file = fs::OpenOptions::new();
    file.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
        folder.mode(0o700);
        // SQLite gives -wal and -shm the mode of the file.
        file.mode(0o600);
    }
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        folder.create(parent)?;
    }
    file.open(path).map(drop)
}

/// Settings of whoever writes.
pub(super) fn writer(place: &Place, options: &Options) -> SqliteConnectOptions {
    let synchronous = if place.folder.is_some() {
        // Nobody looks for it after a crash.
        SqliteSynchronous::Off
    } else {
        SqliteSynchronous::Full
    };
    let mut connect = common(place)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous)
        .foreign_keys(true)
        // What is deleted is overwritten: no evidence stays behind in free pages.
        .pragma("secure_delete", "ON")
        .pragma("journal_size_limit", JOURNAL_LIMIT);
    if let Some(pages) = options.max_pages {
        connect = connect.pragma("max_page_count", pages.to_string());
    }
    connect
}

/// Settings of whoever reads.
pub(super) fn reader(place: &Place) -> SqliteConnectOptions {
    common(place).pragma("query_only", "ON")
}

/// What everybody needs; without limits, for one who looks at the whole file.
pub(super) fn common(place: &Place) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(&place.path)
        .busy_timeout(BUSY_TIMEOUT)
        .pragma("temp_store", "MEMORY")
        .pragma("trusted_schema", "OFF")
}
