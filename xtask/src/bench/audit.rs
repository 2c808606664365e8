//! What the audit log costs a write, how fast events get their places, and what a proof costs.

use super::Figure;
use crate::command;
use crate::workspace::Workspace;
use anyhow::{Context as _, Result};

pub(super) fn measure(workspace: &Workspace) -> Result<Vec<Figure>> {
    let mut bench = workspace.cargo("bench");
    bench.args(["--locked", "--quiet", "--package", "loomwire", "--bench", "audit"]);
    let text = command::read(&mut bench)?;
    let mut figures = Vec::new();
    for database in ["sqlite", "postgres"] {
        if !text.contains(&format!("{database} ")) {
            continue;
        }
        let value = |what: &str| value(&text, &format!("{database} {what} "));
        let bare = value("bare")?;
        for (what, name) in [
            ("audited", "an event"),
            ("personal", "an event, two sealed fields"),
        ] {
            let rate = value(what)?;
            figures.push(Figure {
                name: format!("writes with {name}, {database}"),
                value: format!("{rate:.0} /s"),
                beside: format!(
                    "{:.2} of {bare:.0} /s without a log; 16 callers; aim: 0.6",
                    rate / bare
                ),
            });
        }
        figures.push(Figure {
            name: format!("events sequenced, {database}"),
            value: format!("{:.0} /s", value("sequenced")?),
            beside: "from a backlog of 40,000, with tiles and checkpoints; aim: 10,000".to_owned(),
        });
        figures.push(Figure {
            name: format!("a proof, made and verified, {database}"),
            value: format!("{:.0} us", value("proof")?),
            beside: "of a random event, from the database; aim: 1,000".to_owned(),
        });
    }
    Ok(figures)
}

fn value(text: &str, prefix: &str) -> Result<f64> {
    let value = text.lines().find_map(|line| line.strip_prefix(prefix));
    value
        .and_then(|value| value.parse().ok())
        .with_context(|| format!("the bench printed no figure for `{prefix}`"))
}
