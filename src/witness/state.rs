//! What was signed last, of each log: one small file.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use ledger::{EMPTY_ROOT, Hash};
use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};

use crate::start::Failure;

/// The greatest tree of a log that was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Signed {
    pub(super) size: u64,
    pub(super) root: Hash,
}

/// What was signed last, of each log. Nobody else writes the file while this lives.
#[derive(Debug)]
pub struct State {
    path: PathBuf,
    logs: BTreeMap<String, Signed>,
    _lock: File,
}

impl State {
    /// Reads the file, or begins without one.
    ///
    /// # Errors
    /// If it cannot be read, is no state, or another witness has it.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let shown = path.display();
        let lock = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(beside(path, "lock"))
            .map_err(|error| Failure::Witness(format!("{shown} cannot be kept: {error}.")))?;
        flock(&lock, FlockOperation::NonBlockingLockExclusive)
            .map_err(|_| Failure::Witness(format!("Another witness is using {shown}: stop it first.")))?;
        let logs = match fs::read(path) {
            Ok(text) => serde_json::from_slice(&text).map_err(|error| {
                Failure::Witness(format!(
                    "{shown} is not the state of a witness ({error}): put it back from a copy. A witness that \
                     begins anew vouches for nothing that came before."
                ))
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(Failure::Witness(format!("{shown} cannot be read: {error}."))),
        };
        Ok(Self {
            path: path.to_owned(),
            logs,
            _lock: lock,
        })
    }

    /// Of this log; the empty tree if none was signed.
    pub(super) fn of(&self, origin: &str) -> Signed {
        let signed = self.logs.get(origin).copied();
        signed.unwrap_or(Signed {
            size: 0,
            root: EMPTY_ROOT,
        })
    }

    /// Keeps it: on disk when this returns, or not at all.
    pub(super) fn keep(&mut self, origin: &str, signed: Signed) -> io::Result<()> {
        let mut logs = self.logs.clone();
        logs.insert(origin.to_owned(), signed);
        let text = serde_json::to_vec_pretty(&logs).map_err(io::Error::other)?;
        let fresh = beside(&self.path, "new");
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&fresh)?;
        file.write_all(&text)?;
        file.sync_all()?;
        fs::rename(&fresh, &self.path)?;
        // The name is an entry of the folder, which has to be on disk too.
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
        self.logs = logs;
        Ok(())
    }
}

/// A file beside this one.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}
