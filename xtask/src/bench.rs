//! `cargo xtask bench`: figures, printed and never a gate.
//!
//! What can be compared is printed as a ratio against something measured in the same run, since
//! a figure from another machine says nothing.

use crate::gate;
use crate::site::{self, Profile};
use crate::workspace::Workspace;
use anyhow::Result;

/// One figure: what it is of, and how it reads.
struct Figure {
    name: String,
    text: String,
}

/// Takes some figures.
type Measure = fn(&Workspace) -> Result<Vec<Figure>>;

const MEASURES: &[Measure] = &[sizes];

/// Measures and prints.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    for measure in MEASURES {
        for figure in measure(workspace)? {
            println!("{:32} {}", figure.name, figure.text);
        }
    }
    Ok(())
}

fn sizes(workspace: &Workspace) -> Result<Vec<Figure>> {
    site::build(workspace, Profile::Release)?;
    let sizes = gate::browser::weigh(workspace)?;
    Ok(sizes
        .into_iter()
        .map(|(name, bytes)| Figure {
            name: format!("{name}, over the wire"),
            text: format!("{bytes} bytes"),
        })
        .collect())
}
