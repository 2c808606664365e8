//! The WebAssembly halves: cargo, wasm-bindgen (as a library: no version can differ), wasm-opt.

use super::manifest::Manifest;
use super::{Profile, Stage};
use crate::fingerprint::{self, Fingerprint};
use crate::wasm::{self, Compiler};
use crate::workspace::Workspace;
use crate::{command, files, node};
use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};
use wasm_bindgen_cli_support::Bindgen;

/// What every browser since 2023 has; the compiler uses some of it by default.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// A module: its package, and what its files are called.
pub(super) struct Module {
    package: &'static str,
    name: &'static str,
    /// The script that loads it, where the page's own does not.
    loader: Option<(&'static str, &'static str)>,
}

/// All of them. `frontend` wakes the islands on every page; `verifier` checks proofs, where
/// somebody asks for it.
pub(super) const MODULES: [Module; 2] = [
    Module {
        package: "frontend",
        name: "app",
        loader: None,
    },
    Module {
        package: "verifier",
        name: "verifier",
        loader: Some(("verify", "verifier/page.js")),
    },
];

/// Leaves `<name>.js`, `<name>_bg.wasm` and perhaps `snippets/` in a folder of the stage.
pub(super) fn build(workspace: &Workspace, stage: &Stage, module: &Module, compiler: Compiler) -> Result<()> {
    let raw = compile(workspace, stage, module, compiler)?;
    let print = Fingerprint::of(module.package)
        .text(stage.profile.name())
        .text(&FEATURES.join(" "))
        // The versions of wasm-bindgen and of wasm-opt.
        .file(&workspace.path("Cargo.lock"))?
        .file(&workspace.path("package-lock.json"))?
        .file(&raw)?
        .finish();
    let stamp = stage.path(&format!("{}.stamp", module.package));
    if fingerprint::is_current(&stamp, &print) {
        return Ok(());
    }
    let folder = stage.path(module.package);
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    bind(&raw, module, &folder)?;
    if stage.profile == Profile::Release {
        shrink(workspace, &folder.join(format!("{}_bg.wasm", module.name)))?;
    }
    fingerprint::remember(&stamp, &print)
}

fn compile(workspace: &Workspace, stage: &Stage, module: &Module, compiler: Compiler) -> Result<PathBuf> {
    let mut build = workspace.cargo("build");
    build.args([
        "--locked",
        "--quiet",
        "--package",
        module.package,
        "--target",
        wasm::TARGET,
    ]);
    build.args(["--profile", stage.profile.cargo()]);
    compiler.apply(&mut build);
    command::run(&mut build)?;
    let folder = match stage.profile {
        Profile::Dev => "debug",
        Profile::Release => "wasm-release",
    };
    let file = format!("{}.wasm", module.package);
    Ok(workspace.target(wasm::TARGET).join(folder).join(file))
}

fn bind(raw: &Path, module: &Module, folder: &Path) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(raw)
        .out_name(module.name)
        .typescript(false)
        .remove_producers_section(true);
    bindgen
        .web(true)?
        .generate(folder)
        .with_context(|| format!("wasm-bindgen could not bind {}", module.package))
}

fn shrink(workspace: &Workspace, module: &Path) -> Result<()> {
    let mut shrink = node::script(workspace, "node_modules/binaryen/bin/wasm-opt");
    shrink
        .arg(module)
        .args(["-Oz", "--strip-debug", "--strip-producers"])
        .args(FEATURES);
    command::quietly(shrink.arg("-o").arg(module))
}

/// Puts the pair under one hash: Leptos makes both names from `app.<hash>`.
pub(super) fn collect(
    workspace: &Workspace,
    stage: &Stage,
    module: &Module,
    manifest: &mut Manifest,
) -> Result<()> {
    let (name, folder) = (module.name, stage.path(module.package));
    if let Some((loader, source)) = module.loader {
        let script = files::read(&workspace.path(source))?;
        let hash = fingerprint::short(&[&script]);
        manifest.add(&format!("{loader}.js"), &format!("{loader}.{hash}.js"), &script)?;
    }
    let module = files::read(&folder.join(format!("{name}_bg.wasm")))?;
    let mut script = files::text(&folder.join(format!("{name}.js")))?;
    let snippets = files::under(&folder.join("snippets"))?;
    let mut parts = vec![module.clone(), script.clone().into_bytes()];
    for path in &snippets {
        parts.push(files::read(&folder.join("snippets").join(path))?);
    }
    let hash = fingerprint::short(&parts.iter().map(Vec::as_slice).collect::<Vec<_>>());
    for path in &snippets {
        let bytes = files::read(&folder.join("snippets").join(path))?;
        manifest.add_unnamed(&format!("snippets.{hash}/{}", path.display()), &bytes)?;
    }
    if !snippets.is_empty() {
        // Their own folder names hash the crate, not the content.
        script = script.replace("./snippets/", &format!("./snippets.{hash}/"));
    }
    manifest.add(
        &format!("{name}.js"),
        &format!("{name}.{hash}.js"),
        script.as_bytes(),
    )?;
    manifest.add(
        &format!("{name}_bg.wasm"),
        &format!("{name}.{hash}_bg.wasm"),
        &module,
    )
}
