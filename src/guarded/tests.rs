//! What may be spoken to, and what is made of an answer.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::Request;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::*;

fn policy(allowed: &[&str], development: bool) -> Policy {
    Policy {
        allowed: allowed.iter().map(|network| network.parse().unwrap()).collect(),
        development,
    }
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn nothing_but_the_public_internet_may_be_spoken_to() {
    let strict = Policy::default();
    for text in [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "ff02::1",
    ] {
        assert_eq!(strict.admit(address(text)), None, "{text}");
    }
    for text in [
        "1.1.1.1",
        "93.184.215.14",
        "172.32.0.1",
        "2606:4700::1111",
        "2a00:1450::1",
    ] {
        assert_eq!(strict.admit(address(text)), Some(address(text)), "{text}");
    }
    // What is mapped is spoken to as what it is.
    assert_eq!(strict.admit(address("::ffff:1.1.1.1")), Some(address("1.1.1.1")));
}

#[test]
fn the_operator_can_allow_a_network_but_never_where_clouds_keep_their_keys() {
    let some = policy(&["10.20.0.0/16", "169.254.0.0/16", "fe80::/10"], false);
    assert!(some.admit(address("10.20.1.1")).is_some());
    assert!(some.admit(address("::ffff:10.20.1.1")).is_some());
    for text in ["10.21.0.1", "127.0.0.1", "169.254.169.254", "fe80::1"] {
        assert_eq!(some.admit(address(text)), None, "{text}");
    }
    let here = policy(&[], true);
    assert!(here.admit(address("127.0.0.1")).is_some() && here.admit(address("::1")).is_some());
    assert_eq!(here.admit(address("10.0.0.1")), None);
    assert!(here.admits_plain(address("127.0.0.1")) && !some.admits_plain(address("10.20.1.1")));
}

/// A name that stands for these addresses at the first question, and for those at the next.
struct Names {
    answers: Mutex<Vec<Vec<SocketAddr>>>,
    asked: AtomicUsize,
}

impl Names {
    fn new(answers: &[&[&str]]) -> Arc<Self> {
        let read = |some: &&[&str]| some.iter().map(|text| text.parse().unwrap()).collect();
        Arc::new(Self {
            answers: Mutex::new(answers.iter().rev().map(read).collect()),
            asked: AtomicUsize::new(0),
        })
    }
}

#[async_trait::async_trait]
impl Resolver for Names {
    async fn resolve(&self, _: &str, _: u16) -> io::Result<Vec<SocketAddr>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let next = self.answers.lock().unwrap().pop();
        next.ok_or_else(|| io::Error::other("no such name"))
    }
}

fn post(address: &str) -> Request<Bytes> {
    Request::post(address).body(Bytes::from_static(b"hello")).unwrap()
}

#[tokio::test]
async fn a_name_is_asked_for_once_and_its_addresses_are_looked_at_together() {
    // Public at the first look and ours at the second, as a rebinding name is.
    let names = Names::new(&[&["1.1.1.1:443", "127.0.0.1:443"], &["127.0.0.1:443"]]);
    let guarded = Guarded::with(Policy::default(), names.clone()).unwrap();
    let refused = guarded.send(post("https://hook.example/"), None).await;
    assert!(matches!(refused, Err(GuardedError::Forbidden(_))), "{refused:?}");
    assert_eq!(names.asked.load(Ordering::SeqCst), 1);

    let names = Names::new(&[&[], &["127.0.0.1:443"]]);
    let guarded = Guarded::with(Policy::default(), names).unwrap();
    let refused = guarded.send(post("https://hook.example/"), None).await;
    assert_eq!(refused.unwrap_err(), GuardedError::UnknownName);
}

#[tokio::test]
async fn addresses_of_every_spelling_and_other_schemes_are_refused() {
    let guarded = Guarded::with(Policy::default(), Arc::new(SystemResolver)).unwrap();
    for text in [
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:169.254.169.254]/latest/meta-data",
        "https://localhost/",
        "http://1.1.1.1/",
        "http://127.0.0.1/",
        "ftp://1.1.1.1/",
        "https://user:secret@127.0.0.1/",
    ] {
        let refused = guarded.send(post(text), None).await;
        assert!(
            matches!(refused, Err(GuardedError::Forbidden(_))),
            "{text}: {refused:?}"
        );
    }
}

/// A server that gives this answer to every request: its address, and how many came.
async fn server(answer: Vec<u8>) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            counted.fetch_add(1, Ordering::SeqCst);
            let mut head = [0; 4096];
            let _ = stream.read(&mut head).await;
            let _ = stream.write_all(&answer).await;
        }
    });
    (address, count)
}

fn here(address: SocketAddr) -> Guarded {
    let text = address.to_string();
    Guarded::with(policy(&[], true), Names::new(&[&[&text]])).unwrap()
}

#[tokio::test]
async fn the_connection_goes_to_what_was_looked_at_and_redirects_are_not_followed() {
    let answer = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
    let (address, count) = server(answer.to_vec()).await;
    let answer = here(address)
        .send(post("http://hook.example/in?x=1"), None)
        .await
        .unwrap();
    assert_eq!(answer.status(), 302);
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_answer_is_read_to_a_limit_and_has_to_be_one() {
    let mut long = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n".to_vec();
    long.resize(1_000_000, b'x');
    let (address, _) = server(long).await;
    let refused = here(address).send(post("http://hook.example/"), None).await;
    assert_eq!(refused.unwrap_err(), GuardedError::TooLong);
    let mut long = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n".to_vec();
    long.resize(1_000_000, b'x');
    let (address, _) = server(long).await;
    let cut = here(address)
        .send_and_cut(post("http://hook.example/"), Duration::from_secs(5), 100)
        .await
        .unwrap();
    assert_eq!((cut.answer.body().len(), cut.cut), (100, true));

    let (address, _) = server(b"SSH-2.0-OpenSSH_9\r\n\r\n".to_vec()).await;
    let refused = here(address).send(post("http://hook.example/"), None).await;
    assert_eq!(refused.unwrap_err(), GuardedError::NoAnswer);
}

#[tokio::test]
async fn a_certificate_has_to_be_trusted_and_for_the_name() {
    let (address, _) = server(b"not TLS".to_vec()).await;
    let refused = here(address).send(post("https://hook.example/"), None).await;
    assert!(matches!(refused, Err(GuardedError::Insecure(_))), "{refused:?}");
    let refused = here(address)
        .send(post("https://hook.example/"), Some("no certificate"))
        .await;
    assert!(matches!(refused, Err(GuardedError::Unusable(_))), "{refused:?}");
}
