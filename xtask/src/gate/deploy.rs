//! The files under `deploy/`, by the programs that know them.
//!
//! What they say of the server itself is held by `tests/it/deployment.rs`. systemd and nftables
//! are Linux: on another system their part is left out, and said to be.

use super::crates;
use crate::workspace::Workspace;
use crate::{command, files, system, tools};
use anyhow::{Context as _, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest and the newest Kubernetes that the manifests are written for.
const KUBERNETES: [&str; 2] = ["1.34", "1.37"];
/// Ten times the exposure that `systemd-analyze security` may find at most.
const EXPOSURE: &str = "--threshold=15";
const UNIT: &str = "loomwire.service";
/// How a trial ends that this machine does not let us make. It has said so.
const CANNOT: i32 = 77;
/// What the unit names and any machine has.
const TARGETS: [&str; 5] = ["basic", "multi-user", "network-online", "shutdown", "sysinit"];

/// All of it.
pub(super) fn check(workspace: &Workspace) -> Result<()> {
    let tools = tools::python(workspace, tools::DEPLOY)?;
    manifests(workspace, &tools)?;
    container(workspace, &tools)?;
    scripts(workspace, &tools)?;
    alerts(workspace)?;
    if !cfg!(target_os = "linux") {
        println!("systemd and nftables: NOT checked, this is not Linux");
        return Ok(());
    }
    system::provide(&[&system::SYSTEMD, &system::NFT, &system::IP])?;
    units(workspace)?;
    firewall(workspace)
}

fn manifests(workspace: &Workspace, tools: &Path) -> Result<()> {
    let mut lint = module(workspace, tools, "yamllint");
    lint.args(["--strict", "--config-file", "deploy/yamllint.yaml", "deploy"]);
    command::run(&mut lint)?;
    let folder = "deploy/kubernetes";
    let all = files::under(&workspace.path(folder))?;
    // Its schema is kustomize's, not Kubernetes'; tests/it/deployment.rs reads it.
    let all: Vec<PathBuf> = all
        .into_iter()
        .filter(|file| !file.ends_with("kustomization.yaml"))
        .collect();
    for version in KUBERNETES {
        let mut validate = module(workspace, tools, "kubernetes_validate");
        validate.args(["--strict", "--quiet", "--kubernetes-version", version]);
        validate.args(all.iter().map(|file| Path::new(folder).join(file)));
        command::run(&mut validate)?;
    }
    println!("kubernetes: {} files fit {}", all.len(), KUBERNETES.join(" and "));
    Ok(())
}

fn container(workspace: &Workspace, tools: &Path) -> Result<()> {
    let mut lint = workspace.command(tools.join("bin/hadolint"));
    lint.args(["--config", "deploy/container/hadolint.yaml"]);
    command::run(lint.arg("deploy/container/Containerfile"))?;
    println!("container: nothing to say");
    Ok(())
}

fn scripts(workspace: &Workspace, tools: &Path) -> Result<()> {
    let mut lint = workspace.command(tools.join("bin/shellcheck"));
    command::run(lint.args(["--severity=style", "deploy/systemd/loomwire-admin"]))
}

/// Prometheus' own tool, from the `PATH` or from where `.ci/run` puts it.
fn alerts(workspace: &Workspace) -> Result<()> {
    let ours = workspace.target("tools/bin/promtool");
    let Some(program) = command::find("promtool").or_else(|| ours.exists().then_some(ours)) else {
        println!("prometheus: alert rules NOT checked, there is no promtool");
        return Ok(());
    };
    let rules = "deploy/monitoring/loomwire-rules";
    let mut check = workspace.command(&program);
    command::run(check.args(["check", "rules", &format!("{rules}.yml")]))?;
    let mut test = workspace.command(&program);
    command::run(test.args(["test", "rules", &format!("{rules}.test.yml")]))
}

fn units(workspace: &Workspace) -> Result<()> {
    let drop_ins = workspace.path("deploy/systemd/drop-ins");
    score(workspace, None)?;
    for name in files::under(&drop_ins)? {
        score(workspace, Some(&drop_ins.join(name)))?;
    }
    Ok(())
}

/// Reads the unit, alone or with a drop-in, as a machine would that has nothing else.
fn score(workspace: &Workspace, drop_in: Option<&Path>) -> Result<()> {
    let machine = workspace.target("deploy-machine");
    if machine.exists() {
        std::fs::remove_dir_all(&machine)?;
    }
    let system = machine.join("etc/systemd/system");
    let unit = files::read(&workspace.path("deploy/systemd").join(UNIT))?;
    files::write(&system.join(UNIT), &unit)?;
    for target in TARGETS {
        files::write(&system.join(format!("{target}.target")), b"[Unit]\n")?;
    }
    let mut with = String::new();
    if let Some(path) = drop_in {
        let name = path.file_name().context("a drop-in has a name")?;
        with = format!(" with {}", name.display());
        files::write(&system.join(format!("{UNIT}.d")).join(name), &files::read(path)?)?;
    }
    pretend_program(&machine.join("usr/local/bin/loomwire"))?;

    let root = format!("--root={}", machine.display());
    let mut verify = workspace.command("systemd-analyze");
    verify.args(["verify", "--man=no", &root]).arg(system.join(UNIT));
    complains(&mut verify)?;
    let mut security = workspace.command("systemd-analyze");
    security.args(["security", "--offline=true", "--no-pager", EXPOSURE, &root, UNIT]);
    let answer = command::read(&mut security)?;
    let exposure = answer.lines().rfind(|line| line.contains("exposure level"));
    let exposure = exposure.and_then(|line| line.split(": ").nth(1));
    println!(
        "systemd: {UNIT}{with}: exposure {}",
        exposure.context("systemd-analyze gave no figure")?
    );
    Ok(())
}

#[cfg(unix)]
fn pretend_program(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    files::write(path, b"#!/bin/sh\n")?;
    Ok(std::fs::set_permissions(
        path,
        std::fs::Permissions::from_mode(0o755),
    )?)
}

#[cfg(not(unix))]
fn pretend_program(path: &Path) -> Result<()> {
    files::write(path, b"")
}

/// Fails if a program says anything: systemd ends well even where it ignores a line.
fn complains(command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| command::line(command))?;
    if output.status.success() && output.stderr.is_empty() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    bail!("`{}` says:\n{text}", command::line(command))
}

fn firewall(workspace: &Workspace) -> Result<()> {
    // Reading a rule set needs a network to hold it against, even if only to look.
    if command::quietly(workspace.command("unshare").args(["--net", "--mount", "true"])).is_err() {
        println!("nftables: NOT checked, this machine lets us make no network namespace");
        return Ok(());
    }
    let rules = "deploy/nftables/loomwire.nft";
    command::run(
        workspace
            .command("unshare")
            .args(["--net", "nft", "--check", "--file", rules]),
    )?;
    command::run(workspace.command("unshare").args([
        "--net",
        "--mount",
        "python3",
        "deploy/nftables/trial.py",
    ]))
}

/// The unit under a systemd of its own, where this machine lets us make one.
pub(super) fn unit(workspace: &Workspace) -> Result<()> {
    if !cfg!(target_os = "linux") {
        println!("systemd: NOT tried, this is not Linux");
        return Ok(());
    }
    system::provide(&[&system::SYSTEMD, &system::IP, &system::PYTHON])?;
    let program = crates::server(workspace)?;
    let mut trial = workspace.command("python3");
    trial.arg("deploy/systemd/trial.py").arg(program);
    let status = trial.status().context("the trial could not be started")?;
    match status.code() {
        Some(0 | CANNOT) => Ok(()),
        _ => bail!("`{}` ended with {status}", command::line(&trial)),
    }
}

/// A program of Python's, from where it was installed.
fn module(workspace: &Workspace, tools: &Path, name: &str) -> Command {
    let mut command = workspace.command("python3");
    command.args(["-m", name]).env("PYTHONPATH", tools);
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    command
}
