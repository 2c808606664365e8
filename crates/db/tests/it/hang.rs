//! A disk that hangs: a COMMIT that does not come to its end. Whoever waits is told in time, it
//! shows, and what comes of the write in the end is whole or nothing.

use std::time::Duration;

use db::{Db, DbError, Options, execute};

use crate::suite::{ids, insert, open};

/// No test waits for it: what hangs here hangs until it is let go.
const SHORT: Duration = Duration::from_secs(1);

fn impatient() -> Options {
    Options {
        wait_limit: SHORT,
        commit_limit: SHORT,
        ..Options::default()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_does_not_end_is_given_up_and_made_all_the_same() {
    let db = open("sqlite::memory:", &impatient()).await;
    assert_eq!(db.stalled(), None);
    db.hold_commits(true);
    let mut tx = db.begin().await.unwrap();
    insert(&mut tx, 1).await.unwrap();
    assert_eq!(tx.commit().await, Err(DbError::Stuck));
    assert!(DbError::Stuck.is_unavailable());
    // Whoever comes now does not get that far, and is told so in time.
    assert!(matches!(db.begin().await.err(), Some(DbError::Busy(_))));
    assert!(db.stalled().unwrap() >= SHORT);
    assert_eq!(db.ping().await, Err(DbError::Stuck));
    assert!(ids(&db).await.is_empty(), "reading goes on");

    db.hold_commits(false);
    flows(&db, 2).await;
    assert_eq!(ids(&db).await, [1, 2], "the write was made in the end");
    assert_eq!(db.stalled(), None);
    assert_eq!(db.ping().await, Ok(()));
}

/// Writes again as soon as it can.
async fn flows(db: &Db, id: i64) {
    loop {
        let Ok(mut tx) = db.begin().await else { continue };
        insert(&mut tx, id).await.unwrap();
        tx.commit().await.unwrap();
        return;
    }
}

/// Others of a batch are told the same, and none of them is told that it was kept.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_in_the_batch_is_told() {
    let options = Options {
        wait_limit: Duration::from_secs(10),
        ..impatient()
    };
    let db = open("sqlite::memory:", &options).await;
    db.hold_commits(true);
    let tasks: Vec<_> = (1..=8)
        .map(|id| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut tx = db.begin().await?;
                insert(&mut tx, id).await?;
                let committed = tx.commit().await;
                // Those behind in the line come to their turn once it is let go.
                db.hold_commits(false);
                committed
            })
        })
        .collect();
    let mut stuck = 0;
    for task in tasks {
        match task.await.unwrap() {
            Err(DbError::Stuck) => stuck += 1,
            other => other.unwrap(),
        }
    }
    assert!(stuck >= 1);
    flows(&db, 9).await;
    assert_eq!(ids(&db).await, (1..=9).collect::<Vec<_>>(), "whole, in the end");
}

/// A trigger at the end of the transaction waits for a lock that somebody else holds.
pub(crate) async fn on_postgres(url: &str) {
    let db = open(url, &impatient()).await;
    let mut tx = db.begin().await.unwrap();
    for sql in [
        "CREATE FUNCTION hang() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NULL; END $$",
        "CREATE CONSTRAINT TRIGGER hang AFTER INSERT ON thing DEFERRABLE INITIALLY DEFERRED
         FOR EACH ROW EXECUTE FUNCTION hang()",
    ] {
        execute!(tx, sqlx::query(sql)).unwrap();
    }
    tx.commit().await.unwrap();
    let mut lock = db.begin().await.unwrap();
    execute!(lock, sqlx::query("SELECT pg_advisory_xact_lock(7)")).unwrap();
    let mut tx = db.begin().await.unwrap();
    insert(&mut tx, 1).await.unwrap();
    assert_eq!(tx.commit().await, Err(DbError::Stuck));
    assert!(db.stalled().unwrap() >= SHORT);
    assert_eq!(db.ping().await, Err(DbError::Stuck));
    drop(lock);
    flows(&db, 2).await;
    assert_eq!(db.stalled(), None);
    let there = ids(&db).await;
    assert!(there == [1, 2] || there == [2], "whole or nothing: {there:?}");
}
