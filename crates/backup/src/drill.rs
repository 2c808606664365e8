//! A restore drill: a backup restored into a scratch place, compared, and removed again.

use std::{
    path::{Path, PathBuf},
    process,
};

use db::{Db, Kind};
use types::Timestamp;

use crate::{
    BackupError, Identities, Restored, Stop,
    make::{blocking, connect},
    postgres::{Programs, with_database},
    restore::{check_file, into_open_server, read},
    scratch::Scratch,
    store,
};

/// Databases that drills make.
const PREFIX: &str = "loomwire_drill_";
/// One that is older than this many seconds was left by a run that died.
const LONGEST_DRILL: i64 = 12 * 3600;

/// Where a drill may work.
pub struct Place {
    /// Where a database may lie for a while, unencrypted.
    pub scratch: PathBuf,
    /// The address of the live database, on whose server a database for the drill is made.
    pub live_url: String,
    /// An empty PostgreSQL database to be used instead.
    pub drill_url: Option<String>,
    /// When it was begun.
    pub begun: Timestamp,
    /// Tells it to stop.
    pub stop: Stop,
}

/// Restores the backup into a scratch place, compares, and leaves nothing behind.
pub async fn drill(file: &Path, identities: Identities, place: Place) -> Result<Restored, BackupError> {
    if place.live_url.starts_with("sqlite:") && place.drill_url.is_none() {
        let scratch = Scratch::make(&place.scratch)?;
        let opened = read(file, identities, &scratch, place.stop).await?;
        if opened.manifest.kind()? == Kind::Postgres {
            return Err(BackupError::Configuration(
                "The backup is of PostgreSQL: set backup.drill_url to an empty database there.".to_owned(),
            ));
        }
        check_file(&opened).await?;
        return Ok(opened.into());
    }
    match place.drill_url.clone() {
        Some(url) => in_given_database(file, identities, &url, place).await,
        None => in_made_database(file, identities, place).await,
    }
}

/// It was empty before, so what is in it afterwards is the drill's and can go.
async fn in_given_database(
    file: &Path,
    identities: Identities,
    url: &str,
    place: Place,
) -> Result<Restored, BackupError> {
    let db = connect(url).await?;
    let result = into_open_server(file, identities, (&db, url), &place.scratch, place.stop).await;
    let cleared = match result {
        // Not ours to clear.
        Err(BackupError::NotEmpty(_)) => Ok(()),
        _ => clear(&db).await,
    };
    db.close().await;
    let restored = result?;
    cleared.map(|()| restored)
}

async fn clear(db: &Db) -> Result<(), BackupError> {
    let mut tx = db.begin().await?;
    for table in store::tables(&mut tx).await? {
        store::drop_table(&mut tx, &table).await?;
    }
    Ok(tx.commit().await?)
}

async fn in_made_database(
    file: &Path,
    identities: Identities,
    place: Place,
) -> Result<Restored, BackupError> {
    let live = connect(&place.live_url).await?;
    let prepared = prepare(&live, &place).await;
    live.close().await;
    let (programs, name) = prepared?;
    let url = with_database(&place.live_url, &name)?;
    let result = in_database(file, identities, &url, &place).await;
    let dropped = blocking(move || programs.drop(&place.live_url, &name)).await;
    let restored = result?;
    dropped.map(|()| restored)
}

async fn in_database(
    file: &Path,
    identities: Identities,
    url: &str,
    place: &Place,
) -> Result<Restored, BackupError> {
    let db = connect(url).await?;
    let stop = place.stop.clone();
    let result = into_open_server(file, identities, (&db, url), &place.scratch, stop).await;
    db.close().await;
    result
}

/// Removes what dead drills left and makes a database.
async fn prepare(live: &Db, place: &Place) -> Result<(Programs, String), BackupError> {
    let mut read = live.read().await?;
    let programs = Programs::find(store::server_major(&mut read).await?)?;
    let there = store::databases(&mut read, PREFIX).await?;
    drop(read);
    let now = place.begun.as_millis() / 1000;
    let name = format!("{PREFIX}{now}_{}", process::id());
    let (url, made) = (place.live_url.clone(), name.clone());
    let tools = programs.clone();
    blocking(move || {
        for left in there.iter().filter(|left| is_old(left, now)) {
            tools.drop(&url, left)?;
        }
        tools.create(&url, &made).map_err(|error| {
            BackupError::Program(format!(
                "{error}. A drill needs the right to make a database (ALTER ROLE .. CREATEDB), or \
                 an empty one in backup.drill_url."
            ))
        })
    })
    .await?;
    Ok((programs, name))
}

fn is_old(name: &str, now: i64) -> bool {
    let second = name
        .strip_prefix(PREFIX)
        .and_then(|rest| rest.split('_').next()?.parse::<i64>().ok());
    second.is_some_and(|second| second < now - LONGEST_DRILL)
}
