//! A connection to what a name stands for at this moment.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;

use super::{Guarded, GuardedError};

/// For looking the name up, for each connection, for the handshake.
const STEP: Duration = Duration::from_secs(5);
/// Addresses of one name that are tried.
const TRIED: usize = 3;

const INSIDE: GuardedError = GuardedError::Forbidden(
    "This address is not of the public internet. Give one that is, or ask the operator to allow its network.",
);

/// A connection, with TLS or without.
pub trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

/// How a connection is protected.
#[derive(Clone, Copy, Debug)]
pub enum Protection<'a> {
    /// TLS; the certificate is from one of these authorities (PEM), or from a public one.
    Tls(Option<&'a str>),
    /// None: only in development, only to this machine.
    Plain,
}

impl Guarded {
    /// Opens a connection.
    ///
    /// # Errors
    /// If the name stands for anything that may not be spoken to; if nobody answers there.
    pub async fn connect(
        &self,
        host: &str,
        port: u16,
        protection: Protection<'_>,
    ) -> Result<Box<dyn Wire>, GuardedError> {
        let addresses = self.look_up(host, port, protection).await?;
        let stream = open(&addresses).await?;
        let authorities = match protection {
            Protection::Plain => return Ok(Box::new(stream)),
            Protection::Tls(authorities) => authorities,
        };
        let config = match authorities {
            None => Arc::clone(&self.public),
            Some(pem) => trusting(pem)?,
        };
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| GuardedError::Unusable("The host is no name that a certificate can have."))?;
        let shaken = timeout(STEP, TlsConnector::from(config).connect(name, stream)).await;
        match shaken {
            Ok(Ok(stream)) => Ok(Box::new(stream)),
            Ok(Err(error)) => Err(GuardedError::of_handshake(&error)),
            Err(_) => Err(GuardedError::TimedOut("the TLS handshake")),
        }
    }

    /// Once. If one of several addresses may not be spoken to, none is: a name of the public
    /// internet has no business inside.
    async fn look_up(
        &self,
        host: &str,
        port: u16,
        protection: Protection<'_>,
    ) -> Result<Vec<SocketAddr>, GuardedError> {
        let found = timeout(STEP, self.resolver.resolve(host, port)).await;
        let found = found
            .map_err(|_| GuardedError::TimedOut("looking the name up"))?
            .map_err(|_| GuardedError::UnknownName)?;
        let mut admitted = Vec::new();
        for address in found {
            let ip = self.policy.admit(address.ip()).ok_or(INSIDE)?;
            if matches!(protection, Protection::Plain) && !self.policy.admits_plain(ip) {
                return Err(GuardedError::Forbidden(
                    "Only https may be spoken with this address.",
                ));
            }
            admitted.push(SocketAddr::new(ip, address.port()));
        }
        if admitted.is_empty() {
            return Err(GuardedError::UnknownName);
        }
        Ok(admitted)
    }
}

async fn open(addresses: &[SocketAddr]) -> Result<TcpStream, GuardedError> {
    let mut late = false;
    for address in addresses.iter().take(TRIED) {
        match timeout(STEP, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(_)) => {}
            Err(_) => late = true,
        }
    }
    Err(if late {
        GuardedError::TimedOut("connecting")
    } else {
        GuardedError::Unreachable("nobody takes connections there")
    })
}

fn config(roots: RootCertStore) -> Result<Arc<ClientConfig>, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// Trusts the public authorities.
pub(super) fn public_roots() -> Result<Arc<ClientConfig>, rustls::Error> {
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    config(roots)
}

fn trusting(pem: &str) -> Result<Arc<ClientConfig>, GuardedError> {
    const UNREADABLE: GuardedError = GuardedError::Unusable("The authority's certificates cannot be read.");
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let certificate = certificate.map_err(|_| UNREADABLE)?;
        roots.add(certificate).map_err(|_| UNREADABLE)?;
    }
    if roots.is_empty() {
        return Err(UNREADABLE);
    }
    config(roots).map_err(|_| UNREADABLE)
}
