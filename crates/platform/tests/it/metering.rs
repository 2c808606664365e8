//! Counting calls.

use std::time::Duration;

use db::{Options, execute, on};
use platform::{
    Actor, Ctx,
    metering::{self, Answered},
    usage,
};
use testkit::{Cluster, Installation};
use types::{
    ApiKeyId, Environment,
    usage::{UsageGrouping, UsageQuery, UsageReport},
};

use crate::usage::{number, run_jobs};

/// A call that took three milliseconds.
pub(crate) fn answered(endpoint: &'static str, status: u16) -> Answered {
    Answered {
        method: if endpoint == "/verify/status" {
            "GET"
        } else {
            "POST"
        },
        endpoint,
        status,
        code: (status == 404).then_some("NOT_FOUND"),
        took: Duration::from_millis(3),
    }
}

async fn written(home: &Installation) -> Vec<(String, i64, i64)> {
    let mut read = home.db.read().await.unwrap();
    on!(read, |c| sqlx::query_as::<_, (String, i64, i64)>(
        "SELECT endpoint, status, calls FROM call_counts ORDER BY minute, endpoint, status"
    )
    .fetch_all(c)
    .await)
    .unwrap()
}

async fn story(home: &Installation) {
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    metering::flush(&key).await.unwrap();
    assert!(written(home).await.is_empty());
    for _ in 0..3 {
        metering::record(&key, &answered("/verify/status", 200));
    }
    metering::record(&key, &answered("/verify/status", 404));
    metering::record(&user, &answered("/verify/status", 200));
    metering::flush(&key).await.unwrap();
    metering::flush(&key).await.unwrap();
    metering::record(&key, &answered("/verify/status", 200));
    metering::flush(&key).await.unwrap();
    let expected = [
        ("/verify/status".into(), 200, 4),
        ("/verify/status".into(), 404, 1),
    ];
    assert_eq!(written(home).await, expected);
    home.clock.advance(60);
    metering::record(&key, &answered("/verify/start", 201));
    metering::flush(&key).await.unwrap();
    assert_eq!(written(home).await.len(), 3);
}

/// The report of four days, told apart in each way, and of each part.
async fn reported(user: &Ctx, key: ApiKeyId) -> Vec<UsageReport> {
    let mut reports = Vec::new();
    let ways = [
        UsageGrouping::Key,
        UsageGrouping::Endpoint,
        UsageGrouping::Environment,
        UsageGrouping::Status,
    ];
    let parts = [
        (None, None, None),
        (Some(Environment::Test), None, None),
        (None, Some(key), None),
        (None, None, Some("/verify/start")),
        (Some(Environment::Live), Some(key), Some("/verify/status")),
    ];
    for (by, (environment, key, endpoint)) in ways.into_iter().flat_map(|by| parts.map(|part| (by, part))) {
        let query = UsageQuery {
            from: Some("2026-11-23".to_owned()),
            to: Some("2026-11-26".to_owned()),
            group_by: Some(by),
            environment,
            key,
            endpoint: endpoint.map(str::to_owned),
        };
        reports.push(usage::report(user, &query).await.unwrap());
    }
    reports
}

fn took(endpoint: &'static str, millis: u64) -> Answered {
    Answered {
        took: Duration::from_millis(millis),
        ..answered(endpoint, 200)
    }
}

/// Rows of days: not packed, by status and by duration; packed, by key and route; packed in any way.
async fn kept(home: &Installation) -> [i64; 4] {
    [
        number(home, "SELECT COUNT(*) FROM call_rollups WHERE span = 1440").await,
        number(home, "SELECT COUNT(*) FROM call_durations WHERE span = 1440").await,
        number(home, "SELECT COUNT(*) FROM call_days WHERE grain = 'both'").await,
        number(home, "SELECT COUNT(*) FROM call_days").await,
    ]
}

/// Puts packed durations where the program before kept them.
async fn packed_by_the_program_before(home: &Installation) {
    let mut tx = home.db.begin().await.unwrap();
    for text in [
        "INSERT INTO call_day_durations (organisation_id, begins, api_key_id, endpoint, durations)
         SELECT organisation_id, begins, api_key_id, endpoint, substr(durations, 2) FROM call_days
         WHERE grain = 'both'",
        "UPDATE call_days SET durations = ''",
    ] {
        execute!(tx, sqlx::query(text)).unwrap();
    }
    tx.commit().await.unwrap();
}

/// Calls of days that are over are packed, and reports tell the same before and after, of what
/// comes late too.
async fn packing_changes_nothing_that_one_sees(home: &Installation) {
    let (user, _) = home.first_person().await;
    let (_, live) = home.api_key(&user, Environment::Live).await;
    let Actor::ApiKey { id: key, .. } = *live.actor() else {
        unreachable!("a key");
    };
    let (_, test) = home.api_key(&user, Environment::Test).await;
    for millis in 1..=60 {
        metering::record(&live, &took("/verify/start", millis));
        metering::record(&live, &took("/verify/status", millis * 10));
        metering::record(&test, &took("/verify/start", millis * 100));
    }
    metering::flush(&live).await.unwrap();
    let [statuses, rows, ..] = kept(home).await;
    assert!(statuses == 3 && rows > 60, "{statuses} {rows}");
    // Counted on this day, and written after its end.
    metering::record(&live, &took("/verify/start", 5_000));
    run_jobs(home).await;
    assert_eq!(kept(home).await, [3, rows, 0, 0], "the day is not over");
    home.clock.advance(86_400 + 3_600);
    let before = reported(&user, key).await;
    run_jobs(home).await;
    // By key and route three, two keys, two routes, and all of them.
    assert_eq!(kept(home).await, [0, 0, 3, 8]);
    assert_eq!(reported(&user, key).await, before);

    metering::record(&live, &took("/verify/start", 70));
    metering::flush(&live).await.unwrap();
    let before = reported(&user, key).await;
    assert_eq!(kept(home).await, [2, 2, 3, 8], "one is late, one of today");
    home.clock.advance(600);
    run_jobs(home).await;
    assert_eq!(kept(home).await, [1, 1, 3, 8]);
    assert_eq!(reported(&user, key).await, before);
    let slowest = before[0].totals.latency.unwrap().p99;
    assert!(slowest.abs_diff(6_000_000) <= 375_000, "{slowest}");

    packed_by_the_program_before(home).await;
    assert_eq!(reported(&user, key).await, before);
    home.clock.advance(600);
    run_jobs(home).await;
    assert_eq!(kept(home).await, [1, 1, 3, 8]);
    assert_eq!(reported(&user, key).await, before);
}

#[tokio::test]
async fn packing_is_not_seen() {
    packing_changes_nothing_that_one_sees(&Installation::in_memory().await).await;
}

#[tokio::test]
async fn calls_are_written_in_batches_and_add_up() {
    story(&Installation::in_memory().await).await;
}

#[tokio::test]
async fn and_so_they_are_on_postgresql() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let home = async || Installation::at(&cluster.database().await.unwrap()).await;
    story(&home().await).await;
    packing_changes_nothing_that_one_sees(&home().await).await;
}

#[tokio::test]
async fn counts_that_cannot_be_written_are_kept() {
    let home = Installation::with(
        "sqlite::memory:",
        &Options {
            wait_limit: Duration::from_millis(300),
            ..Options::default()
        },
    )
    .await;
    let (user, _) = home.first_person().await;
    let (_, key) = home.api_key(&user, Environment::Test).await;
    metering::record(&key, &answered("/verify/status", 200));
    // Somebody holds the one writer.
    let held = home.db.begin().await.unwrap();
    assert!(metering::flush(&key).await.is_err());
    drop(held);
    metering::flush(&key).await.unwrap();
    assert_eq!(written(&home).await, [("/verify/status".into(), 200, 1)]);
}
