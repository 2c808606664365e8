//! The programs of PostgreSQL: finding them, and telling them where the server is.
//!
//! **Invariant**: a password reaches them by the environment, never by the command line, which
//! everybody on the machine can read.

use std::{
    collections::BTreeSet,
    io::Read as _,
    net::IpAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::{self, JoinHandle},
};

use percent_encoding::percent_decode_str;
use url::Url;

use crate::BackupError;

/// More than any complaint needs.
const LONGEST_COMPLAINT: u64 = 4096;
/// Where Linux distributions keep the certificates of the authorities: the roots that the
/// server itself carries, as a file that every version of libpq reads.
const ROOTS: [&str; 2] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
];

/// A folder with `pg_dump` and the others of one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Programs {
    folder: PathBuf,
    pub(crate) major: u32,
}

impl Programs {
    /// The oldest that are no older than `major`: a dump reads best into what it came from.
    pub(crate) fn find(major: u32) -> Result<Self, BackupError> {
        let mut found = installed();
        found.sort_by_key(|programs| programs.major);
        let newest = found.last().map_or(0, |programs| programs.major);
        let fits = found.into_iter().find(|programs| programs.major >= major);
        fits.ok_or_else(|| {
            let here = if newest == 0 {
                "none is here".to_owned()
            } else {
                format!("the newest here is {newest}")
            };
            BackupError::Program(format!(
                "pg_dump, pg_restore, createdb and dropdb of PostgreSQL {major} or newer are \
                 needed, and {here}: install the package postgresql-client-{major}"
            ))
        })
    }

    fn command(&self, program: &str, url: &str) -> Result<Command, BackupError> {
        let mut command = Command::new(self.folder.join(program));
        command
            .arg("--no-password")
            .envs(connection(url)?)
            .stdin(Stdio::null())
            .stderr(Stdio::piped());
        Ok(command)
    }

    /// A dump of what the snapshot shows, to be read from the child's output.
    pub(crate) fn dump(&self, url: &str, snapshot: &str) -> Result<Running, BackupError> {
        let mut command = self.command("pg_dump", url)?;
        command
            .args(["--format=custom", "--compress=0", "--no-owner", "--no-privileges"])
            .arg(format!("--snapshot={snapshot}"))
            .stdout(Stdio::piped());
        Running::start("pg_dump", command)
    }

    /// Restores a dump in one transaction.
    pub(crate) fn restore(&self, url: &str, dump: &Path) -> Result<(), BackupError> {
        let mut command = self.command("pg_restore", url)?;
        command
            .args([
                "--single-transaction",
                "--exit-on-error",
                "--no-owner",
                "--no-privileges",
            ])
            .arg(format!("--dbname={}", database(url)?))
            .arg(dump)
            .stdout(Stdio::null());
        Running::start("pg_restore", command)?.end()
    }

    /// Makes a database on the same server.
    pub(crate) fn create(&self, url: &str, name: &str) -> Result<(), BackupError> {
        let mut command = self.command("createdb", url)?;
        command
            .arg(format!("--maintenance-db={}", database(url)?))
            .args(["--template=template0", "--encoding=UTF8", name])
            .stdout(Stdio::null());
        Running::start("createdb", command)?.end()
    }

    /// Removes it.
    pub(crate) fn drop(&self, url: &str, name: &str) -> Result<(), BackupError> {
        let mut command = self.command("dropdb", url)?;
        command
            .arg(format!("--maintenance-db={}", database(url)?))
            .args(["--if-exists", name])
            .stdout(Stdio::null());
        Running::start("dropdb", command)?.end()
    }
}

/// A program that runs.
pub(crate) struct Running {
    name: &'static str,
    pub(crate) child: Child,
    complaint: Option<JoinHandle<String>>,
}

impl Running {
    fn start(name: &'static str, mut command: Command) -> Result<Self, BackupError> {
        let spawned = command.spawn();
        let mut child =
            spawned.map_err(|error| BackupError::Program(format!("{name} cannot be started: {error}")))?;
        // Read beside: a full pipe would stop the program.
        let complaint = child.stderr.take().map(|mut pipe| {
            thread::spawn(move || {
                let mut text = Vec::new();
                // What was read before an error is what there is to say.
                drop(pipe.by_ref().take(LONGEST_COMPLAINT).read_to_end(&mut text));
                drop(std::io::copy(&mut pipe, &mut std::io::sink()));
                String::from_utf8_lossy(&text).trim().replace('\n', " ")
            })
        });
        Ok(Self {
            name,
            child,
            complaint,
        })
    }

    /// Waits for its end, and says why if it did not do its work.
    pub(crate) fn end(mut self) -> Result<(), BackupError> {
        let name = self.name;
        let waited = self.child.wait();
        let status =
            waited.map_err(|error| BackupError::Program(format!("{name} cannot be waited for: {error}")))?;
        let complaint = self.complaint.take().and_then(|reader| reader.join().ok());
        if status.success() {
            return Ok(());
        }
        Err(BackupError::Program(format!(
            "{name} did not succeed ({status}): {}",
            complaint.unwrap_or_default()
        )))
    }

    /// Ends it, whatever it does.
    pub(crate) fn kill(mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn installed() -> Vec<Programs> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut folders: BTreeSet<PathBuf> = versions
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .collect();
    let path = std::env::var_os("PATH").unwrap_or_default();
    folders.extend(std::env::split_paths(&path));
    folders
        .into_iter()
        .filter(|folder| {
            ["pg_dump", "pg_restore", "createdb", "dropdb"]
                .iter()
                .all(|program| folder.join(program).is_file())
        })
        .filter_map(|folder| {
            let output = Command::new(folder.join("pg_dump"))
                .arg("--version")
                .output()
                .ok()?;
            let major = major(&String::from_utf8_lossy(&output.stdout))?;
            Some(Programs { folder, major })
        })
        .collect()
}

/// From `pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
fn major(text: &str) -> Option<u32> {
    let (_, version) = text.split_once("(PostgreSQL) ")?;
    let digits = version.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

/// The name of the database in an address.
fn database(url: &str) -> Result<String, BackupError> {
    let connection = connection(url)?;
    let name = connection.into_iter().find(|(name, _)| *name == "PGDATABASE");
    name.map(|(_, value)| value).ok_or_else(|| {
        BackupError::Configuration("the database's address has to name the database".to_owned())
    })
}

/// The address in libpq's variables (PostgreSQL, section 34.15), with TLS as the server has it.
fn connection(url: &str) -> Result<Vec<(&'static str, String)>, BackupError> {
    let unusable = || BackupError::Configuration("the database's address cannot be read".to_owned());
    let url = Url::parse(url).map_err(|_| unusable())?;
    let mut all = Vec::new();
    let mut put = |name: &'static str, value: String| {
        all.retain(|(there, _)| *there != name);
        all.push((name, value));
    };
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    for (name, value) in [
        ("PGHOST", url.host_str().unwrap_or_default()),
        ("PGUSER", url.username()),
        ("PGPASSWORD", url.password().unwrap_or_default()),
        ("PGDATABASE", url.path().trim_start_matches('/')),
    ] {
        if !value.is_empty() {
            put(name, decoded(value).trim_matches(['[', ']']).to_owned());
        }
    }
    if let Some(port) = url.port() {
        put("PGPORT", port.to_string());
    }
    for (name, value) in url.query_pairs() {
        let name = match &*name {
            "host" | "hostaddr" => "PGHOST",
            "port" => "PGPORT",
            "dbname" => "PGDATABASE",
            "user" => "PGUSER",
            "password" => "PGPASSWORD",
            "sslmode" | "ssl-mode" => "PGSSLMODE",
            "sslrootcert" | "ssl-root-cert" | "ssl-ca" => "PGSSLROOTCERT",
            "sslcert" | "ssl-cert" => "PGSSLCERT",
            "sslkey" | "ssl-key" => "PGSSLKEY",
            _ => continue,
        };
        put(name, value.into_owned());
    }
    secure(&mut all);
    Ok(all)
}

/// As `db` does it: a server on another machine is reached by TLS, its certificate and name
/// checked unless the operator has said otherwise.
fn secure(all: &mut Vec<(&'static str, String)>) {
    let of = |wanted: &str| {
        let found = all.iter().find(|(name, _)| *name == wanted);
        found.map(|(_, value)| value.as_str())
    };
    let local = of("PGHOST").is_none_or(|host| {
        host.starts_with('/')
            || host == "localhost"
            || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    });
    if local {
        return;
    }
    let mode = of("PGSSLMODE")
        .filter(|mode| *mode != "prefer")
        .map(str::to_owned);
    let has_roots = of("PGSSLROOTCERT").is_some();
    let checked = mode.as_deref().is_none_or(|mode| mode.starts_with("verify-"));
    all.retain(|(name, _)| *name != "PGSSLMODE");
    all.push(("PGSSLMODE", mode.unwrap_or_else(|| "verify-full".to_owned())));
    if checked && !has_roots {
        let roots = ROOTS.into_iter().find(|path| Path::new(path).is_file());
        all.push(("PGSSLROOTCERT", roots.unwrap_or("system").to_owned()));
    }
}

/// The same server, another database.
pub(crate) fn with_database(url: &str, name: &str) -> Result<String, BackupError> {
    let mut url = Url::parse(url)
        .map_err(|_| BackupError::Configuration("the database's address cannot be read".to_owned()))?;
    let pairs: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| name != "dbname")
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    url.set_path(&format!("/{name}"));
    if pairs.is_empty() {
        url.set_query(None);
    } else {
        url.query_pairs_mut().clear().extend_pairs(pairs);
    }
    Ok(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(url: &str, wanted: &str) -> Option<String> {
        let all = connection(url).unwrap();
        all.into_iter()
            .find(|(name, _)| *name == wanted)
            .map(|(_, value)| value)
    }

    #[test]
    fn an_address_becomes_variables() {
        let url = "postgres://lo%40om:p%2Bw%3Ad@db.example:5433/wire?sslrootcert=/ca.pem";
        for (name, value) in [
            ("PGHOST", "db.example"),
            ("PGPORT", "5433"),
            ("PGUSER", "lo@om"),
            ("PGPASSWORD", "p+w:d"),
            ("PGDATABASE", "wire"),
            ("PGSSLMODE", "verify-full"),
            ("PGSSLROOTCERT", "/ca.pem"),
        ] {
            assert_eq!(of(url, name).as_deref(), Some(value), "{name}");
        }
    }

    #[test]
    fn tls_is_as_the_server_has_it() {
        assert_eq!(
            of("postgres://db.example/x?sslmode=prefer", "PGSSLMODE").unwrap(),
            "verify-full"
        );
        assert!(of("postgres://db.example/x", "PGSSLROOTCERT").is_some());
        assert_eq!(
            of("postgres://10.0.0.1/x?sslmode=require", "PGSSLMODE").unwrap(),
            "require"
        );
        assert_eq!(of("postgres://10.0.0.1/x?sslmode=require", "PGSSLROOTCERT"), None);
        assert_eq!(of("postgres:///x?host=/run/postgresql", "PGSSLMODE"), None);
        assert_eq!(of("postgres://[::1]/x", "PGHOST").unwrap(), "::1");
    }

    #[test]
    fn another_database_of_the_same_server() {
        let other = with_database("postgres:///test_0?host=/tmp/pg&user=loom", "drill").unwrap();
        assert_eq!(of(&other, "PGDATABASE").unwrap(), "drill");
        assert_eq!(of(&other, "PGHOST").unwrap(), "/tmp/pg");
        assert_eq!(of(&other, "PGUSER").unwrap(), "loom");
    }

    #[test]
    fn the_version_is_read() {
        assert_eq!(
            major("pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"),
            Some(15)
        );
        assert_eq!(major("pg_dump (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(major("something else"), None);
    }
}
