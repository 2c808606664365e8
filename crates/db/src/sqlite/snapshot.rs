//! A copy of the whole file while the server writes, and facts about it for who looks after it.

use std::fs::{File, OpenOptions};
use std::path::Path;

use sqlx::sqlite::SqliteConnection;
use sqlx::{ConnectOptions as _, Connection as _, Row as _};

use super::SqliteDb;
use crate::{DbError, Facts};

impl SqliteDb {
    /// A read transaction for its whole length: consistent, and no writer waits for it.
    pub(crate) async fn snapshot_to(&self, path: &Path) -> Result<(), DbError> {
        let unusable = |error: std::io::Error| {
            DbError::Unavailable(format!(
                "{} cannot be made ({error}): give a path that is free, in a folder that is there",
                path.display()
            ))
        };
        let name = path.to_str().ok_or_else(|| {
            DbError::Configuration("the path of a snapshot has to be plain text (UTF-8)".to_owned())
        })?;
        // SQLite would make it readable for others; an empty file is one that it fills.
        make(path).map_err(unusable)?;
        let copied = self.vacuum_into(name).await;
        let synced = copied.and_then(|()| {
            File::open(path)
                .and_then(|file| file.sync_all())
                .map_err(unusable)
        });
        if synced.is_err() {
            // Half a copy is of no use; the error that made it so is the one to tell.
            let _gone = std::fs::remove_file(path);
        }
        synced
    }

    async fn vacuum_into(&self, name: &str) -> Result<(), DbError> {
        let mut connection = self.inner.look.connect().await?;
        let copied = sqlx::query("VACUUM INTO $1")
            .bind(name)
            .execute(&mut connection)
            .await;
        connection.close().await?;
        copied?;
        Ok(())
    }

    /// As the writer sees it, since a setting may be of the connection.
    pub(crate) async fn facts(&self) -> Result<Facts, DbError> {
        let mut connection = self.inner.connect.connect().await?;
        let mut facts = Facts::new();
        for (name, query) in [
            ("version", "SELECT sqlite_version()"),
            ("journal_mode", "PRAGMA journal_mode"),
            ("synchronous", "PRAGMA synchronous"),
            ("foreign_keys", "PRAGMA foreign_keys"),
            ("secure_delete", "PRAGMA secure_delete"),
            ("page_size", "PRAGMA page_size"),
            ("page_count", "PRAGMA page_count"),
            ("free_pages", "PRAGMA freelist_count"),
            ("max_pages", "PRAGMA max_page_count"),
            // Some seconds for each gigabyte.
            ("quick_check", "PRAGMA quick_check(1)"),
        ] {
            facts.push((name, one(&mut connection, query).await?));
        }
        connection.close().await?;
        Ok(facts)
    }
}

async fn one(connection: &mut SqliteConnection, query: &'static str) -> Result<String, DbError> {
    let row = sqlx::query(query).fetch_one(connection).await?;
    let text = row.try_get_unchecked::<String, _>(0);
    Ok(text.or_else(|_| {
        row.try_get_unchecked::<i64, _>(0)
            .map(|number| number.to_string())
    })?)
}

fn make(path: &Path) -> std::io::Result<()> {
    let mut file = OpenOptions::new();
    file.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    file.open(path).map(drop)
}
