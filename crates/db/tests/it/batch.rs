//! What only SQLite has: the one writer and its batches.

use std::time::Duration;

use db::{Db, DbError, Options, execute};

use crate::suite::{ids, insert, open, poll_once};

/// Batches that end only when nobody waits.
fn patient() -> Options {
    Options {
        batch_age: Duration::from_mins(1),
        ..Options::default()
    }
}

/// Nobody keeps the connection for long.
fn strict() -> Options {
    Options {
        wait_limit: Duration::from_mins(1),
        hold_limit: Duration::from_millis(300),
        ..Options::default()
    }
}

/// Everybody asks while one holds the connection, so that all meet in one batch: then each
/// runs `work` with his number.
async fn together<W>(db: &Db, writers: i64, work: W) -> Vec<Result<(), DbError>>
where
    W: AsyncFn(i64, &mut db::Tx) -> Result<(), DbError>,
{
    let mut turns = Vec::new();
    let first = db.begin().await.unwrap();
    for _ in 0..writers {
        let mut begin = Box::pin({
            let db = db.clone();
            async move { db.begin().await }
        });
        poll_once(begin.as_mut()).await;
        turns.push(begin);
    }
    let mut commits = vec![Box::pin(first.commit())];
    poll_once(commits[0].as_mut()).await;
    let mut results = Vec::new();
    for (turn, number) in turns.into_iter().zip(1..) {
        let mut tx = turn.await.unwrap();
        match work(number, &mut tx).await {
            Ok(()) => {
                let mut commit = Box::pin(tx.commit());
                poll_once(commit.as_mut()).await;
                commits.push(commit);
            }
            Err(error) => results.push(Err(error)),
        }
    }
    for commit in commits {
        results.push(commit.await);
    }
    results
}

#[tokio::test]
async fn those_who_come_together_share_a_commit() {
    let db = open("sqlite::memory:", &patient()).await;
    let results = together(&db, 50, async |id, tx| insert(tx, id).await.map(drop)).await;
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    assert_eq!(ids(&db).await.len(), 50);
    let stats = db.stats();
    assert_eq!(
        (stats.committed, stats.commits, stats.largest),
        (51, 1, 51),
        "{stats:?}"
    );
}

#[tokio::test]
async fn a_batch_has_a_size() {
    let db = open(
        "sqlite::memory:",
        &Options {
            batch_size: 10,
            ..patient()
        },
    )
    .await;
    let tasks: Vec<_> = (1..=50)
        .map(|id| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut tx = db.begin().await?;
                insert(&mut tx, id).await?;
                tx.commit().await
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    let stats = db.stats();
    assert!(stats.largest == 10 && stats.commits < 50, "{stats:?}");
}

#[tokio::test]
async fn an_error_in_a_batch_leaves_the_others() {
    let db = open("sqlite::memory:", &patient()).await;
    let results = together(&db, 20, async |id, tx| {
        insert(tx, id).await?;
        if id % 2 == 0 {
            insert(tx, 1).await.map(drop)
        } else {
            Ok(())
        }
    })
    .await;
    assert_eq!(results.iter().filter(|result| result.is_err()).count(), 10);
    assert_eq!(ids(&db).await, (1..=20).step_by(2).collect::<Vec<i64>>());
    let stats = db.stats();
    assert_eq!(
        (stats.commits, stats.undone, stats.failed),
        (1, 10, 0),
        "{stats:?}"
    );
}

/// SQLite undoes the whole transaction in the middle of a batch, as it may when the disk is
/// full or fails.
#[tokio::test]
async fn what_ends_a_batch_is_told_to_everybody() {
    let db = open("sqlite::memory:", &patient()).await;
    let results = together(&db, 3, async |id, tx| {
        insert(tx, id).await?;
        if id == 2 {
            execute!(
                tx,
                sqlx::query("INSERT OR ROLLBACK INTO thing (id, name) VALUES (1, 'x')")
            )?;
        }
        Ok(())
    })
    .await;
    let undone = results
        .iter()
        .filter(|result| matches!(result, Err(DbError::Busy(_))));
    assert_eq!(undone.count(), 2, "the two before it: {results:?}");
    assert_eq!(ids(&db).await, [3], "and who came after begins anew");
}

/// COMMIT itself fails: a deferred constraint is the one way that needs no broken disk.
#[tokio::test]
async fn a_failed_commit_is_everybodys() {
    let db = open("sqlite::memory:", &patient()).await;
    let table = "CREATE TABLE child (thing BIGINT REFERENCES thing DEFERRABLE INITIALLY DEFERRED)";
    let mut tx = db.begin().await.unwrap();
    execute!(tx, sqlx::query(table)).unwrap();
    tx.commit().await.unwrap();
    let results = together(&db, 3, async |id, tx| {
        insert(tx, id).await?;
        if id == 2 {
            execute!(tx, sqlx::query("INSERT INTO child VALUES (99)"))?;
        }
        Ok(())
    })
    .await;
    assert!(results.iter().all(Result::is_err), "{results:?}");
    assert!(ids(&db).await.is_empty());
    let mut tx = db.begin().await.unwrap();
    insert(&mut tx, 1).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(ids(&db).await, [1]);
}

const BLOB: &str = "INSERT INTO thing (id, name, body) VALUES ($1, $1, hex(randomblob(20000)))";

#[tokio::test]
async fn a_full_disk_is_said_and_nothing_is_half_written() {
    let db = open(
        "sqlite::memory:",
        &Options {
            max_pages: Some(200),
            ..patient()
        },
    )
    .await;
    let mut kept: i64 = 0;
    let error = loop {
        let mut tx = db.begin().await.unwrap();
        if let Err(error) = execute!(tx, sqlx::query(BLOB).bind(kept + 1)) {
            break error;
        }
        if let Err(error) = tx.commit().await {
            break error;
        }
        kept += 1;
    };
    assert_eq!(error, DbError::Full);
    assert_eq!(
        error.to_string(),
        "The disk is full: free space, nothing was written"
    );
    assert!(kept > 2);
    assert_eq!(ids(&db).await, (1..=kept).collect::<Vec<_>>());

    // It meets one in the middle of a batch: nobody is told that his write was kept if not.
    let results = together(&db, 4, async |id, tx| {
        if id == 3 {
            execute!(tx, sqlx::query(BLOB).bind(1000 + id))?;
        } else {
            insert(tx, 1000 + id).await?;
        }
        Ok(())
    })
    .await;
    let there = ids(&db).await;
    let answered = results.iter().filter(|result| result.is_ok()).count();
    assert!(results.contains(&Err(DbError::Full)), "{results:?}");
    let new = there.iter().filter(|id| **id > 1000).count();
    // The first of `together` writes nothing.
    assert!(new == answered || new + 1 == answered, "{results:?} {there:?}");

    // Space is freed: it goes on.
    let mut tx = db.begin().await.unwrap();
    execute!(tx, sqlx::query("DELETE FROM thing")).unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.begin().await.unwrap();
    execute!(tx, sqlx::query(BLOB).bind(1_i64)).unwrap();
    tx.commit().await.unwrap();
    assert_eq!(ids(&db).await, [1]);
}

/// After SQLite ended the transaction by itself, a statement would commit on its own.
#[tokio::test]
async fn nobody_commits_but_the_writer() {
    let db = open("sqlite::memory:", &Options::default()).await;
    for end in ["ROLLBACK", "COMMIT"] {
        let mut tx = db.begin().await.unwrap();
        insert(&mut tx, 1).await.unwrap();
        let ended = execute!(tx, sqlx::query(end));
        assert_eq!(ended.is_ok(), end == "ROLLBACK");
        let late = insert(&mut tx, 2).await.unwrap_err();
        assert!(matches!(late, DbError::Busy(_)), "{late:?}");
        tx.commit().await.unwrap_err();
        assert!(ids(&db).await.is_empty(), "{end}");
    }
    let mut tx = db.begin().await.unwrap();
    insert(&mut tx, 3).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(ids(&db).await, [3]);
}

#[tokio::test]
async fn a_second_transaction_in_the_same_task_is_refused_in_time() {
    let options = Options {
        wait_limit: Duration::from_mins(1),
        hold_limit: Duration::from_hours(1),
        ..Options::default()
    };
    let db = open("sqlite::memory:", &options).await;
    let mut tx = db.begin().await.unwrap();
    // Now that everybody waits, the clock goes on by itself to the first limit.
    tokio::time::pause();
    let error = db.begin().await.err().unwrap();
    tokio::time::resume();
    assert!(
        error.to_string().contains("this task holds one itself"),
        "{error}"
    );
    insert(&mut tx, 1).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn who_overstays_is_refused_and_the_others_go_on() {
    let db = open("sqlite::memory:", &strict()).await;
    let mut overstaying = db.begin().await.unwrap();
    insert(&mut overstaying, 1).await.unwrap();
    // He shares the batch with somebody who has asked for his commit already.
    let results = {
        let mut next = Box::pin(db.begin());
        poll_once(next.as_mut()).await;
        let first = overstaying.commit();
        let mut first = Box::pin(first);
        poll_once(first.as_mut()).await;
        let mut overstaying = next.await.unwrap();
        insert(&mut overstaying, 2).await.unwrap();
        // Answered while the other still holds the connection.
        let first = first.await;
        (first, overstaying.commit().await)
    };
    assert!(matches!(results.0, Err(DbError::Timeout(_))), "{results:?}");
    assert!(matches!(results.1, Err(DbError::Timeout(_))), "{results:?}");
    let mut tx = db.begin().await.unwrap();
    insert(&mut tx, 3).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(ids(&db).await, [3]);
}

const ENDLESS: &str = "INSERT INTO thing (id, name) \
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i), 'x' FROM n";

#[tokio::test]
async fn an_endless_statement_is_stopped() {
    let db = open("sqlite::memory:", &strict()).await;
    let mut tx = db.begin().await.unwrap();
    let error = execute!(tx, sqlx::query(ENDLESS)).unwrap_err();
    assert!(matches!(error, DbError::Timeout(_)), "{error:?}");
    drop(tx);
    // And one that nobody waits for any more.
    let mut tx = db.begin().await.unwrap();
    poll_once(async { execute!(tx, sqlx::query(ENDLESS)) }).await;
    drop(tx);
    let mut tx = db.begin().await.unwrap();
    insert(&mut tx, 3).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(ids(&db).await, [3]);
}
