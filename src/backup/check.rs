//! `loomwire backup --check`: whether a backup can be made, whether one was, and what else it
//! takes to restore one.

use std::fmt::Write as _;

use platform::backups;
use types::Clock as _;

use super::commands::{is_current, key_reminder, refuse_absent};
use crate::{
    config::Config,
    source::SystemClock,
    start::{self, Failure, say},
    telemetry,
};

/// A backup that is older than this many intervals is late.
const LATE: i64 = 2;

/// Looks at everything, changes nothing, and fails if something is wrong.
pub async fn check(config: Config) -> Result<(), Failure> {
    telemetry::start(&config.log);
    let mut text = String::new();
    let mut wrong = Vec::new();
    let recipients = config.backup.recipients.len();
    let _ = writeln!(text, "Recipients: {recipients}");
    if recipients == 0 {
        wrong.push(
            "No recipient is set, so no backup can be made: `loomwire backup keygen FILE` makes a \
             key and says what to put into backup.recipients."
                .to_owned(),
        );
    }
    match backup::ready(&config.backup.folder, config.session_url()).await {
        Ok(facts) => text.push_str(&facts),
        Err(error) => wrong.push(error.to_string()),
    }
    match last(&config).await {
        Ok(line) => text.push_str(&line),
        Err(error) => wrong.push(error.to_string()),
    }
    text.push_str(&key_reminder(&config));
    say(&text)?;
    if wrong.is_empty() {
        return Ok(());
    }
    Err(backup::BackupError::Configuration(wrong.join("\n")).into())
}

/// The last good backup and drill.
async fn last(config: &Config) -> Result<String, Failure> {
    refuse_absent(config)?;
    if !is_current(config).await? {
        return Err(backup::BackupError::Configuration(
            "The database is of another version: a backup can be made of it, and is not written down."
                .to_owned(),
        )
        .into());
    }
    let platform = start::open(config).await?;
    let ctx = platform.system();
    let page = backups::page(&ctx).await;
    platform.close().await;
    let page = page?;
    let now = SystemClock.now();
    let age = |row: &types::backup::BackupRow| now.millis_since(row.started_at) / 3_600_000;
    let mut text = String::new();
    for (what, row) in [("backup", &page.last_backup), ("restore drill", &page.last_drill)] {
        let _ = match row {
            Some(row) => writeln!(
                text,
                "Last good {what}: {} h ago, {}",
                age(row),
                row.file.as_deref().unwrap_or_default()
            ),
            None => writeln!(text, "Last good {what}: none"),
        };
    }
    let late = page.every_hours.is_some_and(|hours| {
        let limit = LATE * i64::from(hours);
        page.last_backup.as_ref().is_none_or(|row| age(row) > limit)
    });
    if late {
        return Err(backup::BackupError::Configuration(format!(
            "{text}The last good backup is older than the schedule allows: see the log for why the others failed."
        ))
        .into());
    }
    Ok(text)
}
