//! Webhooks: written with what happened, sent at least once, by one server at a time.

mod owners;
mod retries;

use std::sync::{Arc, Mutex};

use platform::{
    Ctx, Error,
    verification::{self, Evidence, StartRequest},
    webhooks::{self, Answer, Courier, Posting, Undelivered},
};
use serde_json::Value;
use testkit::{Cluster, Installation, adult_passport, expired_passport, wrong_digit_passport};
use types::{
    Environment, VerificationId, WebhookId,
    webhooks::{DeliveryRow, DeliveryState, WebhookDraft, WebhookPage},
};

/// A customer's program: keeps what it is sent, and answers as it is told.
#[derive(Default)]
pub(crate) struct Shop {
    seen: Mutex<Vec<Posting>>,
    answer: Mutex<Option<Result<Answer, Undelivered>>>,
}

impl Shop {
    /// What it answers from now on.
    fn answers(&self, status: u16) {
        let answer = Answer {
            status,
            body: b"Words of the shop".to_vec(),
            cut: false,
        };
        *self.answer.lock().unwrap() = Some(Ok(answer));
    }

    fn is_away(&self) {
        let away = Undelivered("No connection: nobody takes connections there.".into());
        *self.answer.lock().unwrap() = Some(Err(away));
    }

    fn seen(&self) -> Vec<Posting> {
        self.seen.lock().unwrap().clone()
    }

    fn bodies(&self) -> Vec<Value> {
        let seen = self.seen();
        seen.iter()
            .map(|posting| serde_json::from_str(&posting.body).unwrap())
            .collect()
    }
}

#[async_trait::async_trait]
impl Courier for Shop {
    async fn post(&self, posting: &Posting) -> Result<Answer, Undelivered> {
        self.seen.lock().unwrap().push(posting.clone());
        self.answer.lock().unwrap().clone().unwrap_or_else(|| {
            Ok(Answer {
                status: 204,
                ..Answer::default()
            })
        })
    }
}

fn header<'a>(posting: &'a Posting, name: &str) -> &'a str {
    let found = posting.headers.iter().find(|(known, _)| known == name);
    found.map_or("", |(_, value)| value)
}

fn shop(home: &Installation) -> Arc<Shop> {
    let shop = Arc::new(Shop::default());
    home.platform.post_with(shop.clone());
    shop
}

fn draft(environment: Environment) -> WebhookDraft {
    WebhookDraft {
        url: "https://shop.example.com/in?token=abc".into(),
        description: "Shop".into(),
        environment: environment.to_string(),
        events: vec!["verification.completed".into()],
    }
}

async fn made(user: &Ctx) -> WebhookId {
    webhooks::create(user, &draft(Environment::Test))
        .await
        .unwrap()
        .id
}

async fn started(key: &Ctx) -> VerificationId {
    let request = StartRequest {
        reference: Some("order-7".into()),
        ..StartRequest::default()
    };
    verification::start(key, request).await.unwrap().id
}

/// A verification that is approved.
pub(crate) async fn approved(key: &Ctx) -> VerificationId {
    let id = started(key).await;
    let evidence = Evidence::new(adult_passport());
    verification::complete(key, id, Some(evidence)).await.unwrap();
    id
}

/// Sends what is due, as the worker does; how many attempts there were.
pub(crate) async fn send(ctx: &Ctx) -> usize {
    let mut attempts = 0;
    loop {
        let claimed = webhooks::claim(ctx, 100).await.unwrap();
        if claimed.is_empty() {
            return attempts;
        }
        for delivery in claimed {
            attempts += 1;
            webhooks::deliver(ctx, delivery).await.unwrap();
        }
    }
}

async fn page(user: &Ctx, id: WebhookId) -> WebhookPage {
    webhooks::one(user, id, None, None).await.unwrap()
}

async fn deliveries(user: &Ctx, id: WebhookId) -> Vec<DeliveryRow> {
    page(user, id).await.deliveries.rows
}

async fn count(home: &Installation, sql: &'static str) -> i64 {
    let mut read = home.db.read().await.unwrap();
    db::on!(read, |c| sqlx::query_scalar(sql).fetch_one(c).await).unwrap()
}

const MESSAGES: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM webhook_messages";

async fn every_end_is_told_and_nothing_more_than_the_status(home: Installation) {
    let shop = shop(&home);
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let system = home.platform.system();
    let id = made(&user).await;
    let live = webhooks::create(&user, &draft(Environment::Live))
        .await
        .unwrap()
        .id;
    // Approved, denied, rejected for too many tries, declined, and out of time.
    let mut ended = vec![approved(&key).await];
    let denied = started(&key).await;
    let evidence = Evidence::new(expired_passport());
    verification::complete(&key, denied, Some(evidence))
        .await
        .unwrap();
    let tried = started(&key).await;
    for _ in 0..5 {
        let evidence = Evidence::new(wrong_digit_passport());
        verification::complete(&key, tried, Some(evidence)).await.unwrap();
    }
    let declined = verification::start(&key, StartRequest::default()).await.unwrap();
    let secret = declined.session_url.rsplit('/').next().unwrap();
    let link = verification::open_link(&home.anonymous(), secret).await.unwrap();
    verification::decline(&link.ctx).await.unwrap();
    ended.extend([denied, tried, declined.id]);
    send(&system).await;
    ended.push(started(&key).await);
    home.clock.advance(86_400);
    home.mails().await;
    send(&system).await;

    let bodies = shop.bodies();
    assert_eq!(bodies.len(), 5, "{bodies:?}");
    for id in ended {
        let own = bodies
            .iter()
            .find(|body| body["data"]["verificationId"] == id.to_string());
        let own = own.unwrap();
        let known = verification::status(&key, id).await.unwrap();
        let data = own["data"].as_object().unwrap();
        assert_eq!(own["type"], "verification.completed");
        assert_eq!(own["timestamp"], data["completedAt"]);
        assert_eq!(data["status"], known.status.to_string());
        assert_eq!(data["environment"], "test");
        assert_eq!(data["confidence"].as_f64(), known.confidence);
        let names: Vec<_> = data.keys().map(String::as_str).collect();
        let mut allowed = vec!["completedAt", "confidence", "createdAt", "environment"];
        if id != declined.id {
            assert_eq!(data["reference"], "order-7");
            allowed.push("reference");
        }
        allowed.extend(["status", "verificationId"]);
        let mut sorted = names.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, allowed, "what GET /verify/status tells, and no more");
    }
    for posting in shop.seen() {
        assert_eq!(header(&posting, "x-webhook-event"), "verification.completed");
        assert_eq!(posting.url, "https://shop.example.com/in?token=abc");
    }
    assert_eq!(deliveries(&user, id).await.len(), 5);
    assert!(
        deliveries(&user, live).await.is_empty(),
        "test keys are not live ones"
    );
    let health = page(&user, id).await.row;
    assert!(health.succeeded_at.is_some() && health.failing_since.is_none());
    home.db.close().await;
}

#[tokio::test]
async fn ends_are_told_on_sqlite() {
    let home = Installation::in_memory().await;
    Box::pin(every_end_is_told_and_nothing_more_than_the_status(home)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ends_are_told_on_postgresql() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let home = Installation::at(&cluster.database().await.unwrap()).await;
    Box::pin(every_end_is_told_and_nothing_more_than_the_status(home)).await;
}

async fn an_undone_decision_leaves_no_message(home: Installation) {
    shop(&home);
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    made(&user).await;
    let id = started(&key).await;
    // The event of the log cannot be written, so nothing can be.
    home.execute("ALTER TABLE audit_events RENAME TO elsewhere", &[])
        .await;
    let evidence = || Some(Evidence::new(adult_passport()));
    let failed = verification::complete(&key, id, evidence()).await;
    assert!(matches!(failed, Err(Error::Internal(_))));
    assert_eq!(count(&home, MESSAGES).await, 0);
    home.execute("ALTER TABLE elsewhere RENAME TO audit_events", &[])
        .await;
    verification::complete(&key, id, evidence()).await.unwrap();
    assert_eq!(count(&home, MESSAGES).await, 1);
    // Decided twice, it is told once.
    verification::complete(&key, id, None).await.unwrap();
    assert_eq!(count(&home, MESSAGES).await, 1);
    home.db.close().await;
}

#[tokio::test]
async fn undone_on_sqlite() {
    an_undone_decision_leaves_no_message(Installation::in_memory().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn undone_on_postgresql() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let home = Installation::at(&cluster.database().await.unwrap()).await;
    an_undone_decision_leaves_no_message(home).await;
}

/// Two servers on one database: each delivery is one of theirs.
async fn one_of_two_has_it(home: Installation, other: Installation) {
    let shop = shop(&home);
    other.platform.post_with(shop.clone());
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let id = made(&user).await;
    for _ in 0..6 {
        approved(&key).await;
    }
    let (one, two) = (home.platform.system(), other.platform.system());
    let (a, b) = tokio::join!(webhooks::claim(&one, 4), webhooks::claim(&two, 4));
    let (a, b) = (a.unwrap(), b.unwrap());
    assert!(a.len() + b.len() <= 6);
    for delivery in a {
        webhooks::deliver(&one, delivery).await.unwrap();
    }
    for delivery in b {
        webhooks::deliver(&two, delivery).await.unwrap();
    }
    let (a, b) = tokio::join!(send(&one), send(&two));
    assert!(a + b <= 6);
    let mut ids: Vec<_> = shop
        .seen()
        .iter()
        .map(|posting| header(posting, "webhook-id").to_owned())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len(), shop.seen().len()), (6, 6), "each once");
    let rows = deliveries(&user, id).await;
    assert!(rows.iter().all(|row| row.state == DeliveryState::Delivered));
    // One dies with a delivery in hand: after a while the other sends it.
    approved(&key).await;
    let held = webhooks::claim(&one, 10).await.unwrap();
    assert_eq!(held.len(), 1);
    drop(held);
    assert_eq!(send(&two).await, 0);
    home.clock.advance(61);
    assert_eq!(send(&two).await, 1);
    other.db.close().await;
    home.db.close().await;
}

#[tokio::test]
async fn two_servers_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("one.db").display());
    let home = Installation::at(&url).await;
    let again = testkit::Installation::seeded(
        home.db.clone(),
        home.clock.clone(),
        home.keys.clone(),
        testkit::settings(),
        3,
    )
    .await;
    Box::pin(one_of_two_has_it(home, again)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_on_postgresql() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let url = cluster.database().await.unwrap();
    let home = Installation::at(&url).await;
    let other = home.another_server(&url).await;
    Box::pin(one_of_two_has_it(home, other)).await;
}

#[tokio::test]
async fn one_endpoint_does_not_take_every_place() {
    let home = Installation::in_memory().await;
    shop(&home);
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let busy = made(&user).await;
    for _ in 0..12 {
        approved(&key).await;
    }
    home.clock.advance(1);
    let quiet = made(&user).await;
    webhooks::disable(&user, busy).await.unwrap();
    webhooks::enable(&user, busy).await.unwrap();
    webhooks::replay_since(&user, busy, "2026-01-01T00:00")
        .await
        .unwrap();
    home.clock.advance(1);
    approved(&key).await;
    let system = home.platform.system();
    assert_eq!(webhooks::claim(&system, 32).await.unwrap().len(), 8 + 1);
    assert!(
        webhooks::claim(&system, 32).await.unwrap().is_empty(),
        "the busy one has its places taken"
    );
    assert_eq!(page(&user, quiet).await.row.pending, 1);
}
