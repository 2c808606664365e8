//! How often a program may call, as it sees it, and that calls are counted.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use db::{Db, Options, on};
use loomwire::{
    config::{Redis as RedisSettings, RedisUrl},
    http::Health,
    valkey::Valkey,
};
use platform::{
    Settings,
    limits::{self, Counting, Policy},
    metering,
};
use testkit::{Installation, MockClock, Redis, SeededEntropy, settings};
use vault::MasterKeys;

use crate::app::{App, Reply};

fn allowing(key: u32, tenant: u32, address: u32) -> Settings {
    let [key, tenant, address] = [key, tenant, address].map(|calls| NonZeroU32::new(calls).unwrap());
    let limits = Policy { key, tenant, address };
    Settings { limits, ..settings() }
}

async fn on_its_own(settings: Settings) -> App {
    let db = Db::connect("sqlite::memory:", &Options::default()).await.unwrap();
    db.migrate().await.unwrap();
    let keys = Arc::new(MasterKeys::generate(&SeededEntropy::new(1)));
    App::on(Installation::seeded(db, Arc::new(MockClock::new()), keys, settings, 2).await)
}

async fn two_a_minute() -> App {
    on_its_own(allowing(2, 1000, 1000)).await
}

fn limited(reply: &Reply) -> (u16, &str, &str) {
    let limit = reply.header("x-ratelimit-limit");
    (
        reply.status.as_u16(),
        limit,
        reply.header("x-ratelimit-remaining"),
    )
}

#[tokio::test]
async fn a_call_too_many_is_told_so_and_is_no_401() {
    let app = two_a_minute().await;
    let (user, _) = app.first_person().await;
    let key = app.test_key(&user).await;
    let (id, _) = app.started(&key).await;
    let path = format!("/verify/status?verificationId={id}");

    let second = app.get(&path).key(&key).send().await;
    assert_eq!(limited(&second), (200, "2", "0"));
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
    assert_eq!(limited(&fourth).1, "2", "an error is an answer too");
    assert_eq!(fourth.status, 400);
    let unknown = app.get(&path).key("lw_test_made_up").send().await;
    assert_eq!((unknown.status.as_u16(), limited(&unknown).1), (401, "1000"));
}

#[tokio::test]
async fn an_address_over_its_limit_is_told_that_whatever_key_it_has() {
    let app = on_its_own(allowing(1000, 1000, 3)).await;
    let (user, _) = app.first_person().await;
    let key = app.test_key(&user).await;
    let wrong = app.get("/usage").key("lw_test_wrong").send().await;
    assert_eq!(limited(&wrong), (401, "3", "2"));
    assert_eq!(limited(&app.get("/usage").send().await), (401, "3", "1"));
    assert_eq!(
        limited(&app.get("/usage").key(&key).send().await),
        (200, "3", "0")
    );
    for call in [
        app.get("/usage").key("lw_test_wrong"),
        app.get("/usage").key(&key),
        app.get("/usage"),
    ] {
        let reply = call.send().await;
        assert_eq!(
            (limited(&reply), reply.code().as_str()),
            ((429, "3", "0"), "RATE_LIMITED")
        );
        assert_eq!(reply.header("retry-after"), "20");
    }
    // What takes no key has no such limit.
    let open = app.get("/.well-known/jwks.json").send().await;
    assert_eq!(
        (open.status.as_u16(), open.header("x-ratelimit-limit")),
        (200, "")
    );
    app.home.clock.advance(20);
    assert_eq!(app.get("/usage").key(&key).send().await.status, 200);
    // Refused before anybody knew the key: nobody's call.
    metering::flush(&user).await.unwrap();
    let mut read = app.home.db.read().await.unwrap();
    let calls: Vec<i64> = on!(read, |c| sqlx::query_scalar("SELECT calls FROM call_counts")
        .fetch_all(c)
        .await)
    .unwrap();
    assert_eq!(calls.iter().sum::<i64>(), 2);
}

#[tokio::test]
async fn many_keys_are_no_way_around_and_other_calls_leave_verifications_alone() {
    let app = on_its_own(allowing(2, 5, 1000)).await;
    let (user, _) = app.first_person().await;
    let (one, two) = (app.test_key(&user).await, app.test_key(&user).await);
    for left in ["4", "3", "2"] {
        let reply = app.get("/usage").key(&one).send().await;
        assert_eq!(limited(&reply), (200, "5", left));
    }
    app.started(&one).await;
    let last = app.get("/usage").key(&two).send().await;
    assert_eq!(limited(&last), (200, "5", "0"));
    let refused = app.get("/usage").key(&two).send().await;
    assert_eq!(limited(&refused), (429, "5", "0"));
    assert!(refused.text().contains("organisation"), "{}", refused.text());
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

/// Two servers of one installation that count in this store.
async fn two_servers(redis: &Redis, settings: Settings, patience: Duration) -> [App; 2] {
    let db = Db::connect("sqlite::memory:", &Options::default()).await.unwrap();
    db.migrate().await.unwrap();
    let keys = Arc::new(MasterKeys::generate(&SeededEntropy::new(1)));
    let clock = Arc::new(MockClock::new());
    let mut apps = Vec::new();
    for seed in [2, 3] {
        let home =
            Installation::seeded(db.clone(), clock.clone(), keys.clone(), settings.clone(), seed).await;
        let store = RedisSettings {
            url: RedisUrl::parse(&redis.url()).unwrap(),
            ca_file: None,
        };
        let store = Valkey::new(&store, patience).unwrap();
        home.platform.share_limits_with(Arc::new(store)).await.unwrap();
        limits::look_after(&home.platform.system()).await;
        assert_eq!(home.platform.limits_counting(), Counting::Shared);
        apps.push(App::on(home));
    }
    apps.try_into().ok().unwrap()
}

/// Longer than a busy machine takes; what a server has is shorter.
const LONG: Duration = Duration::from_secs(20);

#[tokio::test]
async fn two_servers_share_one_limit() {
    let Some(redis) = Redis::start_or_skip(&[]) else {
        return;
    };
    let [one, two] = two_servers(&redis, allowing(4, 1000, 6), LONG).await;
    let (user, _) = one.first_person().await;
    let key = one.test_key(&user).await;
    let mut left = Vec::new();
    for app in [&one, &two, &one, &two] {
        let reply = app.get("/verify/status").key(&key).send().await;
        assert_eq!((reply.status.as_u16(), limited(&reply).1), (400, "4"));
        left.push(limited(&reply).2.to_owned());
    }
    assert_eq!(left, ["3", "2", "1", "0"]);
    for app in [&one, &two] {
        let reply = app.get("/verify/status").key(&key).send().await;
        assert_eq!(limited(&reply), (429, "4", "0"));
        let wait: u32 = reply.header("retry-after").parse().unwrap();
        assert!((1..=15).contains(&wait), "{wait}");
    }
    // The address has used four of its six there; refused calls took none. Each server by itself
    // has counted three, and would let more through.
    for (app, status) in [(&one, 401), (&two, 401), (&one, 429)] {
        let reply = app.get("/usage").key("lw_test_wrong").send().await;
        assert_eq!(reply.status, status, "{reply:?}");
    }
}

#[tokio::test]
async fn a_store_that_is_killed_costs_nobody_a_call_and_is_found_again() {
    let Some(mut redis) = Redis::start_or_skip(&[]) else {
        return;
    };
    let recorder = loomwire::metrics::recorder();
    let _counting = metrics::set_default_local_recorder(&recorder);
    let [one, two] = two_servers(&redis, allowing(2, 1000, 1000), LONG).await;
    let (user, _) = one.first_person().await;
    let key = one.test_key(&user).await;
    let call = async |app: &App| {
        let reply = app.get("/verify/status").key(&key).send().await;
        let (status, _, left) = limited(&reply);
        (status, left.to_owned())
    };
    assert_eq!(call(&one).await, (400, "1".into()));
    assert_eq!(call(&two).await, (400, "0".into()));
    assert_eq!(call(&one).await.0, 429);

    redis.kill();
    for app in [&one, &two] {
        assert_eq!(
            call(app).await,
            (400, "1".into()),
            "each by itself, from a whole bucket"
        );
        assert_eq!(call(app).await, (400, "0".into()));
        assert_eq!(call(app).await.0, 429, "and no more than that");
        assert_eq!(app.home.platform.limits_counting(), Counting::Fallback);
    }
    let lost = "loomwire_limits_store_lost_total 2";
    let text = recorder.handle().render();
    assert!(
        text.lines().any(|line| line == lost),
        "once for each server: {text}"
    );

    redis.start_again();
    for app in [&one, &two] {
        for _ in 0..3 {
            limits::look_after(&app.home.platform.system()).await;
        }
        assert_eq!(app.home.platform.limits_counting(), Counting::Shared);
    }
    assert_eq!(call(&one).await, (400, "1".into()));
    assert_eq!(call(&two).await, (400, "0".into()), "together again");
    assert!(recorder.handle().render().lines().any(|line| line == lost));
}

#[tokio::test]
async fn a_store_that_hangs_holds_up_one_call_for_a_moment() {
    let Some(redis) = Redis::start_or_skip(&[]) else {
        return;
    };
    let patience = Duration::from_millis(400);
    let [one, _] = two_servers(&redis, allowing(100, 1000, 1000), patience).await;
    let (user, _) = one.first_person().await;
    let key = one.test_key(&user).await;
    redis.hang();
    let begun = tokio::time::Instant::now();
    for _ in 0..20 {
        let reply = one.get("/verify/status").key(&key).send().await;
        assert_eq!(reply.status, 400, "it is answered");
    }
    let took = begun.elapsed();
    assert!(
        took >= patience && took < patience * 12,
        "only one waited: {took:?}"
    );
    let system = one.home.platform.system();
    limits::look_after(&system).await;
    assert_eq!(one.home.platform.limits_counting(), Counting::Fallback);
    redis.go_on();
    for _ in 0..3 {
        limits::look_after(&system).await;
    }
    assert_eq!(one.home.platform.limits_counting(), Counting::Shared);
}

/// A port where connections are taken and nothing is ever said.
#[tokio::test]
async fn a_store_that_never_answers_is_known_before_the_first_call() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}", silent.local_addr().unwrap());
    let store = RedisSettings {
        url: RedisUrl::parse(&url).unwrap(),
        ca_file: None,
    };
    let app = two_a_minute().await;
    let store = Valkey::new(&store, Duration::from_millis(40)).unwrap();
    app.home
        .platform
        .share_limits_with(Arc::new(store))
        .await
        .unwrap();
    limits::look_after(&app.home.platform.system()).await;
    let (user, _) = app.first_person().await;
    let key = app.test_key(&user).await;
    let begun = tokio::time::Instant::now();
    let reply = app.get("/verify/status").key(&key).send().await;
    assert_eq!(limited(&reply), (400, "2", "1"));
    assert!(
        begun.elapsed() < Duration::from_millis(900),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test]
async fn readiness_tells_how_calls_are_counted_and_does_not_depend_on_it() {
    for (limits, body) in [
        (None, serde_json::json!({"status": "ready"})),
        (
            Some("fallback"),
            serde_json::json!({"status": "ready", "limits": "fallback"}),
        ),
    ] {
        let health = Health::new(|| async { true }).telling(move || limits);
        let request = http::Request::get("/readyz")
            .body(axum::body::Body::empty())
            .unwrap();
        let answer = tower::ServiceExt::oneshot(health.routes(), request)
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
        let bytes = http_body_util::BodyExt::collect(answer.into_body())
            .await
            .unwrap();
        let told: serde_json::Value = serde_json::from_slice(&bytes.to_bytes()).unwrap();
        assert_eq!(told, body);
    }
}
