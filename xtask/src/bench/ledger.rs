//! Proofs made and checked, from ten thousand to ten million events. Promised: each under a
//! millisecond, and a cost that grows with the logarithm at most.

use super::Figure;
use crate::command;
use crate::workspace::Workspace;
use anyhow::{Context as _, Result};

/// Names in the bench's output, and what they are.
const FIGURES: [(&str, &str, bool); 5] = [
    ("appended", "a leaf appended", false),
    ("made", "an inclusion proof made", true),
    ("checked", "an inclusion proof checked", true),
    ("grown", "a consistency proof made", true),
    ("consistent", "a consistency proof checked", true),
];

pub(super) fn measure(workspace: &Workspace) -> Result<Vec<Figure>> {
    let mut bench = workspace.cargo("bench");
    bench.args(["--locked", "--quiet", "--package", "ledger", "--bench", "ledger"]);
    let text = command::read(&mut bench)?;
    let lines = readings(&text)?;
    let of = |name: &'static str| lines.iter().filter(move |(found, ..)| found == name);
    let (.., hash) = of("hash").next().context("the bench printed no `hash`")?;
    let mut figures = Vec::new();
    for (name, words, promised) in FIGURES {
        let (.., first) = of(name)
            .next()
            .with_context(|| format!("the bench printed no `{name}`"))?;
        for (_, size, micros) in of(name) {
            let promise = if promised { "; promised: 1,000 µs" } else { "" };
            figures.push(Figure {
                name: format!("{words}, {}", thousands(*size)),
                value: format!("{micros:.2} µs"),
                beside: format!(
                    "{:.1} node hashes, {:.2} of the smallest tree's{promise}",
                    micros / hash,
                    micros / first
                ),
            });
        }
    }
    Ok(figures)
}

/// Name, size and microseconds of each line.
fn readings(text: &str) -> Result<Vec<(String, u64, f64)>> {
    let line = |line: &str| {
        let mut words = line.split(' ');
        let name = words.next()?.to_owned();
        Some((name, words.next()?.parse().ok()?, words.next()?.parse().ok()?))
    };
    text.lines()
        .map(|text| line(text).with_context(|| format!("the bench printed `{text}`")))
        .collect()
}

fn thousands(size: u64) -> String {
    if size >= 1_000_000 {
        format!("{} million", size / 1_000_000)
    } else {
        format!("{} thousand", size / 1000)
    }
}

#[cfg(test)]
mod tests {
    use super::{readings, thousands};

    #[test]
    fn a_line_is_a_name_a_size_and_a_figure() {
        let read = readings("hash 0 0.250\nmade 10000 12.5\n").unwrap();
        assert_eq!(read[1], ("made".to_owned(), 10_000, 12.5));
        assert!(readings("made x 1").is_err());
        assert_eq!(
            (thousands(10_000), thousands(10_000_000)),
            ("10 thousand".to_owned(), "10 million".to_owned())
        );
    }
}
