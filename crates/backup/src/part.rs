//! A backup's file while it is written.
//!
//! **Invariant**: the final name holds a whole backup or nothing. Until then the file is
//! `.<name>.part`, under a lock; who finds that lock free knows that the writer is dead.

use std::{
    fs::{self, File, OpenOptions},
    io::ErrorKind,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use crate::{
    BackupError,
    error::at,
    scratch::{dead, gone, is_at, private_folder},
};

pub(crate) struct Part {
    folder: PathBuf,
    beside: PathBuf,
    target: PathBuf,
    file: File,
}

impl Part {
    pub(crate) fn create(folder: &Path, name: &str) -> Result<Self, BackupError> {
        private_folder(folder)?;
        let target = folder.join(name);
        let beside = folder.join(format!(".{name}.part"));
        if target.exists() {
            return Err(BackupError::NotEmpty(target.display().to_string()));
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(0o600);
        loop {
            let file = options.open(&beside).map_err(at("write", &beside))?;
            file.lock().map_err(at("lock", &beside))?;
            // A sweep may have come between the making and the lock.
            if is_at(&file, &beside) {
                return Ok(Self {
                    folder: folder.to_owned(),
                    beside,
                    target,
                    file,
                });
            }
        }
    }

    pub(crate) const fn file(&self) -> &File {
        &self.file
    }

    pub(crate) fn path(&self) -> &Path {
        &self.beside
    }

    /// Makes it durable and gives it its name.
    pub(crate) fn finish(self) -> Result<(), BackupError> {
        self.file.sync_all().map_err(at("write", &self.beside))?;
        fs::rename(&self.beside, &self.target).map_err(at("write", &self.target))?;
        sync_folder(&self.folder)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if let Err(error) = gone(fs::remove_file(&self.beside)) {
            let file = self.beside.display();
            tracing::warn!(%file, %error, "a part of a backup cannot be removed");
        }
    }
}

pub(crate) fn sync_folder(folder: &Path) -> Result<(), BackupError> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(at("write", folder))
}

/// Removes the parts that dead writers left, and names the files that they should have become.
pub(crate) fn sweep(folder: &Path) -> Result<Vec<String>, BackupError> {
    let failed = |error| at("sweep", folder)(error);
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(failed)?,
    };
    let mut swept = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.and_then(|name| name.strip_prefix('.')?.strip_suffix(".part"));
        let Some(name) = name.filter(|name| crate::format::is_file_name(name)) else {
            continue;
        };
        if let Some(_held) = dead(&path).map_err(failed)? {
            gone(fs::remove_file(&path)).map_err(failed)?;
            swept.push(name.to_owned());
        }
    }
    Ok(swept)
}
