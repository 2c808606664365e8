//! A PostgreSQL cluster for tests: made in a temporary folder, reached over a Unix socket
//! there, and gone with the test, also when the test is killed.
//!
//! PostgreSQL refuses to run as root, so root becomes the user `postgres` for it. A shell of
//! its own process group guards the cluster and takes it down when its standard input ends.

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::str::FromStr as _;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _};

use crate::DbError;

/// Set to anything, a test fails where it would skip for want of PostgreSQL.
const REQUIRE: &str = "LOOMWIRE_REQUIRE_POSTGRES";

/// `$1` is where the programs are. The default collation is not C, so that a text column
/// that forgets its own shows in the order of rows.
const GUARD: &str = r#"
set -eu
unset TMPDIR
folder=$(mktemp -d -t loomwire-pg.XXXXXX)
down() {
    "$1/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap 'down "$1"' EXIT
init() {
    "$bin/initdb" -D "$folder/data" -U loomwire -A trust -E UTF8 --no-sync "$@" >>"$folder/log" 2>&1
}
bin=$1
init --locale=C --locale-provider=icu --icu-locale=en || { rm -rf "$folder/data"; init --locale=C; } ||
    { cat "$folder/log" >&2; exit 1; }
"$bin/pg_ctl" -D "$folder/data" -w -t 60 -l "$folder/log" -o "-k $folder -c listen_addresses= \
-c fsync=$2 -c full_page_writes=$2 -c shared_buffers=16MB -c max_connections=100" start \
    >/dev/null 2>&1 || { cat "$folder/log" >&2; exit 1; }
echo "$folder"
cat >/dev/null
"#;

/// Why there is no cluster.
#[derive(Debug, thiserror::Error)]
pub enum FixtureError {
    /// It is not installed.
    #[error("PostgreSQL is not installed: install the package postgresql")]
    Missing,
    /// It did not start.
    #[error("PostgreSQL did not start: {0}")]
    Failed(String),
}

/// A running cluster.
pub struct Cluster {
    guard: Child,
    folder: PathBuf,
    databases: AtomicU32,
}

impl Cluster {
    /// Makes and starts one; takes about a second. It does not wait for the disk: tests end no
    /// machine.
    pub fn start() -> Result<Self, FixtureError> {
        Self::start_with("off")
    }

    /// One that waits for the disk at each commit, as a real one does: for measuring.
    pub fn start_durable() -> Result<Self, FixtureError> {
        Self::start_with("on")
    }

    fn start_with(sync: &str) -> Result<Self, FixtureError> {
        let failed = |error: std::io::Error| FixtureError::Failed(error.to_string());
        let programs = programs().ok_or(FixtureError::Missing)?;
        let root = std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
        let mut command = if root {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--", "sh"]);
            command
        } else {
            Command::new("sh")
        };
        let mut guard = command
            .args(["-c", GUARD, "guard"])
            .arg(programs)
            .arg(sync)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Whoever kills the group of the test leaves the guard to clean up.
            .process_group(0)
            .spawn()
            .map_err(failed)?;
        let mut line = String::new();
        if let Some(output) = guard.stdout.take() {
            BufReader::new(output).read_line(&mut line).map_err(failed)?;
        }
        let folder = PathBuf::from(line.trim());
        let cluster = Self {
            guard,
            folder,
            databases: AtomicU32::new(0),
        };
        if line.is_empty() {
            return Err(FixtureError::Failed("see its output above".to_owned()));
        }
        Ok(cluster)
    }

    /// One for this test, or the word that it is skipped, loudly: nothing skips where
    /// `LOOMWIRE_REQUIRE_POSTGRES` is set.
    ///
    /// # Panics
    /// When PostgreSQL is there and does not start, or is required and missing.
    #[must_use]
    pub fn start_or_skip() -> Option<Self> {
        match Self::start() {
            Ok(cluster) => Some(cluster),
            Err(FixtureError::Missing) if std::env::var_os(REQUIRE).is_none() => {
                tracing::warn!("SKIPPED: {}", FixtureError::Missing);
                eprintln!("SKIPPED on PostgreSQL: {}", FixtureError::Missing);
                None
            }
            #[expect(clippy::panic, reason = "the fixture of a test, which this fails")]
            Err(error) => panic!("{error}"),
        }
    }

    /// Makes an empty database and gives its address.
    pub async fn database(&self) -> Result<String, DbError> {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let mut connection = PgConnectOptions::from_str(&self.address("postgres"))?
            .connect()
            .await?;
        connection
            .execute(AssertSqlSafe(format!("CREATE DATABASE {name}")))
            .await?;
        connection.close().await?;
        Ok(self.address(&name))
    }

    fn address(&self, database: &str) -> String {
        format!(
            "postgres:///{database}?host={}&user=loomwire",
            self.folder.display()
        )
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        // Nothing is left to do about a guard that cannot be waited for.
        let _ended = self.guard.wait();
    }
}

/// Where `initdb` and `postgres` are: Debian keeps them by version, others in the path.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut folders: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| {
            let entry = entry.ok()?;
            Some((
                entry.file_name().to_str()?.parse().ok()?,
                entry.path().join("bin"),
            ))
        })
        .filter(|(_, folder)| complete(folder))
        .collect();
    folders.sort();
    let newest = folders.pop().map(|(_, folder)| folder);
    newest.or_else(|| std::env::split_paths(&std::env::var_os("PATH")?).find(|folder| complete(folder)))
}

fn complete(folder: &Path) -> bool {
    ["initdb", "postgres", "pg_ctl"]
        .iter()
        .all(|program| folder.join(program).is_file())
}
