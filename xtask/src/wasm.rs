//! Which compiler builds the WebAssembly half, and its standard library.
//!
//! A toolchain from rustup usually has the target, or `rustup target add` brings it. Where nothing
//! but package registries may be used, Debian's `rustc-web` stands in for this one step: it has
//! the compiler and the library's source but not the library built, so that is done here once,
//! into Debian's own sysroot. `docs/decisions/0040-tailwind-and-xtask.md` has the reasons.

use crate::workspace::Workspace;
use crate::{command, files, system};
use anyhow::{Context as _, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The target of the browser half.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Forces the choice: `active` or `debian`.
const CHOICE: &str = "XTASK_WASM_RUSTC";

const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_SOURCE: &str = "lib/rustlib/src/rust/library/std/Cargo.toml";
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "rust-web-src", "rust-web-llvm", "lld-22"];
const STAMP: &str = "built-for.txt";

/// The compiler of the browser half.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compiler {
    /// The toolchain that builds everything else.
    Active,
    /// Debian's `rustc-web`, beside it.
    Debian,
}

impl Compiler {
    /// Makes a cargo command use it.
    pub(crate) fn apply(self, cargo: &mut Command) {
        // Not a linked toolchain: `cargo +name` would take another cargo too.
        if self == Self::Debian {
            cargo.env("RUSTC", DEBIAN_RUSTC);
        }
    }
}

/// Decides, and makes sure that the compiler has its standard library.
pub(crate) fn provide(workspace: &Workspace) -> Result<Compiler> {
    let choice = std::env::var(CHOICE).ok();
    let active = || Ok::<_, anyhow::Error>(has_library(&library(workspace, "rustc")?));
    let advice = format!("run `rustup target add {TARGET}`");
    match choice.as_deref() {
        Some("debian") => debian(workspace),
        Some("active") | None if active()? => Ok(Compiler::Active),
        Some("active") => bail!("{CHOICE} asks for the active toolchain, which has no {TARGET}: {advice}"),
        None if system::is_debian_as_root() || debian_is_ready(workspace) => debian(workspace),
        None => bail!("the active Rust toolchain has no {TARGET}: {advice}"),
        Some(other) => bail!("{CHOICE} is `{other}`, and may be `active` or `debian`"),
    }
}

fn debian(workspace: &Workspace) -> Result<Compiler> {
    if !debian_is_ready(workspace) {
        let sysroot = Path::new("/usr").join(DEBIAN_SOURCE);
        if !Path::new(DEBIAN_RUSTC).exists() || !sysroot.exists() || command::find("wasm-ld-22").is_none() {
            system::install(&DEBIAN_PACKAGES)?;
        }
        build_library(workspace)?;
    }
    Ok(Compiler::Debian)
}

fn debian_is_ready(workspace: &Workspace) -> bool {
    if !Path::new(DEBIAN_RUSTC).exists() {
        return false;
    }
    let ready = || -> Result<bool> {
        let folder = library(workspace, DEBIAN_RUSTC)?;
        Ok(has_library(&folder) && files::text(&folder.join(STAMP))? == version(workspace)?)
    };
    ready().unwrap_or(false)
}

/// Builds the standard library from Debian's source and installs it into Debian's sysroot.
fn build_library(workspace: &Workspace) -> Result<()> {
    println!("building the standard library for {TARGET} (once, some 40 s)");
    let folder = workspace.target("wasm-std");
    files::write(
        &folder.join("Cargo.toml"),
        b"[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n",
    )?;
    files::write(&folder.join("src/lib.rs"), b"#![no_std]\n")?;
    let mut build = workspace.cargo("build");
    build.current_dir(&folder);
    build.args([
        "--release",
        "--target",
        TARGET,
        "-Zbuild-std=std,panic_abort",
        "--target-dir",
        "target",
    ]);
    build
        .env("RUSTC", DEBIAN_RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-Cembed-bitcode=yes");
    build.env_remove("CARGO_ENCODED_RUSTFLAGS");
    command::quietly(&mut build)?;
    install_library(
        workspace,
        &folder.join("target").join(TARGET).join("release/deps"),
    )
}

fn install_library(workspace: &Workspace, built: &Path) -> Result<()> {
    let folder = library(workspace, DEBIAN_RUSTC)?;
    for stale in files::under(&folder)?.iter().filter(|name| is_library(name)) {
        std::fs::remove_file(folder.join(stale))?;
    }
    for name in files::under(built)?.iter().filter(|name| is_library(name)) {
        files::write(&folder.join(name), &files::read(&built.join(name))?)
            .with_context(|| format!("the library has to go into {}", folder.display()))?;
    }
    // Last, so that half a library is never taken for a whole one.
    files::write(&folder.join(STAMP), version(workspace)?.as_bytes())
}

fn library(workspace: &Workspace, rustc: &str) -> Result<PathBuf> {
    let mut print = workspace.command(rustc);
    print.args(["--print", "target-libdir", "--target", TARGET]);
    Ok(PathBuf::from(command::read(&mut print)?.trim()))
}

fn version(workspace: &Workspace) -> Result<String> {
    command::read(workspace.command(DEBIAN_RUSTC).arg("-vV"))
}

fn has_library(folder: &Path) -> bool {
    let Ok(found) = files::under(folder) else {
        return false;
    };
    let has = |stem: &str| {
        found
            .iter()
            .any(|name| is_library(name) && name.to_string_lossy().starts_with(stem))
    };
    has("libcore-") && has("libstd-")
}

/// The built crates, but not the empty one that they were built for.
fn is_library(name: &Path) -> bool {
    let name = name.to_string_lossy();
    name.starts_with("lib") && name.ends_with(".rlib") && !name.starts_with("libempty-")
}

#[cfg(test)]
mod tests {
    use super::{has_library, is_library};
    use crate::files;
    use std::path::Path;

    #[test]
    fn the_empty_crate_is_no_part_of_the_library() {
        assert!(is_library(Path::new("libcore-0123.rlib")));
        assert!(!is_library(Path::new("libempty-0123.rlib")));
        assert!(!is_library(Path::new("libcore-0123.rmeta")));
    }

    #[test]
    fn half_a_library_is_none() {
        let folder = tempfile::tempdir().unwrap();
        files::write(&folder.path().join("libcore-1.rlib"), b"").unwrap();
        assert!(!has_library(folder.path()));
        files::write(&folder.path().join("libstd-1.rlib"), b"").unwrap();
        assert!(has_library(folder.path()));
    }
}
