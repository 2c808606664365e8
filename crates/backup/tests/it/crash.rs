//! `kill -9` in the middle of a backup.

use std::{
    fs,
    process::{Command, Stdio},
    thread,
};

use backup::{Order, Place, Stop};
use db::{Db, Options};
use types::Timestamp;

use crate::home::{Home, fill};

const FOLDER: &str = "LOOMWIRE_TEST_BACKUP_FOLDER";

/// Not a test: the process that is killed. It makes one backup.
#[tokio::test]
#[ignore = "run by the test below in a process of its own"]
async fn victim() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let folder = std::path::PathBuf::from(folder);
    let url = format!("sqlite://{}", folder.join("live.db").display());
    let db = Db::connect(&url, &Options::default()).await.unwrap();
    let key = fs::read_to_string(folder.join("key.txt")).unwrap();
    let recipient = key.lines().next().unwrap().trim_start_matches("# public key: ");
    let order = Order {
        folder: folder.join("backups"),
        file: "loomwire-1-sqlite.age".to_owned(),
        scratch: folder.join("scratch"),
        recipients: vec![recipient.parse().unwrap()],
        version: "1.2.3",
        begun: Timestamp::from_millis(0),
        stop: Stop::default(),
    };
    backup::make(&db, &url, order).await.unwrap();
}

#[tokio::test]
async fn a_killed_backup_leaves_no_half_file_and_the_next_start_sweeps() {
    let home = Home::on_sqlite().await;
    fill(&home).await;
    for stage in ["a copy in the scratch folder", "a part beside the backups"] {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::victim", "--ignored"])
            .env(FOLDER, home.folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let there = || match stage {
            "a copy in the scratch folder" => home.listing("scratch").len() == 2,
            _ => fs::metadata(home.path("backups/.loomwire-1-sqlite.age.part"))
                .is_ok_and(|part| part.len() > 0),
        };
        while !there() {
            assert!(child.try_wait().unwrap().is_none(), "it ended before {stage}");
            thread::yield_now();
        }
        // While it lives, nothing of it is swept.
        let kept = backup::sweep(&home.path("backups"), &home.path("scratch")).unwrap();
        assert_eq!(kept, Vec::<String>::new());
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(
            home.listing("backups"),
            [".loomwire-1-sqlite.age.part"],
            "{stage}"
        );
        assert_eq!(home.listing("scratch").len(), 2, "{stage}");
        let swept = backup::sweep(&home.path("backups"), &home.path("scratch")).unwrap();
        assert_eq!(swept, ["loomwire-1-sqlite.age"], "{stage}");
        assert!(home.listing("backups").is_empty() && home.listing("scratch").is_empty());
    }
    let (path, _) = home.make(0).await;
    let place = Place {
        scratch: home.path("scratch"),
        live_url: home.url.clone(),
        drill_url: None,
        begun: Timestamp::from_millis(0),
        stop: Stop::default(),
    };
    backup::drill(&path, home.identities(), place).await.unwrap();
}
