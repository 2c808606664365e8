//! `loomwire demo`: invented life in an empty database.

use std::io::{self, IsTerminal as _, Write as _};

use clap::Args;
use platform::{
    demo::{Audit, Plan, Report, seed},
    identity,
};

use crate::{
    config::Config,
    start::{self, Failure, say},
    telemetry,
};

/// The progress bar, in characters.
const BAR: u64 = 30;

/// What is to be invented.
#[derive(Debug, Clone, Copy, Args)]
pub struct DemoArguments {
    /// Another seed, another life; the same seed, the same.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many verifications, up to ten million.
    #[arg(long, value_name = "N", default_value_t = 24_000, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    scale: u64,
    /// How many days of life, today the last.
    #[arg(long, value_name = "N", default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=730))]
    days: u16,
    /// Write no audit events for verifications, and count no calls. Ten million take about 40 GB with them, and 10 GB
    /// without.
    #[arg(long)]
    without_audit: bool,
    /// Write audit events only for verifications of the last N days.
    #[arg(long, value_name = "N", conflicts_with = "without_audit")]
    audit_days: Option<u16>,
}

impl DemoArguments {
    fn plan(self) -> Plan {
        Plan {
            seed: self.seed,
            verifications: self.scale,
            days: self.days,
            audit: match (self.without_audit, self.audit_days) {
                (true, _) => Audit::None,
                (false, Some(days)) => Audit::LastDays(days),
                (false, None) => Audit::All,
            },
        }
    }
}

/// Fills the database and prints how to sign in.
pub async fn demo(config: Config, arguments: DemoArguments) -> Result<(), Failure> {
    telemetry::start(&config.log);
    let plan = arguments.plan();
    let platform = start::open(&config).await?;
    let system = platform.system();
    let mut bar = Bar::new(plan.verifications);
    let seeded = seed(&system, &plan, &mut |written| bar.advance(written)).await;
    bar.end();
    let report = seeded?;
    let link = identity::enrolment_link(&system, report.owner).await?;
    platform.close().await;
    let address = start::setup_address(&config, &link);
    say(&told(&plan, &report, &address))
}

fn told(plan: &Plan, report: &Report, address: &str) -> String {
    use std::fmt::Write as _;

    let mut text = String::new();
    for (name, verifications) in &report.organisations {
        // Writing to a string does not fail.
        let _written = writeln!(text, "{verifications:>10}  {name}");
    }
    let events = match plan.audit {
        Audit::All => "every verification has its events".to_owned(),
        Audit::LastDays(days) => format!("verifications of the last {days} days have their events"),
        Audit::None => "verifications have no events".to_owned(),
    };
    let _written = write!(
        text,
        "{:>10}  verifications in {} days, from seed {}\n\
         {:>10}  people, {} API keys\n\
         {:>10}  audit events: {events}\n\
         {:>10}  calls of the API\n\
         Sign in as the owner of the busiest organisation within a day, once: {address}\n",
        report.verifications, plan.days, plan.seed, report.people, report.keys, report.events, report.calls,
    );
    text
}

/// How far it is, on standard error: a bar in a terminal, nothing elsewhere.
struct Bar {
    total: u64,
    done: u64,
    shown: u64,
    terminal: bool,
}

impl Bar {
    fn new(total: u64) -> Self {
        Self {
            total: total.max(1),
            done: 0,
            shown: u64::MAX,
            terminal: io::stderr().is_terminal(),
        }
    }

    fn advance(&mut self, written: u64) {
        self.done = (self.done + written).min(self.total);
        let percent = self.done * 100 / self.total;
        if self.terminal && percent != self.shown {
            self.shown = percent;
            // Nothing depends on it.
            let _shown = write!(io::stderr().lock(), "\r{}", line(self.done, self.total));
        }
    }

    fn end(&self) {
        if self.terminal {
            let _shown = writeln!(io::stderr().lock());
        }
    }
}

fn line(done: u64, total: u64) -> String {
    let full = done * BAR / total.max(1);
    let bar: String = (0..BAR).map(|at| if at < full { '#' } else { '.' }).collect();
    format!("[{bar}] {:>3} % {done} of {total}", done * 100 / total.max(1))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use tempfile::TempDir;

    use super::*;
    use crate::config::Environment;

    #[test]
    fn a_bar_fills() {
        assert_eq!(line(0, 10), format!("[{}]   0 % 0 of 10", ".".repeat(30)));
        assert_eq!(
            line(5, 10),
            format!("[{}{}]  50 % 5 of 10", "#".repeat(15), ".".repeat(15))
        );
        assert_eq!(line(10, 10), format!("[{}] 100 % 10 of 10", "#".repeat(30)));
    }

    #[tokio::test]
    async fn an_empty_place_is_filled_once() {
        let folder = TempDir::new().unwrap();
        let data: PathBuf = folder.path().join("data");
        let environment = Environment::from([("LOOMWIRE_DATA".to_owned(), data.display().to_string())]);
        let config = Config::load(None, &environment).unwrap();
        let arguments = DemoArguments {
            seed: 3,
            scale: 60,
            days: 20,
            without_audit: false,
            audit_days: None,
        };
        demo(config.clone(), arguments).await.unwrap();
        let again = demo(config, arguments).await.unwrap_err().to_string();
        assert!(again.contains("LOOMWIRE_DATA"), "{again}");
    }
}
