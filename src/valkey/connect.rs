//! Opening a connection: TCP, TLS if it is to be, and who we are.

use std::{future::Future, io, path::Path, sync::Arc, time::Duration};

use platform::limits::SharedError;
use redis::{AsyncConnectionConfig, RedisConnectionInfo, aio::MultiplexedConnection};
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

use super::in_words;
use crate::config::RedisUrl;

/// For all of it together. No call waits for this.
const PATIENCE: Duration = Duration::from_secs(1);

type Connected = (
    MultiplexedConnection,
    std::pin::Pin<Box<dyn Future<Output = ()> + Send>>,
);

/// Trusts the certificates of `ca_file`, or the public ones.
pub(super) fn trusting(ca_file: Option<&Path>) -> io::Result<Arc<ClientConfig>> {
    let mut roots = RootCertStore::empty();
    match ca_file {
        Some(file) => {
            for certificate in CertificateDer::pem_file_iter(file).map_err(io::Error::other)? {
                let certificate = certificate.map_err(io::Error::other)?;
                roots.add(certificate).map_err(io::Error::other)?;
            }
            if roots.is_empty() {
                return Err(io::Error::other("it holds no certificate"));
            }
        }
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// A connection on which we are who the address says, and what drives it.
pub(super) async fn connect(
    url: &RedisUrl,
    tls: Option<&Arc<ClientConfig>>,
) -> Result<Connected, SharedError> {
    let connected = timeout(PATIENCE, open(url, tls)).await;
    connected.map_err(|_| SharedError::TimedOut)?
}

async fn open(url: &RedisUrl, tls: Option<&Arc<ClientConfig>>) -> Result<Connected, SharedError> {
    let unreachable = |error: io::Error| SharedError::Unreachable(error.kind().to_string());
    let stream = TcpStream::connect((url.host.as_str(), url.port))
        .await
        .map_err(unreachable)?;
    stream.set_nodelay(true).map_err(unreachable)?;
    match tls {
        None => greeted(url, stream).await,
        Some(config) => {
            let name = ServerName::try_from(url.host.clone()).map_err(|_| {
                SharedError::Unreachable("its host has no name that a certificate can have".into())
            })?;
            let secured = TlsConnector::from(Arc::clone(config)).connect(name, stream).await;
            // What rustls says of a certificate is about names and dates.
            let secured = secured.map_err(|error| SharedError::Unreachable(format!("TLS: {error}")))?;
            greeted(url, secured).await
        }
    }
}

async fn greeted<S>(url: &RedisUrl, stream: S) -> Result<Connected, SharedError>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let mut info = RedisConnectionInfo::default().set_db(url.database);
    if let Some(user) = &url.user {
        info = info.set_username(user);
    }
    if let Some(password) = &url.password {
        info = info.set_password(password.as_str());
    }
    // How long a call waits is decided where it is made.
    let config = AsyncConnectionConfig::new().set_response_timeout(None);
    let made = MultiplexedConnection::new_with_config(&info, stream, config).await;
    let (connection, driver) = made.map_err(|error| in_words(&error))?;
    Ok((connection, Box::pin(driver)))
}
