//! The style sheet (Tailwind's own engine over `style/main.css`) and the fonts it names.

use super::manifest::Manifest;
use super::{Profile, Stage};
use crate::fingerprint::{self, Fingerprint};
use crate::workspace::Workspace;
use crate::{command, files, node};
use anyhow::{Result, bail};

const SOURCE: &str = "style/main.css";

/// The latin subset, all weights in one file; look.md preloads it.
const INTER: &str = "node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2";

/// Leaves `app.css` in the stage.
pub(super) fn build(workspace: &Workspace, stage: &Stage) -> Result<()> {
    let print = Fingerprint::of("style")
        .text(stage.profile.name())
        .file(&workspace.path("package-lock.json"))?
        .tree(&workspace.path("style"))?
        // The class names that Tailwind looks for.
        .tree(&workspace.path("app/src"))?
        .finish();
    let stamp = stage.path("style.stamp");
    if fingerprint::is_current(&stamp, &print) {
        return Ok(());
    }
    let mut tailwind = node::script(workspace, "node_modules/@tailwindcss/cli/dist/index.mjs");
    tailwind
        .args(["--input", SOURCE, "--output"])
        .arg(stage.path("app.css"));
    if stage.profile == Profile::Release {
        tailwind.arg("--minify");
    }
    command::quietly(&mut tailwind)?;
    fingerprint::remember(&stamp, &print)
}

/// Hashes the font, then the style sheet, which names the font by its hash.
pub(super) fn collect(workspace: &Workspace, stage: &Stage, manifest: &mut Manifest) -> Result<()> {
    let font = files::read(&workspace.path(INTER))?;
    let hashed = format!("inter.{}.woff2", fingerprint::short(&[&font]));
    manifest.add("inter.woff2", &hashed, &font)?;
    let sheet = name_fonts(&files::text(&stage.path("app.css"))?, manifest)?;
    let hashed = format!("app.{}.css", fingerprint::short(&[sheet.as_bytes()]));
    manifest.add("app.css", &hashed, sheet.as_bytes())
}

fn name_fonts(sheet: &str, manifest: &Manifest) -> Result<String> {
    let mut named = sheet.to_owned();
    for font in ["inter.woff2"] {
        let Some(hashed) = manifest.get(font) else {
            continue;
        };
        named = named.replace(&format!("/assets/{font}"), &format!("/assets/{hashed}"));
    }
    if !named.contains("/assets/inter.") {
        bail!("{SOURCE} names no `/assets/inter.woff2`: its @font-face would be dead");
    }
    Ok(named)
}
