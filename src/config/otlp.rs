//! `otlp.*`: where traces go. Without an endpoint there are none.

use std::{fmt, fs, path::PathBuf};

use http::{HeaderName, HeaderValue};
use url::{Host, Url};

use super::{check::quoted, read::Reader};

/// Where traces go.
#[derive(Clone, Debug)]
pub struct Otlp {
    /// The address that spans are posted to.
    pub endpoint: Url,
    /// What the collector wants to see with each post, such as a token. Not printed.
    pub headers: Headers,
    /// Certificates that are trusted for it, instead of the public ones.
    pub ca_file: Option<PathBuf>,
    /// The part of requests that is traced, 0 to 1, unless a trusted proxy decided already.
    pub sample_ratio: f64,
}

/// Headers with a secret in them.
#[derive(Clone, Default)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// Name and value of each.
    pub fn expose(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("redacted")
    }
}

/// `Some(None)`: sound, and there is no endpoint.
#[expect(
    clippy::option_option,
    reason = "as every check: nothing if there is a problem"
)]
pub(super) fn check(reader: &mut Reader) -> Option<Option<Otlp>> {
    let endpoint = reader.one("otlp.endpoint", "", endpoint);
    let headers = reader.one("otlp.headers_file", "", |path| {
        headers(path).map(|headers| (headers, quoted(path)))
    });
    let ca_file = reader.one("otlp.ca_file", "", |path| {
        let file = (!path.is_empty()).then(|| PathBuf::from(path));
        Ok((file, quoted(path)))
    });
    let ratio = reader.one("otlp.sample_ratio", "1", |text| {
        let ratio = text.parse().ok().filter(|ratio| (0.0..=1.0).contains(ratio));
        let ratio: f64 = ratio.ok_or("give a number from 0 to 1")?;
        Ok((ratio, ratio.to_string()))
    });
    let (endpoint, headers, ca_file, sample_ratio) = (endpoint?, headers?, ca_file?, ratio?);
    Some(endpoint.map(|endpoint| Otlp {
        endpoint,
        headers,
        ca_file,
        sample_ratio,
    }))
}

fn endpoint(text: &str) -> Result<(Option<Url>, String), String> {
    if text.is_empty() {
        return Ok((None, quoted(text)));
    }
    let mut url = Url::parse(text).map_err(|_| "give an address, such as https://collector.example:4318")?;
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    if !(url.scheme() == "https" || url.scheme() == "http" && loopback) {
        return Err("give an https:// address: http is for a collector on this machine only".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("leave name and password out: otlp.headers_file is for secrets".to_owned());
    }
    if url.path() == "/" {
        // OTLP 1.10, "OTLP/HTTP request": the path of traces by default.
        url.set_path("/v1/traces");
    }
    let shown = quoted(url.as_str());
    Ok((Some(url), shown))
}

/// A file of lines `Name: value`.
fn headers(path: &str) -> Result<Headers, String> {
    if path.is_empty() {
        return Ok(Headers::default());
    }
    let text = fs::read_to_string(path).map_err(|error| format!("cannot read {path}: {error}"))?;
    let mut headers = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        // The line may be a secret: its number is enough.
        let bad = || format!("line {} of {path} is not `Name: value`", index + 1);
        let (name, value) = line.split_once(':').ok_or_else(bad)?;
        let (name, value) = (name.trim(), value.trim());
        HeaderName::try_from(name).map_err(|_| bad())?;
        HeaderValue::try_from(value).map_err(|_| bad())?;
        headers.push((name.to_owned(), value.to_owned()));
    }
    Ok(Headers(headers))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::config::{Config, Environment};

    fn load(pairs: &[(&str, &str)]) -> Result<Config, String> {
        let pairs = pairs
            .iter()
            .map(|(k, v)| (format!("LOOMWIRE_OTLP__{k}"), (*v).to_owned()));
        Config::load(None, &pairs.collect::<Environment>()).map_err(|problems| problems.to_string())
    }

    #[test]
    fn an_endpoint_is_https_or_on_this_machine() {
        assert!(load(&[]).unwrap().otlp.is_none());
        let endpoint =
            |text| load(&[("ENDPOINT", text)]).map(|config| config.otlp.unwrap().endpoint.to_string());
        assert_eq!(
            endpoint("https://c.example:4318").unwrap(),
            "https://c.example:4318/v1/traces"
        );
        assert_eq!(
            endpoint("http://127.0.0.1:4318/x").unwrap(),
            "http://127.0.0.1:4318/x"
        );
        for bad in [
            "http://c.example",
            "c.example",
            "https://a:b@c.example",
            "ftp://localhost",
        ] {
            assert!(endpoint(bad).unwrap_err().contains("otlp.endpoint"), "{bad}");
        }
        for bad in ["-1", "1.1", "NaN", "all"] {
            assert!(load(&[("SAMPLE_RATIO", bad)]).is_err(), "{bad}");
        }
    }

    #[test]
    fn headers_are_read_from_a_file_and_never_shown() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("headers");
        let path = path.to_str().unwrap();
        fs::write(path, "# ours\n\nAuthorization: Bearer hunter2\n").unwrap();
        let pairs = [("ENDPOINT", "https://c.example"), ("HEADERS_FILE", path)];
        let config = load(&pairs).unwrap();
        let shown = format!("{config:?}{}", config.show());
        assert!(!shown.contains("hunter2"), "{shown}");
        let otlp = config.otlp.unwrap();
        let headers: Vec<_> = otlp.headers.expose().collect();
        assert_eq!(headers, [("Authorization", "Bearer hunter2")]);
        fs::write(path, "hunter2\n").unwrap();
        let problem = load(&pairs).unwrap_err();
        assert!(
            problem.contains("line 1") && !problem.contains("hunter2"),
            "{problem}"
        );
        assert!(load(&[("HEADERS_FILE", "/nowhere/headers")]).is_err());
    }
}
