//! `.br` and `.gz` beside every asset that gets smaller by it.
//!
//! Node's zlib does it: it is native code and here already, where a crate would be built once
//! more, unoptimised, with xtask.

use crate::workspace::Workspace;
use crate::{command, files, node};
use anyhow::Result;
use std::path::Path;

const SCRIPT: &str = "xtask/src/site/compress.mjs";
const WORTH_IT: [&str; 6] = ["css", "js", "json", "svg", "txt", "wasm"];

/// Compresses what has no compressed form yet. A hashed name means that an existing one is right.
pub(super) fn compress(workspace: &Workspace, site: &Path) -> Result<()> {
    let assets = site.join("assets");
    let mut script = node::script(workspace, SCRIPT);
    let mut count = 0;
    for path in files::under(&assets)? {
        let ending = path
            .extension()
            .and_then(|ending| ending.to_str())
            .unwrap_or_default();
        let compressed = assets.join(format!("{}.br", path.display()));
        if WORTH_IT.contains(&ending) && !compressed.exists() {
            script.arg(assets.join(path));
            count += 1;
        }
    }
    if count == 0 {
        Ok(())
    } else {
        command::quietly(&mut script)
    }
}
