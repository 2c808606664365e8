//! `cargo xtask bench`: figures, printed and never a gate.
//!
//! A figure from another machine says nothing, so that each stands beside something measured in
//! the same run, with the ratio of the two.

mod audit;
mod commit;
mod gate;
mod ledger;
mod permission;
mod reading;
mod search;
mod serving;
mod sign_in;
mod size;
mod start;
mod usage;

use crate::workspace::Workspace;
use anyhow::{Result, bail};

/// One figure: what it is of, how it reads, and against what it was measured.
pub(crate) struct Figure {
    name: String,
    value: String,
    beside: String,
}

/// Takes some figures.
type Measure = fn(&Workspace) -> Result<Vec<Figure>>;

const MEASURES: &[(&str, Measure)] = &[
    ("reading", reading::measure),
    ("permission", permission::measure),
    ("ledger", ledger::measure),
    ("size", size::measure),
    ("start", start::measure),
    ("commit", commit::measure),
    ("audit", audit::measure),
    ("sign-in", sign_in::measure),
    ("serving", serving::measure),
    ("growth", serving::growth),
    ("gate", gate::measure),
    ("search", search::measure),
    ("usage", usage::measure),
];

/// Measures and prints: everything, or what is named.
pub(crate) fn run(workspace: &Workspace, names: &[String]) -> Result<()> {
    if let Some(unknown) = names
        .iter()
        .find(|name| !MEASURES.iter().any(|(known, _)| known == name))
    {
        let known: Vec<&str> = MEASURES.iter().map(|(name, _)| *name).collect();
        bail!("`{unknown}` is not measured; what is: {}", known.join(", "));
    }
    let mut figures = Vec::new();
    for (name, measure) in MEASURES {
        if names.is_empty() || names.iter().any(|wanted| wanted == name) {
            figures.extend(measure(workspace)?);
        }
    }
    println!("\n{}", machine());
    for figure in figures {
        println!("{:36} {:>16}   {}", figure.name, figure.value, figure.beside);
    }
    Ok(())
}

/// Where this was measured.
fn machine() -> String {
    let read = |path: &str, name: &str| {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let line = text
            .lines()
            .find(|line| line.starts_with(name))
            .unwrap_or_default();
        line.split_once(':')
            .map_or_else(String::new, |(_, value)| value.trim().to_owned())
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let processor = read("/proc/cpuinfo", "model name");
    let memory = read("/proc/meminfo", "MemTotal");
    format!("{cores} cores, {processor}, {memory}")
}
