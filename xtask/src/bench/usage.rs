//! What the pages of usage cost as an organisation's events grow, aimed at 100 ms at ten million;
//! what previews and evaluations of alerts cost; and durable billable starts a second, aimed at
//! 10,000, beside a raw insert of the same rows.
//! `USAGE_LARGEST` sets the largest size, `USAGE_DATABASE` one of the two databases.

use super::Figure;
use crate::command;
use crate::workspace::Workspace;
use anyhow::{Context as _, Result, bail};

pub(super) fn measure(workspace: &Workspace) -> Result<Vec<Figure>> {
    let mut bench = workspace.cargo("bench");
    bench.args(["--locked", "--quiet", "--package", "platform", "--bench", "usage"]);
    let text = command::read(&mut bench)?;
    text.lines().map(figure).collect()
}

fn figure(line: &str) -> Result<Figure> {
    read(line).with_context(|| format!("`{line}` is no figure"))
}

fn read(line: &str) -> Result<Figure> {
    let parts: Vec<&str> = line.split(' ').collect();
    match parts.as_slice() {
        ["report", database, size, page, median, slow] => {
            let (median, slow): (f64, f64) = (median.parse()?, slow.parse()?);
            Ok(Figure {
                name: format!("usage {page}, {database}"),
                value: format!("{:.2} ms", slow / 1_000.0),
                beside: format!(
                    "p99 at {size} events; median {:.2} ms; aim: 100",
                    median / 1_000.0
                ),
            })
        }
        ["alert", database, size, what, median, slow] => {
            let (median, slow): (f64, f64) = (median.parse()?, slow.parse()?);
            Ok(Figure {
                name: format!("alert {what}, {database}"),
                value: format!("{:.2} ms", median / 1_000.0),
                beside: format!("median at {size} events; the slowest {:.2} ms", slow / 1_000.0),
            })
        }
        ["starts", database, count, rate, raw] => {
            let (rate, raw): (f64, f64) = (rate.parse()?, raw.parse()?);
            let share = rate / raw.max(1.0);
            Ok(Figure {
                name: format!("billable starts, {database}"),
                value: format!("{rate:.0}/s"),
                beside: format!("{count} of them; raw rows of as many {raw:.0}/s ({share:.2}); aim: 10000"),
            })
        }
        _ => bail!("it is of no kind"),
    }
}

#[cfg(test)]
mod tests {
    use super::figure;

    #[test]
    fn a_line_is_a_figure() {
        let read = figure("report sqlite 10000 30,days 1200 4500").unwrap();
        assert_eq!(
            (read.name.as_str(), read.value.as_str()),
            ("usage 30,days, sqlite", "4.50 ms")
        );
        let read = figure("starts postgres 20000 4000 16000").unwrap();
        assert_eq!(read.value, "4000/s");
        assert!(read.beside.contains("(0.25)"), "{}", read.beside);
        let read = figure("alert sqlite 10000 preview,latency 1200 4500").unwrap();
        assert_eq!(read.value, "1.20 ms");
        assert!(figure("report sqlite 10000").is_err());
    }
}
