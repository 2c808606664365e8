//! The schema: which migrations there are, which are missing, and whether the database fits.

use std::collections::BTreeMap;

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};

use crate::copy::MARK;
use crate::{Conn, DbError, Kind, on};

include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// As the first line of a file for PostgreSQL: one statement that takes no transaction, such as
/// CREATE INDEX CONCURRENTLY.
const NO_TRANSACTION: &str = "-- no-transaction";

/// An ordered set of migrations. Once landed, a file is never changed.
pub struct Migrations(Vec<Migration>);

impl Migrations {
    /// What this program carries, from `migrations/{sqlite,postgres}`.
    pub fn embedded(kind: Kind) -> Self {
        let files = match kind {
            Kind::Sqlite => SQLITE,
            Kind::Postgres => POSTGRES,
        };
        Self::new(files)
    }

    /// From pairs of a name such as `0001_ground` and its statements. A name without a leading
    /// number counts as 0.
    pub fn new(files: &[(&'static str, &'static str)]) -> Self {
        let migrations = files.iter().map(|(name, sql)| {
            let digits = name.split('_').next().unwrap_or_default();
            Migration::new(
                digits.parse().unwrap_or_default(),
                (*name).into(),
                MigrationType::Simple,
                sql.into_sql_str(),
                sql.starts_with(NO_TRANSACTION),
            )
        });
        Self(migrations.collect())
    }

    /// Name and statements of each.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|migration| (&*migration.description, migration.sql.as_str()))
    }

    /// Whoever runs it holds a lock already, and looks afterwards whether the database fits: a
    /// newer server may have been here while this one waited.
    pub(crate) fn migrator(&self) -> Migrator {
        let mut migrator = Migrator::with_migrations(self.0.clone());
        migrator.set_locking(false);
        migrator.set_ignore_missing(true);
        migrator
    }

    /// What to do about one that failed without a transaction around it.
    pub(crate) fn explain(&self, error: MigrateError) -> DbError {
        let bare = |version| {
            let mut all = self.0.iter();
            all.any(|migration| migration.version == version && migration.no_tx)
        };
        match error {
            MigrateError::ExecuteMigration(cause, version) if bare(version) => DbError::Migration(format!(
                "Migration {version:04} failed ({}): it runs without a transaction, so an index may be left \
                 half-made; drop that, then migrate again",
                DbError::from(cause)
            )),
            other => other.into(),
        }
    }
}

/// How a database stands to this program, which it fits.
#[derive(Debug)]
pub(crate) struct Standing {
    /// What this program has and the database has not.
    pub(crate) missing: Vec<String>,
    /// What a newer program has applied: nothing that this one would notice.
    pub(crate) ahead: Vec<String>,
}

/// Whether a migration leaves in place everything that an older program uses. Its name says so:
/// `0007_expand_words` does, `0008_contract_words` does not, nor does a name without either.
pub fn expands(name: &str) -> bool {
    name.split_once('_')
        .is_some_and(|(_, rest)| rest.starts_with("expand_"))
}

/// Compares the two; refuses a database that this program does not fit.
pub(crate) async fn standing(conn: &mut Conn, migrations: &Migrations) -> Result<Standing, DbError> {
    if exists(conn, MARK).await? {
        return Err(DbError::Migration(
            "A copy into this database was begun and is not finished: run `loomwire db copy` again, or \
             empty the database"
                .to_owned(),
        ));
    }
    let mut applied = applied(conn).await?;
    let mut missing = Vec::new();
    for known in &migrations.0 {
        match applied.remove(&known.version) {
            Some(there) if there.success && *there.checksum != *known.checksum => {
                return Err(DbError::Migration(format!(
                    "Migration {} was changed after it was applied: put the old text back and \
                     make the change in a new migration",
                    known.description
                )));
            }
            Some(there) if there.success => {}
            _ => missing.push(known.description.to_string()),
        }
    }
    let newest = migrations.0.iter().map(|migration| migration.version).max();
    fits(&applied, newest.unwrap_or_default(), &missing)?;
    let ahead = applied.into_values().map(|there| there.description).collect();
    Ok(Standing { missing, ahead })
}

/// Whether a program whose newest migration is this one can do with those it does not know.
fn fits(unknown: &BTreeMap<i64, Applied>, newest: i64, missing: &[String]) -> Result<(), DbError> {
    let between = unknown.keys().find(|version| **version < newest);
    if let Some(version) = between {
        return Err(DbError::Migration(format!(
            "The database has migration {version:04}, which this program does not know: \
             run a version that has it"
        )));
    }
    if let Some(there) = unknown.values().find(|there| !expands(&there.description)) {
        return Err(DbError::Migration(format!(
            "The database is newer than this program, and {} may have taken away what this program uses: \
             run the version that made it or a later one, or restore the backup from before it",
            there.description
        )));
    }
    if let (Some(there), Some(lacking)) = (unknown.values().next(), missing.first()) {
        return Err(DbError::Migration(format!(
            "The database is newer than this program (it has {}) and yet lacks {lacking}: \
             run the version that made it, or a later one",
            there.description
        )));
    }
    Ok(())
}

/// What the database says of one migration.
#[derive(sqlx::FromRow)]
struct Applied {
    version: i64,
    /// The file's name.
    description: String,
    checksum: Vec<u8>,
    /// Not so for one that failed without a transaction around it.
    success: bool,
}

async fn applied(conn: &mut Conn) -> Result<BTreeMap<i64, Applied>, DbError> {
    if !exists(conn, "_sqlx_migrations").await? {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<Applied> = on!(conn, |c| {
        sqlx::query_as("SELECT version, description, checksum, success FROM _sqlx_migrations")
            .fetch_all(c)
            .await
    })?;
    Ok(rows.into_iter().map(|row| (row.version, row)).collect())
}

async fn exists(conn: &mut Conn, table: &str) -> Result<bool, DbError> {
    let query = match conn.kind() {
        Kind::Sqlite => "SELECT count(*) FROM sqlite_schema WHERE name = $1",
        Kind::Postgres => "SELECT count(*) FROM pg_class WHERE oid = to_regclass($1)",
    };
    let there: i64 = on!(conn, |c| sqlx::query_scalar(query).bind(table).fetch_one(c).await)?;
    Ok(there == 1)
}
