//! `loomwire db copy`: everything moves to another database, SQLite to PostgreSQL or back.
//!
//! What is copied, and how it is proven, is `db::copy`'s; here is what the operator sees.

use std::io::{self, IsTerminal as _, Write as _};

use db::{
    Db,
    copy::{Phase, Progress, Report},
};

use crate::{
    config::Config,
    start::{Failure, say},
    telemetry,
};

/// Copies the configured database to another, which is made ready for it.
pub async fn copy(config: Config, to: String) -> Result<(), Failure> {
    telemetry::start(&config.log);
    let from = Db::connect(config.database_url.expose(), &config.database_options()).await?;
    let to = Db::connect(&to, &db::Options::default()).await?;
    let result = run(&from, &to).await;
    to.close().await;
    from.close().await;
    say(&summary(&result?))
}

async fn run(from: &Db, to: &Db) -> Result<Report, Failure> {
    db::copy::prepare(from, to).await?;
    let mut screen = Screen::new(io::stderr().is_terminal());
    let report = db::copy::copy(from, to, &mut |step| screen.show(&step)).await;
    screen.end();
    Ok(report?)
}

fn summary(report: &Report) -> String {
    let mut lines: Vec<String> = report
        .tables
        .iter()
        .map(|(table, rows)| format!("{rows:>12}  {table}"))
        .collect();
    lines.push(format!(
        "Copied {} rows and compared every one.{}",
        report.rows(),
        match report.resumed {
            0 => String::new(),
            resumed => format!(" {resumed} were there from an interrupted copy."),
        }
    ));
    if let Some(audit) = &report.audit {
        lines.push(format!(
            "The audit log is whole: {} events fit their leaf hashes, SHA-256 over all of them {}.",
            audit.events, audit.leaves
        ));
    }
    lines.push(
        "Now give the server the new database_url. It needs the same master key, which is not in \
         the database. Keep the old database until you are content, and start no server on it.\n"
            .to_owned(),
    );
    lines.join("\n")
}

/// A line that changes in place on a terminal; a line for each table elsewhere, as in a log.
struct Screen {
    terminal: bool,
    open: bool,
}

impl Screen {
    const fn new(terminal: bool) -> Self {
        Self {
            terminal,
            open: false,
        }
    }

    fn show(&mut self, step: &Progress) {
        if let Some(text) = self.line(step) {
            // Who closed standard error does not want to know.
            drop(io::stderr().lock().write_all(text.as_bytes()));
        }
    }

    fn line(&mut self, step: &Progress) -> Option<String> {
        let verb = match step.phase {
            Phase::Copying => "copying",
            Phase::Comparing => "comparing",
        };
        let words = format!("{verb} {}: {} of {} rows", step.table, step.done, step.total);
        if self.terminal {
            self.open = true;
            // Back to the beginning, and clear what the line before left.
            return Some(format!("\r{words}\x1b[K"));
        }
        (step.done == step.total).then(|| format!("{words}\n"))
    }

    fn end(&mut self) {
        if std::mem::take(&mut self.open) {
            drop(io::stderr().lock().write_all(b"\r\x1b[K"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Environment;

    fn step(done: u64) -> Progress {
        Progress {
            phase: Phase::Copying,
            table: "users".to_owned(),
            done,
            total: 7,
        }
    }

    #[test]
    fn a_log_has_a_line_for_each_table_and_a_terminal_one_in_all() {
        let mut log = Screen::new(false);
        assert_eq!(log.line(&step(5)), None);
        assert_eq!(
            log.line(&step(7)).as_deref(),
            Some("copying users: 7 of 7 rows\n")
        );
        let mut terminal = Screen::new(true);
        assert_eq!(
            terminal.line(&step(5)).as_deref(),
            Some("\rcopying users: 5 of 7 rows\u{1b}[K")
        );
    }

    #[tokio::test]
    async fn an_installation_moves_once() {
        let folder = tempfile::TempDir::new().unwrap();
        let data = folder.path().join("data").to_str().unwrap().to_owned();
        let environment = Environment::from([("LOOMWIRE_DATA".to_owned(), data)]);
        let config = Config::load(None, &environment).unwrap();
        let to = format!("sqlite://{}", folder.path().join("new.db").display());
        let behind = copy(config.clone(), to.clone()).await.unwrap_err().to_string();
        assert!(behind.contains("not up to date"), "{behind}");
        crate::start::setup_link(config.clone()).await.unwrap();
        copy(config.clone(), to.clone()).await.unwrap();
        let again = copy(config, to).await.unwrap_err().to_string();
        assert!(again.starts_with("The target has data of its own"), "{again}");
    }

    #[test]
    fn the_summary_says_what_was_proven_and_what_comes_next() {
        let report = Report {
            tables: vec![("users".to_owned(), 7), ("audit_events".to_owned(), 12)],
            resumed: 5,
            audit: Some(db::copy::Audit {
                events: 12,
                leaves: "ab".to_owned(),
            }),
        };
        let text = summary(&report);
        for words in [
            "7  users",
            "Copied 19 rows",
            "5 were there",
            "12 events",
            "database_url",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
    }
}
