//! From calls to edges, silences, acknowledgements, reminders; one server at a time.

use platform::{Error, alerts};
use testkit::{Cluster, Installation};
use types::{
    Environment,
    alerts::{AlertCause as Cause, AlertDraft, AlertState as State},
    webhooks::DeliveryState,
};

use super::{
    calls, causes, evaluate, events, homes, mail_channel, page, receiver, requests, rule, send, state, step,
    webhook_channel, whole,
};
use crate::retention::codes;

const HOUR: i64 = 3_600;

async fn it_fires_eases_and_clears(home: Installation) {
    let receiver = receiver(&home);
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let system = home.platform.system();
    let (low, _) = webhook_channel(&user, "low").await;
    let (high, _) = webhook_channel(&user, "high").await;
    let draft = AlertDraft {
        warning_channels: vec![low.to_string()],
        critical_channels: vec![high.to_string()],
        ..requests()
    };
    let id = rule(&user, &draft).await;
    evaluate(&system).await;
    assert_eq!(state(&user, id).await, State::Ok);
    calls(&home, &key, 10, 0).await;
    step(&home).await;
    let row = page(&user, id).await.row;
    assert_eq!((row.state, row.value), (State::Warning, whole(10)));
    assert_eq!(alerts::firing(&user).await.unwrap(), 1);
    assert_eq!(send(&system).await, 1, "only those of warnings are told");
    calls(&home, &key, 12, 0).await;
    step(&home).await;
    assert_eq!(state(&user, id).await, State::Critical);
    assert_eq!(send(&system).await, 1, "and only those of what is critical");
    let urls: Vec<_> = receiver.seen().into_iter().map(|posting| posting.url).collect();
    assert_eq!(
        urls,
        ["https://low.example.com/in", "https://high.example.com/in"]
    );
    // The first ten leave the window, then the others.
    step(&home).await;
    step(&home).await;
    assert_eq!(state(&user, id).await, State::Critical, "once is not enough");
    step(&home).await;
    assert_eq!(state(&user, id).await, State::Ok);
    assert_eq!(
        send(&system).await,
        2,
        "whoever was told of it is told that it is over"
    );
    assert_eq!(
        causes(&user, id).await,
        [Cause::Fired, Cause::Fired, Cause::Cleared]
    );
    let told = events(&user, id).await;
    assert_eq!((told[1].from, told[1].to), (State::Warning, State::Critical));
    assert_eq!((told[1].value, told[1].threshold), (whole(22), whole(20)));
    assert!(
        told.iter()
            .flat_map(|event| &event.deliveries)
            .all(|one| one.state == DeliveryState::Delivered)
    );
    for code in [
        "alert_rule.created",
        "alert.fired",
        "alert.cleared",
        "alert_channel.created",
    ] {
        assert!(!codes(&user, code).await.is_empty(), "{code}");
    }
    assert_eq!(alerts::firing(&user).await.unwrap(), 0);
    home.db.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn edges_are_told() {
    let (homes, _cluster) = homes().await;
    for home in homes {
        Box::pin(it_fires_eases_and_clears(home)).await;
    }
}

/// Keeps it critical: as many calls in each five minutes.
async fn critical(home: &Installation, key: &platform::Ctx) {
    calls(home, key, 25, 0).await;
    step(home).await;
}

async fn a_silence_tells_nobody_and_then_once(home: Installation) {
    receiver(&home);
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let system = home.platform.system();
    let (channel, _) = webhook_channel(&user, "ops").await;
    let draft = AlertDraft {
        critical_channels: vec![channel.to_string()],
        ..requests()
    };
    let id = rule(&user, &draft).await;
    evaluate(&system).await;
    alerts::silence(&user, id, HOUR).await.unwrap();
    critical(&home, &key).await;
    assert_eq!(
        state(&user, id).await,
        State::Critical,
        "it is evaluated all the same"
    );
    assert_eq!(send(&system).await, 0);
    assert!(events(&user, id).await[0].silenced);
    for _ in 0..12 {
        critical(&home, &key).await;
    }
    assert!(
        page(&user, id).await.row.silenced_until.is_none(),
        "the hour is over"
    );
    assert_eq!(send(&system).await, 1);
    assert_eq!(causes(&user, id).await, [Cause::Fired, Cause::Unsilenced]);
    critical(&home, &key).await;
    assert_eq!(send(&system).await, 0, "once");
    // Silenced while people know of it, over before the silence ends: they are told at its end.
    alerts::silence(&user, id, 2 * HOUR).await.unwrap();
    for _ in 0..6 {
        step(&home).await;
    }
    assert_eq!(state(&user, id).await, State::Ok);
    assert_eq!(send(&system).await, 0);
    alerts::unsilence(&user, id).await.unwrap();
    evaluate(&system).await;
    assert_eq!(send(&system).await, 1);
    assert_eq!(
        causes(&user, id).await,
        [Cause::Fired, Cause::Unsilenced, Cause::Cleared, Cause::Cleared]
    );
    let again = alerts::unsilence(&user, id).await;
    assert!(matches!(again, Err(Error::Conflict(_))));
    for seconds in [0, 299, 31 * 86_400, -1] {
        let refused = alerts::silence(&user, id, seconds).await;
        assert!(matches!(refused, Err(Error::Invalid { .. })), "{seconds}");
    }
    home.db.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silences() {
    let (homes, _cluster) = homes().await;
    for home in homes {
        Box::pin(a_silence_tells_nobody_and_then_once(home)).await;
    }
}

#[tokio::test]
async fn what_stays_critical_is_told_daily_until_somebody_takes_note() {
    let home = Installation::in_memory().await;
    receiver(&home);
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let system = home.platform.system();
    let (channel, _) = webhook_channel(&user, "ops").await;
    let draft = AlertDraft {
        window: "1440".into(),
        critical_channels: vec![channel.to_string()],
        ..requests()
    };
    let id = rule(&user, &draft).await;
    let refused = alerts::acknowledge(&user, id).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "nothing fires");
    critical(&home, &key).await;
    send(&system).await;
    for _ in 0..2 {
        home.clock.advance(12 * HOUR);
        critical(&home, &key).await;
    }
    assert_eq!(send(&system).await, 1, "a day is over");
    alerts::acknowledge(&user, id).await.unwrap();
    assert_eq!(alerts::firing(&user).await.unwrap(), 0, "somebody has taken note");
    let told = events(&user, id).await;
    assert!(told.iter().all(|event| event.acknowledged.is_some()), "{told:?}");
    let again = alerts::acknowledge(&user, id).await;
    assert!(matches!(again, Err(Error::Conflict(_))));
    for _ in 0..6 {
        home.clock.advance(12 * HOUR);
        critical(&home, &key).await;
    }
    assert_eq!(send(&system).await, 0, "nobody is reminded any more");
    assert_eq!(causes(&user, id).await, [Cause::Fired, Cause::Reminder]);
    // What fires anew is nobody's yet.
    home.clock.advance(30 * HOUR);
    step(&home).await;
    step(&home).await;
    assert_eq!(state(&user, id).await, State::Ok);
    critical(&home, &key).await;
    assert_eq!(page(&user, id).await.row.acknowledged, None);
    assert_eq!(alerts::firing(&user).await.unwrap(), 1);
}

/// Two servers at once: each moment is one of theirs.
async fn one_of_two_evaluates(home: Installation, other: Installation) {
    receiver(&home);
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let (channel, _) = webhook_channel(&user, "ops").await;
    let mut ids = Vec::new();
    for number in 0..8 {
        let draft = AlertDraft {
            name: format!("Rule {number}"),
            critical_channels: vec![channel.to_string()],
            ..requests()
        };
        ids.push(rule(&user, &draft).await);
    }
    let (one, two) = (home.platform.system(), other.platform.system());
    evaluate(&one).await;
    calls(&home, &key, 30, 0).await;
    home.clock.advance(315);
    let (a, b) = tokio::join!(evaluate(&one), evaluate(&two));
    assert_eq!(a + b, 8, "each once");
    let (a, b) = tokio::join!(evaluate(&one), evaluate(&two));
    assert_eq!(a + b, 0);
    for id in &ids {
        assert_eq!(causes(&user, *id).await, [Cause::Fired]);
    }
    let (a, b) = tokio::join!(send(&one), send(&two));
    assert_eq!(a + b, 8);
    // One dies with rules in hand: after a while the other evaluates them, and what was evaluated
    // already is not told again.
    home.execute(
        "UPDATE alert_rules SET claim_id = 'gone', claimed_until = due_at + 600000",
        &[],
    )
    .await;
    home.clock.advance(300);
    assert_eq!(evaluate(&two).await, 0);
    home.clock.advance(601);
    assert_eq!(evaluate(&two).await, 8);
    home.execute("UPDATE alert_rules SET due_at = 0", &[]).await;
    assert_eq!(evaluate(&one).await, 8, "the same moment again");
    for id in &ids {
        assert_eq!(causes(&user, *id).await, [Cause::Fired], "once");
    }
    other.db.close().await;
    home.db.close().await;
}

#[tokio::test]
async fn two_servers_on_sqlite() {
    let home = Installation::in_memory().await;
    let other = Installation::seeded(
        home.db.clone(),
        home.clock.clone(),
        home.keys.clone(),
        testkit::settings(),
        3,
    )
    .await;
    Box::pin(one_of_two_evaluates(home, other)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_on_postgresql() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let url = cluster.database().await.unwrap();
    let home = Installation::at(&url).await;
    let other = home.another_server(&url).await;
    Box::pin(one_of_two_evaluates(home, other)).await;
}

#[tokio::test]
async fn an_edge_that_cannot_be_audited_is_not_told_and_comes_again() {
    let home = Installation::in_memory().await;
    receiver(&home);
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let system = home.platform.system();
    let channel = mail_channel(&user, "Ada").await;
    let draft = AlertDraft {
        critical_channels: vec![channel.to_string()],
        ..requests()
    };
    let id = rule(&user, &draft).await;
    evaluate(&system).await;
    home.execute("ALTER TABLE audit_events RENAME TO elsewhere", &[])
        .await;
    critical(&home, &key).await;
    home.execute("ALTER TABLE elsewhere RENAME TO audit_events", &[])
        .await;
    assert_eq!(state(&user, id).await, State::Ok);
    assert_eq!(send(&system).await, 0);
    home.clock.advance(121);
    evaluate(&system).await;
    assert_eq!(state(&user, id).await, State::Critical);
    assert_eq!(send(&system).await, 1);
}

#[tokio::test]
async fn one_that_is_off_is_silent_and_begins_anew() {
    let home = Installation::in_memory().await;
    receiver(&home);
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let id = rule(&user, &requests()).await;
    critical(&home, &key).await;
    assert_eq!(state(&user, id).await, State::Critical);
    alerts::disable(&user, id).await.unwrap();
    assert!(matches!(
        alerts::disable(&user, id).await,
        Err(Error::Conflict(_))
    ));
    assert_eq!(state(&user, id).await, State::Ok);
    assert_eq!(alerts::firing(&user).await.unwrap(), 0);
    critical(&home, &key).await;
    assert_eq!(causes(&user, id).await, [Cause::Fired]);
    alerts::enable(&user, id).await.unwrap();
    critical(&home, &key).await;
    assert_eq!(causes(&user, id).await, [Cause::Fired, Cause::Fired]);
    alerts::delete(&user, id).await.unwrap();
    assert!(matches!(
        alerts::one(&user, id, None).await,
        Err(Error::NotFound(_))
    ));
}
