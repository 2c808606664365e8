//! What the browser gets: `target/site`, which the server embeds.
//!
//! `assets/` has the hashed files, with `.br` and `.gz` beside them in release, and may be cached
//! for ever. `public/` is copied as it is, and may not. `manifest.json` says which hashed file
//! stands for which name. Both profiles are kept under `target/site-build`, so that going from
//! one to the other costs a copy.

mod browser;
mod compression;
mod manifest;
mod style;

use crate::workspace::Workspace;
use crate::{files, node, stopwatch, wasm};
use anyhow::Result;
use manifest::Manifest;
use std::path::PathBuf;

/// How much work goes into smallness.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Quick to build; not compressed.
    Dev,
    /// Small, and compressed ahead of time.
    Release,
}

impl Profile {
    /// Its name in paths and messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
        }
    }

    /// The cargo profile of the browser half.
    fn cargo(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "wasm-release",
        }
    }
}

/// Where one profile's parts are made.
pub(crate) struct Stage {
    pub(crate) profile: Profile,
    folder: PathBuf,
}

impl Stage {
    fn path(&self, inside: &str) -> PathBuf {
        self.folder.join(inside)
    }
}

/// Makes `target/site` current.
pub(crate) fn build(workspace: &Workspace, profile: Profile) -> Result<()> {
    let stopwatch = stopwatch::Stopwatch::start();
    let stage = Stage {
        profile,
        folder: workspace.path("target/site-build").join(profile.name()),
    };
    node::install(workspace)?;
    let compiler = wasm::provide(workspace)?;
    for module in &browser::MODULES {
        browser::build(workspace, &stage, module, compiler)?;
    }
    style::build(workspace, &stage)?;
    let site = stage.path("site");
    let mut manifest = Manifest::new(&site);
    style::collect(workspace, &stage, &mut manifest)?;
    for module in &browser::MODULES {
        browser::collect(workspace, &stage, module, &mut manifest)?;
    }
    files::mirror(&workspace.path("public"), &site.join("public"))?;
    manifest.finish()?;
    if profile == Profile::Release {
        compression::compress(workspace, &site)?;
    }
    files::mirror(&site, &workspace.site())?;
    println!("site ({}): {}", profile.name(), stopwatch::text(stopwatch.read()));
    Ok(())
}
