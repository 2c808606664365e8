//! Handshakes over loopback, with certificates made on the spot.

mod acme;
mod certificate;
mod handshake;
mod ourselves;
mod pebble;
mod redirect;
mod reload;

use std::{
    io::{self, Write},
    net::SocketAddr,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use axum::{Router, routing::get};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use rustls::{
    ClientConfig, RootCertStore, ServerConfig, SupportedProtocolVersion,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
};
use tempfile::TempDir;
use testkit::MockClock;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};
use tokio_rustls::{TlsAcceptor, TlsConnector, client::TlsStream};
use types::Timestamp;

use super::{Acceptor, Certificate, certificate::provider, files::Files, shown::Shown};
use crate::{
    config::{CertificateFiles, Limits, TlsVersion},
    http::Health,
    serve::{Ended, Transport, serve},
};

/// The host of every certificate here.
pub(crate) const HOST: &str = "verify.example";
const ORIGIN: &str = "https://verify.example";
const LIMITS: Limits = Limits {
    body_bytes: 1024,
    request: Duration::from_secs(5),
    header: Duration::from_millis(200),
    header_bytes: 8192,
    drain: Duration::from_secs(5),
    calls: platform::limits::Policy::NONE,
};

/// An authority with a certificate in between, as real ones have.
pub(crate) struct Pki {
    root: CertifiedIssuer<'static, KeyPair>,
    between: CertifiedIssuer<'static, KeyPair>,
}

/// A chain and its key, as PEM.
pub(crate) struct Issued {
    pub(crate) own: String,
    pub(crate) between: String,
    pub(crate) key: String,
}

impl Issued {
    pub(crate) fn chain(&self) -> String {
        format!("{}{}", self.own, self.between)
    }

    /// What a server that is not ours shows it with.
    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        let chain = self.chain();
        let chain = CertificateDer::pem_slice_iter(chain.as_bytes()).map(Result::unwrap);
        let key = PrivateKeyDer::from_pem_slice(self.key.as_bytes()).unwrap();
        let config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain.collect(), key);
        TlsAcceptor::from(Arc::new(config.unwrap()))
    }
}

impl Pki {
    pub(crate) fn new() -> Self {
        let authority = |name: &str| {
            let mut params = CertificateParams::new(vec![]).unwrap();
            params.distinguished_name.push(DnType::CommonName, name);
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
            params
        };
        let root = CertifiedIssuer::self_signed(authority("root"), KeyPair::generate().unwrap()).unwrap();
        let between =
            CertifiedIssuer::signed_by(authority("between"), KeyPair::generate().unwrap(), &root).unwrap();
        Self { root, between }
    }

    /// What is to be trusted, as PEM.
    pub(crate) fn root(&self) -> String {
        self.root.pem()
    }

    /// Valid in the years from and until which.
    pub(crate) fn issue(&self, names: &[&str], from: (i32, u8, u8), until: (i32, u8, u8)) -> Issued {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params.not_before = date_time_ymd(from.0, from.1, from.2);
        params.not_after = date_time_ymd(until.0, until.1, until.2);
        params.distinguished_name.push(DnType::CommonName, "own");
        let key = KeyPair::generate().unwrap();
        Issued {
            own: params.signed_by(&key, &self.between).unwrap().pem(),
            between: self.between.pem(),
            key: key.serialize_pem(),
        }
    }

    pub(crate) fn usual(&self) -> Issued {
        self.issue(&[HOST], (2020, 1, 1), (2100, 1, 1))
    }

    /// A certificate for a test of times: moments at midnight.
    pub(crate) fn lasting(&self, from: Timestamp, until: Timestamp) -> Certificate {
        let day = |moment: Timestamp| {
            let moment = jiff::Timestamp::from_millisecond(moment.as_millis()).unwrap();
            let date = jiff::tz::TimeZone::UTC.to_datetime(moment);
            (
                i32::from(date.year()),
                u8::try_from(date.month()).unwrap(),
                u8::try_from(date.day()).unwrap(),
            )
        };
        let issued = self.issue(&[HOST], day(from), day(until));
        Certificate::from_pem(issued.chain().as_bytes(), issued.key.as_bytes(), from).unwrap()
    }

    fn client(&self, versions: &[&'static SupportedProtocolVersion]) -> ClientConfig {
        let mut roots = RootCertStore::empty();
        roots.add(self.root.der().clone()).unwrap();
        ClientConfig::builder_with_provider(provider())
            .with_protocol_versions(versions)
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth()
    }
}

/// The two files, in a folder of their own.
struct OnDisk {
    _folder: TempDir,
    paths: CertificateFiles,
}

impl OnDisk {
    fn new(issued: &Issued) -> Self {
        let folder = TempDir::new().unwrap();
        let paths = CertificateFiles {
            certificate: folder.path().join("chain.pem"),
            key: folder.path().join("key.pem"),
        };
        let disk = Self {
            _folder: folder,
            paths,
        };
        disk.put(issued);
        disk
    }

    fn put(&self, issued: &Issued) {
        self.put_chain(&issued.chain());
        self.put_key(&issued.key);
    }

    fn put_chain(&self, text: &str) {
        std::fs::write(&self.paths.certificate, text).unwrap();
    }

    fn put_key(&self, text: &str) {
        std::fs::write(&self.paths.key, text).unwrap();
        self.mode(0o600);
    }

    fn mode(&self, mode: u32) {
        std::fs::set_permissions(&self.paths.key, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    async fn open(&self, shown: &Shown) -> Result<Files, super::Error> {
        let hosts = vec![HOST.to_owned()];
        Files::open(self.paths.clone(), hosts, shown.clone(), MockClock::START).await
    }
}

/// A running server.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<Ended>,
}

impl Server {
    async fn start(transport: Transport, router: Router) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").await.unwrap(), transport, router)
    }

    fn on(listener: TcpListener, transport: Transport, router: Router) -> Self {
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let health = Health::new(|| async { true });
        let ended = tokio::spawn(serve(listener, transport, router, LIMITS, health, async {
            stopped.await.unwrap();
        }));
        Self { address, stop, ended }
    }

    /// With this certificate, or with none.
    pub(crate) async fn showing(issued: Option<&Issued>) -> Self {
        let shown = Shown::default();
        if let Some(issued) = issued {
            let chain = issued.chain();
            let certificate =
                Certificate::from_pem(chain.as_bytes(), issued.key.as_bytes(), MockClock::START);
            shown.put(certificate.unwrap());
        }
        Self::https(TlsVersion::V13, &shown).await
    }

    /// With https, and a route that says hello.
    async fn https(minimum: TlsVersion, shown: &Shown) -> Self {
        let acceptor = Acceptor::new(minimum, shown.clone(), None, ORIGIN.to_owned()).unwrap();
        let router = Router::new().route("/", get(|| async { "hello" }));
        Self::start(Transport::Tls(acceptor), router).await
    }

    async fn connect(&self, client: &Arc<ClientConfig>) -> io::Result<TlsStream<TcpStream>> {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let name = ServerName::try_from(HOST).unwrap();
        TlsConnector::from(Arc::clone(client)).connect(name, stream).await
    }

    pub(crate) async fn end(self) -> Ended {
        self.stop.send(()).unwrap();
        self.ended.await.unwrap()
    }
}

/// Shows a certificate of this authority.
fn showing(pki: &Pki) -> Shown {
    let shown = Shown::default();
    let issued = pki.usual();
    let certificate =
        Certificate::from_pem(issued.chain().as_bytes(), issued.key.as_bytes(), MockClock::START);
    shown.put(certificate.unwrap());
    shown
}

/// Asks on an open connection, and waits for the answer's last word.
async fn hello(stream: &mut TlsStream<TcpStream>) -> io::Result<()> {
    stream
        .write_all(b"GET / HTTP/1.1\r\nhost: verify.example\r\n\r\n")
        .await?;
    let mut answer = Vec::new();
    while !answer.ends_with(b"hello") {
        if stream.read_buf(&mut answer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(())
}

/// All of what a plain peer is answered.
async fn plain(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

fn file(folder: &TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    let mut file = std::fs::File::create(&path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
    path
}
