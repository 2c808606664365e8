//! Committed, audited writes a second beside raw rows, on both databases.

use super::Figure;
use crate::command;
use crate::workspace::Workspace;
use anyhow::{Context as _, Result};

pub(super) fn measure(workspace: &Workspace) -> Result<Vec<Figure>> {
    let mut bench = workspace.cargo("bench");
    bench.args([
        "--locked",
        "--quiet",
        "--package",
        "loomwire",
        "--bench",
        "commit",
    ]);
    let text = command::read(&mut bench)?;
    let mut figures = Vec::new();
    for line in text.lines() {
        let Some((database, rest)) = line.split_once(' ') else {
            continue;
        };
        let Some((callers, rate)) = rest.split_once(' ') else {
            continue;
        };
        let rate: f64 = rate.parse().context("the bench printed no number")?;
        if database == "revocation" {
            figures.push(Figure {
                name: format!("a revocation, elsewhere, {callers}"),
                value: format!("{:.1} ms", rate / 1000.0),
                beside: "of 50; another server on the same PostgreSQL refuses; promised: 1,000 ms".to_owned(),
            });
            continue;
        }
        if callers == "raw" {
            continue;
        }
        let raw = raw(&text, database)?;
        figures.push(Figure {
            name: format!("audited writes, {database}, {callers} callers"),
            value: format!("{rate:.0} /s"),
            beside: format!("{:.3} of {raw:.0} raw rows a second", rate / raw),
        });
    }
    Ok(figures)
}

fn raw(text: &str, database: &str) -> Result<f64> {
    let prefix = format!("{database} raw ");
    let value = text.lines().find_map(|line| line.strip_prefix(&prefix));
    value
        .and_then(|value| value.parse().ok())
        .with_context(|| format!("the bench printed no raw rows of {database}"))
}
