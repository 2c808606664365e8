//! Reading a backup: decrypted, checked and unpacked into a scratch folder.
//!
//! **Invariant**: nothing of a backup is used before all of it has been authenticated. age's
//! last chunk says that it is the last, so a file that was cut is told from one that is whole.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufReader},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use age::DecryptError;

use crate::{
    BackupError, Identities, Manifest, Stop,
    error::at,
    seal::{Counted, copy},
};

/// A backup that was read to its end.
pub(crate) struct Opened {
    pub(crate) manifest: Manifest,
    /// The database, or the dump of one.
    pub(crate) database: PathBuf,
    pub(crate) bytes: u64,
    pub(crate) sha256: String,
}

/// Unpacks the database of the backup at `path` to `into`.
pub(crate) fn open(
    path: &Path,
    identities: &Identities,
    into: PathBuf,
    stop: &Stop,
) -> Result<Opened, BackupError> {
    let file = File::open(path).map_err(at("read", path))?;
    let mut counted = Counted::new(file);
    let decryptor = age::Decryptor::new_buffered(BufReader::new(&mut counted)).map_err(refused)?;
    let plain = decryptor.decrypt(identities.iter()).map_err(refused)?;
    let unpacked = zstd::Decoder::new(plain).map_err(|error| damaged(&error))?;
    let mut unpacked = BufReader::new(unpacked);
    let manifest = Manifest::read(&mut unpacked)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let mut out = options.open(&into).map_err(at("write", &into))?;
    copy(&mut unpacked, &mut out, &into, |error| damaged(&error), stop)?;
    out.sync_all().map_err(at("write", &into))?;
    drop(unpacked);
    Ok(Opened {
        manifest,
        database: into,
        bytes: counted.bytes,
        sha256: counted.sum(),
    })
}

fn refused(error: DecryptError) -> BackupError {
    match error {
        DecryptError::NoMatchingKeys => BackupError::WrongIdentity,
        DecryptError::UnknownFormat => BackupError::Unknown("it is of a later version of age".to_owned()),
        DecryptError::Io(error) => damaged(&error),
        _ => BackupError::Damaged,
    }
}

/// What is wrong when reading stops: the disk, or the file.
pub(crate) fn damaged(error: &io::Error) -> BackupError {
    match error.raw_os_error() {
        Some(_) => BackupError::Configuration(format!("The backup cannot be read: {error}")),
        None => BackupError::Damaged,
    }
}
