//! Through pgbouncer in transaction mode: every transaction may meet another session.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use db::fixture::Cluster;
use db::{DbError, Notice, Options, on};
use tempfile::TempDir;

use crate::suite::{ids, insert, open};

const PROGRAM: &str = "/usr/sbin/pgbouncer";
/// It goes when its standard input ends, so also when the test is killed.
const GUARD: &str = "\"$1\" \"$2\" & cat >/dev/null; kill -9 $!";

struct Pooler {
    guard: Child,
    folder: TempDir,
}

impl Pooler {
    fn start(cluster: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
        let mut settings = format!("[databases]\n* = host={cluster} user=loomwire\n[pgbouncer]\n");
        for (name, value) in [
            ("listen_addr", ""),
            ("listen_port", "6432"),
            ("unix_socket_dir", folder.path().to_str().unwrap()),
            ("auth_type", "any"),
            ("pool_mode", "transaction"),
            ("default_pool_size", "2"),
        ] {
            writeln!(settings, "{name} = {value}").unwrap();
        }
        let file = folder.path().join("pgbouncer.ini");
        std::fs::write(&file, settings).unwrap();
        // It does not run as root.
        let mut command = if std::fs::metadata("/proc/self").unwrap().uid() == 0 {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--", "sh"]);
            command
        } else {
            Command::new("sh")
        };
        let mut guard = command
            .args(["-c", GUARD, "guard", PROGRAM])
            .arg(&file)
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap();
        let lines = BufReader::new(guard.stderr.take().unwrap()).lines();
        let mut said = String::new();
        let up = lines.map_while(Result::ok).any(|line| {
            said.push_str(&line);
            line.contains("process up")
        });
        assert!(up, "{said}");
        Self { guard, folder }
    }

    fn url(&self, direct: &str) -> String {
        let database = direct.split(['/', '?']).find(|part| part.starts_with("test_"));
        format!(
            "postgres:///{}?host={}&port=6432&user=loomwire",
            database.unwrap(),
            self.folder.path().display()
        )
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        self.guard.wait().unwrap();
    }
}

pub(crate) async fn on_postgres(cluster: &Cluster) {
    if !Path::new(PROGRAM).exists() {
        eprintln!("SKIPPED through a pooler: install the package pgbouncer");
        return;
    }
    let direct = cluster.database().await.unwrap();
    let (_, host) = direct.split_once("host=").unwrap();
    let pooler = Pooler::start(host.split('&').next().unwrap());
    let options = Options {
        direct_url: Some(direct.clone()),
        ..Options::default()
    };
    let db = open(&pooler.url(&direct), &options).await;
    let mut listener = db.listen("pooled").await.unwrap();
    let tasks: Vec<_> = (1..=50)
        .map(|id| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut tx = db.begin().await?;
                insert(&mut tx, id).await?;
                if id % 2 == 0 {
                    return Ok(());
                }
                tx.commit().await?;
                assert!(ids(&db).await.contains(&id));
                Ok::<_, DbError>(())
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(ids(&db).await, (1..=50).step_by(2).collect::<Vec<i64>>());
    let mut read = db.read().await.unwrap();
    assert_eq!(insert(&mut read, 99).await, Err(DbError::ReadOnly));
    drop(read);
    let mut tx = db.begin().await.unwrap();
    let limit: String = on!(tx, |c| sqlx::query_scalar("SHOW statement_timeout")
        .fetch_one(c)
        .await)
    .unwrap();
    assert_eq!(limit, "10s");
    tx.notify("pooled", "heard").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(listener.next().await, Notice::Message("heard".to_owned()));
    drop(listener);
    db.close().await;
}
