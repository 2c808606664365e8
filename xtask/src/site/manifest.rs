//! The hashed files, and which one stands for which name.

use crate::files;
use anyhow::Result;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Collects what goes into `assets/`; whatever it was not given is removed at the end.
pub(super) struct Manifest {
    site: PathBuf,
    names: BTreeMap<String, String>,
    kept: Vec<PathBuf>,
}

impl Manifest {
    /// Of nothing, yet.
    pub(super) fn new(site: &Path) -> Self {
        Self {
            site: site.to_path_buf(),
            names: BTreeMap::new(),
            kept: Vec::new(),
        }
    }

    /// A file that the server asks for by `name`.
    pub(super) fn add(&mut self, name: &str, hashed: &str, bytes: &[u8]) -> Result<()> {
        self.names.insert(name.to_owned(), hashed.to_owned());
        self.add_unnamed(hashed, bytes)
    }

    /// A file that only other files refer to.
    pub(super) fn add_unnamed(&mut self, hashed: &str, bytes: &[u8]) -> Result<()> {
        let path = self.site.join("assets").join(hashed);
        if std::fs::read(&path).is_ok_and(|there| there == bytes) {
            self.kept.push(path);
            return Ok(());
        }
        files::write(&path, bytes)?;
        for ending in ["br", "gz"] {
            let compressed = beside(&path, ending);
            if compressed.exists() {
                std::fs::remove_file(compressed)?;
            }
        }
        self.kept.push(path);
        Ok(())
    }

    /// The hashed name that stands for `name`.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.names.get(name).map(String::as_str)
    }

    /// Writes `manifest.json` and removes what an earlier build left.
    pub(super) fn finish(self) -> Result<()> {
        let assets = self.site.join("assets");
        for path in files::under(&assets)? {
            let path = assets.join(path);
            let original = match path.extension().and_then(|ending| ending.to_str()) {
                Some("br" | "gz") => path.with_extension(""),
                _ => path.clone(),
            };
            if !self.kept.contains(&original) {
                std::fs::remove_file(path)?;
            }
        }
        files::write(
            &self.site.join("manifest.json"),
            &serde_json::to_vec_pretty(&self.names)?,
        )
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::Manifest;
    use crate::files;

    #[test]
    fn a_second_build_keeps_what_is_the_same_and_drops_the_rest() {
        let site = tempfile::tempdir().unwrap();
        let mut first = Manifest::new(site.path());
        first.add("app.css", "app.1.css", b"old").unwrap();
        first.add("inter.woff2", "inter.1.woff2", b"font").unwrap();
        first.finish().unwrap();
        files::write(&site.path().join("assets/app.1.css.br"), b"").unwrap();
        files::write(&site.path().join("assets/inter.1.woff2.br"), b"").unwrap();

        let mut second = Manifest::new(site.path());
        second.add("app.css", "app.2.css", b"new").unwrap();
        second.add("inter.woff2", "inter.1.woff2", b"font").unwrap();
        assert_eq!(second.get("app.css"), Some("app.2.css"));
        second.finish().unwrap();

        let names: Vec<String> = files::under(site.path())
            .unwrap()
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        assert_eq!(
            names,
            [
                "assets/app.2.css",
                "assets/inter.1.woff2",
                "assets/inter.1.woff2.br",
                "manifest.json"
            ]
        );
    }
}
