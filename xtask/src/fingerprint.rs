//! Whether a step's inputs are what they were when it last ran.

use crate::files;
use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};
use std::path::Path;

/// A digest over named inputs. Every part goes in with its length, so that no two lists of parts
/// give the same bytes.
pub(crate) struct Fingerprint(Sha256);

impl Fingerprint {
    /// Of the step of that name.
    pub(crate) fn of(step: &str) -> Self {
        Self(Sha256::new()).text(step)
    }

    /// A value that the result depends on.
    pub(crate) fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }

    /// Bytes that the result depends on.
    pub(crate) fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.update(bytes.len().to_le_bytes());
        self.0.update(bytes);
        self
    }

    /// A file's content.
    pub(crate) fn file(self, path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(self.bytes(&bytes))
    }

    /// Every file under a folder, by its path and content. A folder that is not there is empty.
    pub(crate) fn tree(mut self, folder: &Path) -> Result<Self> {
        for path in files::under(folder)? {
            self = self.text(&path.to_string_lossy()).file(&folder.join(&path))?;
        }
        Ok(self)
    }

    /// The digest, in hex.
    pub(crate) fn finish(self) -> String {
        hex::encode(self.0.finalize())
    }
}

/// Whether `stamp` holds this fingerprint.
pub(crate) fn is_current(stamp: &Path, fingerprint: &str) -> bool {
    std::fs::read_to_string(stamp).is_ok_and(|text| text == fingerprint)
}

/// Remembers a fingerprint, after its step has succeeded.
pub(crate) fn remember(stamp: &Path, fingerprint: &str) -> Result<()> {
    files::write(stamp, fingerprint.as_bytes())
}

/// The first 16 hex digits of a content's digest: what goes into a file name.
pub(crate) fn short(parts: &[&[u8]]) -> String {
    let print = parts
        .iter()
        .fold(Fingerprint::of("content"), |print, part| print.bytes(part));
    let mut hex = print.finish();
    hex.truncate(16);
    hex
}

#[cfg(test)]
mod tests {
    use super::{Fingerprint, is_current, remember, short};

    #[test]
    fn parts_do_not_run_into_each_other() {
        let one = Fingerprint::of("x").text("ab").text("c").finish();
        let other = Fingerprint::of("x").text("a").text("bc").finish();
        assert_ne!(one, other);
        assert_eq!(short(&[b"a"]).len(), 16);
    }

    #[test]
    fn a_tree_changes_with_a_name_and_with_a_content() {
        let folder = tempfile::tempdir().unwrap();
        let print = || Fingerprint::of("t").tree(folder.path()).unwrap().finish();
        let empty = print();
        std::fs::write(folder.path().join("a"), "1").unwrap();
        let first = print();
        std::fs::write(folder.path().join("a"), "2").unwrap();
        let second = print();
        std::fs::rename(folder.path().join("a"), folder.path().join("b")).unwrap();
        let all = [empty, first, second, print()];
        let distinct: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), 4);
    }

    #[test]
    fn a_stamp_is_current_only_for_its_own_fingerprint() {
        let folder = tempfile::tempdir().unwrap();
        let stamp = folder.path().join("deep/stamp");
        assert!(!is_current(&stamp, "a"));
        remember(&stamp, "a").unwrap();
        assert!(is_current(&stamp, "a"));
        assert!(!is_current(&stamp, "b"));
    }
}
