//! The address: free, or ours already. And the certificate that is served there.

use std::{fs, io::ErrorKind};

use rustls::pki_types::{CertificateDer, pem::PemObject};
use tokio::net::TcpListener;
use types::{Clock, Timestamp};

use super::Finding;
use crate::{
    config::{CertificateSource, Config},
    healthcheck,
    source::SystemClock,
};

const NAME: &str = "address";
const CERTIFICATE: &str = "certificate";
/// A certificate that ends sooner should have been replaced: most last 90 days or less.
const DAYS_LEFT: i64 = 14;
const DAY_MILLIS: i64 = 86_400_000;

pub(super) async fn check(config: Config) -> Vec<Finding> {
    let mut findings = vec![address(&config).await];
    match config.tls.as_ref().map(|tls| &tls.source) {
        Some(CertificateSource::Files(files)) => {
            let path = files.certificate.clone();
            let read = tokio::task::spawn_blocking(move || fs::read(path)).await;
            let pem = read.ok().and_then(Result::ok).unwrap_or_default();
            findings.push(certificate(&pem, SystemClock.now()));
        }
        Some(CertificateSource::Acme(_)) => {
            findings.push(Finding::ok(
                CERTIFICATE,
                "The server orders it by itself, over ACME.",
            ));
        }
        None => {}
    }
    findings
}

async fn address(config: &Config) -> Finding {
    let listen = config.listen;
    match TcpListener::bind(listen).await {
        Ok(_) => Finding::ok(NAME, format!("{listen} is free; no server runs there.")),
        Err(error) if error.kind() == ErrorKind::AddrInUse => taken(config).await,
        Err(error) => Finding::fail(
            NAME,
            format!("The server cannot listen on {listen}: {error}."),
            "Set listen to an address of this machine; ports below 1024 need a capability.",
        ),
    }
}

async fn taken(config: &Config) -> Finding {
    let listen = config.listen;
    match healthcheck::run(config.clone()).await {
        Ok(()) => Finding::ok(NAME, format!("A server runs at {listen} and is ready.")),
        Err(_) if config.tls.is_some() => Finding::ok(NAME, format!("Something serves {listen}.")),
        Err(failure) => Finding::fail(
            NAME,
            format!("{listen} is taken. {failure}"),
            "If it is another program, stop it or set listen; if it is Loomwire, read its log.",
        ),
    }
}

/// How long the certificate lasts.
pub(super) fn certificate(pem: &[u8], now: Timestamp) -> Finding {
    let der = CertificateDer::from_pem_slice(pem).ok();
    let parsed = der
        .as_ref()
        .and_then(|der| x509_parser::parse_x509_certificate(der).ok());
    let Some((_, certificate)) = parsed else {
        return Finding::fail(
            CERTIFICATE,
            "The certificate file cannot be read.",
            "Look at tls.certificate_file and its permissions.",
        );
    };
    let ends = Timestamp::from_millis(certificate.validity().not_after.timestamp().saturating_mul(1000));
    let days = ends.millis_since(now) / DAY_MILLIS;
    if ends.millis_since(now) <= 0 {
        Finding::fail(
            CERTIFICATE,
            "It has ended.",
            "Put a fresh one in its place: it is read without a restart.",
        )
    } else if days < DAYS_LEFT {
        let says = format!("It ends in {days} days.");
        Finding::warn(CERTIFICATE, says, "Look why it was not replaced.")
    } else {
        Finding::ok(CERTIFICATE, format!("It lasts {days} days more."))
    }
}
