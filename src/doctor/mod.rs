//! `loomwire doctor`: is this installation as it should be, and if not, what to do.
//!
//! It works while the server runs and while it does not.
//!
//! **Invariant**: it changes nothing. What is missing stays missing: no database is made, no
//! key, no folder.
//!
//! **Invariant**: it ends. Each check has a limit on time, and one that does not meet it is a
//! finding.

mod certificate;
mod clock;
mod configuration;
mod database;
mod disk;
mod finding;
mod key;
mod ledger;
mod limits;
mod listen;
mod mail;

#[cfg(test)]
mod tests;

use std::{future::Future, process::ExitCode, time::Duration};

use clap::Args;
use serde_json::json;

use crate::{
    config::{Config, Problems},
    http::assets::Manifest,
    metrics,
    start::{Failure, say},
};
use finding::{Finding, Level};

/// A check that takes longer is given up. The database's own is given more: SQLite reads the
/// whole file.
const PATIENCE: Duration = Duration::from_secs(10);
const PATIENCE_WITH_DATABASE: Duration = Duration::from_mins(1);
/// Each connection is one; the system's own default of 1024 is soon used up.
const DESCRIPTORS: u64 = 4096;

/// How the findings are told.
#[derive(Debug, Clone, Copy, Args)]
pub struct DoctorArguments {
    /// As one JSON object.
    #[arg(long)]
    json: bool,
}

/// Looks at everything and says what it found. Ends with 1 if something is wrong.
pub fn main(config: Result<Config, Problems>, arguments: DoctorArguments) -> ExitCode {
    let told = examine(config).and_then(|findings| {
        say(&if arguments.json {
            as_json(&findings)
        } else {
            as_text(&findings)
        })?;
        Ok(findings.iter().all(|finding| finding.level != Level::Fail))
    });
    match told {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) | Err(_) => ExitCode::FAILURE,
    }
}

fn examine(config: Result<Config, Problems>) -> Result<Vec<Finding>, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let findings = runtime.block_on(all(config));
    // A file system that hangs must not hold up the end.
    runtime.shutdown_background();
    Ok(findings)
}

async fn all(config: Result<Config, Problems>) -> Vec<Finding> {
    let config = match config {
        Ok(config) => config,
        Err(problems) => return configuration::unusable(&problems),
    };
    let mut findings = configuration::check(&config);
    findings.extend(limited("master key", PATIENCE, Box::pin(key::check(config.clone()))).await);
    findings.extend(limited("disk", PATIENCE, Box::pin(disk::check(config.clone()))).await);
    findings.extend(limited("clock", PATIENCE, Box::pin(clock::check())).await);
    findings.extend(
        limited(
            "database",
            PATIENCE_WITH_DATABASE,
            database::check(config.clone()),
        )
        .await,
    );
    findings.extend(limited("address", PATIENCE, Box::pin(listen::check(config.clone()))).await);
    findings.extend(limited("mail", PATIENCE, Box::pin(mail::check(config.clone()))).await);
    findings.extend(limited("rate limits", PATIENCE, Box::pin(limits::check(config.clone()))).await);
    findings.extend(limited("certificate", PATIENCE, Box::pin(certificate::check(config))).await);
    findings.push(assets());
    findings.extend(descriptors());
    findings
}

/// What a check finds, or that it took too long.
async fn limited(
    name: &'static str,
    limit: Duration,
    check: impl Future<Output = Vec<Finding>>,
) -> Vec<Finding> {
    tokio::time::timeout(limit, check).await.unwrap_or_else(|_| {
        let says = format!("No answer within {} s.", limit.as_secs());
        vec![Finding::fail(
            name,
            says,
            "Look whether its disk, its server or the network hangs.",
        )]
    })
}

fn assets() -> Finding {
    if Manifest::load().is_built() {
        return Finding::ok("site", "Styles and scripts are in the program.");
    }
    Finding::warn(
        "site",
        "The site is not built into the program, so pages have no styles.",
        "Use a released program, or run `cargo xtask run`.",
    )
}

/// Those of the shell that started this; a service has its own.
fn descriptors() -> Option<Finding> {
    let limit = metrics::file_limit()?;
    Some(if limit < DESCRIPTORS {
        Finding::warn(
            "file descriptors",
            format!("A program that is started here may have {limit} files and connections open."),
            "If the server is started in the same way, raise it: `ulimit -n 65536`, or LimitNOFILE=65536 in the unit.",
        )
    } else {
        Finding::ok("file descriptors", format!("{limit} may be open."))
    })
}

fn as_text(findings: &[Finding]) -> String {
    let mut text: String = findings.iter().map(Finding::line).collect();
    let count = |level| findings.iter().filter(|finding| finding.level == level).count();
    let (failed, warned) = (count(Level::Fail), count(Level::Warn));
    let sum = match (failed, warned) {
        (0, 0) => "Everything is as it should be.".to_owned(),
        (0, warned) => format!("Nothing is wrong; {warned} to look at."),
        (failed, warned) => format!("{failed} wrong, {warned} to look at."),
    };
    text.push('\n');
    text.push_str(&sum);
    text.push('\n');
    text
}

fn as_json(findings: &[Finding]) -> String {
    let ok = findings.iter().all(|finding| finding.level != Level::Fail);
    format!("{}\n", json!({ "ok": ok, "checks": findings }))
}
