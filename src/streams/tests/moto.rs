//! Against moto, an S3-compatible store of others: `cargo xtask test` installs it.

use std::{
    io::{BufRead as _, BufReader},
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use bytes::Bytes;
use http::{Method, Request};
use object_store::ObjectStoreExt as _;
use platform::streams::{Carrier as _, Destination, StreamError};
use url::Url;

use super::{line, parcel, s3, streamer, target};

/// The folder in which moto and what it needs are installed.
const FOLDER: &str = "XTASK_ORACLES";

/// A running store, ended with this.
struct Moto {
    program: Child,
    address: String,
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

impl Moto {
    /// One for this test, or the word that it is skipped.
    fn start_or_skip() -> Option<Self> {
        let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else {
            eprintln!("SKIPPED on an S3-compatible store: cargo xtask test installs moto and says where");
            return None;
        };
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let mut program = Command::new("python3")
            .args(["-m", "moto.server", "-H", "127.0.0.1", "-p", &port.to_string()])
            .env("PYTHONPATH", folder)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(program.stderr.take().unwrap());
        let mut lines = said.lines().map_while(Result::ok);
        assert!(
            lines.any(|line| line.contains("Running on")),
            "moto did not start"
        );
        // What it says later is read too: a full pipe would stop it.
        std::thread::spawn(move || lines.for_each(drop));
        Some(Self {
            program,
            address: format!("http://127.0.0.1:{port}"),
        })
    }

    async fn ask(&self, method: Method, path: &str) -> (u16, String) {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.address))
            .body(Bytes::new())
            .unwrap();
        let answer = streamer().guarded.send(request, None).await.unwrap();
        let body = String::from_utf8_lossy(answer.body()).into_owned();
        (answer.status().as_u16(), body)
    }

    fn bucket(&self, name: &str) -> Destination {
        Destination::S3 {
            endpoint: Some(Url::parse(&self.address).unwrap()),
            region: "us-east-1".into(),
            bucket: name.into(),
            prefix: "loomwire/audit".into(),
            access_key_id: "AKIDEXAMPLE".into(),
        }
    }
}

#[tokio::test]
async fn objects_are_put_into_a_bucket_and_put_again_under_the_same_name() {
    let Some(moto) = Moto::start_or_skip() else {
        return;
    };
    let missing = target(moto.bucket("no-such-bucket"), None);
    let refused = streamer().carry(&missing, &parcel(vec![line(7, "{}")])).await;
    let Err(StreamError::Refused(words)) = refused else {
        panic!("{refused:?}");
    };
    assert!(words.contains("no such bucket"), "{words}");
    assert_eq!(moto.ask(Method::PUT, "/audit-bucket").await.0, 200);
    let there = target(moto.bucket("audit-bucket"), None);
    let first = parcel(vec![line(7, r#"{"a":1}"#)]);
    streamer().carry(&there, &first).await.unwrap();
    // The note of it was lost, and more has come: the same object, longer.
    let again = parcel(vec![line(7, r#"{"a":1}"#), line(8, r#"{"b":2}"#)]);
    streamer().carry(&there, &again).await.unwrap();
    let (_, listed) = moto.ask(Method::GET, "/audit-bucket").await;
    assert_eq!(listed.matches("<Key>").count(), 1, "{listed}");
    let name = "loomwire/audit/2026/11/23/00000000000000000007.jsonl";
    assert!(listed.contains(&format!("<Key>{name}</Key>")), "{listed}");
    // Nobody reads it without the key.
    assert_eq!(
        moto.ask(Method::GET, &format!("/audit-bucket/{name}")).await.0,
        403
    );
    let store = s3::store(&streamer().guarded, &there).unwrap();
    let stored = store.get(&name.into()).await.unwrap().bytes().await.unwrap();
    assert_eq!(&stored[..], b"{\"a\":1}\n{\"b\":2}\n");
}
