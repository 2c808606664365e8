//! What comes from outside, and how it is named and spelled.

use crate::workspace::Workspace;
use crate::{command, tools};
use anyhow::Result;

pub(super) fn spelling(workspace: &Workspace) -> Result<()> {
    command::run(tools::typos(workspace)?.args(["--config", "_typos.toml", "."]))
}

pub(super) fn unused(workspace: &Workspace) -> Result<()> {
    // Not `target`, where other people's manifests lie.
    command::run(tools::cargo(workspace, &tools::MACHETE)?.args(["--skip-target-dir", "."]))
}

pub(super) fn deny(workspace: &Workspace) -> Result<()> {
    let mut check = tools::cargo(workspace, &tools::DENY)?;
    check.args(["--log-level", "error", "check", "bans", "licenses", "sources"]);
    command::run(&mut check)?;
    let reached = command::quietly(tools::cargo(workspace, &tools::DENY)?.args(["fetch", "db"])).is_ok();
    if !reached {
        println!("advisories: NOT checked, their database cannot be reached from here");
        return Ok(());
    }
    let mut advisories = tools::cargo(workspace, &tools::DENY)?;
    advisories.args(["--log-level", "error", "check", "--disable-fetch", "advisories"]);
    command::run(&mut advisories)
}
