//! What those see who look after it: counts, facts, snapshots, and limits on reading.

use std::time::Duration;

use db::{Db, DbError, Options, Stats, on};

use crate::suite::{ids, insert, open, poll_once};

const ENDLESS: &str = "WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL \
    SELECT i + 1 FROM n WHERE i < 999999999999) SELECT CAST(count(*) AS BIGINT) FROM n";

fn one_reader() -> Options {
    Options {
        connections: 1,
        ..Options::default()
    }
}

/// And nothing may take long: only for what is meant to.
fn in_a_hurry() -> Options {
    Options {
        hold_limit: Duration::from_secs(1),
        ..one_reader()
    }
}

/// On an empty database.
pub(crate) async fn on_postgres(url: &str) {
    let hurried = open(url, &in_a_hurry()).await;
    a_read_has_its_limit(&hurried).await;
    hurried.close().await;
    let db = open(url, &one_reader()).await;
    let names = facts(&db).await;
    assert!(
        names.contains(&("fsync".to_owned(), "off".to_owned())),
        "{names:?}"
    );
    let error = db
        .snapshot_to(std::path::Path::new("/nowhere"))
        .await
        .unwrap_err();
    assert!(matches!(error, DbError::Configuration(_)));
    counts(&db).await;
    db.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reading_has_its_limit() {
    let db = open("sqlite::memory:", &in_a_hurry()).await;
    a_read_has_its_limit(&db).await;
}

/// One reader only, so each step meets what the one before left behind.
async fn a_read_has_its_limit(db: &Db) {
    let mut read = db.read().await.unwrap();
    let error = on!(read, |c| sqlx::query_scalar::<_, i64>(ENDLESS).fetch_one(c).await).unwrap_err();
    assert!(matches!(error, DbError::Timeout(_)), "{error:?}");
    drop(read);
    assert!(ids(db).await.is_empty());
    let mut read = db.read().await.unwrap();
    poll_once(async { on!(read, |c| sqlx::query_scalar::<_, i64>(ENDLESS).fetch_one(c).await) }).await;
    drop(read);
    assert!(ids(db).await.is_empty());
}

async fn facts(db: &Db) -> Vec<(String, String)> {
    let facts = db.facts().await.unwrap();
    assert!(facts.iter().all(|(_, value)| !value.is_empty()), "{facts:?}");
    facts
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

async fn counts(db: &Db) -> Stats {
    let held = db.begin().await.unwrap();
    let mut waits = Box::pin(db.begin());
    poll_once(waits.as_mut()).await;
    let stats = db.stats();
    assert_eq!((stats.waiting, stats.writers.in_use), (1, 1), "{stats:?}");
    drop(held);
    let mut tx = waits.await.unwrap();
    insert(&mut tx, 1).await.unwrap();
    tx.commit().await.unwrap();
    ids(db).await;
    let stats = db.stats();
    assert_eq!((stats.waiting, stats.undone), (0, 1), "{stats:?}");
    // Two transactions, and the one that made the table is not counted.
    assert_eq!((stats.write_wait.count, stats.batches.count), (2, 1), "{stats:?}");
    assert_eq!((stats.batches.up_to[0], stats.commit_time.count), (1, 1));
    assert!(stats.read_wait.count > 0 && stats.readers.idle == 1, "{stats:?}");
    assert_eq!((stats.readers.in_use, stats.readers.limit), (0, 1));
    stats
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn counts_on_sqlite() {
    counts(&open("sqlite::memory:", &one_reader()).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_snapshot_is_whole_while_others_write() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/x.db", folder.path().display());
    let db = open(&url, &Options::default()).await;
    let mut tx = db.begin().await.unwrap();
    insert(&mut tx, 1).await.unwrap();
    tx.commit().await.unwrap();
    // One writes, and has not committed.
    let mut open_one = db.begin().await.unwrap();
    insert(&mut open_one, 2).await.unwrap();
    let path = folder.path().join("snapshot.db");
    db.snapshot_to(&path).await.unwrap();
    open_one.commit().await.unwrap();
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let copy = open(&format!("sqlite://{}", path.display()), &Options::default()).await;
    assert_eq!(ids(&copy).await, [1]);
    let facts = facts(&copy).await;
    for (name, value) in [
        ("journal_mode", "wal"),
        ("synchronous", "2"),
        ("quick_check", "ok"),
    ] {
        assert!(facts.contains(&(name.to_owned(), value.to_owned())), "{facts:?}");
    }
    // What is there is never overwritten.
    let error = db.snapshot_to(&path).await.unwrap_err();
    assert!(matches!(error, DbError::Unavailable(_)), "{error:?}");
    assert_eq!(ids(&copy).await, [1]);
}
