//! What an installation needs to be opened.

use std::fs;

use tempfile::TempDir;

use vault::{FileKeys, KeyProvider as _};

use super::{Failure, database::open, migrate, rotate};
use crate::{
    config::{Config, Environment, MasterKey},
    source::OsEntropy,
};

fn installation() -> (TempDir, Config) {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data").to_str().unwrap().to_owned();
    let environment = Environment::from([("LOOMWIRE_DATA".to_owned(), data)]);
    (folder, Config::load(None, &environment).unwrap())
}

fn key_file(config: &Config) -> std::path::PathBuf {
    match &config.master_key {
        MasterKey::File(path) => path.clone(),
        MasterKey::Credential(_) => panic!("a file by default"),
    }
}

async fn opens(config: &Config) -> Result<(), Failure> {
    open(config).await?.close().await;
    Ok(())
}

#[tokio::test]
async fn a_new_installation_makes_its_key_and_an_old_one_wants_it_back() {
    let (_folder, config) = installation();
    migrate(config.clone()).await.unwrap();
    opens(&config).await.unwrap();

    let path = key_file(&config);
    let kept = path.with_extension("kept");
    fs::rename(&path, &kept).unwrap();
    let missing = opens(&config).await.unwrap_err().to_string();
    assert!(
        missing.contains(path.to_str().unwrap()) && missing.contains("backup"),
        "{missing}"
    );
    assert!(!path.exists());

    FileKeys::create(&path, &OsEntropy).unwrap();
    let foreign = opens(&config).await.unwrap_err().to_string();
    assert!(foreign.contains("another key file"), "{foreign}");

    fs::rename(&kept, &path).unwrap();
    opens(&config).await.unwrap();
}

#[tokio::test]
async fn a_rotation_moves_every_data_key_to_the_new_version() {
    let (_folder, config) = installation();
    opens(&config).await.unwrap();
    let running = open(&config).await.unwrap();
    rotate(config.clone()).await.unwrap();
    rotate(config.clone()).await.unwrap();

    let path = key_file(&config);
    assert_eq!(FileKeys::open(&path).unwrap().current_version(), 3);
    let tokens = platform::verification::jwks(&running.system()).await.unwrap();
    running.close().await;
    // Nothing is left under the older versions: without them it still opens.
    assert_eq!(FileKeys::retire_older(&path, &OsEntropy).unwrap(), [1, 2]);
    let again = open(&config).await.unwrap();
    assert_eq!(
        platform::verification::jwks(&again.system()).await.unwrap(),
        tokens
    );
    again.close().await;
}

#[tokio::test]
async fn a_rotation_under_a_foreign_key_changes_nothing() {
    let (_folder, config) = installation();
    opens(&config).await.unwrap();
    let path = key_file(&config);
    fs::remove_file(&path).unwrap();
    FileKeys::create(&path, &OsEntropy).unwrap();
    let before = fs::read(&path).unwrap();
    assert!(rotate(config).await.is_err());
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn a_credential_is_rotated_where_it_is_made() {
    let (folder, config) = installation();
    opens(&config).await.unwrap();
    let credential = folder.path().join("credentials");
    fs::create_dir(&credential).unwrap();
    let path = credential.join(vault::CREDENTIAL_NAME);
    fs::copy(key_file(&config), &path).unwrap();
    let mut config = config;
    config.master_key = MasterKey::Credential(credential);
    assert!(matches!(rotate(config.clone()).await, Err(Failure::KeyReadOnly)));
    FileKeys::add_version(&path, &OsEntropy).unwrap();
    rotate(config.clone()).await.unwrap();
    opens(&config).await.unwrap();
}

#[tokio::test]
async fn an_installation_of_another_address_is_not_opened() {
    let (_folder, config) = installation();
    opens(&config).await.unwrap();
    let mut moved = config;
    moved.public_url = "https://other.example".parse().unwrap();
    assert!(opens(&moved).await.is_err());
}
