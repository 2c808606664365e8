//! What cargo itself checks.
//!
//! Invariant: `frontend` never meets the rest in one build, since it turns on `app/hydrate` and
//! the server `app/ssr`, and cargo would unite the two.

use crate::workspace::Workspace;
use crate::{command, tools};
use anyhow::{Context as _, Result};

const SERVER_HALF: [&str; 3] = ["--workspace", "--exclude", "frontend"];
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
    let mut clippy = workspace.cargo("clippy");
    clippy
        .args(SERVER_HALF)
        .args(["--locked", "--all-targets", "--", "--deny", "warnings"]);
    command::run(&mut clippy)
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

pub(super) fn tests(workspace: &Workspace) -> Result<()> {
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
