//! Migrations: applied once, in order, whole; and refused where the database does not fit.

use db::{Db, DbError, Kind, Migrations, Options, execute};

const ONE: (&str, &str) = ("0001_one", "CREATE TABLE one (id BIGINT PRIMARY KEY)");
const TWO: (&str, &str) = (
    "0002_two",
    "CREATE TABLE two (id BIGINT PRIMARY KEY); INSERT INTO two VALUES (7)",
);

async fn refusal(db: &Db, files: &[(&'static str, &'static str)]) -> String {
    let set = Migrations::new(files);
    let error = db.migrate_with(&set).await.unwrap_err();
    assert!(matches!(error, DbError::Migration(_)), "{error:?}");
    assert_eq!(db.pending_with(&set).await.unwrap_err(), error);
    error.to_string()
}

/// On an empty database.
pub(crate) async fn all(db: Db) {
    let both = Migrations::new(&[TWO, ONE]);
    assert_eq!(db.pending_with(&both).await.unwrap().len(), 2);
    assert_eq!(
        db.migrate_with(&Migrations::new(&[ONE])).await.unwrap(),
        ["0001_one"]
    );
    assert_eq!(db.pending_with(&both).await.unwrap(), ["0002_two"]);
    assert_eq!(db.migrate_with(&both).await.unwrap(), ["0002_two"]);
    assert!(db.migrate_with(&both).await.unwrap().is_empty());

    let changed = ("0001_one", "CREATE TABLE one (id BIGINT)");
    let text = refusal(&db, &[changed, TWO]).await;
    assert!(text.contains("0001_one was changed"), "{text}");

    let text = refusal(&db, &[ONE]).await;
    assert!(text.contains("newer than this program"), "{text}");
    let text = refusal(&db, &[TWO]).await;
    assert!(text.contains("0001") && text.contains("does not know"), "{text}");

    let broken = (
        "0003_three",
        "CREATE TABLE three (id BIGINT); CREATE TABLE one (id BIGINT)",
    );
    let set = Migrations::new(&[ONE, TWO, broken]);
    for _ in 0..2 {
        let error = db.migrate_with(&set).await.unwrap_err();
        assert!(error.to_string().starts_with("Migration 0003 failed"), "{error}");
    }
    let mended = ("0003_three", "CREATE TABLE three (id BIGINT)");
    let set = Migrations::new(&[ONE, TWO, mended]);
    assert_eq!(db.migrate_with(&set).await.unwrap(), ["0003_three"]);
    going_back(&db, mended).await;
}

/// An older program on what newer ones left: it goes on for as long as they only expanded.
async fn going_back(db: &Db, three: (&'static str, &'static str)) {
    const FIVE: (&str, &str) = ("0005_expand_five", "SELECT 1");
    let old = Migrations::new(&[ONE, TWO, three]);
    assert!(db.ahead_with(&old).await.unwrap().is_empty());
    apply_unknown(db, 4, "0004_expand_four").await;
    assert!(db.pending_with(&old).await.unwrap().is_empty());
    assert!(db.migrate_with(&old).await.unwrap().is_empty());
    assert_eq!(db.ahead_with(&old).await.unwrap(), ["0004_expand_four"]);

    let text = refusal(db, &[ONE, TWO]).await;
    assert!(text.contains("0003_three may have taken away"), "{text}");
    let text = refusal(db, &[ONE, TWO, three, FIVE]).await;
    assert!(text.contains("0004") && text.contains("does not know"), "{text}");
    apply_unknown(db, 5, "0005_contract_one").await;
    let text = refusal(db, &[ONE, TWO, three]).await;
    assert!(text.contains("0005_contract_one may have taken away"), "{text}");
    assert!(db.ahead_with(&old).await.is_err());

    forget(db, 5).await;
    forget(db, 3).await;
    let text = refusal(db, &[ONE, TWO, three]).await;
    assert!(
        text.contains("0004_expand_four") && text.contains("lacks 0003_three"),
        "{text}"
    );
}

/// As a newer program would have left it.
async fn apply_unknown(db: &Db, version: i64, name: &str) {
    let row = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        VALUES ($1, $2, $3, $4, 0)";
    let mut tx = db.begin().await.unwrap();
    execute!(
        tx,
        sqlx::query(row)
            .bind(version)
            .bind(name)
            .bind(true)
            .bind(b"x".as_slice())
    )
    .unwrap();
    tx.commit().await.unwrap();
}

async fn forget(db: &Db, version: i64) {
    let mut tx = db.begin().await.unwrap();
    execute!(
        tx,
        sqlx::query("DELETE FROM _sqlx_migrations WHERE version = $1").bind(version)
    )
    .unwrap();
    tx.commit().await.unwrap();
}

#[test]
fn only_its_name_says_that_a_migration_expands() {
    assert!(db::expands("0003_expand_words"));
    for other in [
        "0003_contract_words",
        "0003_expands",
        "0003_words_expand_",
        "later",
        "",
    ] {
        assert!(!db::expands(other), "{other}");
    }
}

#[tokio::test]
async fn on_sqlite() {
    all(Db::connect("sqlite::memory:", &Options::default()).await.unwrap()).await;
}

/// Servers that start at once on a database that has nothing, each with handles of its own.
pub(crate) async fn many_at_once(url: &str) {
    let start = || async {
        let db = Db::connect(url, &Options::default()).await?;
        db.migrate().await?;
        db.pending().await
    };
    let start = || Box::pin(start());
    let (a, b, c, d) = tokio::join!(start(), start(), start(), start());
    for done in [a, b, c, d] {
        assert_eq!(done, Ok(Vec::new()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_once_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    many_at_once(&format!("sqlite://{}/x.db", folder.path().display())).await;
}

/// On PostgreSQL: an index on a table that others use, made while two start at once.
pub(crate) async fn without_a_transaction(url: &str) {
    const INDEX: (&str, &str) = (
        "0003_index",
        "-- no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY two_by_id ON two (id)",
    );
    let first = Db::connect(url, &Options::default()).await.unwrap();
    let second = Db::connect(url, &Options::default()).await.unwrap();
    let set = Migrations::new(&[ONE, TWO, INDEX]);
    let (a, b) = tokio::join!(first.migrate_with(&set), second.migrate_with(&set));
    a.unwrap();
    b.unwrap();
    assert!(first.pending_with(&set).await.unwrap().is_empty());
    let broken = (
        "0004_broken",
        "-- no-transaction\nCREATE INDEX CONCURRENTLY x ON nowhere (id)",
    );
    let set = Migrations::new(&[ONE, TWO, INDEX, broken]);
    let error = first.migrate_with(&set).await.unwrap_err().to_string();
    assert!(
        error.contains("Migration 0004") && error.contains("half-made"),
        "{error}"
    );
}

/// The real ones: the same names on both sides, and no constraint that waits for COMMIT, for
/// that would fail the batch of somebody else.
#[tokio::test]
async fn the_embedded_ones_apply() {
    let sqlite = Migrations::embedded(Kind::Sqlite);
    let postgres = Migrations::embedded(Kind::Postgres);
    let names = |set: &Migrations| -> Vec<String> { set.iter().map(|(name, _)| name.to_owned()).collect() };
    assert_eq!(names(&sqlite), names(&postgres));
    for (name, sql) in sqlite.iter().chain(postgres.iter()) {
        assert!(!sql.to_uppercase().contains("DEFERRABLE"), "{name}");
        let number = name.split_once('_').unwrap().0;
        assert!(
            number.len() == 4 && number.parse::<u16>().is_ok_and(|n| n > 0),
            "{name}"
        );
    }
    let db = Db::connect("sqlite::memory:", &Options::default()).await.unwrap();
    assert_eq!(db.migrate().await.unwrap(), names(&sqlite));
    assert!(db.pending().await.unwrap().is_empty());
}
