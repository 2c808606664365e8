//! Programs that call as fast as they are answered.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use testkit::issued_passport;
use tokio::{net::TcpStream, sync::Notify, task::JoinSet};

use super::server::Server;

const CALLERS: usize = 8;

/// What a program was told.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) id: String,
    pub(super) status: String,
}

/// What programs asked, and what they were told.
#[derive(Default)]
struct Story {
    answers: Vec<Answer>,
    /// Starts that were asked for: the name of each is its number.
    names: usize,
    /// Those that were not answered yet.
    open: BTreeSet<usize>,
    /// Those that an earlier server was asked for and did not answer.
    again: BTreeSet<usize>,
}

/// The story of all rounds.
#[derive(Clone, Default)]
pub(super) struct Answered(Arc<(Mutex<Story>, Notify)>);

impl Answered {
    fn with<T>(&self, change: impl FnOnce(&mut Story) -> T) -> T {
        change(&mut self.0.0.lock().unwrap())
    }

    /// The name of the next start: one that was not answered, as long as there is one.
    fn ask(&self) -> usize {
        self.with(|story| {
            let name = story.again.pop_first().unwrap_or_else(|| {
                story.names += 1;
                story.names
            });
            story.open.insert(name);
            name
        })
    }

    fn started(&self, name: usize, id: &str) {
        self.with(|story| story.open.remove(&name));
        self.add(id, "started");
    }

    fn add(&self, id: &str, status: &str) {
        let answer = Answer {
            id: id.to_owned(),
            status: status.to_owned(),
        };
        self.with(|story| story.answers.push(answer));
        self.0.1.notify_one();
    }

    /// The answers of a round that is over, and how many starts were asked for until now.
    pub(super) fn take(&self) -> (Vec<Answer>, usize) {
        self.with(|story| {
            let open = std::mem::take(&mut story.open);
            story.again.extend(open);
            (std::mem::take(&mut story.answers), story.names)
        })
    }

    async fn reaches(&self, count: usize) {
        while self.with(|story| story.answers.len()) < count {
            self.0.1.notified().await;
        }
    }
}

/// Calls until `count` answers are there; then the callers are simply left. One that was answered
/// wrongly fails the test.
pub(super) async fn run(server: &Server, key: &str, answered: &Answered, count: usize) {
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        callers.spawn(call(server.address, key.to_owned(), answered.clone()));
    }
    let reached = answered.reaches(count);
    tokio::pin!(reached);
    loop {
        tokio::select! {
            () = &mut reached => return,
            Some(over) = callers.join_next() => { over.unwrap(); }
        }
    }
}

async fn connect(address: SocketAddr) -> Option<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(address).await.ok()?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await.ok()?;
    tokio::spawn(connection);
    Some(sender)
}

async fn post(
    sender: &mut SendRequest<Full<Bytes>>,
    (key, name): (&str, &str),
    path: &str,
    body: &Value,
) -> Option<(StatusCode, Value)> {
    let request = Request::post(path)
        .header("host", "localhost:3000")
        .header("x-tenant-api-key", key)
        .header("idempotency-key", name)
        .header("content-type", "application/json")
        .body(Full::from(body.to_string()))
        .unwrap();
    let response = sender.send_request(request).await.ok()?;
    let status = response.status();
    let body = response.into_body().collect().await.ok()?.to_bytes();
    Some((status, serde_json::from_slice(&body).ok()?))
}

/// Starts verifications and decides every other one, until the server is gone. What was not answered
/// is asked of the next server again, under its name.
async fn call(address: SocketAddr, key: String, answered: Answered) -> Option<()> {
    let mut sender = connect(address).await?;
    for turn in 0_u32.. {
        let number = answered.ask();
        let name = number.to_string();
        let key = (key.as_str(), name.as_str());
        let (status, started) = post(&mut sender, key, "/verify/start", &json!({})).await?;
        assert_eq!(status, 201, "{started}");
        let id = started["verificationId"].as_str().unwrap();
        answered.started(number, id);
        if turn.is_multiple_of(2) {
            let body =
                json!({ "verificationId": id, "evidence": { "mrz": issued_passport("900101", "491231") } });
            let (status, decided) = post(&mut sender, key, "/verify/complete", &body).await?;
            assert_eq!(status, 200, "{decided}");
            answered.add(id, decided["status"].as_str().unwrap());
        }
    }
    None
}

/// Fetches something; nothing if the server is gone.
pub(super) async fn get(address: SocketAddr, path: &str) -> Option<(StatusCode, Vec<u8>)> {
    let mut sender = connect(address).await?;
    let request = Request::get(path).header("host", "localhost:3000");
    let response = sender
        .send_request(request.body(Full::default()).unwrap())
        .await
        .ok()?;
    let status = response.status();
    let body = response.into_body().collect().await.ok()?.to_bytes();
    Some((status, body.to_vec()))
}

/// Whether the server says that it is ready.
pub(super) async fn is_ready(address: SocketAddr) -> bool {
    let Some(mut sender) = connect(address).await else {
        return false;
    };
    let request = Request::get("/readyz").header("host", "localhost:3000");
    let answer = sender.send_request(request.body(Full::default()).unwrap()).await;
    answer.is_ok_and(|answer| answer.status() == 200)
}
