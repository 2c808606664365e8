//! Integration tests.

use db::{Db, DbError, Migrations, Options, execute, on};

#[tokio::test]
async fn first() {
    let db = Db::connect("sqlite::memory:", &Options::default()).await.unwrap();
    let set = Migrations::new(&[(
        "0001_a",
        "CREATE TABLE a (id BIGINT PRIMARY KEY, name TEXT NOT NULL)",
    )]);
    assert_eq!(db.migrate_with(&set).await.unwrap(), ["0001_a"]);
    assert!(db.migrate_with(&set).await.unwrap().is_empty());
    let mut tx = db.begin().await.unwrap();
    let n = execute!(
        tx,
        sqlx::query("INSERT INTO a VALUES ($1, $2)").bind(1_i64).bind("x")
    )
    .unwrap();
    assert_eq!(n, 1);
    tx.commit().await.unwrap();
    let mut read = db.read().await.unwrap();
    let x: i64 = on!(read, |c| sqlx::query_scalar("SELECT id FROM a")
        .fetch_one(c)
        .await)
    .unwrap();
    assert_eq!(x, 1);
    let e = execute!(
        read,
        sqlx::query("INSERT INTO a VALUES ($1, $2)").bind(2_i64).bind("x")
    )
    .unwrap_err();
    assert_eq!(DbError::from(e), DbError::ReadOnly);
    db.ping().await.unwrap();
    println!("{:?}", db.stats());
    db.close().await;
}
