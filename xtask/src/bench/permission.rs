//! A permission check beside a call of an empty function. Promised: below a microsecond.

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
        "platform",
        "--bench",
        "permission",
    ]);
    let text = command::read(&mut bench)?;
    let call = figure(&text, "call")?;
    let named = [("built_in", "built-in role"), ("custom", "role of one's own")];
    let figures = named.into_iter().map(|(name, words)| {
        let nanoseconds = figure(&text, name)?;
        Ok(Figure {
            name: format!("a permission check, {words}"),
            value: format!("{nanoseconds:.1} ns"),
            beside: format!(
                "{:.1} calls of an empty function; promised: 1,000 ns",
                nanoseconds / call
            ),
        })
    });
    figures.collect()
}

fn figure(text: &str, name: &str) -> Result<f64> {
    let value = text
        .lines()
        .find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
    value.with_context(|| format!("the bench printed no `{name}`"))
}
