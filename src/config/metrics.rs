//! `metrics.*`: who may read the metrics. Without either key nobody may, and nothing is counted.

use std::{fmt, net::SocketAddr, str::FromStr};

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{check::quoted, read::Reader};

/// Fewer characters could be guessed.
const SHORTEST: usize = 32;

/// Who may read the metrics.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    /// A listener of their own, for whoever reaches this address.
    pub listen: Option<SocketAddr>,
    /// At the public address, for whoever has this.
    pub token: Option<Token>,
}

impl Metrics {
    /// Whether anybody may read them: otherwise nothing is counted.
    pub const fn is_on(&self) -> bool {
        self.listen.is_some() || self.token.is_some()
    }
}

/// What a reader of the metrics shows as `Authorization: Bearer ..`. It is not printed.
#[derive(Clone)]
pub struct Token(Zeroizing<String>);

impl Token {
    /// Whether it is this, in a time that tells nothing but the length.
    pub fn is(&self, given: &str) -> bool {
        self.0.as_bytes().ct_eq(given.as_bytes()).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("redacted")
    }
}

pub(super) fn check(reader: &mut Reader) -> Option<Metrics> {
    let listen = reader.one("metrics.listen", "", |text| {
        if text.is_empty() {
            return Ok((None, quoted(text)));
        }
        let address = SocketAddr::from_str(text);
        let address = address.map_err(|_| "give an address and a port, such as 127.0.0.1:9464")?;
        Ok((Some(address), quoted(address)))
    });
    let token = reader.one("metrics.token", "", |text| {
        if text.is_empty() {
            return Ok((None, quoted(text)));
        }
        if text.len() < SHORTEST || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(format!(
                "give at least {SHORTEST} random letters and digits, such as `openssl rand -hex 32` makes"
            ));
        }
        let token = Token(Zeroizing::new(text.to_owned()));
        Ok((Some(token), quoted("redacted")))
    });
    Some(Metrics {
        listen: listen?,
        token: token?,
    })
}

#[cfg(test)]
mod tests {
    use crate::config::{Config, Environment};

    const TOKEN: &str = "0123456789abcdef0123456789abcdef";

    fn load(pairs: &[(&str, &str)]) -> Result<Config, String> {
        let pairs = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        Config::load(None, &pairs.collect::<Environment>()).map_err(|problems| problems.to_string())
    }

    #[test]
    fn nobody_reads_them_unless_the_operator_says_so() {
        let metrics = load(&[]).unwrap().metrics;
        assert!(!metrics.is_on());
        let metrics = load(&[("LOOMWIRE_METRICS__LISTEN", "127.0.0.1:9464")]).unwrap();
        assert!(metrics.metrics.is_on());
    }

    #[test]
    fn the_token_is_compared_and_not_shown() {
        let config = load(&[("LOOMWIRE_METRICS__TOKEN", TOKEN)]).unwrap();
        let token = config.metrics.token.clone().unwrap();
        assert!(token.is(TOKEN) && !token.is("0123456789abcdef0123456789abcdeF") && !token.is(""));
        let shown = format!("{config:?}{}", config.show());
        assert!(!shown.contains(TOKEN) && shown.contains("redacted"), "{shown}");
    }

    #[test]
    fn what_could_be_guessed_is_refused_and_not_repeated() {
        for bad in ["hunter2", "0123456789abcdef 123456789abcdef"] {
            let problem = load(&[("LOOMWIRE_METRICS__TOKEN", bad)]).unwrap_err();
            assert!(
                problem.contains("metrics.token") && !problem.contains(bad),
                "{problem}"
            );
        }
        let problem = load(&[("LOOMWIRE_METRICS__LISTEN", "9464")]).unwrap_err();
        assert!(problem.contains("metrics.listen"), "{problem}");
    }
}
