//! From a decision to a customer's program, over HTTP on this machine.

mod documented;
mod double;
mod oracle;

use std::sync::Arc;

use platform::{
    Ctx,
    verification::{self, Evidence, StartRequest},
    webhooks::{self, Courier as _, Posting},
};
use testkit::{Cluster, Installation, adult_passport};
use types::{
    Environment, WebhookId,
    webhooks::{DeliveryState, WebhookDraft},
};

use super::{Deliveries, Poster};
use crate::carrying::Worker;
use crate::guarded::{Guarded, Policy, SystemResolver};
use double::server;

fn poster(development: bool) -> Poster {
    let policy = Policy {
        allowed: Vec::new(),
        development,
    };
    Poster::new(Guarded::with(policy, Arc::new(SystemResolver)).unwrap())
}

/// An installation with a webhook to this address, and a key whose verifications it is told of.
struct Business {
    home: Installation,
    user: Ctx,
    key: Ctx,
    webhook: WebhookId,
    secret: String,
}

impl Business {
    async fn new(home: Installation, url: &str) -> Self {
        home.platform.post_with(Arc::new(poster(true)));
        let (user, _) = home.first_person().await;
        let (_, key) = home.api_key(&user, Environment::Test).await;
        let draft = WebhookDraft {
            url: url.to_owned(),
            environment: "test".into(),
            events: vec!["verification.completed".into()],
            ..WebhookDraft::default()
        };
        let made = webhooks::create(&user, &draft).await.unwrap();
        Self {
            home,
            user,
            key,
            webhook: made.id,
            secret: made.secret,
        }
    }

    async fn approve(&self) -> String {
        let started = verification::start(&self.key, StartRequest::default())
            .await
            .unwrap();
        let evidence = Evidence::new(adult_passport());
        verification::complete(&self.key, started.id, Some(evidence))
            .await
            .unwrap();
        started.id.to_string()
    }

    /// The one delivery that is due, on its way.
    async fn send(&self) -> tokio::task::JoinHandle<()> {
        let system = self.home.platform.system();
        let claimed = webhooks::claim(&system, 1).await.unwrap().pop().unwrap();
        tokio::spawn(async move { webhooks::deliver(&system, claimed).await.unwrap() })
    }

    async fn newest(&self) -> types::webhooks::DeliveryPage {
        let page = webhooks::one(&self.user, self.webhook, None, None).await.unwrap();
        let id = page.deliveries.rows[0].id;
        webhooks::delivery(&self.user, self.webhook, id).await.unwrap()
    }
}

async fn a_decision_arrives_signed(home: Installation) {
    let (url, mut arrived) = server().await;
    let business = Business::new(home, &url).await;
    let id = business.approve().await;
    let sending = business.send().await;
    let request = arrived.recv().await.unwrap();
    assert_eq!(request.line, "POST /in HTTP/1.1");
    assert_eq!(request.header("content-type"), "application/json");
    assert_eq!(request.header("x-webhook-event"), "verification.completed");
    assert_eq!(request.header("webhook-timestamp"), "1795435200");
    assert!(request.header("webhook-id").starts_with("msg_"));
    assert!(request.is_signed_with(&business.secret));
    assert!(request.is_simply_signed_with(&business.secret));
    assert!(!request.is_signed_with(&format!("whsec_{}", "A".repeat(44))));
    let body: serde_json::Value = serde_json::from_str(&request.body).unwrap();
    assert_eq!(body["data"]["verificationId"], id);
    assert_eq!(body["data"]["status"], "approved");
    request.answer_in_full("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nTa\u{e9}".into());
    sending.await.unwrap();
    let log = business.newest().await;
    assert_eq!(log.row.state, DeliveryState::Delivered);
    assert_eq!(
        (log.attempts[0].status, log.attempts[0].answer.as_str()),
        (Some(200), "Ta\u{e9}")
    );
    let whole = serde_json::to_string(&log).unwrap();
    assert!(!whole.contains("whsec_") && !whole.contains(&business.secret[6..]));

    // Two secrets: whoever knows either can tell, and the simple header has the old one's.
    let new = webhooks::rotate(&business.user, business.webhook)
        .await
        .unwrap()
        .secret;
    business.approve().await;
    let sending = business.send().await;
    let request = arrived.recv().await.unwrap();
    assert!(request.is_signed_with(&business.secret) && request.is_signed_with(&new));
    assert!(request.is_simply_signed_with(&business.secret) && !request.is_simply_signed_with(&new));
    request.answer("204 No Content");
    sending.await.unwrap();
    business.home.clock.advance(86_400);
    business.approve().await;
    let sending = business.send().await;
    let request = arrived.recv().await.unwrap();
    assert!(!request.is_signed_with(&business.secret) && request.is_signed_with(&new));
    assert!(request.is_simply_signed_with(&new));
    request.answer("204 No Content");
    sending.await.unwrap();
    business.home.db.close().await;
}

#[tokio::test]
async fn a_decision_arrives_on_sqlite() {
    Box::pin(a_decision_arrives_signed(Installation::in_memory().await)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decision_arrives_on_postgresql() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let home = Installation::at(&cluster.database().await.unwrap()).await;
    Box::pin(a_decision_arrives_signed(home)).await;
}

#[tokio::test]
async fn a_server_that_dies_after_sending_sends_again_under_the_same_id() {
    let (url, mut arrived) = server().await;
    let business = Business::new(Installation::in_memory().await, &url).await;
    business.approve().await;
    let sending = business.send().await;
    let first = arrived.recv().await.unwrap();
    // It was sent, and nothing is noted.
    sending.abort();
    assert!(sending.await.unwrap_err().is_cancelled());
    let system = business.home.platform.system();
    assert!(
        webhooks::claim(&system, 1).await.unwrap().is_empty(),
        "its claim still holds"
    );
    business.home.clock.advance(61);
    let sending = business.send().await;
    let again = arrived.recv().await.unwrap();
    assert_eq!(again.header("webhook-id"), first.header("webhook-id"));
    assert_eq!(again.body, first.body);
    assert_ne!(
        again.header("webhook-timestamp"),
        first.header("webhook-timestamp")
    );
    again.answer("200 OK");
    sending.await.unwrap();
    let log = business.newest().await;
    assert_eq!((log.row.state, log.attempts.len()), (DeliveryState::Delivered, 1));
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_a_long_answer_is_cut() {
    let (url, mut arrived) = server().await;
    let (elsewhere, mut wrong) = server().await;
    let business = Business::new(Installation::in_memory().await, &url).await;
    business.approve().await;
    let sending = business.send().await;
    let answer =
        format!("HTTP/1.1 307 Temporary Redirect\r\nLocation: {elsewhere}\r\nContent-Length: 0\r\n\r\n");
    arrived.recv().await.unwrap().answer_in_full(answer);
    sending.await.unwrap();
    let log = business.newest().await;
    assert_eq!(
        (log.row.state, log.row.status),
        (DeliveryState::Pending, Some(307))
    );
    assert!(log.row.problem.unwrap().contains("Redirects are not followed"));
    assert!(wrong.try_recv().is_err());
    business.home.clock.advance(30);
    let sending = business.send().await;
    let page = "x".repeat(100_000);
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{page}", page.len());
    arrived.recv().await.unwrap().answer_in_full(answer);
    sending.await.unwrap();
    let log = business.newest().await;
    assert_eq!(log.row.state, DeliveryState::Delivered, "too long is no failure");
    let newest = &log.attempts[0];
    assert_eq!((newest.answer.len(), newest.answer_cut), (2_048, true));
}

#[tokio::test]
async fn nothing_is_said_to_what_is_not_the_public_internet() {
    let (here, mut arrived) = server().await;
    let posting = |url: &str| Posting {
        url: url.to_owned(),
        headers: Vec::new(),
        body: "{}".into(),
    };
    let port = here
        .trim_start_matches("http://127.0.0.1:")
        .trim_end_matches("/in");
    for url in [
        here.clone(),
        format!("https://127.0.0.1:{port}/"),
        format!("https://localhost:{port}/"),
        format!("https://[::ffff:127.0.0.1]:{port}/"),
        "https://[::1]/".into(),
        "https://10.0.0.1/".into(),
        "https://172.16.0.1/".into(),
        "https://192.168.0.1/".into(),
        "https://100.64.0.1/".into(),
        "https://169.254.169.254/latest/meta-data".into(),
        "https://[::ffff:169.254.169.254]/".into(),
        "https://[fe80::1]/".into(),
        "https://[fd00:ec2::254]/".into(),
        "https://[64:ff9b::a9fe:a9fe]/".into(),
        "https://2130706433/".into(),
        "https://0x7f.1/".into(),
        "https://0.0.0.0/".into(),
        "http://1.1.1.1/".into(),
        "ftp://1.1.1.1/".into(),
        "https://user:secret@1.1.1.1/".into(),
    ] {
        let refused = poster(false).post(&posting(&url)).await.unwrap_err();
        let words = refused.to_string();
        let told = ["public internet", "Only https", "user and password"];
        assert!(told.iter().any(|part| words.contains(part)), "{url}: {words}");
    }
    assert!(arrived.try_recv().is_err(), "nothing arrived");
    // In development this machine may be spoken to, and no other of the inside.
    let refused = poster(true).post(&posting("https://10.0.0.1/")).await;
    assert!(refused.unwrap_err().to_string().contains("public internet"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_worker_sends_what_is_due_and_stops() {
    let (url, mut arrived) = server().await;
    let business = Business::new(Installation::in_memory().await, &url).await;
    business.approve().await;
    let worker = Worker::start(business.home.platform.system(), Deliveries);
    let first = arrived.recv().await.unwrap();
    assert!(first.is_signed_with(&business.secret));
    business.approve().await;
    let second = arrived.recv().await.unwrap();
    assert_ne!(first.header("webhook-id"), second.header("webhook-id"));
    first.answer("200 OK");
    second.answer("200 OK");
    worker.stop().await;
    let page = webhooks::one(&business.user, business.webhook, None, None)
        .await
        .unwrap();
    let states: Vec<_> = page.deliveries.rows.iter().map(|row| row.state).collect();
    assert_eq!(states, [DeliveryState::Delivered; 2]);
}
