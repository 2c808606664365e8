//! Building the server, and starting it.

use crate::site::{self, Profile};
use crate::workspace::Workspace;
use crate::{command, node, system};
use anyhow::{Context as _, Result, bail};
use std::path::PathBuf;
use std::process::ExitCode;

/// What `cargo` builds for people: the server and what it needs, nothing of its tests.
pub(crate) const PROGRAM: [&str; 4] = ["--package", "loomwire", "--bin", "loomwire"];

/// Where the demo's database is, apart from what `run` uses.
const DEMO: &str = "data/demo";

/// Builds everything and becomes the server. It runs in the clone's folder, so that its data is in
/// `data/` unless its configuration says otherwise.
pub(crate) fn run(workspace: &Workspace, profile: Profile, arguments: &[String]) -> Result<ExitCode> {
    let arguments = arguments.strip_prefix(&["--".to_owned()]).unwrap_or(arguments);
    system::provide(&[&system::CC, &system::NODE, &system::NPM])?;
    site::build(workspace, profile)?;
    println!("building the server ({})", profile.name());
    let program = build(workspace, profile)?;
    let mut server = workspace.command(program);
    server.arg("serve").args(arguments);
    become_it(server)
}

/// Builds everything, fills `data/demo` if nothing is there yet, and becomes the server on it.
pub(crate) fn demo(workspace: &Workspace, profile: Profile, arguments: &[String]) -> Result<ExitCode> {
    let arguments = arguments.strip_prefix(&["--".to_owned()]).unwrap_or(arguments);
    system::provide(&[&system::CC, &system::NODE, &system::NPM])?;
    site::build(workspace, profile)?;
    println!("building the server ({})", profile.name());
    let program = build(workspace, profile)?;
    if workspace.root().join(DEMO).join("loomwire.db").exists() {
        if !arguments.is_empty() {
            bail!("there is a demo already: remove {DEMO} for another");
        }
        println!("the demo in {DEMO} is used; remove the folder for a fresh one");
    } else {
        println!("inventing a demo in {DEMO}");
        let mut demo = workspace.command(&program);
        command::run(demo.arg("demo").args(arguments).env("LOOMWIRE_DATA", DEMO))?;
    }
    let mut server = workspace.command(program);
    server.arg("serve").env("LOOMWIRE_DATA", DEMO);
    become_it(server)
}

/// Builds the server and says where it is.
pub(crate) fn build(workspace: &Workspace, profile: Profile) -> Result<PathBuf> {
    let mut build = workspace.cargo("build");
    build.arg("--locked").args(PROGRAM);
    let folder = match profile {
        Profile::Dev => "debug",
        Profile::Release => {
            build.arg("--release");
            "release"
        }
    };
    command::run(&mut build)?;
    Ok(program(workspace, folder))
}

/// Where cargo puts the server that it builds.
pub(crate) fn program(workspace: &Workspace, folder: &str) -> PathBuf {
    workspace
        .target(folder)
        .join(format!("loomwire{}", std::env::consts::EXE_SUFFIX))
}

/// Pictures of every page, for looking at.
pub(crate) fn shots(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    system::provide(&[&system::NODE, &system::NPM, &system::SQLITE, &system::CHROMIUM])?;
    site::build(workspace, Profile::Release)?;
    let program = build(workspace, Profile::Dev)?;
    let mut shots = node::script(workspace, "end2end/shots.mjs");
    command::run(shots.args(arguments).env("XTASK_SERVER", program))?;
    Ok(ExitCode::SUCCESS)
}

/// Lighthouse's scores for the pages that people see most. The site is the release's, so that its
/// files are compressed; the server itself is a debug build.
pub(crate) fn lighthouse(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    system::provide(&[&system::NODE, &system::NPM, &system::SQLITE])?;
    if std::env::var_os("XTASK_CHROMIUM").is_none() {
        system::provide(&[&system::CHROMIUM])?;
    }
    site::build(workspace, Profile::Release)?;
    node::install_apart(workspace, "end2end/lighthouse")?;
    let program = build(workspace, Profile::Dev)?;
    let mut measure = node::script(workspace, "end2end/lighthouse/measure.mjs");
    command::run(measure.args(arguments).env("XTASK_SERVER", program))?;
    Ok(ExitCode::SUCCESS)
}

/// Ctrl-C and signals go to the server itself, not to a parent in between.
#[cfg(unix)]
fn become_it(mut server: std::process::Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt as _;
    Err(server.exec()).with_context(|| format!("`{}` could not be started", command::line(&server)))
}

#[cfg(not(unix))]
fn become_it(mut server: std::process::Command) -> Result<ExitCode> {
    let status = server
        .status()
        .with_context(|| format!("`{}` could not be started", command::line(&server)))?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
