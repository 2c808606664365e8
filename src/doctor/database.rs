//! The database: there, sound, of our schema, sealed under our key; and its backups.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    sync::Arc,
};

use db::{Db, Kind, Options};
use platform::{Platform, backups};
use types::{Clock, Timestamp};

use super::{Finding, clock};
use crate::{
    config::Config,
    source::{OsEntropy, SystemClock},
    start,
};

const NAME: &str = "database";
const SCHEMA: &str = "schema";
const SETTINGS: &str = "database settings";
const BACKUPS: &str = "backups";
const HOUR_MILLIS: i64 = 3_600_000;

/// The file of a SQLite database.
pub(super) fn sqlite_file(config: &Config) -> Option<PathBuf> {
    let path = config.database_url.expose().strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    (path != ":memory:").then(|| PathBuf::from(path))
}

pub(super) async fn check(config: Config) -> Vec<Finding> {
    if let Some(file) = sqlite_file(&config)
        && let Some(finding) = tokio::task::spawn_blocking(move || unfit(&file))
            .await
            .ok()
            .flatten()
    {
        return vec![finding];
    }
    let db = match Db::connect(config.database_url.expose(), &Options::default()).await {
        Ok(db) => db,
        Err(error) => {
            let advice = "Look whether it runs, whether database_url is right, and who may read it.";
            return vec![Finding::fail(NAME, format!("{error}."), advice)];
        }
    };
    let mut findings = settings(&db).await;
    let (schema, up_to_date) = schema(&db).await;
    findings.push(schema);
    if up_to_date {
        findings.extend(content(&db, &config).await);
    }
    db.close().await;
    findings
}

/// What keeps a SQLite file from being opened: opening it would make it, or change it.
fn unfit(file: &Path) -> Option<Finding> {
    let shown = file.display();
    if !file.exists() {
        return Some(Finding::warn(
            NAME,
            format!("There is none at {shown} yet."),
            "The first start makes it. If there should be one, look at data and database_url.",
        ));
    }
    let mut head = [0; 20];
    let read = File::open(file).and_then(|mut file| file.read_exact(&mut head));
    // The format of the file, <https://www.sqlite.org/fileformat.html>: 2 and 2 stand for WAL.
    match (
        read,
        head.starts_with(b"SQLite format 3\0"),
        head.ends_with(&[2, 2]),
    ) {
        (Ok(()), true, true) => None,
        (Ok(()), true, false) => Some(Finding::fail(
            NAME,
            format!("{shown} is not in WAL mode: no Loomwire has written it last."),
            "Look what changed it. The next start sets the mode again.",
        )),
        (Ok(()), false, _) => Some(Finding::fail(
            NAME,
            format!("{shown} is no SQLite database."),
            "Restore a backup, or name the right file in database_url.",
        )),
        (Err(error), ..) => Some(Finding::fail(
            NAME,
            format!("{shown} cannot be read: {error}."),
            "Run doctor as the server's user, and look at the file.",
        )),
    }
}

async fn schema(db: &Db) -> (Finding, bool) {
    match db.pending().await {
        Ok(missing) if missing.is_empty() => (newer(&db.ahead().await.unwrap_or_default()), true),
        Ok(missing) => {
            let says = format!("Not yet applied: {}.", missing.join(", "));
            let advice = "The next start applies it, or `loomwire migrate` does; make a backup first.";
            (Finding::warn(SCHEMA, says, advice), false)
        }
        Err(error) => {
            let advice = "Run the version of Loomwire that fits, or restore a backup.";
            (Finding::fail(SCHEMA, format!("{error}."), advice), false)
        }
    }
}

/// Of a schema that has all that this program knows.
fn newer(ahead: &[String]) -> Finding {
    if ahead.is_empty() {
        return Finding::ok(SCHEMA, "It is up to date.");
    }
    Finding::warn(
        SCHEMA,
        format!(
            "It is newer than this program, which can do without what was added: {}.",
            ahead.join(", ")
        ),
        "Update this program before a version with a migration called contract: that one it would refuse.",
    )
}

async fn settings(db: &Db) -> Vec<Finding> {
    let facts = match db.facts().await {
        Ok(facts) => facts,
        Err(error) => {
            let advice = "Look at the database's own log.";
            return vec![Finding::fail(NAME, format!("{error}."), advice)];
        }
    };
    judge(db.kind(), &facts, SystemClock.now())
}

/// What must hold so that an answer that was given is kept, and what was found otherwise.
pub(super) fn judge(kind: Kind, facts: &db::Facts, now: Timestamp) -> Vec<Finding> {
    let fact = |name: &str| {
        let found = facts.iter().find(|(fact, _)| *fact == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    let version = fact("version");
    let (product, wanted): (_, &[(&str, &[&str], &str)]) = match kind {
        Kind::Sqlite => (
            "SQLite",
            &[
                ("quick_check", &["ok"], "Restore a backup: the file is damaged."),
                (
                    "journal_mode",
                    &["wal"],
                    "Look what opened the file beside Loomwire.",
                ),
                (
                    "synchronous",
                    &["2", "3"],
                    "Report this as a bug: the program sets it.",
                ),
            ],
        ),
        Kind::Postgres => (
            "PostgreSQL",
            &[
                (
                    "fsync",
                    &["on"],
                    "Set fsync = on: a crash can damage the database.",
                ),
                (
                    "synchronous_commit",
                    &["on", "remote_apply", "remote_write"],
                    "Set synchronous_commit = on: an answer that was given could be lost.",
                ),
                (
                    "full_page_writes",
                    &["on"],
                    "Set full_page_writes = on: a crash can damage pages.",
                ),
                (
                    "in_recovery",
                    &["off"],
                    "Name the primary in database_url: a standby takes no writes.",
                ),
            ],
        ),
    };
    let mut findings = vec![Finding::ok(NAME, format!("{product} {version} answers."))];
    let wrong = wanted
        .iter()
        .filter(|(name, good, _)| !good.contains(&fact(name)));
    let wrong: Vec<Finding> = wrong
        .map(|(name, _, advice)| Finding::fail(SETTINGS, format!("{name} is {}.", fact(name)), *advice))
        .collect();
    if wrong.is_empty() {
        findings.push(Finding::ok(
            SETTINGS,
            "What is answered is kept: they are as they should be.",
        ));
    }
    findings.extend(wrong);
    if let Ok(theirs) = fact("unix_millis").parse() {
        findings.push(clock::compare(now, Timestamp::from_millis(theirs)));
    }
    findings
}

/// Whether our key opens what is there, and how old the last backup is.
async fn content(db: &Db, config: &Config) -> Vec<Finding> {
    // What is wrong with the key itself has been said.
    let Ok(keys) = start::existing_keys(config) else {
        return Vec::new();
    };
    let (clock, entropy) = (Arc::new(SystemClock), Arc::new(OsEntropy));
    let looked = Platform::look(db.clone(), clock, entropy, keys, start::settings(config)).await;
    match looked {
        Ok(Some(platform)) => {
            let fits = Finding::ok(
                NAME,
                "The master key opens what is stored, and the public URL is its own.",
            );
            vec![
                fits,
                backed_up(&platform, config).await,
                super::ledger::check(&platform).await,
            ]
        }
        Ok(None) => vec![Finding::ok(NAME, "Nothing is stored in it yet.")],
        Err(error) => vec![Finding::fail(
            NAME,
            error.to_string(),
            "Start the server only once this is solved: it would refuse to.",
        )],
    }
}

async fn backed_up(platform: &Platform, config: &Config) -> Finding {
    if config.backup.recipients.is_empty() {
        let advice = "Set backup.recipients; docs/BACKUP.md says how. Or make them by other means.";
        return Finding::warn(BACKUPS, "Loomwire makes none: there are no recipients.", advice);
    }
    let last = match backups::page(&platform.system()).await {
        Ok(page) => page.last_backup,
        Err(error) => {
            let advice = "Look at the database.";
            return Finding::warn(BACKUPS, format!("They cannot be looked at: {error}"), advice);
        }
    };
    let Some(last) = last else {
        return Finding::warn(BACKUPS, "None was made yet.", "Run `loomwire backup`.");
    };
    let hours = SystemClock.now().millis_since(last.started_at) / HOUR_MILLIS;
    let says = format!("The last good one is {hours} hours old.");
    let late = i64::from(config.backup.every_hours.max(1)).saturating_mul(2);
    if hours > late && config.backup.every_hours > 0 {
        Finding::warn(BACKUPS, says, "Look at the page of backups for what failed.")
    } else {
        Finding::ok(BACKUPS, says)
    }
}
