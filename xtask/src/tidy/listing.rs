//! The files of the clone that a commit could hold.

use crate::workspace::Workspace;
use crate::{command, files};
use anyhow::Result;
use std::path::PathBuf;

/// Paths inside the clone, with `/` between their parts.
pub(super) struct Listing {
    root: PathBuf,
    paths: Vec<String>,
}

impl Listing {
    pub(super) fn of(workspace: &Workspace) -> Result<Self> {
        let mut list = workspace.command("git");
        list.args(["ls-files", "--cached", "--others", "--exclude-standard"]);
        let mut paths: Vec<String> = command::read(&mut list)?.lines().map(str::to_owned).collect();
        paths.retain(|path| workspace.path(path).is_file());
        paths.sort();
        paths.dedup();
        Ok(Self {
            root: workspace.root().to_path_buf(),
            paths,
        })
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(String::as_str)
    }

    /// A file's text, or nothing where it is not text.
    pub(super) fn text(&self, path: &str) -> Result<Option<String>> {
        Ok(String::from_utf8(files::read(&self.root.join(path))?).ok())
    }
}
