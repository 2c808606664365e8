//! How often a key may call, as its program sees it, and that calls are counted.

use std::{num::NonZeroU32, sync::Arc};

use db::{Db, Options, on};
use platform::{Settings, metering};
use testkit::{Installation, MockClock, SeededEntropy, settings};
use vault::MasterKeys;

use crate::app::App;

async fn two_a_minute() -> App {
    let db = Db::connect("sqlite::memory:", &Options::default()).await.unwrap();
    db.migrate().await.unwrap();
    let keys = Arc::new(MasterKeys::generate(&SeededEntropy::new(1)));
    let settings = Settings {
        calls_per_minute: NonZeroU32::new(2).unwrap(),
        ..settings()
    };
    App::on(Installation::seeded(db, Arc::new(MockClock::new()), keys, settings, 2).await)
}

#[tokio::test]
async fn a_call_too_many_is_told_so_and_is_no_401() {
    let app = two_a_minute().await;
    let (user, _) = app.first_person().await;
    let key = app.test_key(&user).await;
    let (id, _) = app.started(&key).await;
    let path = format!("/verify/status?verificationId={id}");

    let second = app.get(&path).key(&key).send().await;
    assert_eq!(second.status, 200);
    assert_eq!(second.header("x-ratelimit-limit"), "2");
    assert_eq!(second.header("x-ratelimit-remaining"), "0");
    let now = user.now().as_seconds();
    assert_eq!(second.header("x-ratelimit-reset"), (now + 60).to_string());

    let third = app.get(&path).key(&key).send().await;
    assert_eq!(
        (third.status.as_u16(), third.code().as_str()),
        (429, "RATE_LIMITED")
    );
    assert_eq!(third.header("retry-after"), "30");
    assert_eq!(third.header("x-ratelimit-remaining"), "0");

    app.home.clock.advance(30);
    let fourth = app.get("/verify/status").key(&key).send().await;
    assert_eq!(
        fourth.status, 400,
        "an error is an answer too, and has the headers"
    );
    assert_eq!(fourth.header("x-ratelimit-limit"), "2");
    let unknown = app.get(&path).key("lw_test_made_up").send().await;
    assert_eq!(unknown.status, 401);
    assert_eq!(unknown.header("x-ratelimit-limit"), "");
}

#[tokio::test]
async fn every_answered_call_is_counted_once() {
    let app = two_a_minute().await;
    let (user, _) = app.first_person().await;
    let key = app.test_key(&user).await;
    let (id, _) = app.started(&key).await;
    let path = format!("/verify/status?verificationId={id}");
    for _ in 0..3 {
        app.get(&path).key(&key).send().await;
    }
    app.get(&path).send().await;
    metering::flush(&user).await.unwrap();
    let mut read = app.home.db.read().await.unwrap();
    let rows = on!(read, |c| sqlx::query_as::<_, (String, i64, i64)>(
        "SELECT endpoint, status, calls FROM call_counts ORDER BY endpoint, status"
    )
    .fetch_all(c)
    .await)
    .unwrap();
    let expected = [
        ("/verify/start".into(), 201, 1),
        ("/verify/status".into(), 200, 1),
        ("/verify/status".into(), 429, 2),
    ];
    assert_eq!(rows, expected);
}
