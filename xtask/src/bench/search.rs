//! What a search of the audit log costs as the log grows. Promised: p99 below 50 ms at 10 million
//! events, an empty result included. `SEARCH_LARGEST` sets the largest size, `SEARCH_DATABASE` one of
//! the two databases.

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
        "search",
    ]);
    let text = command::read(&mut bench)?;
    text.lines().map(figure).collect()
}

fn figure(line: &str) -> Result<Figure> {
    let mut parts = line.split(' ');
    let mut next = || parts.next().with_context(|| format!("`{line}` is no figure"));
    let (database, size, search) = (next()?, next()?, next()?);
    let (median, slow): (f64, f64) = (next()?.parse()?, next()?.parse()?);
    Ok(Figure {
        name: format!("{search}, {database}"),
        value: format!("{:.2} ms", slow / 1_000.0),
        beside: format!("p99 at {size} events; median {:.2} ms; aim: 50", median / 1_000.0),
    })
}

#[cfg(test)]
mod tests {
    use super::figure;

    #[test]
    fn a_line_is_a_figure() {
        let read = figure("sqlite 10000 words,empty 120 4500").unwrap();
        assert_eq!(
            (read.name.as_str(), read.value.as_str()),
            ("words,empty, sqlite", "4.50 ms")
        );
        assert!(figure("sqlite 10000").is_err());
    }
}
