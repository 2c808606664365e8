//! Backups: the commands, and the worker that makes the scheduled ones.
//!
//! It joins `crates/backup`, which does the work, and `platform::backups`, which keeps the
//! book; the work is never done inside a transaction.

mod check;
mod commands;
mod worker;

#[cfg(test)]
mod tests;

use backup::{BackupError, Identities, Order, Place, Restored, Stop};
use db::{Db, Kind, Options};
use platform::{
    Ctx,
    backups::{self, Claim, Made},
};
use types::{Timestamp, backup::BackupKind};

use crate::{config::Config, start::Failure};

pub use check::check;
pub use commands::{Request, keygen, make, restore};
pub use worker::Worker;

/// One of the two for the snapshot, one for everything else.
const CONNECTIONS: u32 = 2;

/// Connections of its own: a run may take hours, and the server's pool is not for that.
async fn connect(config: &Config) -> Result<Db, BackupError> {
    let options = Options {
        connections: CONNECTIONS,
        ..config.database_options()
    };
    Ok(Db::connect(config.session_url(), &options).await?)
}

/// The kind of database, by its address.
fn kind(config: &Config) -> Kind {
    if config.database_url.expose().starts_with("sqlite:") {
        Kind::Sqlite
    } else {
        Kind::Postgres
    }
}

/// The name of a backup that begins at this moment.
fn name(config: &Config) -> impl FnOnce(Timestamp) -> String + Send + use<> {
    let kind = kind(config);
    move |begun| backup::file_name(kind, begun)
}

/// Makes the file, without a word in any book.
async fn make_file(
    config: &Config,
    file: String,
    begun: Timestamp,
    stop: &Stop,
) -> Result<Made, BackupError> {
    let db = connect(config).await?;
    let order = Order {
        folder: config.backup.folder.clone(),
        file,
        scratch: config.backup.scratch.clone(),
        recipients: config.backup.recipients.clone(),
        version: env!("CARGO_PKG_VERSION"),
        begun,
        stop: stop.clone(),
    };
    let made = backup::make(&db, config.session_url(), order).await;
    db.close().await;
    made.map(|made| Made {
        bytes: made.bytes,
        sha256: made.sha256,
        events: made.census.events,
        events_hash: made.census.events_hash,
    })
}

/// Restores a file into a scratch place and compares, without a word in any book.
async fn hold_drill(
    config: &Config,
    file: &std::path::Path,
    identities: Identities,
    begun: Timestamp,
    stop: &Stop,
) -> Result<Restored, BackupError> {
    let place = Place {
        scratch: config.backup.scratch.clone(),
        live_url: config.session_url().to_owned(),
        drill_url: config
            .backup
            .drill_url
            .as_ref()
            .map(|url| url.expose().to_owned()),
        begun,
        stop: stop.clone(),
    };
    backup::drill(file, identities, place).await
}

fn found(restored: Restored) -> Made {
    Made {
        bytes: restored.bytes,
        sha256: restored.sha256,
        events: restored.manifest.census.events,
        events_hash: restored.manifest.census.events_hash,
    }
}

/// Writes down how a claimed run ended, and hands its end on.
async fn record(ctx: &Ctx, claim: &Claim, result: Result<Made, BackupError>) -> Result<Made, Failure> {
    match result {
        Ok(made) => {
            match claim.kind {
                BackupKind::Backup => backups::made(ctx, claim, &made).await?,
                BackupKind::Drill => backups::restored(ctx, claim, &made).await?,
            }
            Ok(made)
        }
        Err(error) => {
            backups::failed(ctx, claim, &error.to_string()).await?;
            Err(error.into())
        }
    }
}

/// Removes what dead runs left, and writes down that they died. What keeps it from that is for
/// the next run to fail by, and to be written down with.
async fn sweep(ctx: &Ctx, config: &Config) {
    let swept = async {
        let unfinished = backup::sweep(&config.backup.folder, &config.backup.scratch)?;
        Ok::<_, Failure>(backups::give_up(ctx, &unfinished).await?)
    };
    if let Err(error) = swept.await {
        tracing::error!(%error, "what earlier backups left cannot be removed");
    }
}
