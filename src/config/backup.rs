//! The keys of `[backup]`.

use std::path::PathBuf;

use backup::Recipient;
use platform::backups::Policy;

use super::{
    DatabaseUrl,
    check::{database_url, quoted, required, whole},
    read::{Given, Reader},
};

/// Backups: where to, for whom, how often, how long.
#[derive(Clone, Debug)]
pub struct Backup {
    /// Where the files go.
    pub folder: PathBuf,
    /// Where a database may lie unencrypted for the length of a backup or a drill.
    pub scratch: PathBuf,
    /// Who can open them; nobody: none are made.
    pub recipients: Vec<Recipient>,
    /// Hours between scheduled backups; 0: none are scheduled.
    pub every_hours: u32,
    /// Days that a backup is kept.
    pub keep_days: u32,
    /// The key with which the server holds restore drills by itself.
    pub drill_identity_file: Option<PathBuf>,
    /// An empty PostgreSQL database for drills; without it one is made each time.
    pub drill_url: Option<DatabaseUrl>,
}

impl Backup {
    /// What the domain needs of it.
    pub fn policy(&self) -> Policy {
        Policy {
            every_hours: (self.every_hours > 0).then_some(self.every_hours),
            keep_days: self.keep_days,
            recipients: u32::try_from(self.recipients.len()).unwrap_or(u32::MAX),
            drills: self.drill_identity_file.is_some(),
        }
    }
}

pub(super) fn check(reader: &mut Reader, data: &str) -> Option<Backup> {
    let folder = reader.one("backup.folder", &format!("{data}/backups"), |text| {
        required(text).map(|path| (PathBuf::from(path), quoted(path)))
    });
    let recipients = reader.any("backup.recipients", "", recipients);
    let scheduled = recipients.as_ref().is_some_and(|all| !all.is_empty());
    let default = if scheduled { "24" } else { "0" };
    let every_hours = reader.one("backup.every_hours", default, whole(0..=8760, "hours"));
    if !scheduled && recipients.is_some() && every_hours.is_some_and(|hours| hours > 0) {
        reader.problem(
            "backup.every_hours: give backup.recipients too: backups are always encrypted. \
             `loomwire backup keygen FILE` makes a key and prints its recipient."
                .to_owned(),
        );
    }
    let keep_days = reader.one("backup.keep_days", "30", whole(1..=3650, "days"));
    let drill_identity_file = reader.one("backup.drill_identity_file", "", |text| {
        let path = (!text.is_empty()).then(|| PathBuf::from(text));
        Ok((path, quoted(text)))
    });
    let drill_url = reader.one("backup.drill_url", "", |text| {
        if text.is_empty() {
            return Ok((None, quoted(text)));
        }
        let (url, shown) = database_url(text)?;
        if url.expose().starts_with("sqlite:") {
            return Err("give postgres://user:password@host/name of an empty database; \
                        SQLite needs none"
                .to_owned());
        }
        Ok((Some(url), shown))
    });
    Some(Backup {
        folder: folder?,
        scratch: PathBuf::from(data).join("scratch"),
        recipients: recipients?,
        every_hours: every_hours?,
        keep_days: keep_days?,
        drill_identity_file: drill_identity_file?,
        drill_url: drill_url?,
    })
}

fn recipients(given: Given) -> Result<(Vec<Recipient>, String), String> {
    let entries = match given {
        Given::One(text) => text.split(',').map(|entry| entry.trim().to_owned()).collect(),
        Given::Many(entries) => entries,
        Given::Tables(_) => return Err("give a list of texts, not of tables".to_owned()),
    };
    let mut recipients = Vec::new();
    for entry in entries.iter().filter(|entry| !entry.is_empty()) {
        let recipient = entry.parse::<Recipient>().map_err(|error| error.to_string())?;
        recipients.push(recipient);
    }
    let shown = recipients.iter().map(quoted).collect::<Vec<_>>().join(", ");
    Ok((recipients, format!("[{shown}]")))
}
