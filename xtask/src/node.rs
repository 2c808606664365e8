//! The npm packages, and running what they bring.

use crate::fingerprint::{self, Fingerprint};
use crate::workspace::Workspace;
use crate::{command, system};
use anyhow::Result;
use std::process::Command;

/// Makes `node_modules` what package-lock.json says, unless it is already.
pub(crate) fn install(workspace: &Workspace) -> Result<()> {
    let print = Fingerprint::of("npm ci")
        .file(&workspace.path("package.json"))?
        .file(&workspace.path("package-lock.json"))?
        .finish();
    // Inside node_modules, so that it goes when they go.
    let stamp = workspace.path("node_modules/.xtask");
    if fingerprint::is_current(&stamp, &print) {
        return Ok(());
    }
    system::provide(&[&system::NODE, &system::NPM])?;
    println!("npm ci");
    // No package's own script runs: what is used here comes ready made.
    command::quietly(
        workspace
            .command("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]),
    )?;
    fingerprint::remember(&stamp, &print)
}

/// Makes the packages of a folder that has its own lock file what that says: those that only one
/// command needs, so that nobody else waits for them.
pub(crate) fn install_apart(workspace: &Workspace, folder: &str) -> Result<()> {
    let folder = workspace.path(folder);
    let print = Fingerprint::of("npm ci apart")
        .file(&folder.join("package.json"))?
        .file(&folder.join("package-lock.json"))?
        .finish();
    let stamp = folder.join("node_modules/.xtask");
    if fingerprint::is_current(&stamp, &print) {
        return Ok(());
    }
    println!("npm ci in {}", folder.display());
    let mut install = workspace.command("npm");
    install
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(&folder);
    command::quietly(&mut install)?;
    fingerprint::remember(&stamp, &print)
}

/// Runs a script of ours or of a package.
pub(crate) fn script(workspace: &Workspace, path: &str) -> Command {
    let mut command = workspace.command("node");
    command.arg(workspace.path(path));
    command
}
