//! Whether there is room.

use std::{fs, path::PathBuf};

use super::{Finding, database::sqlite_file};
use crate::config::{Config, MasterKey};

const NAME: &str = "disk";
const GIGABYTE: u64 = 1_000_000_000;
const MEGABYTE: u64 = 1_000_000;

pub(super) async fn check(config: Config) -> Vec<Finding> {
    let looked = tokio::task::spawn_blocking(move || look(&config)).await;
    looked.unwrap_or_default()
}

fn look(config: &Config) -> Vec<Finding> {
    let file = sqlite_file(config);
    let used = file
        .as_ref()
        .and_then(|file| fs::metadata(file).ok())
        .map_or(0, |meta| meta.len());
    let place = file.or_else(|| match &config.master_key {
        MasterKey::File(path) => Some(path.clone()),
        MasterKey::Credential(_) => None,
    });
    let Some(folder) = place.and_then(existing) else {
        return vec![Finding::ok(NAME, "Nothing of Loomwire is kept on this machine.")];
    };
    let shown = folder.display();
    match rustix::fs::statvfs(&folder) {
        Ok(room) => {
            let free = room.f_bavail.saturating_mul(room.f_frsize);
            let all = room.f_blocks.saturating_mul(room.f_frsize).max(1);
            vec![judge(&shown.to_string(), free, all, used)]
        }
        Err(error) => vec![Finding::warn(
            NAME,
            format!("The room in {shown} cannot be told: {error}."),
            "Look at the file system.",
        )],
    }
}

/// The nearest folder above that there is.
fn existing(path: PathBuf) -> Option<PathBuf> {
    let absolute = std::path::absolute(path).ok()?;
    let found = absolute.ancestors().skip(1).find(|folder| folder.is_dir());
    found.map(PathBuf::from)
}

pub(super) fn judge(folder: &str, free: u64, all: u64, used: u64) -> Finding {
    let percent = free.saturating_mul(100) / all;
    let says = format!(
        "{} MB of {folder} are free ({percent} %); the database takes {} MB.",
        free / MEGABYTE,
        used / MEGABYTE
    );
    if free < 100 * MEGABYTE {
        Finding::fail(
            NAME,
            says,
            "Make room now: at 0 nothing more is written, and calls are refused.",
        )
    } else if percent < 20 || free < GIGABYTE || free < used {
        let advice = "Make room, or a larger disk: a backup takes as much again as the database.";
        Finding::warn(NAME, says, advice)
    } else {
        Finding::ok(NAME, says)
    }
}
