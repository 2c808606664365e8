//! Certificates from an authority.

use testkit::SeededEntropy;
use tokio::net::TcpSocket;
use types::Clock;

use super::{pebble::Pebble, *};
use crate::{
    config::Acme,
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
}

impl Ordering {
    fn new(pebble: &Pebble) -> Self {
        let folder = TempDir::new().unwrap();
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
        }
    }

    fn authority(&self, over_http: bool) -> Authority {
        let (challenges, shown) = (self.challenges.clone(), self.shown.clone());
        let clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        let entropy = Arc::new(SeededEntropy::new(7));
        Authority::open(self.acme.clone(), over_http, challenges, shown, clock, entropy).unwrap()
    }

    /// What is shown, if it is for all domains.
    fn shown(&self) -> Option<Certificate> {
        self.shown
            .current()
            .filter(|certificate| certificate.lacks(&self.acme.domains).is_empty())
    }
}

/// A server at the port where the authority looks.
async fn at(port: u16, transport: Transport, router: Router) -> Server {
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
    let _server = at(pebble.http, Transport::Plain, router).await;
    let mut authority = ordering.authority(true);
    assert!(ordering.shown().is_none());
    authority.turn().await;
    let first = ordering.shown().expect("issued for both domains");

    // Another start finds it, and orders nothing.
    drop(authority);
    ordering.shown.put(Pki::new().lasting(
        MockClock::START.plus_seconds(-DAY),
        MockClock::START.plus_seconds(DAY),
    ));
    let mut authority = ordering.authority(true);
    authority.turn().await;
    assert_eq!(ordering.shown().unwrap().shown.cert, first.shown.cert);

    let life = first.not_after.millis_since(first.not_before) / 1000;
    ordering.clock.advance(life * 17 / 24);
    authority.turn().await;
    let second = ordering.shown().unwrap();
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
    let _server = at(pebble.tls, Transport::Tls(acceptor), router).await;
    ordering.authority(false).turn().await;
    assert!(ordering.shown().is_some());
}

#[tokio::test]
async fn a_failure_says_why_and_is_tried_again_later() {
    let Some(pebble) = Pebble::start_or_skip().await else {
        return;
    };
    let (captured, guard) = crate::telemetry::tests::capture();
    let ordering = Ordering::new(&pebble);
    let mut authority = ordering.authority(true);
    let pause = authority.turn().await;
    assert!((60..=76).contains(&pause.as_secs()), "{pause:?}");
    assert!(ordering.shown().is_none());
    drop(guard);
    let text = captured.text();
    assert!(
        text.contains("could not see that") && text.contains("again_in_seconds"),
        "{text}"
    );

    // Not before its time, unless the operator says so.
    let router = routes(ORIGIN.to_owned(), ordering.challenges.clone());
    let _server = at(pebble.http, Transport::Plain, router).await;
    authority.turn().await;
    assert!(ordering.shown().is_none());
    authority.hurry();
    authority.turn().await;
    assert!(ordering.shown().is_some());
}

#[tokio::test]
async fn an_account_that_the_authority_has_lost_is_made_anew() {
    let Some(pebble) = Pebble::start_or_skip().await else {
        return;
    };
    let mut ordering = Ordering::new(&pebble);
    let router = routes(ORIGIN.to_owned(), ordering.challenges.clone());
    let server = at(pebble.http, Transport::Plain, router).await;
    ordering.authority(true).turn().await;
    let before = ordering.shown().unwrap();
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
    let moved = text.replace(ordering.acme.directory.as_str(), pebble.directory.as_str());
    std::fs::write(&account, moved).unwrap();
    ordering.acme.directory = pebble.directory.clone();
    ordering.acme.ca_file = Some(pebble.ca_file.clone());
    let router = routes(ORIGIN.to_owned(), ordering.challenges.clone());
    let _server = at(pebble.http, Transport::Plain, router).await;
    let mut authority = ordering.authority(true);
    ordering
        .clock
        .advance(before.not_after.millis_since(before.not_before) / 1000 * 3 / 4);
    authority.turn().await;
    assert_ne!(ordering.shown().unwrap().shown.cert, before.shown.cert);
}
