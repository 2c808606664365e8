//! The master key, as far as it can be told without the database.

use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use vault::{CREDENTIAL_NAME, CredentialKeys, FileKeys, KeyProvider, VaultError};

use super::{Finding, database::sqlite_file};
use crate::config::{Config, MasterKey};

const NAME: &str = "master key";
const BACK_UP: &str =
    "Keep a copy of the key apart from the backups of the database: each is useless without the other.";

pub(super) async fn check(config: Config) -> Vec<Finding> {
    let looked = tokio::task::spawn_blocking(move || look(&config)).await;
    looked.unwrap_or_else(|_| {
        vec![Finding::fail(
            NAME,
            "It could not be looked at.",
            "Report this as a bug.",
        )]
    })
}

fn look(config: &Config) -> Vec<Finding> {
    let (opened, path) = match &config.master_key {
        MasterKey::File(path) => (
            FileKeys::open(path).map(|keys| keys.current_version()),
            path.clone(),
        ),
        MasterKey::Credential(folder) => (
            CredentialKeys::open(folder).map(|keys| keys.current_version()),
            folder.join(CREDENTIAL_NAME),
        ),
    };
    let shown = path.display();
    match opened {
        Ok(version) => {
            let says = format!("{shown} opens; its version is {version}. {BACK_UP}");
            let mut findings = vec![Finding::ok(NAME, says)];
            findings.extend(owner(&path));
            findings
        }
        Err(VaultError::Missing { .. }) if is_new(config) => vec![Finding::warn(
            NAME,
            format!("There is none at {shown} yet."),
            "The first start makes one: back it up then. Or make it now with `loomwire vault create`.",
        )],
        Err(error) => vec![Finding::fail(
            NAME,
            format!("It cannot be used: {error}."),
            "Put the file back from its backup, readable by the server's user only.",
        )],
    }
}

/// Whether there is no database that could have something under a key.
fn is_new(config: &Config) -> bool {
    sqlite_file(config).is_some_and(|file| !file.exists())
}

/// A key that another user owns can be changed by them.
fn owner(path: &Path) -> Option<Finding> {
    let key = fs::metadata(path).ok()?;
    let folder: PathBuf = path
        .parent()
        .filter(|folder| *folder != Path::new(""))
        .unwrap_or(Path::new("."))
        .into();
    let folder_meta = fs::metadata(&folder).ok()?;
    let (ours, open) = (rustix::process::geteuid().as_raw(), folder_meta.mode() & 0o022);
    if key.uid() != ours && ours != 0 && key.uid() != 0 {
        return Some(Finding::warn(
            NAME,
            format!(
                "{} belongs to the user {}, and this is {ours}.",
                path.display(),
                key.uid()
            ),
            "Run doctor as the server's user, or give the file to that user.",
        ));
    }
    (open != 0).then(|| {
        Finding::warn(
            NAME,
            format!(
                "Others can write to {}, and so put another key in its place.",
                folder.display()
            ),
            format!("Run `chmod go-w {}`.", folder.display()),
        )
    })
}
