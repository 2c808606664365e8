//! The one place where a database may lie unencrypted, and for how long.
//!
//! **Invariant**: a run has its own folder of mode 0700 and holds a lock beside it. Who finds
//! the lock free knows that the run is dead, and removes what it left.

use std::{
    fs::{self, DirBuilder, File, Permissions, TryLockError},
    io::{self, ErrorKind},
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use crate::{BackupError, error::at};

const LOCK: &str = "lock";

/// A folder for one run; gone with it.
pub(crate) struct Scratch {
    folder: PathBuf,
    lock: PathBuf,
    _held: File,
}

impl Scratch {
    /// Sweeps the root and makes a folder in it.
    pub(crate) fn make(root: &Path) -> Result<Self, BackupError> {
        private_folder(root)?;
        sweep(root)?;
        let named = tempfile::Builder::new()
            .prefix("run-")
            .suffix(".lock")
            .permissions(Permissions::from_mode(0o600))
            .tempfile_in(root)
            .map_err(at("make a scratch folder in", root))?;
        let (file, lock) = named
            .keep()
            .map_err(|error| at("make a scratch folder in", root)(error.error))?;
        file.lock().map_err(at("lock", &lock))?;
        let folder = lock.with_extension("");
        if !is_at(&file, &lock) {
            // A sweep came between the making and the lock, and took it for dead.
            return Self::make(root);
        }
        let made = DirBuilder::new().mode(0o700).create(&folder);
        made.map_err(at("make the scratch folder", &folder))?;
        Ok(Self {
            folder,
            lock,
            _held: file,
        })
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = remove(&self.folder, &self.lock) {
            let folder = self.folder.display();
            tracing::error!(%folder, %error, "a scratch folder with an unencrypted database cannot be removed");
        }
    }
}

fn remove(folder: &Path, lock: &Path) -> io::Result<()> {
    gone(fs::remove_dir_all(folder))?;
    gone(fs::remove_file(lock))
}

pub(crate) fn gone(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Removes what dead runs left in the root; says how many.
pub(crate) fn sweep(root: &Path) -> Result<usize, BackupError> {
    let failed = |error| at("sweep", root)(error);
    let entries = match fs::read_dir(root) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0),
        other => other.map_err(failed)?,
    };
    let mut swept = 0;
    for entry in entries {
        let lock = entry.map_err(failed)?.path();
        if lock.extension().is_none_or(|extension| extension != LOCK) {
            continue;
        }
        let Some(_held) = dead(&lock).map_err(failed)? else {
            continue;
        };
        remove(&lock.with_extension(""), &lock).map_err(failed)?;
        swept += 1;
    }
    Ok(swept)
}

/// The lock of a run that is dead; `None` if it lives, or is gone.
pub(crate) fn dead(lock: &Path) -> io::Result<Option<File>> {
    let file = match File::open(lock) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    match file.try_lock() {
        Ok(()) if is_at(&file, lock) => Ok(Some(file)),
        Ok(()) | Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Whether this open file is the one at the path.
pub(crate) fn is_at(file: &File, path: &Path) -> bool {
    let same = |a: fs::Metadata, b: fs::Metadata| (a.dev(), a.ino()) == (b.dev(), b.ino());
    match (file.metadata(), fs::metadata(path)) {
        (Ok(open), Ok(there)) => same(open, there),
        _ => false,
    }
}

/// Makes a folder that is the owner's alone, if there is none.
pub(crate) fn private_folder(path: &Path) -> Result<(), BackupError> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(at("make the folder", path))
}
