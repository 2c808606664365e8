//! The gate's own tools, each at one version, installed once into `target/tools`.

use crate::workspace::Workspace;
use crate::{command, files, fingerprint, system};
use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A cargo subcommand from crates.io.
pub(crate) struct Tool {
    name: &'static str,
    version: &'static str,
    /// A copy on the `PATH` will do: its version changes how it looks, not what it finds.
    any_version: bool,
}

/// Runs the tests.
pub(crate) const NEXTEST: Tool = Tool {
    name: "cargo-nextest",
    version: "0.9.151",
    any_version: true,
};
/// Holds deny.toml.
pub(crate) const DENY: Tool = Tool {
    name: "cargo-deny",
    version: "0.20.2",
    any_version: false,
};
/// Finds dependencies that nothing uses.
pub(crate) const MACHETE: Tool = Tool {
    name: "cargo-machete",
    version: "0.9.2",
    any_version: false,
};

/// The spelling checker, a ready-made binary in a wheel: from source it costs minutes.
const TYPOS: &str = "typos==1.52.0";

/// What looks at the files for deployment.
pub(crate) const DEPLOY: &str = "deploy/requirements.txt";

/// Others' programs that tests measure ours by.
pub(crate) const ORACLES: &str = "tests/oracles/requirements.txt";

/// What asks the API by its description.
pub(crate) const SCHEMATHESIS: &str = "tests/schemathesis/requirements.txt";

/// Installs what is missing of all of them.
pub(crate) fn install_all(workspace: &Workspace) -> Result<()> {
    for tool in [&NEXTEST, &DENY, &MACHETE] {
        provide(workspace, tool)?;
    }
    typos(workspace)?;
    python(workspace, ORACLES)?;
    python(workspace, SCHEMATHESIS)?;
    python(workspace, DEPLOY).map(drop)
}

/// A command that runs the tool, installed first if need be.
pub(crate) fn cargo(workspace: &Workspace, tool: &Tool) -> Result<Command> {
    let program = provide(workspace, tool)?;
    Ok(as_cargo(workspace, tool, program))
}

/// As cargo would call it: `cargo deny` runs `cargo-deny deny`, with `CARGO` set.
fn as_cargo(workspace: &Workspace, tool: &Tool, program: PathBuf) -> Command {
    let mut command = workspace.command(program);
    command.arg(tool.name.trim_start_matches("cargo-"));
    if std::env::var_os("CARGO").is_none() {
        command.env("CARGO", "cargo");
    }
    command
}

fn provide(workspace: &Workspace, tool: &Tool) -> Result<PathBuf> {
    let ours = workspace.target("tools/bin").join(tool.name);
    let elsewhere = command::find(tool.name);
    for candidate in [Some(ours.clone()), elsewhere].into_iter().flatten() {
        if candidate.exists() && fits(workspace, tool, candidate.clone()) {
            return Ok(candidate);
        }
    }
    system::provide(&[&system::CC])?;
    println!("installing {} {}", tool.name, tool.version);
    let mut install = workspace.cargo("install");
    // Unoptimised: building one optimised takes longer than it would ever save here.
    install
        .args(["--locked", "--debug", "--quiet", "--force", "--root"])
        .arg(workspace.target("tools"));
    install.arg("--target-dir").arg(workspace.target("tools/build"));
    install.arg(format!("{}@{}", tool.name, tool.version));
    command::run(&mut install)?;
    Ok(ours)
}

fn fits(workspace: &Workspace, tool: &Tool, program: PathBuf) -> bool {
    tool.any_version
        || command::read(as_cargo(workspace, tool, program).arg("--version"))
            .is_ok_and(|answer| answer.contains(tool.version))
}

/// The spelling checker.
pub(crate) fn typos(workspace: &Workspace) -> Result<Command> {
    let folder = workspace.target("tools").join(TYPOS.replace("==", "-"));
    let program = folder.join("bin/typos");
    if !program.exists() {
        println!("installing {TYPOS}");
        wheels(workspace, &folder, &[TYPOS])?;
    }
    Ok(workspace.command(program))
}

/// Where a list of Python packages is installed.
pub(crate) fn python(workspace: &Workspace, list: &str) -> Result<PathBuf> {
    system::provide(&[&system::PYTHON])?;
    let list_now = files::read(&workspace.path(list))?;
    // What is compiled is compiled for one Python.
    let python = command::read(workspace.command("python3").arg("--version"))?;
    let print = fingerprint::short(&[&list_now, python.as_bytes()]);
    let folder = workspace.target("tools").join(format!("python-{print}"));
    let stamp = folder.join(".xtask");
    if !fingerprint::is_current(&stamp, &print) {
        println!("installing {list}");
        // Half of one, perhaps, from a run that was stopped.
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        wheels(workspace, &folder, &["--requirement", list])?;
        fingerprint::remember(&stamp, &print)?;
    }
    Ok(folder)
}

/// Ready-made packages only, and none that is not named.
fn wheels(workspace: &Workspace, folder: &Path, what: &[&str]) -> Result<()> {
    system::provide(&[&system::PYTHON])?;
    let mut install = workspace.command("python3");
    install.args(["-m", "pip", "install", "--quiet", "--no-deps"]);
    install.args(["--disable-pip-version-check", "--root-user-action", "ignore"]);
    install.args(["--only-binary", ":all:", "--target"]).arg(folder);
    command::quietly(install.args(what)).context("the tool comes as a Python wheel")
}
