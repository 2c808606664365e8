//! age's own command line as a second opinion.

use std::{io::Read as _, process::Command};

use backup::Manifest;
use db::{Db, Options};

use crate::home::{Home, counts};

const REQUIRE: &str = "LOOMWIRE_REQUIRE_AGE";

#[tokio::test]
async fn age_and_zstd_open_a_backup_without_this_program() {
    let home = Home::on_sqlite().await;
    let (path, made) = home.make(0).await;
    let output = Command::new("age")
        .arg("--decrypt")
        .arg("--identity")
        .arg(home.path("key.txt"))
        .arg(&path)
        .output();
    let output = match output {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && std::env::var_os(REQUIRE).is_none() => {
            eprintln!("SKIPPED: age is not installed: install the package age");
            return;
        }
        output => output.unwrap(),
    };
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mut plain = Vec::new();
    zstd::Decoder::new(&output.stdout[..])
        .unwrap()
        .read_to_end(&mut plain)
        .unwrap();
    let end = plain.iter().position(|byte| *byte == b'\n').unwrap();
    let manifest: Manifest = serde_json::from_slice(&plain[..end]).unwrap();
    assert_eq!((&*manifest.database, manifest.census), ("sqlite", made.census));
    std::fs::write(home.path("by-hand.db"), &plain[end + 1..]).unwrap();
    let url = format!("sqlite://{}", home.path("by-hand.db").display());
    let db = Db::connect(&url, &Options::default()).await.unwrap();
    assert_eq!(counts(&db).await, (20, 20));
    db.close().await;
}
