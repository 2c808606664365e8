//! A whole deployment moves to the other database and back, also when it is killed half-way.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use db::copy::{Phase, Progress, Report, copy};
use db::fixture::Cluster;
use db::{Backend, Db, DbError, Options, execute};
use sqlx::AssertSqlSafe;

use crate::fill::{fill, tables};

const FROM: &str = "LOOMWIRE_TEST_COPY_FROM";
const TO: &str = "LOOMWIRE_TEST_COPY_TO";
/// More than two batches.
const LONG: &[&str] = &["audit_events"];
const MANY: i64 = 10_500;

async fn connect(url: &str) -> Db {
    Db::connect(url, &Options::default()).await.unwrap()
}

async fn empty(url: &str) -> Db {
    let db = connect(url).await;
    db.migrate().await.unwrap();
    db
}

async fn quietly(from: &Db, to: &Db) -> Result<Report, DbError> {
    copy(from, to, &mut |_| ()).await
}

async fn refused(from: &Db, to: &Db, words: &str) {
    let error = quietly(from, to).await.unwrap_err();
    assert!(matches!(error, DbError::Copy(_)), "{error:?}");
    assert!(error.to_string().contains(words), "{error}");
}

async fn change(db: &Db, sql: &'static str) {
    let mut tx = db.begin().await.unwrap();
    assert_eq!(execute!(tx, sqlx::query(sql)).unwrap(), 1, "{sql}");
    tx.commit().await.unwrap();
}

pub(crate) async fn on_postgres(cluster: &Cluster) {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| format!("sqlite://{}", folder.path().join(name).display());
    let postgres = || async { cluster.database().await.unwrap() };
    let first = empty(&file("first.db")).await;
    fill(&first, 20, MANY, LONG).await;

    let (over, back) = (postgres().await, file("back.db"));
    there_and_back(&first, &over, &back).await;
    same_file(&first, &folder.path().join("back.db")).await;

    for phase in [Phase::Copying, Phase::Comparing] {
        survives_a_kill(&file("first.db"), &postgres().await, phase).await;
        let target = file(&format!("{phase:?}.db"));
        survives_a_kill(&over, &target, phase).await;
    }
    refusals(&first, &postgres().await, &postgres().await).await;
    a_changed_source_is_found(&first, &postgres().await).await;
    what_does_not_fit(&postgres().await).await;
}

async fn there_and_back(first: &Db, over: &str, back: &str) {
    let mut steps: Vec<Progress> = Vec::new();
    let over = empty(over).await;
    let report = copy(first, &over, &mut |step| steps.push(step)).await.unwrap();
    let expected = {
        let mut tx = first.begin().await.unwrap();
        let Backend::Sqlite(connection) = tx.backend() else {
            unreachable!()
        };
        tables(connection).await
    };
    let mut copied: Vec<&str> = report.tables.iter().map(|(table, _)| table.as_str()).collect();
    copied.sort_unstable();
    let mut all: Vec<&str> = expected.iter().map(String::as_str).collect();
    all.sort_unstable();
    assert_eq!(copied, all, "every table");
    assert!(report.tables.iter().all(|(_, rows)| *rows > 0), "{report:?}");
    for (table, total) in &report.tables {
        for phase in [Phase::Copying, Phase::Comparing] {
            let last = steps
                .iter()
                .rfind(|step| step.phase == phase && step.table == *table)
                .unwrap();
            assert_eq!((last.done, last.total), (*total, *total), "{table}");
        }
    }
    assert_eq!(report.audit.as_ref().unwrap().events, MANY.cast_unsigned());
    assert_eq!(report.resumed, 0);
    assert!(over.pending().await.unwrap().is_empty(), "the mark is gone");

    let back = empty(back).await;
    let again = quietly(&over, &back).await.unwrap();
    assert_eq!(again.audit, report.audit);
    assert_eq!(again.rows(), report.rows());
    back.close().await;
    over.close().await;
}

/// Judged by SQLite, and not by the code that copied.
async fn same_file(first: &Db, other: &Path) {
    let mut tx = first.begin().await.unwrap();
    let Backend::Sqlite(connection) = tx.backend() else {
        unreachable!()
    };
    let names = tables(connection).await;
    drop(tx);
    let path = {
        let mut read = first.read().await.unwrap();
        let row: (i64, String, String) = db::on!(read, |c| sqlx::query_as("PRAGMA database_list")
            .fetch_one(c)
            .await)
        .unwrap();
        row.2
    };
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    let mut connection = sqlx::ConnectOptions::connect(&options).await.unwrap();
    sqlx::query("ATTACH $1 AS other")
        .bind(other.to_str())
        .execute(&mut connection)
        .await
        .unwrap();
    for name in names {
        for (a, b) in [("main", "other"), ("other", "main")] {
            let query =
                format!("SELECT count(*) FROM (SELECT * FROM {a}.{name} EXCEPT SELECT * FROM {b}.{name})");
            let more: i64 = sqlx::query_scalar(AssertSqlSafe(query))
                .fetch_one(&mut connection)
                .await
                .unwrap();
            assert_eq!(more, 0, "{name} in {a}");
        }
    }
}

/// Not a test: the process that is killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "run by the tests below in a process of its own"]
async fn victim() {
    let (Ok(from), Ok(to)) = (std::env::var(FROM), std::env::var(TO)) else {
        return;
    };
    let (from, to) = (connect(&from).await, connect(&to).await);
    copy(&from, &to, &mut |step| {
        writeln!(std::io::stdout().lock(), "{:?} {}", step.phase, step.done).unwrap();
    })
    .await
    .unwrap();
}

async fn survives_a_kill(from: &str, to: &str, phase: Phase) {
    empty(to).await.close().await;
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "copy::victim", "--ignored", "--nocapture"])
        .env(FROM, from)
        .env(TO, to)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let at = format!("{phase:?} 5000");
    let met = lines.map_while(Result::ok).any(|line| line.ends_with(&at));
    assert!(met, "it ended before it was killed");
    child.kill().unwrap();
    child.wait().unwrap();

    let (from, to) = (connect(from).await, connect(to).await);
    for error in [to.pending().await.unwrap_err(), to.migrate().await.unwrap_err()] {
        assert!(
            error.to_string().contains("not finished"),
            "no server starts: {error}"
        );
    }
    let report = quietly(&from, &to).await.unwrap();
    assert!(report.resumed > 0, "{report:?}");
    assert!(to.pending().await.unwrap().is_empty());
    from.close().await;
    to.close().await;
}

async fn refusals(first: &Db, occupied: &str, old: &str) {
    let occupied = empty(occupied).await;
    change(&occupied, "INSERT INTO installation VALUES ('a', 'b')").await;
    refused(first, &occupied, "data of its own (in installation)").await;
    assert!(
        occupied.pending().await.unwrap().is_empty(),
        "nothing was written"
    );

    let old = connect(old).await;
    refused(first, &old, "schemas differ").await;

    // Somebody writes.
    old.migrate().await.unwrap();
    let held = first.begin().await.unwrap();
    refused(first, &old, "Somebody writes to the source").await;
    drop(held);
    let mut held = occupied.begin().await.unwrap();
    execute!(held, sqlx::query("UPDATE installation SET value = 'c'")).unwrap();
    refused(&occupied, &old, "Somebody writes to the source").await;
}

/// Not a test: how fast it is, in a release build.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "prints figures, and takes its time"]
async fn figures() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let patient = Options {
        hold_limit: Duration::from_mins(10),
        ..Options::default()
    };
    let file = format!("sqlite://{}/first.db", folder.path().display());
    let first = Db::connect(&file, &patient).await.unwrap();
    first.migrate().await.unwrap();
    fill(
        &first,
        20,
        200_000,
        &["audit_events", "verifications", "call_counts"],
    )
    .await;
    let over = empty(&cluster.database().await.unwrap()).await;
    let back = empty(&format!("sqlite://{}/back.db", folder.path().display())).await;
    for (from, to, name) in [(&first, &over, "to PostgreSQL"), (&over, &back, "to SQLite")] {
        let began = tokio::time::Instant::now();
        let mut copied = None;
        let mut tell = |step: Progress| {
            if step.phase == Phase::Comparing {
                copied.get_or_insert_with(|| began.elapsed());
            }
        };
        let rows = copy(from, to, &mut tell).await.unwrap().rows();
        let (copied, all) = (copied.unwrap(), began.elapsed());
        eprintln!("{name}: {rows} rows, copied after {copied:?}, compared after {all:?}");
    }
}

/// Text that only SQLite can hold.
async fn what_does_not_fit(target: &str) {
    let odd = empty("sqlite::memory:").await;
    change(&odd, "INSERT INTO installation VALUES ('odd', 'a' || char(0))").await;
    refused(&odd, &empty(target).await, "character 0 in installation.value").await;
}

/// Between a copy that was given up and the next attempt.
async fn a_changed_source_is_found(first: &Db, over: &str) {
    let over = empty(over).await;
    // The callback stops it as a crash would.
    let stopped = tokio::spawn({
        let (first, over) = (first.clone(), over.clone());
        async move {
            copy(&first, &over, &mut |step| {
                assert!(step.done < 5000, "stopped here");
            })
            .await
        }
    });
    assert!(stopped.await.is_err_and(|error| error.is_panic()));
    refused(&over, first, "itself half a copy").await;
    change(first, "INSERT INTO installation VALUES ('zz', 'new')").await;
    refused(first, &over, "the source changed since").await;
    change(first, "DELETE FROM installation WHERE name = 'zz'").await;
    // As many rows and the same keys: only the comparison can tell.
    change(
        first,
        "UPDATE audit_events SET action = 'other' WHERE id = (SELECT min(id) FROM audit_events)",
    )
    .await;
    refused(first, &over, "A row of audit_events is not the same").await;

    change(
        first,
        "UPDATE audit_events SET canonical = canonical || ' ' WHERE id = (SELECT max(id) FROM audit_events)",
    )
    .await;
    let fresh = empty("sqlite::memory:").await;
    refused(first, &fresh, "does not fit its leaf hash").await;
}
