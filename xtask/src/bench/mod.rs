//! `cargo xtask bench`: figures, printed and never a gate.
//!
//! A figure from another machine says nothing, so that each stands beside something measured in
//! the same run, with the ratio of the two.

mod reading;
mod size;
mod start;

use crate::workspace::Workspace;
use anyhow::Result;

/// One figure: what it is of, how it reads, and against what it was measured.
pub(crate) struct Figure {
    name: String,
    value: String,
    beside: String,
}

/// Takes some figures.
type Measure = fn(&Workspace) -> Result<Vec<Figure>>;

const MEASURES: &[Measure] = &[reading::measure, size::measure, start::measure];

/// Measures and prints.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let mut figures = Vec::new();
    for measure in MEASURES {
        figures.extend(measure(workspace)?);
    }
    println!();
    for figure in figures {
        println!("{:36} {:>16}   {}", figure.name, figure.value, figure.beside);
    }
    Ok(())
}
