//! A backup of PostgreSQL, while others write.

use backup::{BackupError, Place, Stop};
use db::{Db, Options, fixture::Cluster, on};
use tempfile::TempDir;
use types::Timestamp;

use crate::home::{CANARY, Home, RESTORED, Writers, bytes_below, counts, holds, note};

fn place(home: &Home, drill_url: Option<String>) -> Place {
    Place {
        scratch: home.path("scratch"),
        live_url: home.url.clone(),
        drill_url,
        begun: Timestamp::from_millis(1_800_000_000_000),
        stop: Stop::default(),
    }
}

async fn databases(db: &Db) -> Vec<String> {
    let mut read = db.read().await.unwrap();
    let all = "SELECT CAST(datname AS TEXT) FROM pg_database ORDER BY 1";
    on!(read, |c| sqlx::query_scalar(all).fetch_all(c).await).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_fire_is_of_one_moment_and_comes_back_whole() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let url = cluster.database().await.unwrap();
    let home = Home::at(TempDir::new().unwrap(), url).await;
    let writers = Writers::start(&home.db);
    let mut made = Vec::new();
    for second in 0..3 {
        made.push(home.make(second).await);
    }
    assert!(writers.stop().await > 0);
    let scratch = home.path("scratch");
    for (path, made) in &made {
        let target = cluster.database().await.unwrap();
        let restored = backup::restore(path, home.identities(), &target, &scratch, RESTORED)
            .await
            .unwrap();
        assert_eq!(restored.manifest.census, made.census);
        let db = Db::connect(&target, &Options::default()).await.unwrap();
        let (events, counted) = counts(&db).await;
        assert_eq!(events, counted, "a change and its event, or neither");
        assert_eq!(u64::try_from(events).unwrap(), made.census.events);
        assert!(db.pending().await.unwrap().is_empty());
        assert_eq!(note(&db).await.unwrap().restored_at, RESTORED);
        db.close().await;
        let again = backup::restore(path, home.identities(), &target, &scratch, RESTORED).await;
        assert!(matches!(again, Err(BackupError::NotEmpty(_))), "{again:?}");
    }
    for name in ["backups", "scratch"] {
        for (path, bytes) in bytes_below(&home.path(name)) {
            for text in [CANARY, "audit_events", "PGDMP"] {
                assert!(!holds(&bytes, text), "{text} in {}", path.display());
            }
        }
    }
    assert!(home.listing("scratch").is_empty());
    home.db.close().await;
}

#[tokio::test]
async fn a_drill_leaves_the_server_as_it_was() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let url = cluster.database().await.unwrap();
    let home = Home::at(TempDir::new().unwrap(), url).await;
    let (path, made) = home.make(0).await;
    let given = cluster.database().await.unwrap();
    let before = databases(&home.db).await;
    for _ in 0..2 {
        let found = backup::drill(&path, home.identities(), place(&home, None))
            .await
            .unwrap();
        assert_eq!(found.manifest.census, made.census);
        let given = place(&home, Some(given.clone()));
        backup::drill(&path, home.identities(), given).await.unwrap();
    }
    let live = place(&home, Some(home.url.clone()));
    let refused = backup::drill(&path, home.identities(), live).await;
    assert!(matches!(refused, Err(BackupError::NotEmpty(_))), "{refused:?}");
    assert_eq!(counts(&home.db).await, (20, 20));
    assert_eq!(databases(&home.db).await, before);
    home.db.close().await;
}

#[tokio::test]
async fn a_damaged_file_changes_nothing_on_the_server() {
    let Some(cluster) = Cluster::start_or_skip() else {
        return;
    };
    let url = cluster.database().await.unwrap();
    let home = Home::at(TempDir::new().unwrap(), url).await;
    let (path, _) = home.make(0).await;
    let mut bytes = std::fs::read(&path).unwrap();
    let last = bytes.len() - 20;
    bytes[last] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let target = cluster.database().await.unwrap();
    let refused = backup::restore(&path, home.identities(), &target, &home.path("scratch"), RESTORED).await;
    assert!(matches!(refused, Err(BackupError::Damaged)), "{refused:?}");
    let db = Db::connect(&target, &Options::default()).await.unwrap();
    assert_eq!(
        db.pending().await.unwrap().len(),
        db::Migrations::embedded(db.kind()).iter().count()
    );
    db.close().await;
    home.db.close().await;
}
