//! `kill -9` in the middle of writing: whatever was answered is there afterwards.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use db::{Db, Options};

use crate::suite::{TABLE, ids, insert, open};

const URL: &str = "LOOMWIRE_TEST_CRASH_URL";

/// Not a test: the process that is killed. It writes for ever, and says what was answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "run by the tests below in a process of its own"]
async fn victim() {
    let Ok(url) = std::env::var(URL) else { return };
    let db = Db::connect(&url, &Options::default()).await.unwrap();
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let db = db.clone();
            tokio::spawn(async move {
                for number in 0.. {
                    let id = number * 4 + writer;
                    let mut tx = db.begin().await.unwrap();
                    insert(&mut tx, id).await.unwrap();
                    tx.commit().await.unwrap();
                    writeln!(std::io::stdout().lock(), "answered {id}").unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
}

/// Kills a writer after some answers, several times over, on a database with the table.
pub(crate) async fn survives(url: &str) {
    for round in 1..=3 {
        let db = Db::connect(url, &Options::default()).await.unwrap();
        db.migrate_with(&db::Migrations::new(TABLE)).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        db::execute!(tx, sqlx::query("DELETE FROM thing")).unwrap();
        tx.commit().await.unwrap();
        db.close().await;

        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::victim", "--ignored", "--nocapture"])
            .env(URL, url)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut answered: Vec<i64> = Vec::new();
        for line in lines.map_while(Result::ok) {
            // libtest may have written the beginning of the line.
            if let Some((_, id)) = line.split_once("answered ") {
                answered.push(id.parse().unwrap());
            }
            if answered.len() == round * 40 {
                // SIGKILL; what is in the pipe still counts.
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();
        assert!(answered.len() >= round * 40);

        let db = open(url, &Options::default()).await;
        let there = ids(&db).await;
        for id in answered {
            assert!(there.binary_search(&id).is_ok(), "{id} was answered and is lost");
        }
        db.close().await;
    }
}

#[tokio::test]
async fn on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    survives(&format!("sqlite://{}/x.db", folder.path().display())).await;
}
