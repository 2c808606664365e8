//! A backup of SQLite, while others write.

use std::{fs, os::unix::fs::PermissionsExt as _};

use backup::{BackupError, Place, Stop};
use db::{Db, Options};
use types::Timestamp;

use crate::home::{CANARY, Home, RESTORED, Writers, bytes_below, counts, event, holds, note};

fn place(home: &Home) -> Place {
    Place {
        scratch: home.path("scratch"),
        live_url: home.url.clone(),
        drill_url: None,
        begun: Timestamp::from_millis(0),
        stop: Stop::default(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_fire_is_of_one_moment_and_comes_back_whole() {
    let home = Home::on_sqlite().await;
    let writers = Writers::start(&home.db);
    let mut made = Vec::new();
    for second in 0..4 {
        made.push(home.make(second).await);
    }
    assert!(writers.stop().await > 0);
    let mut before = 0;
    for (number, (path, made)) in made.iter().enumerate() {
        let target = format!("sqlite://{}", home.path(&format!("new/{number}.db")).display());
        let scratch = home.path("scratch");
        let restored = backup::restore(path, home.identities(), &target, &scratch, RESTORED)
            .await
            .unwrap();
        assert_eq!((&restored.sha256, restored.bytes), (&made.sha256, made.bytes));
        assert_eq!(restored.manifest.census, made.census);
        assert_eq!(restored.manifest.version, "1.2.3");
        let db = Db::connect(&target, &Options::default()).await.unwrap();
        let (events, counted) = counts(&db).await;
        assert_eq!(events, counted, "a change and its event, or neither");
        assert_eq!(u64::try_from(events).unwrap(), made.census.events);
        assert!(events >= before);
        before = events;
        let note = note(&db).await.unwrap();
        assert_eq!(note.file, path.file_name().unwrap().to_str().unwrap());
        assert_eq!((&note.sha256, note.restored_at), (&made.sha256, RESTORED));
        assert_eq!(note.made_at, restored.manifest.made_at);
        db.close().await;
        backup::drill(path, home.identities(), place(&home))
            .await
            .unwrap();
    }
    assert!(before > 20, "something was written in between");
}

#[tokio::test]
async fn nothing_readable_is_in_the_file_or_left_beside_it() {
    let home = Home::on_sqlite().await;
    let (path, _) = home.make(0).await;
    backup::drill(&path, home.identities(), place(&home))
        .await
        .unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let folder = fs::metadata(home.path("backups")).unwrap();
    assert_eq!(folder.permissions().mode() & 0o777, 0o700);
    home.db.close().await;
    assert!(
        holds(&fs::read(home.path("live.db")).unwrap(), CANARY),
        "the test can see it"
    );
    for name in ["backups", "scratch"] {
        for (path, bytes) in bytes_below(&home.path(name)) {
            for text in [
                CANARY,
                "evt_first_0001",
                "audit_events",
                "SQLite format 3",
                "AGE-SECRET-KEY",
            ] {
                assert!(!holds(&bytes, text), "{text} in {}", path.display());
            }
        }
    }
    assert!(home.listing("scratch").is_empty());
    assert_eq!(home.listing("backups").len(), 1);
}

#[tokio::test]
async fn without_a_recipient_there_is_no_backup() {
    let home = Home::on_sqlite().await;
    let mut order = home.order(0);
    order.recipients.clear();
    let refused = backup::make(&home.db, &home.url, order).await.unwrap_err();
    assert!(refused.to_string().contains("keygen"), "{refused}");
    assert!(!home.path("backups").exists());
}

#[tokio::test]
async fn a_place_that_has_something_is_left_as_it_is() {
    let home = Home::on_sqlite().await;
    let (path, _) = home.make(0).await;
    let scratch = home.path("scratch");
    let refused = backup::restore(&path, home.identities(), &home.url, &scratch, RESTORED).await;
    assert!(matches!(refused, Err(BackupError::NotEmpty(_))), "{refused:?}");
    let target = home.path("other.db");
    fs::write(home.path("other.db-wal"), "an older log").unwrap();
    let url = format!("sqlite://{}", target.display());
    let refused = backup::restore(&path, home.identities(), &url, &scratch, RESTORED).await;
    assert!(matches!(refused, Err(BackupError::NotEmpty(_))), "{refused:?}");
    assert!(!target.exists());
    fs::remove_file(home.path("other.db-wal")).unwrap();
    fs::write(&target, "").unwrap();
    backup::restore(&path, home.identities(), &url, &scratch, RESTORED)
        .await
        .unwrap();
    assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn a_backup_of_a_newer_version_says_which() {
    let home = Home::on_sqlite().await;
    apply_unknown(&home, 9998, "9998_expand_words").await;
    let (path, _) = home.make(0).await;
    let drilled = backup::drill(&path, home.identities(), place(&home))
        .await
        .unwrap();
    assert_eq!(drilled.manifest.census.schema, 9998);

    apply_unknown(&home, 9999, "9999_contract_words").await;
    let (path, _) = home.make(1).await;
    let refused = backup::drill(&path, home.identities(), place(&home))
        .await
        .unwrap_err();
    assert!(
        matches!(refused, BackupError::Newer { backup: 9999, .. }),
        "{refused}"
    );
    assert!(refused.to_string().contains("1.2.3"), "{refused}");
}

/// As a newer version would have left it.
async fn apply_unknown(home: &Home, version: i64, name: &str) {
    let row = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        VALUES ($1, $2, TRUE, x'00', 0)";
    let mut tx = home.db.begin().await.unwrap();
    db::execute!(tx, sqlx::query(row).bind(version).bind(name)).unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn an_event_that_was_changed_is_backed_up_and_told_of() {
    let home = Home::on_sqlite().await;
    let mut tx = home.db.begin().await.unwrap();
    event(&mut tx, "evt_z", "{}").await;
    let change = "UPDATE audit_events SET canonical = '{\"changed\":1}' WHERE id = 'evt_z'";
    db::execute!(tx, sqlx::query(change)).unwrap();
    tx.commit().await.unwrap();
    let (path, made) = home.make(0).await;
    assert_eq!(made.census.wrong_events, 1);
    let restored = backup::drill(&path, home.identities(), place(&home))
        .await
        .unwrap();
    assert_eq!(restored.manifest.census.wrong_events, 1);
}

#[tokio::test]
async fn a_run_that_is_told_to_stop_leaves_nothing() {
    let home = Home::on_sqlite().await;
    let order = home.order(0);
    order.stop.now();
    let stopped = backup::make(&home.db, &home.url, order).await;
    assert!(matches!(stopped, Err(BackupError::Stopped)), "{stopped:?}");
    assert!(home.listing("backups").is_empty() && home.listing("scratch").is_empty());
}

#[tokio::test]
async fn only_a_backup_is_removed() {
    let home = Home::on_sqlite().await;
    let (path, _) = home.make(0).await;
    let name = path.file_name().unwrap().to_str().unwrap();
    let folder = home.path("backups");
    for other in ["../live.db", "live.db", "loomwire-/../../live.db.age", ""] {
        assert!(backup::remove(&folder, other).is_err(), "{other}");
    }
    backup::remove(&folder, name).unwrap();
    backup::remove(&folder, name).unwrap();
    assert!(!path.exists() && home.path("live.db").exists());
}
