//! Master keys in a file of mode 0600.
//!
//! **Invariant**: the path holds a whole key file or none. It is written beside, synced, and
//! then linked (new) or renamed (changed) into place; changes are serialised by a lock on the
//! file, so no version that may have wrapped something is ever lost.
//!
//! A process that has the file open goes on while another one rotates: what is wrapped under a
//! version that it does not know makes it read the file again.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, ErrorKind, Read, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::{PoisonError, RwLock},
};

use types::{Entropy, source::random};
use zeroize::Zeroizing;

use crate::{Aad, DataKey, KeyProvider, MasterKeys, VaultError};

/// Every permission but the owner's reading and writing.
const WIDER_THAN_0600: u32 = 0o177;
/// More than any key file needs (some 800 versions), far less than memory.
const MAX_BYTES: u64 = 65_536;

/// Master keys in a file outside the database.
///
/// What it wraps under stays the version that was current when it was opened, so that
/// [`KeyProvider::current_version`] is true of every key that it has wrapped.
#[derive(Debug)]
pub struct FileKeys {
    path: PathBuf,
    keys: MasterKeys,
    /// The file as it was read again.
    later: RwLock<Option<MasterKeys>>,
}

impl FileKeys {
    /// Makes a key file with a fresh key, and the folder (mode 0700) if there is none. A file
    /// that is there is never overwritten.
    pub fn create(path: impl AsRef<Path>, entropy: &dyn Entropy) -> Result<Self, VaultError> {
        let path = path.as_ref();
        let keys = MasterKeys::generate(entropy);
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(parent(path))
            .map_err(|source| failed("make the folder of", path, source))?;
        put(path, &keys, entropy, |from| fs::hard_link(from, path))?;
        Ok(Self::of(path, keys))
    }

    /// Reads a key file. One that others can reach (wider than mode 0600) is refused.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, VaultError> {
        let path = path.as_ref();
        Ok(Self::of(path, read(path, WIDER_THAN_0600)?))
    }

    fn of(path: &Path, keys: MasterKeys) -> Self {
        Self {
            path: path.to_owned(),
            keys,
            later: RwLock::new(None),
        }
    }

    /// Adds a fresh key to the file and says its version, which is the current one from now
    /// on. The older ones stay, to unwrap what they wrapped.
    pub fn add_version(path: impl AsRef<Path>, entropy: &dyn Entropy) -> Result<u32, VaultError> {
        change(path.as_ref(), entropy, |keys| keys.add(entropy))
    }

    /// Removes every key but the current one from the file and says which. Only once nothing
    /// is wrapped under them any more: it cannot be undone.
    pub fn retire_older(path: impl AsRef<Path>, entropy: &dyn Entropy) -> Result<Vec<u32>, VaultError> {
        change(path.as_ref(), entropy, MasterKeys::retire_older)
    }

    /// The keys as they were when the file was opened.
    pub fn keys(&self) -> &MasterKeys {
        &self.keys
    }

    /// Unwraps with the file as it is now.
    fn unwrap_later(&self, aad: &Aad<'_>, version: u32, wrapped: &[u8]) -> Result<DataKey, VaultError> {
        let later = self.later.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(keys) = later.as_ref().filter(|keys| keys.has(version)) {
            return keys.unwrap(aad, version, wrapped);
        }
        drop(later);
        let keys = read(&self.path, WIDER_THAN_0600)?;
        let key = keys.unwrap(aad, version, wrapped)?;
        *self.later.write().unwrap_or_else(PoisonError::into_inner) = Some(keys);
        Ok(key)
    }
}

impl KeyProvider for FileKeys {
    fn current_version(&self) -> u32 {
        self.keys.current_version()
    }

    fn wrap(&self, entropy: &dyn Entropy, aad: &Aad<'_>, key: &DataKey) -> Result<Vec<u8>, VaultError> {
        self.keys.wrap(entropy, aad, key)
    }

    fn unwrap(&self, aad: &Aad<'_>, version: u32, wrapped: &[u8]) -> Result<DataKey, VaultError> {
        if self.keys.has(version) {
            self.keys.unwrap(aad, version, wrapped)
        } else {
            self.unwrap_later(aad, version, wrapped)
        }
    }
}

fn failed(action: &'static str, path: &Path, source: io::Error) -> VaultError {
    let path = path.to_owned();
    match source.kind() {
        ErrorKind::NotFound => VaultError::Missing { path },
        ErrorKind::AlreadyExists => VaultError::Exists { path },
        _ => VaultError::Io { action, path, source },
    }
}

/// The folder of a path; `.` for a bare name.
fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Reads keys from a file none of whose `refused` permission bits is set.
pub(crate) fn read(path: &Path, refused: u32) -> Result<MasterKeys, VaultError> {
    let file = File::open(path).map_err(|source| failed("open", path, source))?;
    read_from(&file, path, refused)
}

/// What is checked is the open file, not its name, which might be swapped in between.
fn read_from(file: &File, path: &Path, refused: u32) -> Result<MasterKeys, VaultError> {
    let io = |source| failed("read", path, source);
    let metadata = file.metadata().map_err(io)?;
    if !metadata.is_file() || metadata.len() > MAX_BYTES {
        return Err(VaultError::Malformed {
            path: path.to_owned(),
            line: 1,
            problem: "is missing: this is not a key file",
        });
    }
    let mode = metadata.mode() & 0o7777;
    if mode & refused != 0 {
        return Err(VaultError::Permissions {
            path: path.to_owned(),
            mode,
        });
    }
    let capacity = usize::try_from(metadata.len()).unwrap_or_default() + 1;
    let mut bytes = Zeroizing::new(Vec::with_capacity(capacity));
    file.take(MAX_BYTES).read_to_end(&mut bytes).map_err(io)?;
    let text = str::from_utf8(&bytes).map_err(|_| VaultError::Malformed {
        path: path.to_owned(),
        line: 1,
        problem: "or a later one is not text",
    })?;
    MasterKeys::parse(text, path)
}

/// Opens and locks the file that is at the path once the lock is held: a change that was
/// waited for has put another file there.
fn lock(path: &Path) -> Result<File, VaultError> {
    loop {
        let file = File::open(path).map_err(|source| failed("open", path, source))?;
        file.lock().map_err(|source| failed("lock", path, source))?;
        let locked = file.metadata().map_err(|e| failed("read", path, e))?;
        let present = fs::metadata(path).map_err(|e| failed("read", path, e))?;
        if (locked.dev(), locked.ino()) == (present.dev(), present.ino()) {
            return Ok(file);
        }
    }
}

fn change<T>(
    path: &Path,
    entropy: &dyn Entropy,
    edit: impl FnOnce(&mut MasterKeys) -> T,
) -> Result<T, VaultError> {
    // A symbolic link stays one: what it points to is replaced.
    let path = &fs::canonicalize(path).map_err(|source| failed("open", path, source))?;
    let held = lock(path)?;
    let mut keys = read_from(&held, path, WIDER_THAN_0600)?;
    let result = edit(&mut keys);
    put(path, &keys, entropy, |from| fs::rename(from, path))?;
    drop(held);
    Ok(result)
}

/// Writes the keys to a file beside `path`, lets `place` move it there, and syncs the folder.
fn put(
    path: &Path,
    keys: &MasterKeys,
    entropy: &dyn Entropy,
    place: impl FnOnce(&Path) -> io::Result<()>,
) -> Result<(), VaultError> {
    let name = u64::from_be_bytes(random(entropy));
    let beside = parent(path).join(format!(".loomwire-master-key-{name:016x}"));
    let placed = write(&beside, keys).and_then(|()| place(&beside));
    // After a rename there is nothing left to remove; after a link or a failure there is.
    let removed = match fs::remove_file(&beside) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    };
    placed
        .and(removed)
        .and_then(|()| File::open(parent(path))?.sync_all())
        .map_err(|source| failed("write", path, source))
}

fn write(path: &PathBuf, keys: &MasterKeys) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let mut file = options.open(path)?;
    file.write_all(keys.to_text().as_bytes())?;
    file.sync_all()
}
