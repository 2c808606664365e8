//! Posting spans to the collector: one connection for each batch, with a limit on time.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderValue, Request, Response, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use opentelemetry_http::{HttpClient, HttpError};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    runtime::Handle,
    time::timeout,
};
use tokio_rustls::TlsConnector;

/// A collector gets this long for one batch.
const PATIENCE: Duration = Duration::from_secs(10);
/// More than any answer needs.
const ANSWER: usize = 65_536;

/// Posts from any thread, on the runtime that it was made in.
pub(super) struct Post {
    runtime: Handle,
    tls: Arc<ClientConfig>,
    /// Whether the last post failed: what is logged is the change.
    failing: AtomicBool,
}

impl std::fmt::Debug for Post {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Post")
    }
}

impl Post {
    /// Trusts the certificates of `ca_file`, or the public ones. Call it inside the runtime.
    pub(super) fn new(ca_file: Option<&Path>) -> Result<Self, HttpError> {
        let mut roots = RootCertStore::empty();
        match ca_file {
            Some(file) => {
                for certificate in CertificateDer::pem_file_iter(file)? {
                    roots.add(certificate?)?;
                }
            }
            None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            runtime: Handle::current(),
            tls: Arc::new(tls),
            failing: AtomicBool::new(false),
        })
    }

    fn note(&self, failure: Option<&HttpError>) {
        let was = self.failing.swap(failure.is_some(), Ordering::Relaxed);
        match failure {
            Some(error) => {
                metrics::counter!("loomwire_traces_posts_failed_total").increment(1);
                if !was {
                    tracing::warn!(error = %error, "traces cannot be sent, and are dropped for the time being");
                }
            }
            None if was => tracing::info!("traces can be sent again"),
            None => {}
        }
    }
}

#[async_trait]
impl HttpClient for Post {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let tls = Arc::clone(&self.tls);
        let sent = self
            .runtime
            .spawn(async move { timeout(PATIENCE, post(request, tls)).await });
        let answer = match sent.await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err("the collector took too long".into()),
            Err(error) => Err(error.into()),
        };
        let answer = answer.and_then(|answer| match answer.status() {
            status if status.is_success() => Ok(answer),
            status => Err(format!("the collector answered {status}").into()),
        });
        self.note(answer.as_ref().err());
        answer
    }
}

async fn post(mut request: Request<Bytes>, tls: Arc<ClientConfig>) -> Result<Response<Bytes>, HttpError> {
    let uri = request.uri().clone();
    let host = uri.host().ok_or("no host in otlp.endpoint")?;
    let bare = host.trim_matches(['[', ']']).to_owned();
    let secure = uri.scheme_str() == Some("https");
    let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
    if let Some(authority) = uri.authority() {
        let authority = HeaderValue::try_from(authority.as_str())?;
        request.headers_mut().insert(header::HOST, authority);
    }
    *request.uri_mut() = uri.path().parse()?;
    let stream = TcpStream::connect((bare.as_str(), port)).await?;
    if secure {
        let name = ServerName::try_from(bare)?;
        let stream = TlsConnector::from(tls).connect(name, stream).await?;
        exchange(request, stream).await
    } else {
        exchange(request, stream).await
    }
}

async fn exchange<S>(request: Request<Bytes>, stream: S) -> Result<Response<Bytes>, HttpError>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let open = tokio::spawn(connection);
    let answer = async {
        let (parts, body) = sender.send_request(request.map(Full::new)).await?.into_parts();
        let body = Limited::new(body, ANSWER).collect().await?.to_bytes();
        Ok(Response::from_parts(parts, body))
    };
    let answer = answer.await;
    open.abort();
    answer
}
