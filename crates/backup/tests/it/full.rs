//! A disk that is full: a small one is mounted, which takes the right to mount.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use backup::BackupError;
use db::DbError;

use crate::home::{Home, RESTORED, bytes_below, fill};

struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount_or_skip(at: &Path) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=2m", "tmpfs"])
            .arg(at)
            .output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(Self(at.to_owned()));
        }
        eprintln!("SKIPPED: a small disk cannot be mounted here (it takes root)");
        None
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        assert!(Command::new("umount").arg(&self.0).status().unwrap().success());
    }
}

#[tokio::test]
async fn a_full_disk_says_so_and_leaves_nothing() {
    let home = Home::on_sqlite().await;
    let Some(disk) = SmallDisk::mount_or_skip(&home.path("small")) else {
        return;
    };
    fill(&home).await;
    let mut order = home.order(0);
    order.folder = disk.0.join("backups");
    let error = backup::make(&home.db, &home.url, order).await.unwrap_err();
    assert!(matches!(error, BackupError::Full { .. }), "{error}");
    assert!(error.to_string().contains("free space"), "{error}");

    let mut order = home.order(0);
    order.scratch = disk.0.join("scratch");
    let error = backup::make(&home.db, &home.url, order).await.unwrap_err();
    assert!(matches!(error, BackupError::Database(DbError::Full)), "{error}");
    assert!(home.listing("backups").is_empty());

    let (path, _) = home.make(1).await;
    let url = format!("sqlite://{}", disk.0.join("target.db").display());
    let restored = backup::restore(&path, home.identities(), &url, &home.path("scratch"), RESTORED).await;
    assert!(matches!(restored, Err(BackupError::Full { .. })), "{restored:?}");
    assert_eq!(bytes_below(&disk.0).len(), 0, "nothing is left on it");
    assert!(home.listing("scratch").is_empty());
}
