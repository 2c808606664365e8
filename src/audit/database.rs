//! A whole database.

use std::sync::Arc;

use db::Db;
use platform::{
    Platform,
    audit::walk::{Stop, Trust, walk},
};

use super::{Unchecked, Verdict, report, screen::Screen};
use crate::{
    config::{Config, Problems},
    source::{OsEntropy, SystemClock},
    start::{existing_keys, settings},
};

pub(super) fn check(
    config: Result<Config, Problems>,
    url: Option<String>,
    trust: Trust,
) -> Result<Verdict, Unchecked> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Unchecked::because)?
        .block_on(at(config, url, trust))
}

async fn at(
    config: Result<Config, Problems>,
    url: Option<String>,
    trust: Trust,
) -> Result<Verdict, Unchecked> {
    let db = match (&url, &config) {
        (Some(url), _) => Db::connect(url, &db::Options::default()).await,
        (None, Ok(config)) => Db::connect(config.database_url.expose(), &config.database_options()).await,
        (None, Err(problems)) => return Err(Unchecked::because(problems)),
    };
    let db = db.map_err(Unchecked::because)?;
    let checked = whole(&db, config.ok().as_ref(), trust).await;
    db.close().await;
    checked
}

/// Checks an open database. Where the master key is at hand, sealed values are opened too.
pub(super) async fn whole(db: &Db, config: Option<&Config>, trust: Trust) -> Result<Verdict, Unchecked> {
    if !db.pending().await.map_err(Unchecked::because)?.is_empty() {
        return Err(Unchecked::because(
            "the schema is older than this program: run `loomwire migrate`, or check with the version that wrote it",
        ));
    }
    let keys = match config {
        Some(config) => with_keys(db, config).await,
        None => Err("there is no configuration that names the master key".to_owned()),
    };
    let (platform, sealed) = match keys {
        Ok(platform) => (Some(platform), String::new()),
        Err(why) => (None, why),
    };
    let ctx = platform.as_ref().map(Platform::system);
    let mut read = db.read().await.map_err(Unchecked::because)?;
    let mut screen = Screen::new();
    let walked = walk(&mut read, ctx.as_ref(), trust.clone(), &mut |done, all| {
        screen.show(done, all);
    })
    .await;
    screen.end();
    match walked {
        Ok(sound) => Ok(Verdict::Sound(report::sound(&sound, &trust, &sealed))),
        Err(Stop::Fault(fault)) => Ok(Verdict::Bad(report::bad(&fault))),
        Err(Stop::Failed(platform::Error::Internal(why))) => Err(Unchecked::because(why)),
        Err(Stop::Failed(why)) => Err(Unchecked::because(why)),
    }
}

/// The installation, or why its sealed values stay closed.
async fn with_keys(db: &Db, config: &Config) -> Result<Platform, String> {
    let keys = existing_keys(config).map_err(|why| why.to_string())?;
    let looked = Platform::look(
        db.clone(),
        Arc::new(SystemClock),
        Arc::new(OsEntropy),
        keys,
        settings(config),
    )
    .await;
    match looked {
        Ok(Some(platform)) => Ok(platform),
        Ok(None) => Err("the database has no keys yet".to_owned()),
        Err(why) => Err(why.to_string()),
    }
}
