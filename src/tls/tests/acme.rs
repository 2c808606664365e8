//! Certificates from an authority.

use testkit::SeededEntropy;
use tokio::net::TcpSocket;
use tracing::subscriber::DefaultGuard;
use types::Clock;

use super::{pebble::Pebble, *};
use crate::{
    config::Acme,
    telemetry::tests::Captured,
    tls::{
        acme::{Authority, Challenges},
        redirect::routes,
    },
};

const DAY: i64 = 24 * 60 * 60;

struct Ordering {
    shown: Shown,
    challenges: Challenges,
    clock: Arc<MockClock>,
    acme: Acme,
    _folder: TempDir,
    log: Captured,
    _logging: DefaultGuard,
}

impl Ordering {
    fn new(pebble: &Pebble) -> Self {
        let folder = TempDir::new().unwrap();
        let (log, logging) = crate::telemetry::tests::capture();
        Self {
            shown: Shown::default(),
            challenges: Challenges::default(),
            clock: Arc::new(MockClock::new()),
            acme: Acme {
                directory: pebble.directory.clone(),
                contact: vec!["mailto:ops@verify.example".to_owned()],
                domains: vec![HOST.to_owned(), "id.verify.example".to_owned()],
                folder: folder.path().join("acme"),
                ca_file: Some(pebble.ca_file.clone()),
            },
            _folder: folder,
            log,
            _logging: logging,
        }
    }

    fn authority(&self, over_http: bool) -> Authority {
        let (challenges, shown) = (self.challenges.clone(), self.shown.clone());
        let clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        let entropy = Arc::new(SeededEntropy::new(7));
        Authority::open(self.acme.clone(), over_http, challenges, shown, clock, entropy).unwrap()
    }

    /// Whether what is shown is for all domains.
    fn is_issued(&self) -> bool {
        let current = self.shown.current();
        current.is_some_and(|certificate| certificate.lacks(&self.acme.domains).is_empty())
    }

    /// What is shown, for all domains.
    fn issued(&self) -> Certificate {
        assert!(self.is_issued(), "{}", self.said());
        self.shown.current().unwrap()
    }

    /// What we wrote to the log.
    fn said(&self) -> String {
        let text = self.log.text();
        let ours = text.lines().filter(|line| line.contains("loomwire::tls"));
        ours.collect::<Vec<_>>().join("\n")
    }
}

/// A server at the port where the authority looks.
fn at(port: u16, transport: Transport, router: Router) -> Server {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_reuseaddr(true).unwrap();
    socket.bind(SocketAddr::from(([127, 0, 0, 1], port))).unwrap();
    Server::on(socket.listen(64).unwrap(), transport, router)
}

#[tokio::test]
async fn a_certificate_is_issued_over_http_kept_and_renewed() {
    let Some(pebble) = Pebble::start_or_skip().await else {
        return;
    };
    let ordering = Ordering::new(&pebble);
    let router = routes(ORIGIN.to_owned(), ordering.challenges.clone());
    let _server = at(pebble.http, Transport::Plain, router);
    let mut authority = ordering.authority(true);
    assert!(!ordering.is_issued());
    authority.turn().await;
    let first = ordering.issued();

    // Another start finds it, and orders nothing.
    drop(authority);
    ordering.shown.put(Pki::new().lasting(
        MockClock::START.plus_seconds(-DAY),
        MockClock::START.plus_seconds(DAY),
    ));
    let mut authority = ordering.authority(true);
    authority.turn().await;
    assert_eq!(ordering.issued().shown.cert, first.shown.cert);

    let life = first.not_after.millis_since(first.not_before) / 1000;
    ordering.clock.advance(life * 17 / 24);
    authority.turn().await;
    let second = ordering.issued();
    assert_ne!(second.shown.cert, first.shown.cert);
    assert_eq!(ordering.challenges.answer("any"), None);
}

#[tokio::test]
async fn a_certificate_is_issued_over_tls_on_the_port_that_serves() {
    let Some(pebble) = Pebble::start_or_skip().await else {
        return;
    };
    let ordering = Ordering::new(&pebble);
    let (shown, challenges) = (ordering.shown.clone(), ordering.challenges.clone());
    let acceptor = Acceptor::new(TlsVersion::V13, shown, Some(challenges), ORIGIN.to_owned()).unwrap();
    let router = Router::new().route("/", get(|| async { "hello" }));
    let _server = at(pebble.tls, Transport::Tls(acceptor), router);
    ordering.authority(false).turn().await;
    ordering.issued();
}

#[tokio::test]
async fn a_failure_says_why_and_is_tried_again_later() {
    let Some(pebble) = Pebble::start_or_skip().await else {
        return;
    };
    let ordering = Ordering::new(&pebble);
    let mut authority = ordering.authority(true);
    let pause = authority.turn().await;
    assert!((60..=76).contains(&pause.as_secs()), "{pause:?}");
    assert!(!ordering.is_issued());
    let text = ordering.said();
    assert!(
        text.contains("could not see that") && text.contains("again_in_seconds"),
        "{text}"
    );

    // Not before its time, unless the operator says so.
    let router = routes(ORIGIN.to_owned(), ordering.challenges.clone());
    let _server = at(pebble.http, Transport::Plain, router);
    authority.turn().await;
    assert!(!ordering.is_issued());
    authority.hurry();
    authority.turn().await;
    ordering.issued();
}

#[tokio::test]
async fn an_account_that_the_authority_has_lost_is_made_anew() {
    let Some(pebble) = Pebble::start_or_skip().await else {
        return;
    };
    let mut ordering = Ordering::new(&pebble);
    let router = routes(ORIGIN.to_owned(), ordering.challenges.clone());
    let server = at(pebble.http, Transport::Plain, router);
    ordering.authority(true).turn().await;
    let before = ordering.issued();
    server.end().await;
    drop(pebble);

    let Some(pebble) = Pebble::start_or_skip().await else {
        return;
    };
    let own = |url: &url::Url| {
        ordering
            .acme
            .folder
            .join(format!("localhost-{}-dir", url.port().unwrap()))
    };
    std::fs::rename(own(&ordering.acme.directory), own(&pebble.directory)).unwrap();
    let account = own(&pebble.directory).join("account.json");
    let text = std::fs::read_to_string(&account).unwrap();
    let origin = |url: &url::Url| url.origin().ascii_serialization();
    let moved = text.replace(&origin(&ordering.acme.directory), &origin(&pebble.directory));
    std::fs::write(&account, moved).unwrap();
    ordering.acme.directory = pebble.directory.clone();
    ordering.acme.ca_file = Some(pebble.ca_file.clone());
    let router = routes(ORIGIN.to_owned(), ordering.challenges.clone());
    let _server = at(pebble.http, Transport::Plain, router);
    let mut authority = ordering.authority(true);
    ordering
        .clock
        .advance(before.not_after.millis_since(before.not_before) / 1000 * 3 / 4);
    authority.turn().await;
    assert_ne!(
        ordering.issued().shown.cert,
        before.shown.cert,
        "{}",
        ordering.said()
    );
}
