//! What is not taken: sent again, given up, told of, replayed.

use platform::{Ctx, Error, webhooks};
use testkit::{Cluster, Installation};
use types::{
    DeliveryId, Environment, WebhookId,
    webhooks::{DeliveryState, WebhookState, WebhookStop},
};

use super::{approved, deliveries, header, made, page, send, shop};
use crate::retention::codes;

const DAY: i64 = 86_400;

/// Moves the clock to the next attempt of this delivery; the seconds that it took.
async fn to_next_attempt(
    home: &Installation,
    user: &Ctx,
    id: WebhookId,
    delivery: DeliveryId,
) -> Option<i64> {
    let row = webhooks::delivery(user, id, delivery).await.unwrap().row;
    let millis = row.next_try_at?.millis_since(user.now());
    let seconds = (millis + 999) / 1000;
    home.clock.advance(seconds);
    Some(seconds)
}

async fn ten_attempts_then_a_replay(home: Installation) {
    let shop = shop(&home);
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let system = home.platform.system();
    let id = made(&user).await;
    shop.answers(503);
    approved(&key).await;
    let delivery = deliveries(&user, id).await[0].id;
    let (mut pauses, mut began) = (Vec::new(), user.now());
    assert_eq!(send(&system).await, 1);
    while let Some(pause) = to_next_attempt(&home, &user, id, delivery).await {
        assert_eq!(send(&system).await, 1, "when it is due, and not before");
        assert_eq!(send(&system).await, 0, "not at once again");
        pauses.push(pause);
    }
    assert_eq!(pauses.len(), 9);
    assert!(pauses.windows(2).all(|pair| pair[1] > pair[0] * 2), "{pauses:?}");
    assert!(user.now().millis_since(began) <= 72 * 3_600_000);
    let seen = shop.seen();
    assert_eq!(seen.len(), 10);
    assert!(seen.iter().all(|posting| {
        header(posting, "webhook-id") == header(&seen[0], "webhook-id") && posting.body == seen[0].body
    }));
    let log = webhooks::delivery(&user, id, delivery).await.unwrap();
    assert_eq!((log.row.state, log.row.attempts), (DeliveryState::Failed, 10));
    assert_eq!((log.attempts.len(), log.attempts[0].number), (10, 10));
    assert_eq!(log.attempts[0].status, Some(503));
    assert_eq!(log.attempts[0].answer, "Words of the shop");
    assert_eq!(log.attempts[0].problem.as_deref(), Some("It answered 503."));
    assert!(
        log.attempts[0]
            .headers
            .iter()
            .any(|(name, _)| name == "webhook-signature")
    );
    assert_eq!(log.attempts[0].target, "https://shop.example.com/in?…");
    assert_eq!(log.body, seen[0].body);
    // Replayed, it has ten attempts again, under the same id.
    began = user.now();
    webhooks::replay(&user, id, delivery).await.unwrap();
    assert_eq!(send(&system).await, 1);
    assert!(to_next_attempt(&home, &user, id, delivery).await.unwrap() < 30);
    shop.answers(200);
    assert_eq!(send(&system).await, 1);
    let log = webhooks::delivery(&user, id, delivery).await.unwrap();
    assert_eq!((log.row.state, log.row.attempts), (DeliveryState::Delivered, 12));
    assert!(user.now().millis_since(began) < 60_000);
    assert_eq!(
        header(shop.seen().last().unwrap(), "webhook-id"),
        header(&seen[0], "webhook-id")
    );
    assert_eq!(codes(&user, "webhook.replayed").await.len(), 1);
    assert_eq!(page(&user, id).await.row.state, WebhookState::Enabled);
    home.db.close().await;
}

#[tokio::test]
async fn attempts_on_sqlite() {
    Box::pin(ten_attempts_then_a_replay(Installation::in_memory().await)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attempts_on_postgresql() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let home = Installation::at(&cluster.database().await.unwrap()).await;
    Box::pin(ten_attempts_then_a_replay(home)).await;
}

/// How many mails have this in their subject.
async fn mails(home: &Installation, subject: &str) -> usize {
    let mails = home.mails().await;
    mails.iter().filter(|mail| mail.subject.contains(subject)).count()
}

const WARNING: &str = "will be disabled";
const STOPPED: &str = "was disabled";

async fn days_of_failure_disable_with_notice(home: Installation) {
    let shop = shop(&home);
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let system = home.platform.system();
    let id = made(&user).await;
    shop.is_away();
    // Something happens every six hours.
    let mut state = Vec::new();
    for quarter in 0..30 {
        approved(&key).await;
        send(&system).await;
        let row = page(&user, id).await.row;
        state.push((
            row.state,
            mails(&home, WARNING).await,
            mails(&home, STOPPED).await,
        ));
        if quarter == 11 {
            assert_eq!(state[11], (WebhookState::Failing, 0, 0), "not before three days");
        }
        home.clock.advance(DAY / 4);
    }
    assert_eq!(state[12], (WebhookState::Failing, 1, 0), "told after three days");
    assert_eq!(
        state[19],
        (WebhookState::Failing, 1, 0),
        "told once, and nothing yet"
    );
    assert_eq!(state[20], (WebhookState::Disabled, 1, 1), "disabled after five");
    assert_eq!(state[29], (WebhookState::Disabled, 1, 1));
    assert_eq!(codes(&user, "webhook.failing").await.len(), 1);
    assert_eq!(codes(&user, "webhook.disabled").await.len(), 1);
    let row = page(&user, id).await.row;
    assert_eq!((row.stopped, row.pending), (Some(WebhookStop::Failing), 0));
    let sent = deliveries(&user, id).await;
    assert_eq!(sent.len(), 21, "while it is disabled nothing is queued");
    assert!(sent.iter().all(|row| row.state == DeliveryState::Failed));
    // Nothing is replayed to it until it is enabled.
    let refused = webhooks::replay(&user, id, sent[0].id).await;
    assert!(matches!(refused, Err(Error::Conflict(_))));
    webhooks::enable(&user, id).await.unwrap();
    shop.answers(200);
    // The fifth day alone, then everything.
    let some = webhooks::replay_since(&user, id, "2026-11-28T00:00")
        .await
        .unwrap();
    assert!((1..10).contains(&some), "{some}");
    assert_eq!(send(&system).await, usize::try_from(some).unwrap());
    let rest = webhooks::replay_since(&user, id, "2026-11-01T00:00")
        .await
        .unwrap();
    assert_eq!(some + rest, 21);
    send(&system).await;
    assert_eq!(
        webhooks::replay_since(&user, id, "2026-11-01T00:00")
            .await
            .unwrap(),
        0
    );
    let bad = webhooks::replay_since(&user, id, "yesterday").await;
    assert!(matches!(bad, Err(Error::Invalid { .. })));
    assert_eq!(page(&user, id).await.row.state, WebhookState::Enabled);
    home.db.close().await;
}

#[tokio::test]
async fn days_of_failure_on_sqlite() {
    Box::pin(days_of_failure_disable_with_notice(
        Installation::in_memory().await,
    ))
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn days_of_failure_on_postgresql() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let home = Installation::at(&cluster.database().await.unwrap()).await;
    Box::pin(days_of_failure_disable_with_notice(home)).await;
}

#[tokio::test]
async fn nobody_is_disabled_without_two_days_of_notice_and_success_forgets() {
    let home = Installation::in_memory().await;
    let shop = shop(&home);
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let system = home.platform.system();
    let id = made(&user).await;
    let once = async |days: i64| {
        home.clock.advance(days * DAY);
        // What was sent before is not looked at here.
        home.execute("DELETE FROM webhook_deliveries", &[]).await;
        approved(&key).await;
        send(&system).await;
        page(&user, id).await.row.state
    };
    shop.answers(500);
    // Seldom used: the second failure comes long after the first.
    once(0).await;
    assert_eq!(once(20).await, WebhookState::Failing);
    assert_eq!(mails(&home, WARNING).await, 1);
    assert_eq!(once(1).await, WebhookState::Failing);
    // It gets better in between: everything begins anew.
    shop.answers(200);
    assert_eq!(once(0).await, WebhookState::Enabled);
    assert_eq!(codes(&user, "webhook.recovered").await.len(), 1);
    shop.answers(500);
    assert_eq!(once(0).await, WebhookState::Failing);
    assert_eq!(once(4).await, WebhookState::Failing);
    assert_eq!(mails(&home, WARNING).await, 2);
    assert_eq!(
        once(1).await,
        WebhookState::Failing,
        "five days, but one of notice"
    );
    assert_eq!(once(1).await, WebhookState::Disabled);
    assert_eq!(mails(&home, STOPPED).await, 1);
}

#[tokio::test]
async fn gone_is_gone() {
    let home = Installation::in_memory().await;
    let shop = shop(&home);
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let system = home.platform.system();
    let id = made(&user).await;
    shop.answers(410);
    for _ in 0..3 {
        approved(&key).await;
    }
    assert_eq!(send(&system).await, 3, "they were claimed together");
    let row = page(&user, id).await.row;
    assert_eq!(
        (row.state, row.stopped),
        (WebhookState::Disabled, Some(WebhookStop::Gone))
    );
    let sent = deliveries(&user, id).await;
    assert!(
        sent.iter().all(|row| row.state == DeliveryState::Failed),
        "{sent:?}"
    );
    assert_eq!(mails(&home, STOPPED).await, 1);
    assert_eq!(codes(&user, "webhook.disabled").await.len(), 1);
    home.clock.advance(DAY);
    assert_eq!(send(&system).await, 0);
}

#[tokio::test]
async fn a_test_event_is_sent_once_and_at_once() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let id = made(&user).await;
    let refused = webhooks::test(&user, id).await;
    assert!(matches!(refused, Err(Error::Unavailable(_))), "nobody carries it");
    let shop = shop(&home);
    let (taken, problem) = webhooks::test(&user, id).await.unwrap();
    assert_eq!(problem, None);
    assert_eq!(header(&shop.seen()[0], "x-webhook-event"), "webhook.test");
    assert_eq!(shop.bodies()[0]["type"], "webhook.test");
    shop.answers(301);
    let (refused, problem) = webhooks::test(&user, id).await.unwrap();
    assert!(problem.unwrap().contains("Redirects are not followed"));
    home.clock.advance(DAY);
    assert_eq!(send(&home.platform.system()).await, 0, "it is not sent again");
    let state = async |delivery| webhooks::delivery(&user, id, delivery).await.unwrap().row.state;
    assert_eq!(state(taken).await, DeliveryState::Delivered);
    assert_eq!(state(refused).await, DeliveryState::Failed);
    let row = page(&user, id).await.row;
    assert!(
        row.failing_since.is_none() && row.succeeded_at.is_none(),
        "it says nothing of its health"
    );
    assert_eq!(
        webhooks::replay_since(&user, id, "2026-01-01T00:00")
            .await
            .unwrap(),
        0
    );
    // Also to one that is disabled.
    webhooks::disable(&user, id).await.unwrap();
    shop.answers(200);
    assert_eq!(webhooks::test(&user, id).await.unwrap().1, None);
    assert_eq!(codes(&user, "webhook.tested").await.len(), 3);
}

#[tokio::test]
async fn what_changes_while_it_is_sent_is_decided_by_whoever_changed_it() {
    let home = Installation::in_memory().await;
    let shop = shop(&home);
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let system = home.platform.system();
    let id = made(&user).await;
    shop.answers(500);
    approved(&key).await;
    let mut claimed = webhooks::claim(&system, 1).await.unwrap();
    webhooks::disable(&user, id).await.unwrap();
    webhooks::deliver(&system, claimed.remove(0)).await.unwrap();
    let row = deliveries(&user, id).await.remove(0);
    assert_eq!(
        (row.state, row.attempts),
        (DeliveryState::Failed, 1),
        "not again: it is disabled"
    );
    webhooks::enable(&user, id).await.unwrap();
    webhooks::replay(&user, id, row.id).await.unwrap();
    let mut claimed = webhooks::claim(&system, 1).await.unwrap();
    let refused = webhooks::replay(&user, id, row.id).await;
    assert!(
        matches!(refused, Err(Error::Conflict(_))),
        "it is just being sent"
    );
    webhooks::delete(&user, id).await.unwrap();
    webhooks::deliver(&system, claimed.remove(0)).await.unwrap();
    assert!(webhooks::page(&user).await.unwrap().rows.is_empty());
    let attempts = "SELECT CAST(COUNT(*) AS BIGINT) FROM webhook_attempts";
    assert_eq!(super::count(&home, attempts).await, 0);
    // Nobody listens any more: a decision leaves no message.
    let before = super::count(&home, super::MESSAGES).await;
    approved(&key).await;
    assert_eq!(super::count(&home, super::MESSAGES).await, before);
}

#[tokio::test]
async fn a_claimant_that_took_too_long_notes_nothing() {
    let home = Installation::in_memory().await;
    shop(&home);
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let id = made(&user).await;
    approved(&key).await;
    let system = home.platform.system();
    let claimed = async || webhooks::claim(&system, 8).await.unwrap().pop().unwrap();
    let slow = claimed().await;
    home.clock.advance(61);
    let quick = claimed().await;
    let noted = async || {
        let row = deliveries(&user, id).await.remove(0);
        (row.attempts, row.state)
    };
    webhooks::deliver(&system, slow).await.unwrap();
    assert_eq!(noted().await, (0, DeliveryState::Pending));
    webhooks::deliver(&system, quick).await.unwrap();
    assert_eq!(noted().await, (1, DeliveryState::Delivered));
}
