//! What can go wrong, told apart by what the caller can do about it.
//!
//! **Invariant**: neither `Display` nor `Debug` shows a value of a row. sqlx's own errors can
//! (PostgreSQL puts the key of a violated constraint into the detail), so they are read
//! here and not kept.

use sqlx::error::{DatabaseError, ErrorKind};
use sqlx::migrate::MigrateError;
use sqlx::postgres::PgDatabaseError;

/// An error of the database, with the next step in its text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DbError {
    /// A UNIQUE or PRIMARY KEY constraint refused the row.
    #[error("there is one already ({constraint} must be unique): change it and try again")]
    UniqueViolation {
        /// `table.column`, several joined by `", "` in the order of the index; the same text
        /// on both databases.
        constraint: String,
    },
    /// No room: disk full, quota reached, or the file's `max_pages`.
    #[error("The disk is full: free space, nothing was written")]
    Full,
    /// Somebody else held what was needed, or the write was undone together with others.
    #[error("The database is busy: {0}; nothing was written, try again")]
    Busy(&'static str),
    /// A limit on time ran out.
    #[error("The database took too long: {0}; nothing was written")]
    Timeout(&'static str),
    /// A COMMIT does not come to an end, as with a disk that hangs. Whether the write was made
    /// shows only later.
    #[error("The database does not finish this write: it may yet be made, so look before you try again")]
    Stuck,
    /// The database cannot be reached or read.
    #[error("The database is unavailable: {0}")]
    Unavailable(String),
    /// A query that promises a row found none.
    #[error("A row that should be there was not found: reload and try again")]
    RowNotFound,
    /// A write through a read-only connection.
    #[error("A read-only connection was asked to write: use a transaction")]
    ReadOnly,
    /// The schema and this program do not fit.
    #[error("{0}")]
    Migration(String),
    /// A copy of a whole database cannot begin, or did not come out right.
    #[error("{0}")]
    Copy(String),
    /// The address cannot be used.
    #[error("The database address cannot be used: {0}")]
    Configuration(String),
    /// Anything else: a broken rule of the schema, or a mistake in a statement.
    #[error("The database refused: {0}")]
    Other(String),
}

impl DbError {
    /// Whether trying again later, or making room, may help.
    pub const fn is_unavailable(&self) -> bool {
        matches!(
            self,
            Self::Full | Self::Busy(_) | Self::Timeout(_) | Self::Stuck | Self::Unavailable(_)
        )
    }

    /// Whether this is a refusal by the uniqueness of exactly these columns, in the order of
    /// the index.
    pub fn violates(&self, table: &str, columns: &[&str]) -> bool {
        match self {
            Self::UniqueViolation { constraint } => *constraint == qualified(table, columns),
            _ => false,
        }
    }
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        match error {
            E::Database(error) => database(&*error),
            E::RowNotFound => Self::RowNotFound,
            E::PoolTimedOut => crate::pool::unreachable(),
            E::PoolClosed | E::WorkerCrashed => {
                Self::Unavailable("it is closed: start the server again".to_owned())
            }
            E::Io(error) => Self::Unavailable(format!("{error}: check that it runs")),
            E::Tls(error) => Self::Unavailable(format!("no secure connection: {error}")),
            E::Configuration(error) => Self::Configuration(error.to_string()),
            E::Migrate(error) => Self::from(*error),
            // These name columns and types, never a value.
            other => Self::Other(other.to_string()),
        }
    }
}

/// Whether the connection that gave it is of no more use.
pub(crate) fn is_lost(error: &sqlx::Error) -> bool {
    use sqlx::Error as E;
    match error {
        E::Io(_) | E::Tls(_) | E::Protocol(_) | E::WorkerCrashed => true,
        E::Database(error) => error
            .try_downcast_ref::<PgDatabaseError>()
            .is_some_and(|error| error.code().starts_with("08") || error.code().starts_with("57P")),
        _ => false,
    }
}

impl From<MigrateError> for DbError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(error) => Self::from(error),
            MigrateError::ExecuteMigration(error, version) => match Self::from(error) {
                Self::Other(text) => Self::Migration(format!(
                    "Migration {version:04} failed ({text}): it left nothing behind; correct it \
                     and migrate again"
                )),
                other => other,
            },
            other => Self::Migration(format!("The schema could not be brought up: {other}")),
        }
    }
}

fn database(error: &dyn DatabaseError) -> DbError {
    match error.try_downcast_ref::<PgDatabaseError>() {
        Some(error) => postgres(error),
        None => sqlite(error),
    }
}

/// Result codes: <https://www.sqlite.org/rescode.html>
fn sqlite(error: &dyn DatabaseError) -> DbError {
    const COMMIT_HOOK: i32 = 531;
    if error.kind() == ErrorKind::UniqueViolation {
        let text = error.message();
        let columns = text.split_once("failed: ").map_or(text, |(_, columns)| columns);
        return DbError::UniqueViolation {
            constraint: columns.to_owned(),
        };
    }
    let code = error
        .code()
        .and_then(|code| code.parse::<i32>().ok())
        .unwrap_or_default();
    if code == COMMIT_HOOK {
        return DbError::Busy("this transaction was undone");
    }
    // The low byte is the primary code.
    match code & 0xff {
        5 | 6 => DbError::Busy("another process is writing"),
        8 => DbError::ReadOnly,
        9 => DbError::Timeout("a statement was stopped at its limit"),
        13 => DbError::Full,
        10 => DbError::Unavailable(format!(
            "its file cannot be read or written (code {code}): check the disk"
        )),
        11 | 26 => DbError::Unavailable("its file is damaged or no database: restore a backup".to_owned()),
        14 | 23 => {
            DbError::Unavailable("its file cannot be opened: check the path and its permissions".to_owned())
        }
        _ => DbError::Other(format!("{} (code {code})", error.message())),
    }
}

/// Codes: <https://www.postgresql.org/docs/current/errcodes-appendix.html>
fn postgres(error: &PgDatabaseError) -> DbError {
    let code = error.code();
    match code {
        "23505" => DbError::UniqueViolation {
            constraint: violated(error),
        },
        "53100" => DbError::Full,
        "25006" => DbError::ReadOnly,
        "40001" | "40P01" => DbError::Busy("two transactions stood in each other's way"),
        "55P03" => DbError::Busy("another transaction holds the row"),
        "57014" | "25P03" | "25P04" => DbError::Timeout("a statement or an idle transaction met its limit"),
        "3D000" | "28000" | "28P01" => DbError::Configuration(format!("{} (code {code})", error.message())),
        _ if code.starts_with("08") || code.starts_with("53") || code.starts_with("57P") => {
            DbError::Unavailable(format!("{} (code {code})", error.message()))
        }
        // Class 22 is about the data, and quotes it.
        _ if code.starts_with("22") => DbError::Other(format!("a value does not fit (code {code})")),
        _ => DbError::Other(format!("{} (code {code})", error.message())),
    }
}

/// The text that SQLite would give, from `Key (a, b)=(.., ..) already exists.`
fn violated(error: &PgDatabaseError) -> String {
    let columns = error
        .detail()
        .and_then(|detail| detail.split_once('('))
        .and_then(|(_, rest)| rest.split_once(")=("))
        .map(|(columns, _)| columns.split(", ").collect::<Vec<_>>());
    match (error.table(), columns) {
        (Some(table), Some(columns)) => qualified(table, &columns),
        _ => error.constraint().unwrap_or("a key").to_owned(),
    }
}

fn qualified(table: &str, columns: &[&str]) -> String {
    let columns: Vec<String> = columns.iter().map(|column| format!("{table}.{column}")).collect();
    columns.join(", ")
}
