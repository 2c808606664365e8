//! What each kind measures, on both databases, with numbers by hand.

use std::net::IpAddr;

use platform::{Ctx, Origin, alerts, api_keys, metering, usage, verification::StartRequest};
use testkit::{Installation, who};
use types::{
    Environment,
    alerts::{AlertDraft, AlertFacts, AlertRow, AlertState, Amount, Currency},
    webhooks::WebhookDraft,
};

use super::{calls, evaluate, homes, page, receiver, rule, step, whole};
use crate::{metering::answered, usage::started};

const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;
const WHY: &str = "As agreed on the telephone";

fn of(kind: &str, warning: &str, critical: &str) -> AlertDraft {
    AlertDraft {
        kind: kind.into(),
        warning: warning.into(),
        critical: critical.into(),
        clear_after: "1".into(),
        ..AlertDraft::default()
    }
}

/// What the newest evaluation of a fresh rule found.
async fn found(home: &Installation, user: &Ctx, draft: &AlertDraft) -> AlertRow {
    let id = rule(user, draft).await;
    evaluate(&home.platform.system()).await;
    let row = page(user, id).await.row;
    alerts::delete(user, id).await.unwrap();
    row
}

async fn units(home: Installation) {
    receiver(&home);
    let (user, _) = home.first_person().await;
    let (_, live) = home.api_key(&user, Environment::Live).await;
    let organisation = who(&user).1;
    usage::set_quota(&user, organisation, Some(100), WHY)
        .await
        .unwrap();
    let price = Some((250, Currency::Eur));
    usage::set_price(&user, organisation, price, WHY).await.unwrap();
    // Fourteen within the seven days before today, two of today: 2026-11-23 at noon.
    home.clock.advance(-2 * DAY);
    for _ in 0..14 {
        started(&live, StartRequest::default()).await;
    }
    home.clock.advance(2 * DAY);
    crate::usage::run_jobs(&home).await;
    for _ in 0..2 {
        started(&live, StartRequest::default()).await;
    }
    home.clock.advance(HOUR);
    let quota = found(&home, &user, &of("quota", "15", "80")).await;
    assert_eq!((quota.value, quota.state), (whole(16), AlertState::Warning));
    assert_eq!(quota.facts, AlertFacts::Quota { used: 16, limit: 100 });
    let spend = found(&home, &user, &of("spend", "40", "50")).await;
    assert_eq!((spend.value, spend.state), (whole(40), AlertState::Warning));
    assert_eq!(
        spend.facts,
        AlertFacts::Spend {
            used: 16,
            minor: 250,
            currency: Currency::Eur
        }
    );
    // Two a day, and seven days and eleven hours are left: 16 + 14 * 7.458 / 7 = 30.9, rounded.
    let pace = found(&home, &user, &of("pace", "30", "31")).await;
    assert_eq!((pace.value, pace.state), (whole(31), AlertState::Critical));
    usage::set_price(&user, organisation, None, WHY).await.unwrap();
    let refused = alerts::create(&user, &of("spend", "40", "50")).await;
    assert!(refused.is_err(), "nothing is known of a price");
    home.db.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn units_on_both() {
    let (homes, _cluster) = homes().await;
    for home in homes {
        Box::pin(units(home)).await;
    }
}

#[tokio::test]
async fn a_quota_that_is_lifted_leaves_the_state_and_says_so() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let (_, live) = home.api_key(&user, Environment::Live).await;
    let organisation = who(&user).1;
    usage::set_quota(&user, organisation, Some(2), WHY).await.unwrap();
    started(&live, StartRequest::default()).await;
    let id = rule(&user, &of("quota", "50", "100")).await;
    home.clock.advance(HOUR);
    evaluate(&home.platform.system()).await;
    assert_eq!(page(&user, id).await.row.state, AlertState::Warning);
    usage::set_quota(&user, organisation, None, WHY).await.unwrap();
    home.clock.advance(HOUR);
    evaluate(&home.platform.system()).await;
    let row = page(&user, id).await.row;
    assert_eq!(row.state, AlertState::Warning, "never silently good");
    assert!(row.problem.unwrap().contains("no quota any more"));
    let renamed = AlertDraft {
        name: "Renamed".into(),
        ..of("quota", "50", "100")
    };
    alerts::update(&user, id, &renamed).await.unwrap();
    assert_eq!(page(&user, id).await.row.name, "Renamed");
    assert!(alerts::create(&user, &renamed).await.is_err());
}

async fn traffic(home: Installation) {
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let silent = found(&home, &user, &of("no_traffic", "60", "360")).await;
    assert!(silent.problem.unwrap().contains("No call has ever come"));
    calls(&home, &key, 30, 3).await;
    home.clock.advance(HOUR + 15);
    let quiet = found(&home, &user, &of("no_traffic", "50", "360")).await;
    assert_eq!((quiet.value, quiet.state), (whole(55), AlertState::Warning));
    let rate = found(&home, &user, &of("error_rate", "10", "20")).await;
    assert_eq!((rate.value, rate.state), (whole(10), AlertState::Warning));
    assert_eq!(rate.facts, AlertFacts::Errors { errors: 3, calls: 30 });
    let live = AlertDraft {
        environment: "live".into(),
        ..of("requests", "1", "")
    };
    assert_eq!(found(&home, &user, &live).await.value, whole(0));
    let test = AlertDraft {
        environment: "test".into(),
        endpoint: "/verify/status".into(),
        ..of("requests", "1", "")
    };
    assert_eq!(found(&home, &user, &test).await.value, whole(30));
    // Three milliseconds each, to a sixteenth.
    let slow = found(&home, &user, &of("latency", "2", "4")).await;
    let micros = slow.value.unwrap().as_thousandths();
    assert!(micros.abs_diff(3_000) <= 188, "{micros}");
    assert_eq!(slow.facts, AlertFacts::Latency { calls: 30 });
    home.db.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn traffic_on_both() {
    let (homes, _cluster) = homes().await;
    for home in homes {
        Box::pin(traffic(home)).await;
    }
}

async fn usual(home: Installation) {
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let before = found(&home, &user, &of("anomaly", "4", "8")).await;
    assert!(before.problem.unwrap().contains("four weeks"));
    // Six Mondays at noon: 100, 110, 90, 105, 95 and 100 calls.
    for count in [100, 110, 90, 105, 95, 100] {
        calls(&home, &key, count, 0).await;
        home.clock.advance(7 * DAY);
    }
    calls(&home, &key, 160, 0).await;
    home.clock.advance(HOUR + 15);
    let odd = found(&home, &user, &of("anomaly", "6", "8")).await;
    // The middle is 100; the deviations 0, 0, 5, 5, 10, 10 have the middle 5, so a spread is 7.415,
    // and 60 more are 8.09 of them.
    assert_eq!(odd.value, Some(Amount::thousandths(8_091)));
    assert_eq!(odd.state, AlertState::Critical);
    let AlertFacts::Usual {
        observed,
        median,
        weeks,
        low,
        high,
    } = odd.facts
    else {
        panic!("{:?}", odd.facts);
    };
    assert_eq!((observed, median, weeks), (160, Amount::whole(100), 6));
    assert_eq!(
        (low, high),
        (Amount::thousandths(77_755), Amount::thousandths(122_245))
    );
    home.db.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_usual_on_both() {
    let (homes, _cluster) = homes().await;
    for home in homes {
        Box::pin(usual(home)).await;
    }
}

/// A call from there.
async fn call_from(home: &Installation, key: &str, address: &str) {
    let origin = Origin {
        address: Some(address.parse::<IpAddr>().unwrap()),
        user_agent: Some("shop/1".into()),
        ..Origin::default()
    };
    let actor = api_keys::authenticate(&home.anonymous(), key).await.unwrap();
    let ctx = home.platform.ctx(actor, origin);
    metering::record(&ctx, &answered("/verify/status", 200));
    metering::flush(&home.platform.system()).await.unwrap();
}

async fn keys(home: Installation) {
    let (user, _) = home.first_person().await;
    let (key, _) = home.api_key(&user, Environment::Live).await;
    let unused = found(&home, &user, &of("key_unused", "30", "90")).await;
    assert_eq!(unused.state, AlertState::Ok);
    assert_eq!(
        found(&home, &user, &of("key_expiring", "14", "3")).await.value,
        None
    );
    call_from(&home, &key, "192.0.2.7").await;
    home.clock.advance(2 * DAY);
    call_from(&home, &key, "192.0.2.200").await;
    home.clock.advance(HOUR);
    let draft = AlertDraft {
        window: "1440".into(),
        ..of("key_network", "1", "3")
    };
    let same = found(&home, &user, &draft).await;
    assert_eq!(same.value, whole(0), "the same network");
    call_from(&home, &key, "198.51.100.1").await;
    call_from(&home, &key, "2001:db8::1").await;
    home.clock.advance(HOUR);
    let new = found(&home, &user, &draft).await;
    assert_eq!((new.value, new.state), (whole(2), AlertState::Warning));
    let AlertFacts::Networks { networks, name, .. } = new.facts else {
        panic!("{:?}", new.facts);
    };
    assert_eq!((networks, name.as_str()), (2, "Test"));
    home.clock.advance(40 * DAY);
    let unused = found(&home, &user, &of("key_unused", "30", "90")).await;
    assert_eq!(unused.state, AlertState::Warning);
    let days = unused.value.unwrap().as_thousandths() / 1_000;
    assert!((39..=40).contains(&days), "{days}");
    // Used since the hour that is looked at: until then it was unused for as long as it was.
    for (after, unused_for) in [(0, 39..=40), (5 * DAY, 4..=5), (2 * HOUR, 0..=0)] {
        home.clock.advance(after);
        crate::usage::run_jobs(&home).await;
        call_from(&home, &key, "192.0.2.7").await;
        let unused = found(&home, &user, &of("key_unused", "30", "90")).await;
        let days = unused.value.unwrap().as_thousandths() / 1_000;
        assert!(unused_for.contains(&days), "{days} after {after}");
    }
    // It was made 47 days and two hours ago: ten days before its end.
    home.execute("UPDATE api_keys SET expires_at = created_at + 4932000000", &[])
        .await;
    let soon = found(&home, &user, &of("key_expiring", "14", "3")).await;
    assert_eq!(soon.state, AlertState::Warning);
    home.clock.advance(8 * DAY);
    let soon = found(&home, &user, &of("key_expiring", "14", "3")).await;
    assert_eq!(soon.state, AlertState::Critical);
    home.db.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_on_both() {
    let (homes, _cluster) = homes().await;
    for home in homes {
        Box::pin(keys(home)).await;
    }
}

async fn webhooks(home: Installation) {
    let receiver = receiver(&home);
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let draft = WebhookDraft {
        url: "https://shop.example.com/in?token=abc".into(),
        environment: "test".into(),
        events: vec!["verification.completed".into()],
        ..WebhookDraft::default()
    };
    platform::webhooks::create(&user, &draft).await.unwrap();
    let fine = found(&home, &user, &of("webhook_failing", "1", "24")).await;
    assert_eq!(fine.value, whole(0));
    receiver.answers(500);
    crate::webhooks::approved(&key).await;
    let system = home.platform.system();
    crate::webhooks::send(&system).await;
    home.clock.advance(2 * HOUR + 15);
    let failing = found(&home, &user, &of("webhook_failing", "1", "24")).await;
    assert_eq!((failing.value, failing.state), (whole(2), AlertState::Warning));
    assert!(!format!("{:?}", failing.facts).contains("abc"));
    let preview = alerts::preview(&user, &of("webhook_failing", "1", "24"))
        .await
        .unwrap();
    assert_eq!(
        (preview.warnings, preview.critical_times),
        (1, 0),
        "the log of attempts says the same"
    );
    home.db.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn webhooks_on_both() {
    let (homes, _cluster) = homes().await;
    for home in homes {
        Box::pin(webhooks(home)).await;
    }
}

#[tokio::test]
async fn old_history_goes_and_what_fires_stays() {
    let home = Installation::in_memory().await;
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    let fires = rule(&user, &of("no_traffic", "60", "")).await;
    let over = rule(&user, &of("requests", "10", "")).await;
    calls(&home, &key, 20, 0).await;
    for _ in 0..14 {
        step(&home).await;
    }
    home.clock.advance(2 * HOUR);
    evaluate(&home.platform.system()).await;
    assert_eq!(page(&user, fires).await.row.state, AlertState::Warning);
    assert_eq!(page(&user, over).await.events.rows.len(), 2);
    home.clock.advance(91 * DAY);
    home.mails().await;
    assert_eq!(page(&user, over).await.events.rows.len(), 0);
    assert_eq!(page(&user, fires).await.events.rows.len(), 1);
}
