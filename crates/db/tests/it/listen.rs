//! Notices between servers: with the commit, after a lost connection, and never on SQLite.

use db::{Db, Listener, Notice, Options, on};

use crate::suite::{insert, open, poll_once};

const CHANNEL: &str = "loomwire_test";

fn message(text: &str) -> Notice {
    Notice::Message(text.to_owned())
}

async fn send(db: &Db, text: &str) {
    let mut tx = db.begin().await.unwrap();
    tx.notify(CHANNEL, text).await.unwrap();
    tx.commit().await.unwrap();
}

/// On an empty database.
pub(crate) async fn on_postgres(url: &str) {
    let db = open(url, &Options::default()).await;
    let other = Db::connect(url, &Options::default()).await.unwrap();
    let mut listener = other.listen(CHANNEL).await.unwrap();
    goes_out_with_the_commit(&db, &mut listener).await;
    a_lost_connection_is_a_gap(&db, &mut listener).await;
    drop(listener);
    db.close().await;
    other.close().await;
}

async fn goes_out_with_the_commit(db: &Db, listener: &mut Listener) {
    let mut undone = db.begin().await.unwrap();
    insert(&mut undone, 1).await.unwrap();
    undone.notify(CHANNEL, "undone").await.unwrap();
    drop(undone);
    let long = "x".repeat(7999);
    for text in ["one", "", &long] {
        send(db, text).await;
        assert_eq!(listener.next().await, message(text));
    }
    let mut tx = db.begin().await.unwrap();
    let error = tx.notify(CHANNEL, &"x".repeat(8000)).await.unwrap_err();
    assert!(error.to_string().contains("8000"), "{error}");
    // Refused before the database heard of it.
    tx.commit().await.unwrap();
    // A future that is given up loses nothing.
    poll_once(listener.next()).await;
    send(db, "two").await;
    assert_eq!(listener.next().await, message("two"));
}

async fn a_lost_connection_is_a_gap(db: &Db, listener: &mut Listener) {
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE application_name = 'loomwire listener' AND datname = current_database()";
    let mut read = db.read().await.unwrap();
    let ended: Vec<bool> = on!(read, |c| sqlx::query_scalar(end).fetch_all(c).await).unwrap();
    drop(read);
    assert_eq!(ended, [true]);
    assert_eq!(listener.next().await, Notice::Gap, "lost");
    assert_eq!(listener.next().await, Notice::Gap, "back");
    send(db, "three").await;
    assert_eq!(listener.next().await, message("three"));
}

#[tokio::test]
async fn nothing_is_heard_on_sqlite() {
    let db = open("sqlite::memory:", &Options::default()).await;
    let mut listener = db.listen(CHANNEL).await.unwrap();
    send(&db, "one").await;
    let mut tx = db.begin().await.unwrap();
    tx.notify(CHANNEL, &"x".repeat(8000)).await.unwrap_err();
    drop(tx);
    poll_once(listener.next()).await;
}
