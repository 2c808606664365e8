//! What only SQLite has: the file, and what is left in it.

use db::{Db, DbError, Options, execute, on};

use crate::suite::{ids, insert, open};

#[tokio::test]
async fn the_file_is_private_and_set_up() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/folder/x.db");
    let db = open(&format!("sqlite://{}", path.display()), &Options::default()).await;
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(&path.with_extension("db-wal")), 0o600);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    let mut tx = db.begin().await.unwrap();
    for (pragma, expected) in [
        ("PRAGMA synchronous", 2),
        ("PRAGMA foreign_keys", 1),
        ("PRAGMA secure_delete", 1),
        ("PRAGMA temp_store", 2),
        ("PRAGMA trusted_schema", 0),
    ] {
        let value: i64 = match tx.backend() {
            db::Backend::Sqlite(c) => sqlx::query_scalar(pragma).fetch_one(c).await.unwrap(),
            db::Backend::Postgres(_) => unreachable!(),
        };
        assert_eq!(value, expected, "{pragma}");
    }
    insert(&mut tx, 1).await.unwrap();
    tx.commit().await.unwrap();
    db.close().await;
    assert!(
        !path.with_extension("db-wal").exists(),
        "closing folds the WAL into the file"
    );
    let db = open(&format!("sqlite:{}", path.display()), &Options::default()).await;
    assert_eq!(ids(&db).await, [1]);
}

#[tokio::test]
async fn memory_is_private_and_goes_away() {
    let a = open("sqlite::memory:", &Options::default()).await;
    let b = open("sqlite::memory:", &Options::default()).await;
    let mut tx = a.begin().await.unwrap();
    insert(&mut tx, 1).await.unwrap();
    let path: (i64, String, String) =
        on!(tx, |c| sqlx::query_as("PRAGMA database_list").fetch_one(c).await).unwrap();
    tx.commit().await.unwrap();
    assert!(ids(&b).await.is_empty());
    let folder = std::path::Path::new(&path.2).parent().unwrap();
    let mode = std::os::unix::fs::PermissionsExt::mode(&folder.metadata().unwrap().permissions());
    assert_eq!(mode & 0o777, 0o700);
    a.close().await;
    drop(a);
    assert!(!folder.exists());
}

#[tokio::test]
async fn what_cannot_be_opened_is_said() {
    for url in ["mysql://x", "sqlite://", "sqlite://x?mode=ro", "x"] {
        let error = Db::connect(url, &Options::default()).await.err().unwrap();
        assert!(matches!(error, DbError::Configuration(_)), "{url}: {error:?}");
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    std::fs::write(
        &path,
        "this is not a database, but long enough to be looked at".repeat(99),
    )
    .unwrap();
    let error = Db::connect(&format!("sqlite://{}", path.display()), &Options::default()).await;
    assert!(matches!(error, Err(DbError::Unavailable(text)) if text.contains("damaged")));
    let error = Db::connect(
        &format!("sqlite://{}/x.db/y.db", folder.path().display()),
        &Options::default(),
    )
    .await;
    assert!(matches!(error, Err(DbError::Unavailable(_))));
}

/// What was deleted is not in the file any more.
#[tokio::test]
async fn deleted_rows_leave_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    let db = open(&format!("sqlite://{}", path.display()), &Options::default()).await;
    let secret = "a-value-nobody-else-writes";
    for sql in [
        format!("INSERT INTO thing VALUES (1, 'n', '{secret}')"),
        "DELETE FROM thing".to_owned(),
    ] {
        let mut tx = db.begin().await.unwrap();
        execute!(tx, sqlx::query(sqlx::AssertSqlSafe(sql.clone()))).unwrap();
        tx.commit().await.unwrap();
    }
    db.close().await;
    let bytes = std::fs::read(&path).unwrap();
    assert!(
        !bytes
            .windows(secret.len())
            .any(|window| window == secret.as_bytes())
    );
}
