//! Reading and writing files of the clone.

use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Every file under a folder, relative to it, in order. A folder that is not there is empty.
pub(crate) fn under(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.with_context(|| format!("cannot list {}", folder.display()))?;
        if entry.file_type().is_file() {
            found.push(entry.path().strip_prefix(folder)?.to_path_buf());
        }
    }
    Ok(found)
}

/// A file's bytes.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// A file's text.
pub(crate) fn text(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Writes a file and the folders it needs.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

/// Makes `to` hold exactly what `from` holds. A file that is the same already keeps its time, so
/// that cargo does not see a change where there is none.
pub(crate) fn mirror(from: &Path, to: &Path) -> Result<()> {
    let wanted = under(from)?;
    for stale in under(to)?.iter().filter(|path| !wanted.contains(path)) {
        let path = to.join(stale);
        std::fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
    }
    for path in &wanted {
        let bytes = read(&from.join(path))?;
        if std::fs::read(to.join(path)).is_ok_and(|there| there == bytes) {
            continue;
        }
        write(&to.join(path), &bytes)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{mirror, under, write};

    #[test]
    fn a_mirror_adds_replaces_and_removes() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        write(&from.join("a/one"), b"1").unwrap();
        write(&from.join("two"), b"2").unwrap();
        write(&to.join("two"), b"old").unwrap();
        write(&to.join("three"), b"3").unwrap();
        mirror(&from, &to).unwrap();
        assert_eq!(under(&from).unwrap(), under(&to).unwrap());
        assert_eq!(std::fs::read(to.join("two")).unwrap(), b"2");
        assert!(!to.join("three").exists());
    }
}
