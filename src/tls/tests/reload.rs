//! A certificate that is changed while the server runs.

use rustls::{pki_types::CertificateDer, version::TLS13};

use super::*;
use crate::tls::{Keeper, Source, files::Look, keep::report};

fn shown_to(stream: &TlsStream<TcpStream>) -> CertificateDer<'static> {
    stream.get_ref().1.peer_certificates().unwrap()[0].clone()
}

/// Two looks, as the keeper does.
async fn settle(files: &mut Files) -> Look {
    assert!(matches!(
        files.look(false, MockClock::START).await,
        Look::Changing
    ));
    files.look(false, MockClock::START).await
}

#[tokio::test]
async fn new_connections_get_the_new_one_and_open_ones_go_on() {
    let pki = Pki::new();
    let disk = OnDisk::new(&pki.usual());
    let shown = Shown::default();
    let mut files = disk.open(&shown).await.unwrap();
    let server = Server::https(TlsVersion::V13, &shown).await;
    // Resumed sessions show no certificate.
    let client = || Arc::new(pki.client(&[&TLS13]));
    let mut before = server.connect(&client()).await.unwrap();
    hello(&mut before).await.unwrap();

    assert!(matches!(files.look(false, MockClock::START).await, Look::Same));
    disk.put(&pki.usual());
    assert!(matches!(settle(&mut files).await, Look::Taken));
    assert!(matches!(files.look(false, MockClock::START).await, Look::Same));
    hello(&mut before).await.unwrap();
    let mut after = server.connect(&client()).await.unwrap();
    hello(&mut after).await.unwrap();
    assert_ne!(shown_to(&before), shown_to(&after));
    drop((before, after));
    assert_eq!(server.end().await, Ended::Drained);
}

#[tokio::test]
async fn a_pair_is_taken_only_when_both_halves_are_there() {
    let pki = Pki::new();
    let disk = OnDisk::new(&pki.usual());
    let shown = Shown::default();
    let mut files = disk.open(&shown).await.unwrap();
    let next = pki.usual();
    disk.put_chain(&next.chain());
    assert!(matches!(
        files.look(false, MockClock::START).await,
        Look::Changing
    ));
    disk.put_key(&next.key);
    assert!(matches!(
        files.look(false, MockClock::START).await,
        Look::Changing
    ));
    assert!(matches!(files.look(false, MockClock::START).await, Look::Taken));

    std::fs::remove_file(&disk.paths.key).unwrap();
    assert!(matches!(
        files.look(false, MockClock::START).await,
        Look::Changing
    ));
    disk.put_key(&next.key);
    assert!(matches!(files.look(false, MockClock::START).await, Look::Same));
}

#[tokio::test]
async fn when_asked_it_is_taken_at_once() {
    let pki = Pki::new();
    let disk = OnDisk::new(&pki.usual());
    let shown = Shown::default();
    let mut files = disk.open(&shown).await.unwrap();
    let before = shown.current().unwrap();
    disk.put(&pki.usual());
    assert!(matches!(files.look(true, MockClock::START).await, Look::Taken));
    assert_ne!(before.shown.cert, shown.current().unwrap().shown.cert);
}

/// Some seconds of doing nothing.
const PATIENCE: u32 = 10_000_000;

/// While somebody is busy the paused clock stands still: whatever is taken, no timer took it.
#[tokio::test(start_paused = true)]
async fn a_hangup_asks() {
    let pki = Pki::new();
    let disk = OnDisk::new(&pki.usual());
    let shown = Shown::default();
    let files = disk.open(&shown).await.unwrap();
    let before = shown.current().unwrap().shown.cert.clone();
    let clock = Arc::new(MockClock::new());
    let keeper = Keeper::start(Source::Files(files), shown.clone(), clock).unwrap();
    let began = tokio::time::Instant::now();

    disk.put(&pki.usual());
    let ourselves = rustix::process::getpid();
    rustix::process::kill_process(ourselves, rustix::process::Signal::HUP).unwrap();
    let is_new = || shown.current().unwrap().shown.cert != before;
    for _ in 0..PATIENCE {
        if is_new() {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert!(is_new());
    assert_eq!(began.elapsed(), Duration::ZERO);
    drop(keeper);
}

#[tokio::test]
async fn what_cannot_be_used_never_takes_the_place_of_what_can() {
    let (captured, guard) = crate::telemetry::tests::capture();
    let pki = Pki::new();
    let good = pki.usual();
    let disk = OnDisk::new(&good);
    let shown = Shown::default();
    let mut files = disk.open(&shown).await.unwrap();
    let kept = shown.current().unwrap().shown.cert.clone();

    disk.put_chain("half of it");
    let look = settle(&mut files).await;
    assert!(matches!(look, Look::Refused(_)), "{look:?}");
    report(&look);
    // Said once, and not at every look.
    assert!(matches!(files.look(false, MockClock::START).await, Look::Same));

    disk.put(&good);
    assert!(matches!(settle(&mut files).await, Look::Taken));
    disk.mode(0o644);
    let look = settle(&mut files).await;
    assert!(
        matches!(look, Look::Refused(super::super::Error::Mode { mode: 0o644, .. })),
        "{look:?}"
    );
    for _ in 0..3 {
        let look = files.look(false, MockClock::START).await;
        assert!(matches!(look, Look::Same | Look::Changing), "{look:?}");
    }
    assert!(matches!(
        files.look(true, MockClock::START).await,
        Look::Refused(_)
    ));
    disk.mode(0o640);
    assert!(matches!(settle(&mut files).await, Look::Taken));

    disk.put(&pki.issue(&[HOST], (2020, 1, 1), (2021, 1, 1)));
    assert!(matches!(settle(&mut files).await, Look::Refused(_)));
    assert_eq!(shown.current().unwrap().shown.cert, kept);
    drop(guard);
    let text = captured.text();
    assert!(
        text.contains("the old one is kept") && !text.contains("half of it"),
        "{text}"
    );
}

#[tokio::test]
async fn at_the_start_it_has_to_fit_and_a_strange_name_is_a_warning() {
    let (captured, guard) = crate::telemetry::tests::capture();
    let pki = Pki::new();
    let disk = OnDisk::new(&pki.issue(&["other.example"], (2020, 1, 1), (2100, 1, 1)));
    disk.open(&Shown::default()).await.unwrap();
    disk.mode(0o604);
    let error = disk.open(&Shown::default()).await.err().unwrap().to_string();
    assert!(error.contains("0604") && error.contains("chmod"), "{error}");
    std::fs::remove_file(&disk.paths.certificate).unwrap();
    let error = disk.open(&Shown::default()).await.err().unwrap().to_string();
    assert!(error.contains("chain.pem"), "{error}");
    drop(guard);
    assert!(
        captured.text().contains("not for this host"),
        "{}",
        captured.text()
    );
}
