//! Counting calls.

use std::time::Duration;

use db::{Options, on};
use platform::metering::{self, Answered};
use testkit::{Cluster, Installation};
use types::Environment;

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

#[tokio::test]
async fn calls_are_written_in_batches_and_add_up() {
    story(&Installation::in_memory().await).await;
}

#[tokio::test]
async fn and_so_they_are_on_postgresql() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    story(&Installation::at(&cluster.database().await.unwrap()).await).await;
}

#[tokio::test]
async fn counts_that_cannot_be_written_are_kept() {
    let home = Installation::with(
        "sqlite::memory:",
        &Options {
            wait_limit: Duration::from_millis(50),
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
