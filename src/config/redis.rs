//! `redis_url`, `redis_ca_file`: the Valkey or Redis in which several servers count calls together.

use std::{fmt, path::PathBuf};

use percent_encoding::percent_decode_str;
use url::{Host, Url};
use zeroize::Zeroizing;

use super::{check::quoted, mail::is_loopback, read::Reader};

const FORM: &str = "give redis://user:password@host:port/database, or rediss:// for TLS";

/// A Valkey or Redis.
#[derive(Clone, Debug)]
pub struct Redis {
    /// Where it is, and who we are there.
    pub url: RedisUrl,
    /// Certificates that are trusted for it, instead of the public ones.
    pub ca_file: Option<PathBuf>,
}

/// Where it is, and who we are there. It can hold a password, so it is not printed.
#[derive(Clone, PartialEq, Eq)]
pub struct RedisUrl {
    /// Whether TLS is spoken.
    pub tls: bool,
    /// Its host name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The number of the database there.
    pub database: i64,
    /// Our name there, if it wants one (ACL).
    pub user: Option<String>,
    /// **Secret**: the password.
    pub password: Option<Zeroizing<String>>,
}

impl RedisUrl {
    /// Where it is, without who we are.
    pub fn place(&self) -> String {
        let host = if self.host.contains(':') {
            format!("[{}]", self.host)
        } else {
            self.host.clone()
        };
        format!("{host}:{}", self.port)
    }

    /// Whether what is said can be heard by nobody else: by TLS, or since it stays on this machine.
    pub fn is_private(&self) -> bool {
        self.tls || is_loopback(&self.host)
    }

    /// Of a text such as `rediss://user:password@host:6380/1`.
    ///
    /// # Errors
    /// What is wrong with it, without repeating it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|_| FORM.to_owned())?;
        let tls = match url.scheme() {
            "redis" => false,
            "rediss" => true,
            _ => return Err(FORM.to_owned()),
        };
        if url.query().is_some() || url.fragment().is_some() {
            return Err(format!("{FORM}; it takes no options"));
        }
        // The crate knows no addresses behind this scheme: an IPv4 address is a name to it.
        let host = match url.host() {
            Some(Host::Domain(name)) if !name.is_empty() => name.to_owned(),
            Some(Host::Ipv4(address)) => address.to_string(),
            Some(Host::Ipv6(address)) => address.to_string(),
            _ => return Err(FORM.to_owned()),
        };
        let database = match url.path().trim_matches('/') {
            "" => 0,
            number => number
                .parse()
                .ok()
                .filter(|number| (0..=1023).contains(number))
                .ok_or_else(|| format!("{FORM}; the database is a number"))?,
        };
        Ok(Self {
            tls,
            host,
            port: url.port().unwrap_or(6379),
            database,
            user: decoded(url.username())?.filter(|user| !user.is_empty()),
            password: url.password().map_or(Ok(None), decoded)?.map(Zeroizing::new),
        })
    }

    /// The same without the password.
    fn redacted(&self) -> String {
        let scheme = if self.tls { "rediss" } else { "redis" };
        let user = self.user.as_deref().unwrap_or_default();
        let who = match (&self.user, &self.password) {
            (None, None) => String::new(),
            (_, None) => format!("{user}@"),
            (_, Some(_)) => format!("{user}:redacted@"),
        };
        format!("{scheme}://{who}{}/{}", self.place(), self.database)
    }
}

impl fmt::Debug for RedisUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.redacted())
    }
}

fn decoded(text: &str) -> Result<Option<String>, String> {
    let plain = percent_decode_str(text).decode_utf8();
    let plain = plain.map_err(|_| format!("{FORM}; user and password are percent-encoded UTF-8"))?;
    Ok(Some(plain.into_owned()))
}

/// The store, if there is one.
pub(super) struct Checked(pub(super) Option<Redis>);

pub(super) fn check(reader: &mut Reader) -> Option<Checked> {
    let url = reader.one("redis_url", "", |text| {
        if text.is_empty() {
            return Ok((None, quoted(text)));
        }
        let url = RedisUrl::parse(text)?;
        let shown = quoted(url.redacted());
        Ok((Some(url), shown))
    });
    let ca_file = reader.one("redis_ca_file", "", |path| {
        Ok(((!path.is_empty()).then(|| PathBuf::from(path)), quoted(path)))
    });
    let (url, ca_file) = (url?, ca_file?);
    if ca_file.is_some() && url.as_ref().is_none_or(|url| !url.tls) {
        reader.problem("redis_ca_file: it is for a redis_url that begins with rediss://".to_owned());
        return None;
    }
    Some(Checked(url.map(|url| Redis { url, ca_file })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Environment};

    fn load(pairs: &[(&str, &str)]) -> Result<Config, String> {
        let pairs = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        Config::load(None, &pairs.collect::<Environment>()).map_err(|problems| problems.to_string())
    }

    #[test]
    fn an_address_is_taken_apart() {
        let all = RedisUrl::parse("rediss://loom:a%40b%2Fc@store.example:6380/3").unwrap();
        assert!(all.tls && all.is_private());
        assert_eq!((all.place().as_str(), all.database), ("store.example:6380", 3));
        assert_eq!(all.user.as_deref(), Some("loom"));
        assert_eq!(all.password.as_ref().map(|p| p.as_str()), Some("a@b/c"));
        let least = RedisUrl::parse("redis://127.0.0.1").unwrap();
        assert!(!least.tls && least.is_private());
        assert_eq!((least.place().as_str(), least.database), ("127.0.0.1:6379", 0));
        assert_eq!((&least.user, &least.password), (&None, &None));
        assert_eq!(RedisUrl::parse("redis://[::1]:1/").unwrap().place(), "[::1]:1");
        assert!(!RedisUrl::parse("redis://10.0.0.1").unwrap().is_private());
        let old = RedisUrl::parse("redis://:only-a-password@h").unwrap();
        assert_eq!((old.user, old.password.is_some()), (None, true));
    }

    #[test]
    fn a_password_is_neither_shown_nor_repeated() {
        let url = "rediss://loom:hunter2@store.example/1";
        let config = load(&[("REDIS_URL", url)]).unwrap();
        let shown = format!("{config:?}{}", config.show());
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(
            shown.contains("rediss://loom:redacted@store.example:6379/1"),
            "{shown}"
        );
        for bad in [
            "http://u:hunter2@h",
            "redis://u:hunter2@h/x",
            "redis://u:hunter2@h/?hunter2",
            "redis://u:hunter2@",
            "redis://u:hunter2%ff@h",
            "hunter2",
        ] {
            let problem = load(&[("REDIS_URL", bad)]).unwrap_err();
            assert!(
                problem.contains("redis_url") && !problem.contains("hunter2"),
                "{problem}"
            );
        }
    }

    #[test]
    fn certificates_are_for_tls() {
        let ca = ("LOOMWIRE_REDIS_CA_FILE", "ca.pem");
        assert!(load(&[ca]).unwrap_err().contains("rediss://"));
        assert!(load(&[ca, ("REDIS_URL", "redis://h")]).is_err());
        let good = load(&[ca, ("LOOMWIRE_REDIS_URL", "rediss://h")]).unwrap();
        assert!(good.redis.unwrap().ca_file.is_some());
        assert!(load(&[]).unwrap().redis.is_none());
    }
}
