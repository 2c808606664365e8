//! What a page shows of backups and restore drills.

use serde::{Deserialize, Serialize};

use crate::{Timestamp, verification::words};

words! {
    /// What is told of.
    BackupKind {
        /// A backup.
        Backup = "backup",
        /// A backup restored into a scratch place and compared.
        Drill = "drill",
    }
}

words! {
    /// How far a backup or a drill is.
    BackupState {
        /// Under way.
        Running = "running",
        /// It succeeded.
        Done = "done",
        /// It did not.
        Failed = "failed",
    }
}

/// What a restore leaves in the database that it made, until the audit log is told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RestoreNote {
    /// The backup's file, without its folder.
    pub file: String,
    /// Its SHA-256, in hex.
    pub sha256: String,
    /// As of when everything in the database is.
    pub made_at: Timestamp,
    /// When it was restored.
    pub restored_at: Timestamp,
}

impl RestoreNote {
    /// The name under which it stands in `installation`.
    pub const NAME: &str = "restored";
}

/// A backup or a restore drill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupRow {
    /// Which of the two.
    pub kind: BackupKind,
    /// How far it is.
    pub state: BackupState,
    /// The file's name, without its folder.
    pub file: Option<String>,
    /// The file's length in bytes.
    pub bytes: Option<u64>,
    /// Audit events within; in a drill, found again with the same hashes.
    pub events: Option<u64>,
    /// Why it failed, in words.
    pub problem: Option<String>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// When the retention rule removed the file.
    pub removed_at: Option<Timestamp>,
}

/// The staff page of backups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupsPage {
    /// Hours between scheduled backups; `None` if none are scheduled.
    pub every_hours: Option<u32>,
    /// Days that a backup is kept.
    pub keep_days: u32,
    /// How many recipients can open one.
    pub recipients: u32,
    /// The last backup that succeeded.
    pub last_backup: Option<BackupRow>,
    /// The last drill that succeeded.
    pub last_drill: Option<BackupRow>,
    /// Backups and drills, newest first, at most 100.
    pub rows: Vec<BackupRow>,
}
