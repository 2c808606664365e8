//! What a caller may rely on, whichever database it is. Every case gets an empty one with the
//! table below.

use db::{Conn, Db, DbError, Migrations, Options, execute, on};

/// A stand-in for a table of the product.
pub(crate) const TABLE: &[(&str, &str)] = &[(
    "0001_thing",
    "CREATE TABLE thing (
        id BIGINT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        body TEXT,
        CONSTRAINT place UNIQUE (body, id)
    )",
)];

pub(crate) async fn open(url: &str, options: &Options) -> Db {
    let db = Db::connect(url, options).await.unwrap();
    db.migrate_with(&Migrations::new(TABLE)).await.unwrap();
    db
}

pub(crate) async fn insert(conn: &mut Conn, id: i64) -> Result<u64, DbError> {
    let query = "INSERT INTO thing (id, name) VALUES ($1, $2)";
    execute!(conn, sqlx::query(query).bind(id).bind(format!("name {id}")))
}

/// Takes long enough not to end while somebody looks once.
async fn slow_insert(conn: &mut Conn) -> Result<u64, DbError> {
    let query = "INSERT INTO thing (id, name) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL \
                 SELECT i + 1 FROM n WHERE i < 500000) SELECT max(i), 'slow' FROM n";
    execute!(conn, sqlx::query(query))
}

pub(crate) async fn ids(db: &Db) -> Vec<i64> {
    let mut read = db.read().await.unwrap();
    on!(read, |c| sqlx::query_scalar("SELECT id FROM thing ORDER BY id")
        .fetch_all(c)
        .await)
    .unwrap()
}

/// Each case as a test on SQLite, and all of them in a row for a database that takes longer
/// to make.
macro_rules! cases {
    ($($case:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let options = db::Options::default();
                super::$case(super::open("sqlite::memory:", &options).await).await;
            })+
        }

        pub(crate) async fn all(cluster: &db::fixture::Cluster) {
            $({
                eprintln!("{}", stringify!($case));
                let url = cluster.database().await.unwrap();
                let db = open(&url, &Options::default()).await;
                $case(db.clone()).await;
                db.close().await;
            })+
        }
    };
}

cases!(
    keeps_what_is_committed,
    undoes_what_is_dropped,
    undoes_what_is_cancelled,
    an_error_leaves_the_others,
    refuses_to_commit_after_a_failed_statement,
    refuses_to_commit_after_a_statement_was_given_up,
    a_reader_cannot_write,
    names_what_must_be_unique,
    many_write_at_once,
    values_come_back,
    upserts_and_returns,
    answers_ping_until_closed,
);

async fn keeps_what_is_committed(db: Db) {
    let mut tx = db.begin().await.unwrap();
    assert_eq!(insert(&mut tx, 1).await.unwrap(), 1);
    assert!(ids(&db).await.is_empty(), "nobody sees it before the commit");
    tx.commit().await.unwrap();
    assert_eq!(ids(&db).await, [1]);
    assert_eq!(db.stats().committed, 1);
}

async fn undoes_what_is_dropped(db: Db) {
    let mut tx = db.begin().await.unwrap();
    insert(&mut tx, 1).await.unwrap();
    drop(tx);
    let mut tx = db.begin().await.unwrap();
    insert(&mut tx, 2).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(ids(&db).await, [2]);
}

/// The future of a request is dropped when its client goes away: between two statements, and
/// in the middle of one.
async fn undoes_what_is_cancelled(db: Db) {
    let (written, wait) = tokio::sync::oneshot::channel();
    let task = tokio::spawn({
        let db = db.clone();
        async move {
            let mut tx = db.begin().await.unwrap();
            insert(&mut tx, 1).await.unwrap();
            written.send(()).unwrap();
            std::future::pending::<()>().await;
            tx.commit().await.unwrap();
        }
    });
    wait.await.unwrap();
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());

    let mut tx = db.begin().await.unwrap();
    poll_once(slow_insert(&mut tx)).await;
    drop(tx);

    let mut tx = db.begin().await.unwrap();
    insert(&mut tx, 3).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(ids(&db).await, [3]);
}

async fn an_error_leaves_the_others(db: Db) {
    let mut tx = db.begin().await.unwrap();
    insert(&mut tx, 1).await.unwrap();
    tx.commit().await.unwrap();
    let tasks: Vec<_> = (1..=20)
        .map(|id| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut tx = db.begin().await?;
                insert(&mut tx, 100 + id).await?;
                if id % 2 == 0 {
                    insert(&mut tx, 1).await?;
                }
                tx.commit().await
            })
        })
        .collect();
    for (task, id) in tasks.into_iter().zip(1..) {
        let result = task.await.unwrap();
        assert_eq!(result.is_ok(), id % 2 == 1, "{id}: {result:?}");
    }
    let expected: Vec<i64> = std::iter::once(1).chain((101..=119).step_by(2)).collect();
    assert_eq!(ids(&db).await, expected);
}

async fn refuses_to_commit_after_a_failed_statement(db: Db) {
    let mut tx = db.begin().await.unwrap();
    insert(&mut tx, 1).await.unwrap();
    insert(&mut tx, 1).await.unwrap_err();
    let error = tx.commit().await.unwrap_err();
    assert!(error.to_string().contains("undone"), "{error}");
    assert!(ids(&db).await.is_empty());
}

async fn refuses_to_commit_after_a_statement_was_given_up(db: Db) {
    let mut tx = db.begin().await.unwrap();
    insert(&mut tx, 1).await.unwrap();
    poll_once(slow_insert(&mut tx)).await;
    tx.commit().await.unwrap_err();
    assert!(ids(&db).await.is_empty());
}

async fn a_reader_cannot_write(db: Db) {
    let mut read = db.read().await.unwrap();
    assert_eq!(insert(&mut read, 1).await, Err(DbError::ReadOnly));
    drop(read);
    assert!(ids(&db).await.is_empty());
}

async fn names_what_must_be_unique(db: Db) {
    let mut tx = db.begin().await.unwrap();
    insert(&mut tx, 1).await.unwrap();
    execute!(
        tx,
        sqlx::query("CREATE TABLE pair (a TEXT, b TEXT, UNIQUE (a, b))")
    )
    .unwrap();
    execute!(tx, sqlx::query("INSERT INTO pair VALUES ('name 1', 'y')")).unwrap();
    tx.commit().await.unwrap();
    for (query, table, columns) in [
        (
            "INSERT INTO thing (id, name) VALUES (1, 'name 2')",
            "thing",
            &["id"][..],
        ),
        (
            "INSERT INTO thing (id, name) VALUES (2, 'name 1')",
            "thing",
            &["name"],
        ),
        ("INSERT INTO pair VALUES ('name 1', 'y')", "pair", &["a", "b"]),
    ] {
        let mut tx = db.begin().await.unwrap();
        let error = execute!(tx, sqlx::query(query)).unwrap_err();
        assert!(error.violates(table, columns), "{error:?}");
        assert!(!error.violates(table, &["body"]));
        assert!(
            !format!("{error} {error:?}").contains("name 1"),
            "no value in the text"
        );
    }
}

async fn many_write_at_once(db: Db) {
    let tasks: Vec<_> = (1..=100)
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
    assert_eq!(ids(&db).await, (1..=100).collect::<Vec<i64>>());
    let stats = db.stats();
    assert_eq!(stats.committed, 100);
    assert!(stats.commits <= 100 && stats.failed == 0, "{stats:?}");
}

type Row = (Option<i64>, Option<String>, Option<Vec<u8>>, Option<bool>);

/// The types that the schema uses, and nothing in place of a value.
async fn values_come_back(db: Db) {
    let table = match db.kind() {
        db::Kind::Sqlite => "CREATE TABLE v (n BIGINT, t TEXT, b BLOB, f BOOLEAN)",
        db::Kind::Postgres => "CREATE TABLE v (n BIGINT, t TEXT, b BYTEA, f BOOLEAN)",
    };
    let full: Row = (
        Some(i64::MIN),
        Some("ß 漢 '".to_owned()),
        Some(vec![0, 255]),
        Some(true),
    );
    let empty: Row = (None, None, None, None);
    let mut tx = db.begin().await.unwrap();
    execute!(tx, sqlx::query(table)).unwrap();
    for (n, t, b, f) in [full.clone(), empty.clone()] {
        execute!(
            tx,
            sqlx::query("INSERT INTO v VALUES ($1, $2, $3, $4)")
                .bind(n)
                .bind(t.clone())
                .bind(b.clone())
                .bind(f)
        )
        .unwrap();
    }
    tx.commit().await.unwrap();
    let mut read = db.read().await.unwrap();
    let rows: Vec<Row> = on!(read, |c| {
        sqlx::query_as("SELECT n, t, b, f FROM v ORDER BY n NULLS LAST")
            .fetch_all(c)
            .await
    })
    .unwrap();
    assert_eq!(rows, [full, empty]);
    let none = on!(read, |c| {
        sqlx::query_scalar::<_, i64>("SELECT n FROM v WHERE n = $1")
            .bind(5_i64)
            .fetch_one(c)
            .await
    });
    assert_eq!(none, Err(DbError::RowNotFound));
    let sum: Option<i64> = on!(read, |c| {
        sqlx::query_scalar("SELECT CAST(SUM(n) AS BIGINT) FROM v")
            .fetch_one(c)
            .await
    })
    .unwrap();
    assert_eq!(sum, Some(i64::MIN));
}

async fn upserts_and_returns(db: Db) {
    let upsert = "INSERT INTO thing (id, name) VALUES ($1, $2) \
                  ON CONFLICT (id) DO UPDATE SET name = excluded.name RETURNING name";
    for name in ["first", "second"] {
        let mut tx = db.begin().await.unwrap();
        let back: String = on!(tx, |c| {
            sqlx::query_scalar(upsert)
                .bind(1_i64)
                .bind(name)
                .fetch_one(c)
                .await
        })
        .unwrap();
        assert_eq!(back, name);
        tx.commit().await.unwrap();
    }
    assert_eq!(ids(&db).await, [1]);
}

async fn answers_ping_until_closed(db: Db) {
    db.ping().await.unwrap();
    db.close().await;
    assert!(matches!(db.ping().await, Err(DbError::Unavailable(_))));
    assert!(matches!(db.begin().await, Err(DbError::Unavailable(_))));
    db.close().await;
}

/// Starts a future and drops it before its end.
pub(crate) async fn poll_once<F: Future>(future: F) {
    let mut future = std::pin::pin!(future);
    let pending = std::future::poll_fn(|cx| std::task::Poll::Ready(future.as_mut().poll(cx).is_pending()));
    assert!(pending.await, "it ended at once");
}
