//! The same on PostgreSQL, and what only it has.

use std::time::Duration;

use db::fixture::Cluster;
use db::{Db, DbError, Options, on};

use crate::suite::{ids, insert, open};
use crate::{alike, copy, crash, hang, listen, pooler, schema, suite, watch};

/// One test, for making a cluster costs a second.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    suite::all(&cluster).await;
    let url = cluster.database().await.unwrap();
    schema::all(Db::connect(&url, &Options::default()).await.unwrap()).await;
    embedded_migrations_apply(&cluster.database().await.unwrap()).await;
    schema::many_at_once(&cluster.database().await.unwrap()).await;
    schema::without_a_transaction(&cluster.database().await.unwrap()).await;
    a_statement_has_a_limit(&cluster.database().await.unwrap()).await;
    a_lost_connection_is_an_error(&cluster.database().await.unwrap()).await;
    a_server_that_is_gone_is_said(cluster.database().await.unwrap()).await;
    listen::on_postgres(&cluster.database().await.unwrap()).await;
    alike::on_postgres(&cluster.database().await.unwrap()).await;
    alike::differences_are_seen(&cluster.database().await.unwrap()).await;
    hang::on_postgres(&cluster.database().await.unwrap()).await;
    watch::on_postgres(&cluster.database().await.unwrap()).await;
    crash::survives(&cluster.database().await.unwrap()).await;
}

async fn embedded_migrations_apply(url: &str) {
    let db = Db::connect(url, &Options::default()).await.unwrap();
    db.migrate().await.unwrap();
    assert!(db.pending().await.unwrap().is_empty());
}

async fn a_statement_has_a_limit(url: &str) {
    let options = Options {
        hold_limit: Duration::from_millis(100),
        ..Options::default()
    };
    let db = open(url, &options).await;
    let mut tx = db.begin().await.unwrap();
    let slow = on!(tx, |c| sqlx::query_scalar::<_, String>(
        "SELECT CAST(pg_sleep(30) AS TEXT)"
    )
    .fetch_one(c)
    .await);
    assert!(matches!(slow.unwrap_err(), DbError::Timeout(_)));
}

async fn a_lost_connection_is_an_error(url: &str) {
    let db = open(url, &Options::default()).await;
    let mut tx = db.begin().await.unwrap();
    insert(&mut tx, 1).await.unwrap();
    let mut other = db.begin().await.unwrap();
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE pid <> pg_backend_pid() AND datname = current_database()";
    on!(other, |c| sqlx::query_scalar::<_, bool>(end).fetch_all(c).await).unwrap();
    drop(other);
    let error = tx.commit().await.unwrap_err();
    assert!(matches!(error, DbError::Unavailable(_)), "{error:?}");
    assert!(ids(&db).await.is_empty());
}

async fn a_server_that_is_gone_is_said(url: String) {
    for gone in [
        url.replace("host=", "host=/nowhere"),
        url.replace("test_", "missing_"),
    ] {
        let error = Db::connect(&gone, &Options::default()).await.err().unwrap();
        assert!(
            matches!(error, DbError::Unavailable(_) | DbError::Configuration(_)),
            "{error:?}"
        );
    }
}

/// Every connection is taken: that is another matter than a server that is away. While somebody
/// waits, the paused clock goes on by itself to the limit.
#[tokio::test]
async fn connections_that_are_used_up_are_said() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let few = Options {
        connections: 1,
        wait_limit: Duration::from_mins(1),
        ..Options::default()
    };
    let db = Db::connect(&cluster.database().await.unwrap(), &few)
        .await
        .unwrap();
    let _held = db.begin().await.unwrap();
    tokio::time::pause();
    assert!(matches!(db.begin().await.err().unwrap(), DbError::Busy(_)));
    tokio::time::resume();
    // Reading has connections of its own.
    let _read = db.read().await.unwrap();
    tokio::time::pause();
    assert!(matches!(db.read().await.err().unwrap(), DbError::Busy(_)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn copying() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    copy::on_postgres(&cluster).await;
    pooler::on_postgres(&cluster).await;
}
