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

    /// Whoever runs it holds a lock already.
    pub(crate) fn migrator(&self) -> Migrator {
        let mut migrator = Migrator::with_migrations(self.0.clone());
        migrator.set_locking(false);
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

/// Names what is missing; refuses a database that is newer, or whose migrations differ.
pub(crate) async fn pending(conn: &mut Conn, migrations: &Migrations) -> Result<Vec<String>, DbError> {
    if exists(conn, MARK).await? {
        return Err(DbError::Migration(
            "A copy into this database was begun and is not finished: run `loomwire db copy` again, or \
             empty the database"
                .to_owned(),
        ));
    }
    let applied = applied(conn).await?;
    let newest = migrations.0.iter().map(|migration| migration.version).max();
    for (version, checksum) in &applied {
        let known = migrations
            .0
            .iter()
            .find(|migration| migration.version == *version);
        match known {
            Some(known) if *known.checksum == **checksum => {}
            Some(known) => {
                return Err(DbError::Migration(format!(
                    "Migration {} was changed after it was applied: put the old text back and \
                     make the change in a new migration",
                    known.description
                )));
            }
            None if newest.is_none_or(|newest| *version > newest) => {
                return Err(DbError::Migration(format!(
                    "The database is newer than this program (it has migration {version:04}): \
                     run the version that made it, or a later one"
                )));
            }
            None => {
                return Err(DbError::Migration(format!(
                    "The database has migration {version:04}, which this program does not know: \
                     run a version that has it"
                )));
            }
        }
    }
    let missing = migrations
        .0
        .iter()
        .filter(|migration| !applied.contains_key(&migration.version));
    Ok(missing
        .map(|migration| migration.description.to_string())
        .collect())
}

/// Version and checksum of what was applied.
async fn applied(conn: &mut Conn) -> Result<BTreeMap<i64, Vec<u8>>, DbError> {
    if !exists(conn, "_sqlx_migrations").await? {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(i64, Vec<u8>)> = on!(conn, |c| {
        sqlx::query_as("SELECT version, checksum FROM _sqlx_migrations WHERE success")
            .fetch_all(c)
            .await
    })?;
    Ok(rows.into_iter().collect())
}

async fn exists(conn: &mut Conn, table: &str) -> Result<bool, DbError> {
    let query = match conn.kind() {
        Kind::Sqlite => "SELECT count(*) FROM sqlite_schema WHERE name = $1",
        Kind::Postgres => "SELECT count(*) FROM pg_class WHERE oid = to_regclass($1)",
    };
    let there: i64 = on!(conn, |c| sqlx::query_scalar(query).bind(table).fetch_one(c).await)?;
    Ok(there == 1)
}
