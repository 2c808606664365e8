//! What the browser gets, and what it then does.

use super::crates;
use crate::workspace::Workspace;
use crate::{command, files, node, system};
use anyhow::{Context as _, Result, bail};
use std::collections::BTreeMap;

/// What each file may weigh at most, as it goes over the wire (brotli where there is one).
const BUDGETS: [(&str, u64); 7] = [
    ("app_bg.wasm", 120 * 1024),
    ("app.js", 12 * 1024),
    ("app.css", 24 * 1024),
    ("inter.woff2", 64 * 1024),
    // Loaded only where a proof is checked.
    ("verifier_bg.wasm", 96 * 1024),
    ("verifier.js", 4 * 1024),
    ("verify.js", 4 * 1024),
];

/// The size budgets of the release site.
pub(crate) fn budget(workspace: &Workspace) -> Result<()> {
    let mut over = Vec::new();
    for (name, size) in weigh(workspace)? {
        let Some((_, most)) = BUDGETS.iter().find(|(known, _)| *known == name) else {
            bail!("{name} has no budget yet: give it one in xtask/src/gate/browser.rs");
        };
        println!(
            "{name:16} {:>7.1} of {:>5.1} KB",
            kilobytes(size),
            kilobytes(*most)
        );
        if size > *most {
            over.push(name);
        }
    }
    if over.is_empty() {
        Ok(())
    } else {
        bail!("over the budget: {}", over.join(", "))
    }
}

/// The bytes that go over the wire for each named asset of the site as built.
pub(crate) fn weigh(workspace: &Workspace) -> Result<Vec<(String, u64)>> {
    let site = workspace.site();
    let names: BTreeMap<String, String> = serde_json::from_slice(&files::read(&site.join("manifest.json"))?)
        .context("target/site/manifest.json is not what the site build writes")?;
    let mut sizes = Vec::new();
    for (name, hashed) in names {
        let plain = site.join("assets").join(&hashed);
        let compressed = site.join("assets").join(format!("{hashed}.br"));
        let path = if compressed.exists() { compressed } else { plain };
        sizes.push((
            name,
            std::fs::metadata(&path)
                .with_context(|| format!("no {}", path.display()))?
                .len(),
        ));
    }
    Ok(sizes)
}

/// The story of the product, with JavaScript and without.
pub(super) fn story(workspace: &Workspace) -> Result<()> {
    system::provide(&[&system::NODE, &system::NPM, &system::SQLITE])?;
    if std::env::var_os("XTASK_CHROMIUM").is_none() {
        system::provide(&[&system::CHROMIUM])?;
    }
    node::install(workspace)?;
    let program = crates::server(workspace)?;
    let mut test = workspace.command("node");
    test.args(["--test", "--test-concurrency=1", "end2end/"])
        .env("XTASK_SERVER", program);
    command::run(&mut test)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a file size for reading, far below 2^52"
)]
fn kilobytes(bytes: u64) -> f64 {
    bytes as f64 / 1024.0
}
