//! Removing what is over: old files, and what dead runs left.

use std::{fs, path::Path};

use crate::{
    BackupError,
    error::at,
    format::is_file_name,
    part,
    scratch::{self, gone},
};

/// Removes what dead runs left in the scratch place and beside the backups; names the files
/// that were never finished. What a living run holds is left alone.
pub fn sweep(folder: &Path, scratch: &Path) -> Result<Vec<String>, BackupError> {
    let runs = scratch::sweep(scratch)?;
    if runs > 0 {
        tracing::warn!(runs, "removed scratch folders that were left behind");
    }
    part::sweep(folder)
}

/// Removes a backup's file; one that is gone already is none to remove.
pub fn remove(folder: &Path, file: &str) -> Result<(), BackupError> {
    if !is_file_name(file) {
        return Err(BackupError::Configuration(format!(
            "{file:?} is no name of a backup, so it was left alone"
        )));
    }
    let path = folder.join(file);
    gone(fs::remove_file(&path)).map_err(at("remove", &path))
}
