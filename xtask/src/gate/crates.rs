//! What cargo itself checks.
//!
//! Invariant: `frontend` never meets the rest in one build, since it turns on `app/hydrate` and
//! the server `app/ssr`, and cargo would unite the two.
//!
//! What is built is shared as far as can be, since building is most of the gate's time: `xtask`
//! apart, as it was built to run this; the server as its tests had it built, whatever else they
//! turn on in its dependencies. That it builds without these, `lints` sees.

use crate::workspace::Workspace;
use crate::{command, server, tools};
use anyhow::{Context as _, Result};
use std::path::PathBuf;

const SERVER_HALF: [&str; 5] = ["--workspace", "--exclude", "frontend", "--exclude", "xtask"];
const XTASK: [&str; 2] = ["--package", "xtask"];
const BROWSER_HALF: [&str; 6] = [
    "--package",
    "frontend",
    "--package",
    "app",
    "--features",
    "app/hydrate",
];

pub(super) fn format(workspace: &Workspace) -> Result<()> {
    command::run(workspace.cargo("fmt").args(["--all", "--check"]))
}

pub(super) fn lints(workspace: &Workspace) -> Result<()> {
    for packages in [&SERVER_HALF[..], &XTASK] {
        let mut clippy = workspace.cargo("clippy");
        clippy
            .args(packages)
            .args(["--locked", "--all-targets", "--", "--deny", "warnings"]);
        command::run(&mut clippy)?;
    }
    command::run(workspace.cargo("check").arg("--locked").args(server::PROGRAM))
}

pub(super) fn lints_browser(workspace: &Workspace) -> Result<()> {
    let mut clippy = workspace.cargo("clippy");
    clippy
        .args(BROWSER_HALF)
        .args(["--locked", "--lib", "--", "--deny", "warnings"]);
    command::run(&mut clippy)
}

pub(super) fn docs(workspace: &Workspace) -> Result<()> {
    let mut doc = workspace.cargo("doc");
    doc.args(SERVER_HALF)
        .args(["--locked", "--no-deps", "--lib"])
        .env("RUSTDOCFLAGS", "--deny warnings");
    command::run(&mut doc)
}

/// The server as its tests have it: the same units, so that after `tests` nothing is left to build.
pub(crate) fn server(workspace: &Workspace) -> Result<PathBuf> {
    let mut build = workspace.cargo("build");
    build.args(SERVER_HALF).args(["--locked", "--bins", "--tests"]);
    command::run(&mut build)?;
    Ok(server::program(workspace, "debug"))
}

pub(super) fn tests(workspace: &Workspace) -> Result<()> {
    let mut own = tools::cargo(workspace, &tools::NEXTEST)?;
    own.arg("run").args(XTASK).args(["--locked", "--no-fail-fast"]);
    command::run(&mut own)?;
    let mut nextest = tools::cargo(workspace, &tools::NEXTEST)?;
    nextest
        .arg("run")
        .args(SERVER_HALF)
        .args(["--locked", "--no-fail-fast"]);
    // A snapshot that differs is a failure, never a new file.
    nextest.env("INSTA_UPDATE", "no");
    nextest.env("XTASK_ORACLES", tools::python(workspace, tools::ORACLES)?);
    nextest.env(
        "XTASK_SCHEMATHESIS",
        tools::python(workspace, tools::SCHEMATHESIS)?,
    );
    command::run(&mut nextest)
}

/// The long version of the gate's hammers: SIGKILL under load, so many times on each database; of
/// `audit`, each second while the ledger is watched.
pub(crate) fn hammer(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let (which, arguments) = match arguments.split_first() {
        Some((first, rest)) if first == "audit" => ("test(hammer::audit::)", rest),
        _ => ("test(hammer::) - test(hammer::audit::)", arguments),
    };
    let rounds = arguments.first().map_or("100", String::as_str);
    let _number: u32 = rounds.parse().context("how many rounds? Give a number")?;
    let mut nextest = tools::cargo(workspace, &tools::NEXTEST)?;
    nextest.args(["run", "--locked", "--package", "loomwire", "--no-capture"]);
    nextest.args(["--filterset", which]);
    command::run(nextest.env("XTASK_HAMMER_ROUNDS", rounds))
}

pub(super) fn doctests(workspace: &Workspace) -> Result<()> {
    command::run(
        workspace
            .cargo("test")
            .args(SERVER_HALF)
            .args(["--locked", "--doc", "--quiet"]),
    )
}
