//! `cargo xtask tidy`: what the design says about the clone's structure, held by a machine.
//!
//! Every check looks at text or at cargo's own metadata; nothing is compiled.

mod arrows;
mod listing;
mod migrations;
mod names;
mod words;

pub(crate) use migrations::seal;

use crate::{asvs, workspace::Workspace};
use anyhow::{Result, bail};
use listing::Listing;

/// Runs every check and reports all that they found.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let listing = Listing::of(workspace)?;
    let mut found = Vec::new();
    found.extend(names::check(&listing));
    found.extend(words::check(&listing)?);
    found.extend(migrations::check(workspace)?);
    found.extend(arrows::check(workspace)?);
    found.extend(asvs::check(workspace)?);
    if found.is_empty() {
        return Ok(());
    }
    for line in &found {
        println!("{line}");
    }
    bail!("{} things are out of order", found.len());
}
