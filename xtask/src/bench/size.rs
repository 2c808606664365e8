//! What a browser loads on its first visit.

use super::Figure;
use crate::gate::browser::weigh;
use crate::site::{self, Profile};
use crate::workspace::Workspace;
use anyhow::Result;

pub(super) fn measure(workspace: &Workspace) -> Result<Vec<Figure>> {
    site::build(workspace, Profile::Release)?;
    let sizes = weigh(workspace)?;
    let all: u64 = sizes.iter().map(|(_, bytes)| bytes).sum();
    Ok(sizes
        .into_iter()
        .map(|(name, bytes)| Figure {
            name: format!("{name}, over the wire"),
            value: format!("{bytes} bytes"),
            beside: format!("{} % of a first visit", bytes * 100 / all.max(1)),
        })
        .collect())
}
