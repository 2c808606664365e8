use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::Path,
};

use tempfile::TempDir;
use vault::{Aad, CREDENTIAL_NAME, CredentialKeys, DataKey, FileKeys, KeyProvider, VaultError};

use super::seeded;

const PLACE: Aad<'static> = Aad {
    tenant: "org_1",
    table: "data_keys",
    row: "1",
    column: "wrapped",
    key_version: 0,
};

fn credential(folder: &Path, mode: u32) {
    let path = folder.join(CREDENTIAL_NAME);
    FileKeys::create(&path, &seeded(1)).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
}

#[test]
fn the_credential_holds_the_same_keys_as_a_file() {
    let folder = TempDir::new().unwrap();
    credential(folder.path(), 0o600);
    let file = FileKeys::open(folder.path().join(CREDENTIAL_NAME)).unwrap();
    // What systemd shows for a service user with an ACL.
    for mode in [0o400, 0o440] {
        let path = folder.path().join(CREDENTIAL_NAME);
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
        let entropy = seeded(2);
        let key = DataKey::generate(&entropy);
        let wrapped = file.wrap(&entropy, &PLACE, &key).unwrap();
        let keys = CredentialKeys::open(folder.path()).unwrap();
        assert_eq!(keys.current_version(), 1);
        assert_eq!(keys.keys().versions().collect::<Vec<_>>(), [1]);
        keys.unwrap(&PLACE, 1, &wrapped).unwrap();
    }
}

#[test]
fn a_credential_that_everybody_reads_is_refused() {
    let folder = TempDir::new().unwrap();
    credential(folder.path(), 0o444);
    let error = CredentialKeys::open(folder.path()).unwrap_err();
    assert!(matches!(error, VaultError::Permissions { mode: 0o444, .. }));
}

#[test]
fn a_missing_credential_is_named() {
    let folder = TempDir::new().unwrap();
    let error = CredentialKeys::open(folder.path()).unwrap_err();
    assert!(error.to_string().contains(CREDENTIAL_NAME), "{error}");
}
