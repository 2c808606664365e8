//! What the tests back up, and the places around it.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use backup::{Identities, Made, Order, Recipient, Stop};
use db::{Conn, Db, Options, execute, on};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use types::{Timestamp, backup::RestoreNote};

/// Stands in every event, and must stand nowhere else.
pub(crate) const CANARY: &str = "canary-5f1b9c0e-quokka";

pub(crate) struct Home {
    pub(crate) folder: TempDir,
    pub(crate) db: Db,
    pub(crate) url: String,
    pub(crate) recipient: Recipient,
}

impl Home {
    pub(crate) async fn on_sqlite() -> Self {
        let folder = TempDir::new().unwrap();
        let url = format!("sqlite://{}/live.db", folder.path().display());
        Self::at(folder, url).await
    }

    /// At this address, with its schema, a counter and a few events.
    pub(crate) async fn at(folder: TempDir, url: String) -> Self {
        let db = Db::connect(&url, &Options::default()).await.unwrap();
        db.migrate().await.unwrap();
        let mut tx = db.begin().await.unwrap();
        let counter = "INSERT INTO installation (name, value) VALUES ('count', '0') ON CONFLICT DO NOTHING";
        execute!(tx, sqlx::query(counter)).unwrap();
        tx.commit().await.unwrap();
        let recipient = backup::keygen(&folder.path().join("key.txt")).unwrap();
        let home = Self {
            folder,
            db,
            url,
            recipient,
        };
        for number in 0..20 {
            write(&home.db, &format!("evt_first_{number:04}")).await;
        }
        home
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn identities(&self) -> Identities {
        Identities::open(&self.path("key.txt")).unwrap()
    }

    pub(crate) fn order(&self, second: i64) -> Order {
        let begun = Timestamp::from_millis(1_800_000_000_000).plus_seconds(second);
        Order {
            folder: self.path("backups"),
            file: backup::file_name(self.db.kind(), begun),
            scratch: self.path("scratch"),
            recipients: vec![self.recipient.clone()],
            version: "1.2.3",
            begun,
            stop: Stop::default(),
        }
    }

    pub(crate) async fn make(&self, second: i64) -> (PathBuf, Made) {
        let order = self.order(second);
        let path = order.folder.join(&order.file);
        let made = backup::make(&self.db, &self.url, order).await.unwrap();
        (path, made)
    }

    /// What there is in a folder, hidden files too.
    pub(crate) fn listing(&self, name: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.path(name)).into_iter().flatten();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

/// When each restore here is.
pub(crate) const RESTORED: Timestamp = Timestamp::from_millis(1_800_000_000_000);

/// The note that a restore has left.
pub(crate) async fn note(db: &Db) -> Option<RestoreNote> {
    let mut read = db.read().await.unwrap();
    let note = "SELECT value FROM installation WHERE name = 'restored'";
    let note: Option<String> = on!(read, |c| sqlx::query_scalar(note).fetch_optional(c).await).unwrap();
    note.map(|note| serde_json::from_str(&note).unwrap())
}

/// One event, and the counter beside it: a consistent copy has as many events as the counter says.
pub(crate) async fn write(db: &Db, id: &str) {
    let mut tx = db.begin().await.unwrap();
    let canonical = format!("{{\"id\":\"{id}\",\"text\":\"{CANARY}\"}}");
    event(&mut tx, id, &canonical).await;
    let count =
        "UPDATE installation SET value = CAST(CAST(value AS BIGINT) + 1 AS TEXT) WHERE name = 'count'";
    execute!(tx, sqlx::query(count)).unwrap();
    tx.commit().await.unwrap();
}

pub(crate) async fn event(conn: &mut Conn, id: &str, canonical: &str) {
    let leaf = Sha256::new_with_prefix([0]).chain_update(canonical).finalize();
    let insert = "INSERT INTO audit_events (id, organisation_id, occurred_at, action, actor_kind, result,
            canonical, leaf_hash) VALUES ($1, '', 0, 'test', 'system', 'success', $2, $3)";
    execute!(
        conn,
        sqlx::query(insert).bind(id).bind(canonical).bind(leaf.as_slice())
    )
    .unwrap();
}

/// Six megabytes that do not compress, so that a backup takes its time and its room.
pub(crate) async fn fill(home: &Home) {
    let mut tx = home.db.begin().await.unwrap();
    for number in 0..150_u32 {
        // Noise, which does not compress.
        let noise: Vec<[u8; 32]> = (0..600_u32)
            .map(|block| Sha256::digest([number, block].map(u32::to_be_bytes).concat()).into())
            .collect();
        event(
            &mut tx,
            &format!("evt_big_{number:04}"),
            &hex::encode(noise.concat()),
        )
        .await;
    }
    tx.commit().await.unwrap();
}

/// Events, and what the counter says.
pub(crate) async fn counts(db: &Db) -> (i64, i64) {
    let mut read = db.read().await.unwrap();
    let both = "SELECT (SELECT COUNT(*) FROM audit_events),
        (SELECT CAST(value AS BIGINT) FROM installation WHERE name = 'count')";
    on!(read, |c| sqlx::query_as(both).fetch_one(c).await).unwrap()
}

/// Some who write all the time.
pub(crate) struct Writers {
    enough: Arc<AtomicBool>,
    tasks: Vec<JoinHandle<u64>>,
}

impl Writers {
    pub(crate) fn start(db: &Db) -> Self {
        let enough = Arc::new(AtomicBool::new(false));
        let tasks = (0..3).map(|writer| {
            let (db, enough) = (db.clone(), Arc::clone(&enough));
            tokio::spawn(async move {
                let mut written = 0;
                while !enough.load(Ordering::Relaxed) {
                    write(&db, &format!("evt_{writer}_{written:08}")).await;
                    written += 1;
                }
                written
            })
        });
        Self {
            tasks: tasks.collect(),
            enough,
        }
    }

    pub(crate) async fn stop(self) -> u64 {
        self.enough.store(true, Ordering::Relaxed);
        let mut written = 0;
        for task in self.tasks {
            written += task.await.unwrap();
        }
        written
    }
}

/// Every byte of every file below a folder.
pub(crate) fn bytes_below(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(bytes_below(&path));
        } else {
            let bytes = std::fs::read(&path).unwrap();
            found.push((path, bytes));
        }
    }
    found
}

pub(crate) fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}
