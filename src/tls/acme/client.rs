//! The https client that asks the authority: a connection for each request, of which an order
//! needs some ten.

use std::{fs, future::Future, path::Path, pin::Pin, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use instant_acme::{BodyWrapper, BytesResponse, Error, HttpClient};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::TlsConnector;

use crate::tls::{self, certificate::provider};

/// How long the authority may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// More than this is no certificate.
const LONGEST: usize = 1024 * 1024;

/// Cheap to clone.
#[derive(Clone)]
pub(super) struct Client(Arc<ClientConfig>);

impl Client {
    /// That believes the public roots, or those in a file and no others.
    pub(super) fn new(ca_file: Option<&Path>) -> Result<Self, tls::Error> {
        let mut roots = RootCertStore::empty();
        match ca_file {
            None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
            Some(path) => {
                let unreadable = |source| tls::Error::File {
                    path: path.to_owned(),
                    source,
                };
                let pem = fs::read(path).map_err(unreadable)?;
                for root in CertificateDer::pem_slice_iter(&pem) {
                    roots.add(root.map_err(|_| tls::Error::Damaged)?)?;
                }
                if roots.is_empty() {
                    return Err(tls::Error::NoCertificate);
                }
            }
        }
        let config = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self(Arc::new(config)))
    }
}

impl HttpClient for Client {
    fn request(
        &self,
        request: Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        let connector = TlsConnector::from(Arc::clone(&self.0));
        Box::pin(async move {
            match timeout(PATIENCE, ask(connector, request)).await {
                Ok(Ok(response)) => Ok(BytesResponse::from(response)),
                Ok(Err(error)) => Err(Error::Other(error)),
                Err(_) => Err(Error::Other("the authority did not answer in time".into())),
            }
        })
    }
}

type Anything = Box<dyn std::error::Error + Send + Sync>;

async fn ask(
    connector: TlsConnector,
    mut request: Request<BodyWrapper<Bytes>>,
) -> Result<Response<Full<Bytes>>, Anything> {
    let uri = request.uri().clone();
    let host = uri
        .host()
        .ok_or("the authority named an address without a host")?;
    // RFC 8555, section 6.1.
    if uri.scheme_str() != Some("https") {
        return Err("the authority named an address that is not https".into());
    }
    let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned())?;
    let stream = TcpStream::connect((host.trim_matches(['[', ']']), uri.port_u16().unwrap_or(443))).await?;
    let stream = connector.connect(name, stream).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let driver = tokio::spawn(connection);
    let authority = uri.authority().map_or(host, |authority| authority.as_str());
    request
        .headers_mut()
        .insert(header::HOST, HeaderValue::try_from(authority)?);
    *request.uri_mut() = Uri::try_from(uri.path_and_query().map_or("/", |rest| rest.as_str()))?;
    let (parts, body) = sender.send_request(request).await?.into_parts();
    let body = Limited::new(body, LONGEST).collect().await?.to_bytes();
    drop(sender);
    driver.abort();
    Ok(Response::from_parts(parts, Full::new(body)))
}

impl From<Client> for Box<dyn HttpClient> {
    fn from(client: Client) -> Self {
        Box::new(client)
    }
}
