//! Who can open a backup: age's X25519 recipients and identities.
//!
//! <https://age-encryption.org/v1>. The secret half is never where backups are made, unless
//! the operator wants the server to hold restore drills.

use std::{
    fmt,
    fs::{self, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
    str::FromStr,
};

use age::secrecy::ExposeSecret as _;

use crate::{BackupError, error::at};

/// The public half of a key: `age1..`.
#[derive(Clone)]
pub struct Recipient(age::x25519::Recipient);

impl Recipient {
    pub(crate) fn inner(&self) -> &dyn age::Recipient {
        &self.0
    }
}

impl FromStr for Recipient {
    type Err = BackupError;

    fn from_str(text: &str) -> Result<Self, BackupError> {
        if text.starts_with("AGE-SECRET-KEY-") {
            return Err(BackupError::Configuration(
                "that is the secret half of a key, and it is to be kept elsewhere: give its \
                 recipient, which begins with age1"
                    .to_owned(),
            ));
        }
        text.parse().map(Self).map_err(|_| {
            BackupError::Configuration(format!(
                "{text:?} is no age recipient: give text such as age1.., which `loomwire backup \
                 keygen FILE` prints"
            ))
        })
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// The secret halves of some keys, from a file as `age-keygen` writes it.
pub struct Identities(Vec<age::x25519::Identity>);

impl Identities {
    /// Reads a file of lines that begin with `AGE-SECRET-KEY-1`; lines with `#` are comments.
    pub fn open(path: &Path) -> Result<Self, BackupError> {
        let text = fs::read_to_string(path).map_err(at("read the identity file", path))?;
        let mut identities = Vec::new();
        for line in text.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            // The parser's own words could repeat the line.
            identities.push(line.parse().map_err(|_| not_a_key(path))?);
        }
        if identities.is_empty() {
            return Err(not_a_key(path));
        }
        Ok(Self(identities))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &dyn age::Identity> {
        self.0.iter().map(|identity| identity as &dyn age::Identity)
    }
}

fn not_a_key(path: &Path) -> BackupError {
    BackupError::Configuration(format!(
        "{} is no identity file: it has to hold lines that begin with AGE-SECRET-KEY-1",
        path.display()
    ))
}

/// Makes a key, writes its secret half to a new file of mode 0600 and gives the public one.
/// The random bytes are the library's: age takes no source from outside.
pub fn keygen(path: &Path) -> Result<Recipient, BackupError> {
    let identity = age::x25519::Identity::generate();
    let recipient = Recipient(identity.to_public());
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let mut file = options.open(path).map_err(|error| {
        if error.kind() == io::ErrorKind::AlreadyExists {
            return BackupError::Configuration(format!(
                "there is a file at {} already, and it was left as it is: name another",
                path.display()
            ));
        }
        at("write", path)(error)
    })?;
    let secret = identity.to_string();
    writeln!(file, "# public key: {recipient}\n{}", secret.expose_secret())
        .and_then(|()| file.sync_all())
        .map_err(at("write", path))?;
    Ok(recipient)
}
