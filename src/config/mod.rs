//! What the operator decides, from `loomwire.toml` and the environment, checked at start.
//!
//! A key is given in the file or as `LOOMWIRE_<KEY>`, with two underscores between the levels
//! (`LOOMWIRE_LIMITS__BODY_BYTES`); the environment wins. Every problem is listed at once, in
//! plain words, and a key that is not known is a problem.

mod backup;
mod check;
mod database;
mod keeping;
mod ledger;
mod mail;
mod metrics;
mod otlp;
mod read;
mod redis;
mod tls;

#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, fmt, net::SocketAddr, path::PathBuf, time::Duration};

use ipnet::IpNet;
use types::security::SessionLimits;
use url::Url;

pub use backup::Backup;
pub use ledger::Ledger;
pub use mail::{Login, Mail, MailTls, Smtp};
pub use metrics::{Metrics, Token};
pub use otlp::{Headers, Otlp};
pub use read::Line;
pub use redis::{Redis, RedisUrl};
pub use tls::{Acme, CertificateFiles, CertificateSource, Tls, TlsVersion};

/// The environment as far as it is text: name and value.
pub type Environment = BTreeMap<String, String>;

/// The configuration of a server, complete and checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// The address and port to listen on.
    pub listen: SocketAddr,
    /// Where people reach this installation: an origin, nothing behind it.
    pub public_url: Url,
    /// The database.
    pub database_url: DatabaseUrl,
    /// The way around the pooler that `database_url` leads through, if it does.
    pub database_direct_url: Option<DatabaseUrl>,
    /// Where the master key is.
    pub master_key: MasterKey,
    /// The proxies whose `X-Forwarded-*` headers are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// What this server does for https itself; without it a proxy in front does.
    pub tls: Option<Tls>,
    /// Whether browsers are told to use https for sub-domains too.
    pub hsts_subdomains: bool,
    /// The region of this installation, if it has one.
    pub region: Option<String>,
    /// Logging.
    pub log: Log,
    /// Who may read the metrics.
    pub metrics: Metrics,
    /// Where traces go, if anywhere.
    pub otlp: Option<Otlp>,
    /// What a request may cost.
    pub limits: Limits,
    /// How long a verification token is valid, in seconds.
    pub token_ttl: i64,
    /// How long the link to a verification works, in seconds.
    pub verification_ttl: i64,
    /// How long a console session lasts.
    pub session: Session,
    /// How long a staff member's elevation waits that nobody else could approve, in seconds.
    pub elevation_delay: i64,
    /// A MaxMind DB file that tells where an address is.
    pub geo_database: Option<PathBuf>,
    /// Backups.
    pub backup: Backup,
    /// How mails leave this installation.
    pub mail: Mail,
    /// How people come in and back.
    pub accounts: platform::accounts::Policy,
    /// For how many days things may be kept.
    pub retention: platform::retention::Limits,
    /// Networks beside the public internet that customers' addresses may lead to.
    pub outbound: Vec<IpNet>,
    /// Who may look at the ledger, and who cosigns it.
    pub ledger: Ledger,
    /// The store in which several servers count calls together, if there is one.
    pub redis: Option<Redis>,
    /// The same again, as it is shown: secrets are redacted.
    lines: Vec<Line>,
}

/// How long a console session lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// Anybody's.
    pub customers: SessionLimits,
    /// That of somebody with a staff role.
    pub staff: SessionLimits,
}

/// Logging.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// How a line looks.
    pub format: LogFormat,
    /// What is logged: directives such as `info` or `warn,loomwire=debug`.
    pub filter: String,
}

/// How a log line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// One JSON object a line.
    Json,
}

/// What a request may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest body, in bytes.
    pub body_bytes: usize,
    /// How long the answer may take, the body's arrival included.
    pub request: Duration,
    /// How long the request line and headers may take to arrive.
    pub header: Duration,
    /// How many bytes of them are read at most.
    pub header_bytes: usize,
    /// How long open requests may go on after the signal to stop.
    pub drain: Duration,
    /// How many calls programs may make.
    pub calls: platform::limits::Policy,
}

/// Where the master key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MasterKey {
    /// In a file of mode 0600.
    File(PathBuf),
    /// In a folder of systemd credentials.
    Credential(PathBuf),
}

/// The database's address. It can hold a password, so it is not printed.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The whole address, password included.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The address without password and options.
    fn redacted(&self) -> String {
        match Url::parse(&self.0) {
            Ok(url) if url.scheme() == "sqlite" => self.0.clone(),
            Ok(mut url) => {
                if url.password().is_some() && url.set_password(Some("redacted")).is_err() {
                    return "redacted".to_owned();
                }
                // libpq takes a password here too.
                if url.query().is_some() {
                    url.set_query(Some("redacted"));
                }
                url.to_string()
            }
            Err(_) => "redacted".to_owned(),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.redacted())
    }
}

/// Everything that is wrong with a configuration, a sentence each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<String>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("The configuration cannot be used:")?;
        for problem in &self.0 {
            write!(f, "\n  - {problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

impl Config {
    /// Reads and checks everything. Without a `file` it is `loomwire.toml` in the current
    /// folder, which may be missing; a file that is named must be there.
    pub fn load(file: Option<PathBuf>, environment: &Environment) -> Result<Self, Problems> {
        let mut reader = read::Reader::open(file, environment)?;
        let config = check::check(&mut reader, environment);
        reader.finish(config)
    }

    /// How long a browser keeps the session's cookie, in seconds: the server decides before.
    pub fn session_cookie(&self) -> i64 {
        self.session.customers.absolute.max(self.session.staff.absolute)
    }

    /// Whether people reach this installation over https.
    pub fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// The effective configuration as a file that says where each value came from. Passwords
    /// are redacted.
    pub fn show(&self) -> String {
        read::show(&self.lines)
    }
}

/// The environment of this process.
pub fn environment() -> Environment {
    let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        Some((name.into_string().ok()?, value.into_string().ok()?))
    };
    std::env::vars_os().filter_map(text).collect()
}
