//! The WebAssembly half: cargo, wasm-bindgen (as a library: no version can differ), wasm-opt.

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

/// Leaves `app.js`, `app_bg.wasm` and perhaps `snippets/` in the stage's `browser` folder.
pub(super) fn build(workspace: &Workspace, stage: &Stage, compiler: Compiler) -> Result<()> {
    let raw = compile(workspace, stage, compiler)?;
    let print = Fingerprint::of("browser")
        .text(stage.profile.name())
        .text(&FEATURES.join(" "))
        // The versions of wasm-bindgen and of wasm-opt.
        .file(&workspace.path("Cargo.lock"))?
        .file(&workspace.path("package-lock.json"))?
        .file(&raw)?
        .finish();
    let stamp = stage.path("browser.stamp");
    if fingerprint::is_current(&stamp, &print) {
        return Ok(());
    }
    let folder = stage.path("browser");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    bind(&raw, &folder)?;
    if stage.profile == Profile::Release {
        shrink(workspace, &folder)?;
    }
    fingerprint::remember(&stamp, &print)
}

fn compile(workspace: &Workspace, stage: &Stage, compiler: Compiler) -> Result<PathBuf> {
    let mut build = workspace.cargo("build");
    build.args([
        "--locked",
        "--quiet",
        "--package",
        "frontend",
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
    Ok(workspace.target(wasm::TARGET).join(folder).join("frontend.wasm"))
}

fn bind(raw: &Path, folder: &Path) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(raw)
        .out_name("app")
        .typescript(false)
        .remove_producers_section(true);
    bindgen
        .web(true)?
        .generate(folder)
        .context("wasm-bindgen could not bind the browser half")
}

fn shrink(workspace: &Workspace, folder: &Path) -> Result<()> {
    let module = folder.join("app_bg.wasm");
    let mut shrink = node::script(workspace, "node_modules/binaryen/bin/wasm-opt");
    shrink
        .arg(&module)
        .args(["-Oz", "--strip-debug", "--strip-producers"])
        .args(FEATURES);
    command::quietly(shrink.arg("-o").arg(&module))
}

/// Puts the pair under one hash: Leptos makes both names from `app.<hash>`.
pub(super) fn collect(stage: &Stage, manifest: &mut Manifest) -> Result<()> {
    let folder = stage.path("browser");
    let module = files::read(&folder.join("app_bg.wasm"))?;
    let mut script = files::text(&folder.join("app.js"))?;
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
    manifest.add("app.js", &format!("app.{hash}.js"), script.as_bytes())?;
    manifest.add("app_bg.wasm", &format!("app.{hash}_bg.wasm"), &module)
}
