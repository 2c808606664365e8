//! The vault behind the database.

use std::sync::Arc;

use platform::{Error, Platform, keyring};
use testkit::{Installation, SeededEntropy, settings};
use vault::{FileKeys, KeyProvider, MasterKeys};

async fn open(home: &Installation, keys: Arc<dyn KeyProvider>) -> platform::Result<Platform> {
    let entropy = Arc::new(SeededEntropy::new(9));
    Platform::open(home.db.clone(), home.clock.clone(), entropy, keys, settings()).await
}

#[tokio::test]
async fn an_old_database_without_its_key_says_so() {
    let home = Installation::in_memory().await;
    home.first_person().await;
    let other = Arc::new(MasterKeys::generate(&SeededEntropy::new(99)));
    let Err(Error::Unavailable(message)) = open(&home, other).await else {
        panic!("opened")
    };
    assert!(
        message.contains("sealed under master key version 1 of another key file"),
        "{message}"
    );
}

#[tokio::test]
async fn a_rotation_wraps_every_key_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    let entropy = SeededEntropy::new(5);
    let first = FileKeys::create(&path, &entropy).unwrap();
    let db = db::Db::connect("sqlite::memory:", &db::Options::default())
        .await
        .unwrap();
    db.migrate().await.unwrap();
    let clock = Arc::new(testkit::MockClock::new());
    let seeded = Arc::new(SeededEntropy::new(6));
    let open = |keys: FileKeys| {
        Platform::open(
            db.clone(),
            clock.clone(),
            seeded.clone(),
            Arc::new(keys),
            settings(),
        )
    };
    open(first).await.unwrap();
    FileKeys::add_version(&path, &entropy).unwrap();
    let platform = open(FileKeys::open(&path).unwrap()).await.unwrap();
    let done = keyring::rotate(&platform.system()).await.unwrap();
    // Pepper, abuse, personal fields, blind index, signing, and the ledger's.
    assert_eq!((done.master_version, done.rewrapped), (2, 6));
    let again = keyring::rotate(&platform.system()).await.unwrap();
    assert_eq!(again.rewrapped, 0);
    FileKeys::retire_older(&path, &entropy).unwrap();
    let platform = open(FileKeys::open(&path).unwrap()).await.unwrap();
    let keys = platform::verification::jwks(&platform.system()).await.unwrap();
    assert_eq!(keys.keys.len(), 1);
}
