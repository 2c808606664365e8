//! What is in a backup file.
//!
//! `age( zstd( manifest as one line of JSON, a line feed, the database ) )`, so that three
//! programs of any distribution open it without this one:
//! `age -d -i KEY FILE | zstd -d | tail -n +2 > loomwire.db`.

use std::io::{BufRead, Read as _};

use db::Kind;
use jiff::fmt::strtime;
use serde::{Deserialize, Serialize};
use types::Timestamp;

use crate::BackupError;

/// The version of the file's shape.
pub(crate) const FORMAT: u32 = 1;
/// A manifest is some 300 bytes.
const LONGEST_MANIFEST: u64 = 65_536;

/// The first line: what follows it, and what has to be found in it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// The version of the file's shape.
    pub format: u32,
    /// Always `loomwire`.
    pub product: String,
    /// The version of the product that made it.
    pub version: String,
    /// When it was begun.
    pub made_at: Timestamp,
    /// `sqlite` (a database file follows) or `postgres` (a custom-format dump follows).
    pub database: String,
    /// The major version of the programs that made a dump.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dumped_with: Option<u32>,
    /// What was counted in it.
    pub census: Census,
}

/// What is counted in a database when it is backed up, and again when it is restored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Census {
    /// The newest migration that was applied.
    pub schema: i64,
    /// The newest that a program has to know: those after it only expand. Not in backups of
    /// before it was counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs: Option<i64>,
    /// Audit events.
    pub events: u64,
    /// SHA-256 over all their leaf hashes in the order of their ids, in hex.
    pub events_hash: String,
    /// Events whose leaf hash is not that of their canonical bytes: none, unless somebody
    /// changed one.
    pub wrong_events: u64,
}

/// `loomwire-20261123T214500Z-sqlite.age`.
pub fn file_name(kind: Kind, begun: Timestamp) -> String {
    let moment = jiff::Timestamp::from_millisecond(begun.as_millis()).unwrap_or_default();
    let text = strtime::format("%Y%m%dT%H%M%SZ", moment).unwrap_or_default();
    format!("loomwire-{text}-{}.age", kind_name(kind))
}

/// Whether it is a name as [`file_name`] makes it: no other file is ever removed.
pub(crate) fn is_file_name(name: &str) -> bool {
    let inner = name
        .strip_prefix("loomwire-")
        .and_then(|rest| rest.strip_suffix(".age"));
    inner.is_some_and(|inner| {
        inner
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
}

pub(crate) const fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Sqlite => "sqlite",
        Kind::Postgres => "postgres",
    }
}

impl Manifest {
    /// The database that follows it.
    pub fn kind(&self) -> Result<Kind, BackupError> {
        match self.database.as_str() {
            "sqlite" => Ok(Kind::Sqlite),
            "postgres" => Ok(Kind::Postgres),
            _ => Err(BackupError::Unknown(
                "it holds a database of another kind".to_owned(),
            )),
        }
    }

    pub(crate) fn line(&self) -> Result<Vec<u8>, BackupError> {
        let mut line = serde_json::to_vec(self).map_err(|error| BackupError::Unknown(error.to_string()))?;
        line.push(b'\n');
        Ok(line)
    }

    /// Takes the first line.
    pub(crate) fn read(from: &mut impl BufRead) -> Result<Self, BackupError> {
        #[derive(Deserialize)]
        struct Shape {
            format: u32,
            product: String,
        }
        let mut line = Vec::new();
        from.take(LONGEST_MANIFEST)
            .read_until(b'\n', &mut line)
            .map_err(|error| crate::open::damaged(&error))?;
        let shape: Shape = serde_json::from_slice(&line)
            .map_err(|_| BackupError::Unknown("it does not begin with a manifest".to_owned()))?;
        if shape.product != "loomwire" {
            return Err(BackupError::Unknown("it is another product's".to_owned()));
        }
        if shape.format != FORMAT {
            return Err(BackupError::Unknown(format!(
                "it has format {} and this version reads format {FORMAT}; take the version that made it",
                shape.format
            )));
        }
        serde_json::from_slice(&line)
            .map_err(|_| BackupError::Unknown("its manifest is not complete".to_owned()))
    }

    /// Whether what was counted after a restore is what was counted before the backup.
    pub(crate) fn compare(&self, found: &Census) -> Result<(), BackupError> {
        let was = &self.census;
        let needs = was.needs.and(found.needs);
        if *was
            == (Census {
                needs,
                ..found.clone()
            })
        {
            return Ok(());
        }
        Err(BackupError::Different(format!(
            "schema {} and {} audit events (hash {}, {} wrong) were backed up; schema {} and {} \
             (hash {}, {} wrong) were found",
            was.schema,
            was.events,
            was.events_hash,
            was.wrong_events,
            found.schema,
            found.events,
            found.events_hash,
            found.wrong_events
        )))
    }
}
