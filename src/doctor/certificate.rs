//! https: the certificate that is kept, and the one that the server shows.

use std::io;

use rustls::pki_types::CertificateDer;
use types::{Clock, Timestamp};

use super::Finding;
use crate::{
    config::{CertificateSource, Config, Tls},
    healthcheck::reachable,
    source::SystemClock,
    tls::{Certificate, look},
};

const NAME: &str = "certificate";
/// One that ends sooner should have been replaced: most last 90 days or less.
const DAYS_LEFT: i64 = 14;
const DAY_MILLIS: i64 = 86_400_000;

/// Nothing, if https is a proxy's.
pub(super) async fn check(config: Config) -> Vec<Finding> {
    let Some(tls) = &config.tls else {
        return Vec::new();
    };
    let host = config.public_url.host_str().unwrap_or_default();
    let now = SystemClock.now();
    let kept = match look::kept(tls, now).await {
        Ok(Some(kept)) => kept,
        Ok(None) => return vec![not_issued()],
        Err(error) => {
            let advice = match tls.source {
                CertificateSource::Files(_) => "No server starts with it. docs/TLS.md says what is wanted.",
                CertificateSource::Acme(_) => "The server orders another one when it starts: read its log.",
            };
            return vec![Finding::fail(
                NAME,
                format!("It cannot be used: {error}."),
                advice,
            )];
        }
    };
    let mut findings = vec![lasting(&kept, now, renewer(tls))];
    findings.extend(names(&kept, tls, host));
    if super::listen::is_taken(config.listen).await {
        findings.push(served(&kept, &look::shown(reachable(config.listen), host).await));
    }
    findings
}

fn not_issued() -> Finding {
    Finding::warn(
        NAME,
        "The authority has issued none yet: until it does, no https connection succeeds.",
        "The server orders it once it runs; its log says what keeps the authority from it.",
    )
}

/// What to do about one that should have been replaced.
fn renewer(tls: &Tls) -> &'static str {
    match tls.source {
        CertificateSource::Files(_) => {
            "Look why its files were not replaced; new ones are read without a restart."
        }
        CertificateSource::Acme(_) => {
            "The server should have renewed it: read its log, and send it SIGHUP to try again at once."
        }
    }
}

/// How long it lasts.
pub(super) fn lasting(kept: &Certificate, now: Timestamp, advice: &'static str) -> Finding {
    let days = kept.not_after.millis_since(now).div_euclid(DAY_MILLIS);
    if now < kept.not_before {
        let advice = "Look whether this machine's clock is right.";
        Finding::fail(NAME, "It is not valid yet.", advice)
    } else if days < DAYS_LEFT {
        Finding::warn(NAME, format!("It ends in {days} days."), advice)
    } else {
        Finding::ok(NAME, format!("It lasts {days} days more."))
    }
}

/// Hosts that it should be for, and is not.
fn names(kept: &Certificate, tls: &Tls, host: &str) -> Option<Finding> {
    let wanted = match &tls.source {
        CertificateSource::Files(_) => vec![host.to_owned()],
        CertificateSource::Acme(acme) => acme.domains.clone(),
    };
    let lacking = kept.lacks(&wanted);
    (!lacking.is_empty()).then(|| {
        Finding::warn(
            NAME,
            format!("It is not for {}: browsers refuse it there.", lacking.join(", ")),
            "Get one for the host of public_url and all names in use.",
        )
    })
}

/// What the server that runs makes of it.
fn served(kept: &Certificate, shown: &io::Result<CertificateDer<'_>>) -> Finding {
    match shown {
        Ok(shown) if kept.is(shown) => Finding::ok(NAME, "The server shows it."),
        Ok(_) => Finding::warn(
            NAME,
            "The server shows another one than is kept.",
            "It reads changed files within ten seconds. If it goes on, its log says why it refused them; \
             what was set anew in the configuration takes a restart.",
        ),
        Err(error) => Finding::fail(
            NAME,
            format!("The server completes no handshake: {error}."),
            "Read its log; if it is another program, stop that or set listen.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, net::SocketAddr, os::unix::fs::PermissionsExt, path::Path};

    use tempfile::TempDir;

    use super::*;
    use crate::{
        config::Environment,
        doctor::Level,
        tls::tests::{HOST, Issued, Pki, Server},
    };

    fn config(folder: &Path, listen: Option<SocketAddr>, tls: &[(&str, &str)]) -> Config {
        let listen = listen.map_or("127.0.0.1:0".to_owned(), |listen| listen.to_string());
        let public_url = format!("https://{HOST}");
        let data = folder.join("data");
        let pairs = [
            ("LOOMWIRE_DATA", data.to_str().unwrap()),
            ("LOOMWIRE_LISTEN", &listen),
            ("PUBLIC_URL", &public_url),
        ];
        let pairs = pairs.iter().chain(tls);
        let environment: Environment = pairs.map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Config::load(None, &environment).unwrap()
    }

    fn put(path: &Path, text: &str) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    }

    async fn looked(config: Config) -> Vec<(Level, String)> {
        let findings = Box::pin(check(config)).await;
        findings
            .into_iter()
            .map(|found| (found.level, found.says))
            .collect()
    }

    /// What is said of a certificate in files, beside a server or none.
    async fn said(issued: &Issued, server: Option<&Server>) -> Vec<(Level, String)> {
        let folder = TempDir::new().unwrap();
        let (chain, key) = (folder.path().join("chain.pem"), folder.path().join("key.pem"));
        put(&chain, &issued.chain());
        put(&key, &issued.key);
        let tls = [
            ("LOOMWIRE_TLS__CERTIFICATE_FILE", chain.to_str().unwrap()),
            ("LOOMWIRE_TLS__KEY_FILE", key.to_str().unwrap()),
        ];
        looked(config(folder.path(), server.map(|server| server.address), &tls)).await
    }

    fn are(found: &[(Level, String)], wanted: &[(Level, &str)]) {
        assert_eq!(found.len(), wanted.len(), "{found:#?}");
        for ((level, says), (wanted, part)) in found.iter().zip(wanted) {
            assert!(level == wanted && says.contains(part), "{part}: {found:#?}");
        }
    }

    #[tokio::test]
    async fn one_in_files_is_held_to_what_the_server_wants() {
        let pki = Pki::new();
        are(&said(&pki.usual(), None).await, &[(Level::Ok, "days more")]);
        let other = pki.issue(&["other.example"], (2020, 1, 1), (2100, 1, 1));
        let wanted = [(Level::Ok, "days more"), (Level::Warn, "not for verify.example")];
        are(&said(&other, None).await, &wanted);
        let ended = pki.issue(&[HOST], (2020, 1, 1), (2021, 1, 1));
        are(
            &said(&ended, None).await,
            &[(Level::Fail, "expired on 2021-01-01")],
        );
        let mut strange = pki.usual();
        strange.key = pki.usual().key;
        are(
            &said(&strange, None).await,
            &[(Level::Fail, "not that of the certificate")],
        );
    }

    #[tokio::test]
    async fn the_server_that_runs_is_asked_what_it_shows() {
        let pki = Pki::new();
        let ours = pki.usual();
        for (shown, wanted) in [
            (Some(&ours), (Level::Ok, "shows it")),
            (Some(&pki.usual()), (Level::Warn, "another one")),
            (None, (Level::Fail, "no handshake")),
        ] {
            let server = Server::showing(shown).await;
            are(
                &said(&ours, Some(&server)).await,
                &[(Level::Ok, "days more"), wanted],
            );
            server.end().await;
        }
    }

    #[tokio::test]
    async fn one_that_is_ordered_is_looked_for_where_it_is_kept() {
        let folder = TempDir::new().unwrap();
        let acme = folder.path().join("acme");
        let tls = [
            ("LOOMWIRE_TLS__ACME__DIRECTORY_URL", "https://ca.example/dir"),
            ("LOOMWIRE_TLS__ACME__FOLDER", acme.to_str().unwrap()),
        ];
        let config = config(folder.path(), None, &tls);
        are(&looked(config.clone()).await, &[(Level::Warn, "issued none yet")]);
        assert!(!acme.exists(), "nothing is made");
        let issued = Pki::new().usual();
        let both = format!("{}{}", issued.key, issued.chain());
        put(&acme.join("ca.example-dir/certificate.pem"), &both);
        are(&looked(config).await, &[(Level::Ok, "days more")]);
    }

    #[test]
    fn it_is_judged_by_how_long_it_lasts() {
        const DAY: i64 = 86_400;
        let end = Timestamp::from_millis(1_775_001_600_000);
        let kept = Pki::new().lasting(end.plus_seconds(-90 * DAY), end);
        let at = |days: i64| lasting(&kept, end.plus_seconds(-days * DAY), "").level;
        assert_eq!([at(91), at(30), at(13)], [Level::Fail, Level::Ok, Level::Warn]);
    }
}
