//! Looking at the certificate from outside: at the one that is kept, and at the one that is shown.

use std::{io, net::SocketAddr};

use rustls::pki_types::CertificateDer;
use tokio::net::TcpStream;
use types::Timestamp;

use super::{Certificate, Error, acme, files, shake_hands};
use crate::config::{CertificateSource, Tls};

/// The certificate that a server with these settings would show; none, if it is still to be
/// ordered. What a server would refuse is an error. Nothing is made.
pub async fn kept(tls: &Tls, now: Timestamp) -> Result<Option<Certificate>, Error> {
    match &tls.source {
        CertificateSource::Files(paths) => files::certificate(paths, now).await.map(Some),
        CertificateSource::Acme(acme) => {
            let acme = acme.clone();
            let looked = tokio::task::spawn_blocking(move || acme::kept(&acme, now)).await;
            looked.map_err(io::Error::other)?
        }
    }
}

/// The certificate that the server at this address shows, whoever signed it.
pub async fn shown(address: SocketAddr, host: &str) -> io::Result<CertificateDer<'static>> {
    let stream = shake_hands(TcpStream::connect(address).await?, host).await?;
    let chain = stream.get_ref().1.peer_certificates().unwrap_or_default();
    let own = chain.first().ok_or(io::ErrorKind::NotFound)?;
    Ok(own.clone())
}
