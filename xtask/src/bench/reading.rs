//! Reading machine-readable lines, on one core.

use super::Figure;
use crate::command;
use crate::workspace::Workspace;
use anyhow::{Context as _, Result};

pub(super) fn measure(workspace: &Workspace) -> Result<Vec<Figure>> {
    let mut bench = workspace.cargo("bench");
    bench.args(["--locked", "--quiet", "--package", "verify", "--bench", "mrz"]);
    let text = command::read(&mut bench)?;
    let (readings, digests) = (figure(&text, "readings")?, figure(&text, "digests")?);
    Ok(vec![Figure {
        name: "documents read on one core".to_owned(),
        value: format!("{readings:.0} /s"),
        beside: format!("{:.1} SHA-256 of the same lines each", digests / readings),
    }])
}

fn figure(text: &str, name: &str) -> Result<f64> {
    let value = text
        .lines()
        .find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
    value.with_context(|| format!("the bench printed no `{name}`"))
}

#[cfg(test)]
mod tests {
    use super::figure;

    #[test]
    fn a_figure_is_found_by_its_name() {
        assert!((figure("readings 12\ndigests 30\n", "digests").unwrap() - 30.0).abs() < f64::EPSILON);
        assert!(figure("readings 12\n", "digests").is_err());
    }
}
