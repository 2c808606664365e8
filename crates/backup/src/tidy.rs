//! Removing what is over: old files, and what dead runs left.

use std::{fmt::Write as _, fs, path::Path};

use crate::{
    BackupError,
    error::at,
    format::is_file_name,
    make::connect,
    part,
    postgres::Programs,
    scratch::{self, gone},
    store,
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

/// Whether a backup could be made: the folder can be written, and PostgreSQL's programs are
/// there. What was found, a line each.
pub async fn ready(folder: &Path, url: &str) -> Result<String, BackupError> {
    scratch::private_folder(folder)?;
    tempfile::tempfile_in(folder).map_err(at("write into", folder))?;
    let mut text = format!("Folder: {}, can be written\n", folder.display());
    if !url.starts_with("sqlite:") {
        let db = connect(url).await?;
        let server = store::server_major(&mut *db.read().await?).await;
        db.close().await;
        let server = server?;
        let major = Programs::find(server)?.major;
        let _ = writeln!(text, "PostgreSQL {server}, pg_dump {major}");
    }
    Ok(text)
}
