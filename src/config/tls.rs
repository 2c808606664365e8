//! The `tls` keys: whether this server speaks https itself, and with whose certificate.

use std::{net::SocketAddr, path::PathBuf, str::FromStr};

use url::{Host, Url};

use super::{
    check::{quoted, required, shown},
    read::{Given, Reader},
};

/// What the server itself does for https. Without it, a proxy in front does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// Where the certificate comes from.
    pub source: CertificateSource,
    /// The oldest version that is spoken.
    pub minimum: TlsVersion,
    /// Where plain http is answered with the way to https, and ACME's questions.
    pub redirect_listen: Option<SocketAddr>,
}

/// Where the certificate comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateSource {
    /// Two files that somebody else keeps fresh.
    Files(CertificateFiles),
    /// A certificate authority that is asked over ACME, RFC 8555.
    Acme(Acme),
}

/// A certificate with its chain, and its key, both PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFiles {
    /// Our certificate first, then each its issuer.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// How a certificate is ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acme {
    /// The authority's directory.
    pub directory: Url,
    /// Whom the authority writes to, as `mailto:` addresses.
    pub contact: Vec<String>,
    /// The names in the certificate.
    pub domains: Vec<String>,
    /// Where the account and the certificate are kept.
    pub folder: PathBuf,
    /// The root that the authority's own https is held to, if it is not a public one.
    pub ca_file: Option<PathBuf>,
}

/// A version of TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsVersion {
    /// RFC 5246, with ephemeral keys and authenticated encryption only.
    V12,
    /// RFC 8446.
    V13,
}

/// All of it, as far as there is no problem: TLS if it is on, and whether HSTS is for
/// sub-domains too.
pub(super) fn check(
    reader: &mut Reader,
    data: &str,
    public_url: Option<&Url>,
) -> Option<(Option<Tls>, bool)> {
    let certificate = reader.one("tls.certificate_file", "", path);
    let key = reader.one("tls.key_file", "", path);
    let minimum = reader.one("tls.minimum", "1.3", version);
    let redirect_listen = reader.one("tls.redirect_listen", "", address);
    let subdomains = reader.one("tls.hsts_include_subdomains", "false", yes_or_no);
    let acme = acme(reader, data, public_url);
    let (certificate, key, acme) = (certificate?, key?, acme?);
    let (redirect_listen, subdomains) = (redirect_listen?, subdomains?);
    let https = public_url?.scheme() == "https";
    if subdomains && !https {
        reader
            .problem("tls.hsts_include_subdomains: only with a public_url that begins with https://".into());
    }
    let source = match (certificate, key, acme) {
        (None, None, None) => None,
        (Some(certificate), Some(key), None) => {
            Some(CertificateSource::Files(CertificateFiles { certificate, key }))
        }
        (None, None, Some(acme)) => Some(CertificateSource::Acme(acme)),
        (_, _, Some(_)) => {
            reader.problem(
                "tls.acme.directory_url: a certificate is ordered or read from files; give one of the two"
                    .into(),
            );
            return None;
        }
        (Some(_), None, None) => {
            reader.problem("tls.key_file: give the key that belongs to tls.certificate_file".into());
            return None;
        }
        (None, Some(_), None) => {
            reader.problem("tls.certificate_file: give the certificate that belongs to tls.key_file".into());
            return None;
        }
    };
    if source.is_none() && redirect_listen.is_some() {
        reader.problem(
            "tls.redirect_listen: there is no https to lead to; give tls.certificate_file and tls.key_file, \
             or tls.acme.directory_url"
                .into(),
        );
    }
    if source.is_some() && !https {
        reader.problem("public_url: give the https:// address, since tls is set up".into());
    }
    let minimum = minimum?;
    let tls = source.map(|source| Tls {
        source,
        minimum,
        redirect_listen,
    });
    Some((tls, subdomains))
}

#[expect(clippy::option_option, reason = "a problem, or not given, or given")]
fn acme(reader: &mut Reader, data: &str, public_url: Option<&Url>) -> Option<Option<Acme>> {
    let directory = reader.one("tls.acme.directory_url", "", directory);
    let contact = reader.any("tls.acme.contact", "", contact);
    let domains = reader.any("tls.acme.domains", "", domains);
    let folder = reader.one("tls.acme.folder", &format!("{data}/acme"), |text| {
        required(text).map(|text| shown(text.to_owned()))
    });
    let ca_file = reader.one("tls.acme.ca_file", "", path);
    let (directory, contact, mut domains, ca_file) = (directory?, contact?, domains?, ca_file?);
    let Some(directory) = directory else {
        if !contact.is_empty() || !domains.is_empty() || ca_file.is_some() {
            reader
                .problem("tls.acme.directory_url: give the authority's directory, or no tls.acme key".into());
            return None;
        }
        return Some(None);
    };
    let host = public_url?.host_str().unwrap_or_default().to_owned();
    if domains.is_empty() {
        domains.push(host);
    } else if !domains.contains(&host) {
        reader.problem(format!(
            "tls.acme.domains: {host}, the host of public_url, is missing"
        ));
        return None;
    }
    Some(Some(Acme {
        directory,
        contact,
        domains,
        folder: PathBuf::from(folder?),
        ca_file,
    }))
}

fn path(text: &str) -> Result<(Option<PathBuf>, String), String> {
    if text.ends_with('/') {
        return Err("give a file, not a folder".to_owned());
    }
    Ok(((!text.is_empty()).then(|| PathBuf::from(text)), quoted(text)))
}

fn version(text: &str) -> Result<(TlsVersion, String), String> {
    match text {
        "1.3" => Ok((TlsVersion::V13, quoted(text))),
        "1.2" => Ok((TlsVersion::V12, quoted(text))),
        _ => Err("give \"1.3\" or \"1.2\"; what is older is not safe".to_owned()),
    }
}

fn address(text: &str) -> Result<(Option<SocketAddr>, String), String> {
    if text.is_empty() {
        return Ok((None, quoted(text)));
    }
    let address = SocketAddr::from_str(text).map_err(|_| "give an address and a port, such as 0.0.0.0:80")?;
    Ok((Some(address), quoted(address)))
}

fn yes_or_no(text: &str) -> Result<(bool, String), String> {
    match text {
        "true" => Ok((true, text.to_owned())),
        "false" => Ok((false, text.to_owned())),
        _ => Err("give true or false".to_owned()),
    }
}

fn directory(text: &str) -> Result<(Option<Url>, String), String> {
    if text.is_empty() {
        return Ok((None, quoted(text)));
    }
    let url = Url::parse(text)
        .ok()
        .filter(|url| url.scheme() == "https" && url.has_host());
    let url =
        url.ok_or("give an https:// address, such as https://acme-v02.api.letsencrypt.org/directory")?;
    let shown = quoted(&url);
    Ok((Some(url), shown))
}

fn entries(given: Given) -> Vec<String> {
    let entries = match given {
        Given::One(text) => text.split(',').map(|entry| entry.trim().to_owned()).collect(),
        Given::Many(entries) => entries,
        // What is no text is nothing that is known here.
        Given::Tables(tables) => tables.iter().map(|_| "a table".to_owned()).collect(),
    };
    entries.into_iter().filter(|entry| !entry.is_empty()).collect()
}

fn list(entries: &[String]) -> String {
    let shown = entries.iter().map(quoted).collect::<Vec<_>>().join(", ");
    format!("[{shown}]")
}

fn contact(given: Given) -> Result<(Vec<String>, String), String> {
    let mut addresses = Vec::new();
    for entry in entries(given) {
        let address = entry.strip_prefix("mailto:").unwrap_or(&entry);
        let fits = address.contains('@') && !address.contains([' ', '?', ',']);
        if !fits {
            return Err(format!("{entry:?} is no e-mail address"));
        }
        addresses.push(format!("mailto:{address}"));
    }
    let shown = list(&addresses);
    Ok((addresses, shown))
}

fn domains(given: Given) -> Result<(Vec<String>, String), String> {
    let mut names = Vec::new();
    for entry in entries(given) {
        match Host::parse(&entry) {
            // The challenges that are answered here, http-01 and tls-alpn-01, prove no wildcard
            // (RFC 8555, section 7.1.3).
            Ok(Host::Domain(_)) if entry.contains('*') => {
                return Err(format!("{entry:?}: a wildcard cannot be ordered; name each host"));
            }
            Ok(Host::Domain(name)) => names.push(name),
            _ => return Err(format!("{entry:?} is no host name")),
        }
    }
    let shown = list(&names);
    Ok((names, shown))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;
    use crate::config::{Config, Environment, Problems};

    const PUBLIC: &str = "public_url = \"https://verify.example\"\n";

    fn load(text: &str) -> Result<Config, Problems> {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("loomwire.toml");
        fs::write(&file, text).unwrap();
        Config::load(Some(file), &Environment::new())
    }

    fn with(tls: &str) -> Result<Config, Problems> {
        load(&format!("{PUBLIC}[tls]\n{tls}"))
    }

    fn problem(tls: &str) -> String {
        let found = with(tls).unwrap_err().0;
        assert_eq!(found.len(), 1, "{found:?}");
        found[0].clone()
    }

    #[test]
    fn nothing_given_leaves_https_to_a_proxy() {
        let config = load(PUBLIC).unwrap();
        assert_eq!((config.tls.clone(), config.hsts_subdomains), (None, false));
        assert_eq!(load(&config.show()).unwrap().tls, None);
    }

    #[test]
    fn files_with_the_newest_version_unless_told_otherwise() {
        let files = "certificate_file = \"/etc/tls/chain.pem\"\nkey_file = \"/etc/tls/key.pem\"\n";
        let config = with(files).unwrap();
        let tls = config.tls.clone().unwrap();
        assert_eq!(tls.minimum, TlsVersion::V13);
        assert_eq!(
            tls.source,
            CertificateSource::Files(CertificateFiles {
                certificate: "/etc/tls/chain.pem".into(),
                key: "/etc/tls/key.pem".into(),
            })
        );
        assert_eq!(load(&config.show()).unwrap().tls, Some(tls));
        let more = format!(
            "{files}minimum = \"1.2\"\nredirect_listen = \"0.0.0.0:80\"\nhsts_include_subdomains = true\n"
        );
        let config = with(&more).unwrap();
        assert!(config.hsts_subdomains);
        let tls = config.tls.clone().unwrap();
        assert_eq!(tls.minimum, TlsVersion::V12);
        assert_eq!(tls.redirect_listen, Some("0.0.0.0:80".parse().unwrap()));
    }

    #[test]
    fn acme_asks_for_the_public_host_unless_told_otherwise() {
        let config = with("[tls.acme]\ndirectory_url = \"https://ca.example/dir\"\n").unwrap();
        let Some(CertificateSource::Acme(acme)) = config.tls.clone().map(|tls| tls.source) else {
            panic!("{config:?}");
        };
        assert_eq!(acme.domains, ["verify.example"]);
        assert_eq!(acme.folder, PathBuf::from("data/acme"));
        assert_eq!(load(&config.show()).unwrap().tls, config.tls);

        let more = "[tls.acme]\ndirectory_url = \"https://ca.example/dir\"\ncontact = \"ops@verify.example\"\n\
                    domains = [\"verify.example\", \"id.verify.example\"]\n";
        let config = with(more).unwrap();
        let Some(CertificateSource::Acme(acme)) = config.tls.clone().map(|tls| tls.source) else {
            panic!("{config:?}");
        };
        assert_eq!(acme.contact, ["mailto:ops@verify.example"]);
        assert_eq!(acme.domains.len(), 2);
        assert_eq!(load(&config.show()).unwrap().tls, config.tls);
    }

    #[test]
    fn contradictions_are_problems() {
        for (tls, word) in [
            ("certificate_file = \"a\"", "tls.key_file"),
            ("key_file = \"a\"", "tls.certificate_file"),
            ("redirect_listen = \"0.0.0.0:80\"", "no https to lead to"),
            ("redirect_listen = \"80\"", "such as 0.0.0.0:80"),
            ("minimum = \"1.1\"", "not safe"),
            ("certificate_file = \"a/\"\nkey_file = \"b\"", "not a folder"),
            ("[tls.acme]\ncontact = \"a@b.example\"", "tls.acme.directory_url"),
            ("[tls.acme]\ndirectory_url = \"http://ca.example\"", "https://"),
            (
                "certificate_file = \"a\"\nkey_file = \"b\"\n[tls.acme]\ndirectory_url = \"https://ca.example\"",
                "one of the two",
            ),
            (
                "[tls.acme]\ndirectory_url = \"https://ca.example\"\ndomains = [\"other.example\"]",
                "verify.example",
            ),
            (
                "[tls.acme]\ndirectory_url = \"https://ca.example\"\ndomains = [\"*.verify.example\"]",
                "wildcard",
            ),
            (
                "[tls.acme]\ndirectory_url = \"https://ca.example\"\ncontact = \"nobody\"",
                "e-mail",
            ),
        ] {
            let found = problem(tls);
            assert!(found.contains(word), "{tls}: {found}");
        }
    }

    #[test]
    fn tls_wants_an_https_address() {
        let found = load("[tls]\ncertificate_file = \"a\"\nkey_file = \"b\"\n")
            .unwrap_err()
            .0;
        assert!(found[0].starts_with("public_url"), "{found:?}");
        let found = load("[tls]\nhsts_include_subdomains = true\n").unwrap_err().0;
        assert!(found[0].contains("hsts"), "{found:?}");
    }
}
