//! Alerts: what is measured, the edges, who is told, once and by one server at a time.

mod channels;
mod edges;
mod kinds;
mod owners;
mod replay;

use std::sync::{Arc, Mutex};

use platform::{
    Ctx, alerts, metering,
    webhooks::{Answer, Courier, Posting, Undelivered},
};
use testkit::{Cluster, Installation, who};
use types::{
    AlertChannelId, AlertRuleId,
    alerts::{AlertCause, AlertDraft, AlertEventRow, AlertPage, AlertState, Amount, ChannelDraft},
};

use crate::metering::answered;

/// Somebody's receiver: keeps what it is sent, and answers as it is told.
#[derive(Default)]
pub(crate) struct Receiver {
    seen: Mutex<Vec<Posting>>,
    answer: Mutex<Option<Result<u16, Undelivered>>>,
}

impl Receiver {
    fn answers(&self, status: u16) {
        *self.answer.lock().unwrap() = Some(Ok(status));
    }

    fn seen(&self) -> Vec<Posting> {
        self.seen.lock().unwrap().clone()
    }
}

#[async_trait::async_trait]
impl Courier for Receiver {
    async fn post(&self, posting: &Posting) -> Result<Answer, Undelivered> {
        if posting.url.contains("hangs") {
            std::future::pending::<()>().await;
        }
        self.seen.lock().unwrap().push(posting.clone());
        let answer = self.answer.lock().unwrap().clone().unwrap_or(Ok(204));
        answer.map(|status| Answer {
            status,
            ..Answer::default()
        })
    }
}

fn receiver(home: &Installation) -> Arc<Receiver> {
    let receiver = Arc::new(Receiver::default());
    home.platform.post_with(receiver.clone());
    receiver
}

/// On SQLite, and on PostgreSQL if there is one.
async fn homes() -> (Vec<Installation>, Option<Cluster>) {
    let mut homes = vec![Installation::in_memory().await];
    let cluster = Cluster::start_or_skip();
    if let Some(cluster) = &cluster {
        homes.push(Installation::at(&cluster.database().await.unwrap()).await);
    }
    (homes, cluster)
}

/// More than ten calls in fifteen minutes are a warning, more than twenty critical.
fn requests() -> AlertDraft {
    AlertDraft {
        kind: "requests".into(),
        name: "Many calls".into(),
        window: "15".into(),
        warning: "10".into(),
        critical: "20".into(),
        clear_after: "2".into(),
        ..AlertDraft::default()
    }
}

async fn rule(user: &Ctx, draft: &AlertDraft) -> AlertRuleId {
    alerts::create(user, draft).await.unwrap()
}

async fn webhook_channel(user: &Ctx, name: &str) -> (AlertChannelId, String) {
    let draft = ChannelDraft {
        kind: "webhook".into(),
        name: name.into(),
        url: format!("https://{name}.example.com/in"),
        ..ChannelDraft::default()
    };
    let made = alerts::create_channel(user, &draft).await.unwrap();
    (made.id, made.secret.unwrap())
}

async fn mail_channel(user: &Ctx, name: &str) -> AlertChannelId {
    let draft = ChannelDraft {
        kind: "email".into(),
        name: name.into(),
        member: who(user).0.to_string(),
        ..ChannelDraft::default()
    };
    alerts::create_channel(user, &draft).await.unwrap().id
}

/// So many calls at this moment, of which so many fail.
async fn calls(home: &Installation, key: &Ctx, count: u32, errors: u32) {
    for number in 0..count {
        let status = if number < errors { 500 } else { 200 };
        metering::record(key, &answered("/verify/status", status));
    }
    metering::flush(&home.platform.system()).await.unwrap();
}

/// Moves the clock to fifteen seconds behind the next five minutes, and evaluates what is due.
async fn step(home: &Installation) -> usize {
    let system = home.platform.system();
    let into = system.now().as_millis().rem_euclid(300_000) / 1_000;
    home.clock.advance(315 - into);
    evaluate(&system).await
}

async fn evaluate(system: &Ctx) -> usize {
    let mut done = 0;
    loop {
        match alerts::evaluate(system).await.unwrap() {
            0 => return done,
            more => done += more,
        }
    }
}

/// Sends what is due, as the worker does; how many attempts there were.
async fn send(ctx: &Ctx) -> usize {
    let mut attempts = 0;
    loop {
        let claimed = alerts::claim(ctx, 100).await.unwrap();
        if claimed.is_empty() {
            return attempts;
        }
        for delivery in claimed {
            attempts += 1;
            alerts::deliver(ctx, delivery).await.unwrap();
        }
    }
}

async fn page(user: &Ctx, id: AlertRuleId) -> AlertPage {
    alerts::one(user, id, None).await.unwrap()
}

async fn state(user: &Ctx, id: AlertRuleId) -> AlertState {
    page(user, id).await.row.state
}

/// What was told, oldest first.
async fn events(user: &Ctx, id: AlertRuleId) -> Vec<AlertEventRow> {
    let mut rows = page(user, id).await.events.rows;
    rows.reverse();
    rows
}

async fn causes(user: &Ctx, id: AlertRuleId) -> Vec<AlertCause> {
    let told = events(user, id).await;
    told.into_iter().map(|event| event.cause).collect()
}

#[expect(clippy::unnecessary_wraps, reason = "rows have a value or none")]
fn whole(units: i64) -> Option<Amount> {
    Some(Amount::whole(units))
}
