//! The account and the certificate on disk: folders of mode 0700, files of 0600.
//!
//! Key and chain are one file, so that one rename replaces both.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use instant_acme::AccountCredentials;
use types::Timestamp;
use url::Url;
use zeroize::Zeroizing;

use crate::tls::{Certificate, Error};

const ACCOUNT: &str = "account.json";
const CERTIFICATE: &str = "certificate.pem";

/// One authority's folder: what a test authority issued never stands in for the real one's.
pub(super) struct Folder(PathBuf);

impl Folder {
    /// One that is only looked at: it need not be there.
    pub(super) fn at(folder: &Path, directory: &Url) -> Self {
        Self(folder.join(name(directory)))
    }

    pub(super) fn open(folder: &Path, directory: &Url) -> Result<Self, Error> {
        let Self(folder) = Self::at(folder, directory);
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&folder);
        made.map_err(|source| Error::File {
            path: folder.clone(),
            source,
        })?;
        Ok(Self(folder))
    }

    /// The account, if there is one that can be read.
    pub(super) fn account(&self) -> Result<Option<AccountCredentials>, io::Error> {
        let Some(text) = self.read(ACCOUNT)? else {
            return Ok(None);
        };
        Ok(Some(serde_json::from_slice(&text)?))
    }

    pub(super) fn keep_account(&self, account: &AccountCredentials) -> Result<(), io::Error> {
        self.write(ACCOUNT, &Zeroizing::new(serde_json::to_vec(account)?))
    }

    pub(super) fn forget_account(&self) -> Result<(), io::Error> {
        fs::remove_file(self.0.join(ACCOUNT))
    }

    /// The certificate, if there is one. One that is expired is an error.
    pub(super) fn certificate(&self, now: Timestamp) -> Result<Option<Certificate>, Error> {
        let read = self.read(CERTIFICATE).map_err(|source| Error::File {
            path: self.0.join(CERTIFICATE),
            source,
        })?;
        read.map(|pem| Certificate::from_pem(&pem, &pem, now)).transpose()
    }

    pub(super) fn keep_certificate(&self, key: &str, chain: &str) -> Result<(), io::Error> {
        let both = Zeroizing::new(format!("{key}{chain}"));
        self.write(CERTIFICATE, both.as_bytes())
    }

    fn read(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, io::Error> {
        match fs::read(self.0.join(name)) {
            Ok(text) => Ok(Some(Zeroizing::new(text))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Beside, and then in place: there is never half a file.
    fn write(&self, name: &str, text: &[u8]) -> Result<(), io::Error> {
        let beside = self.0.join(format!("{name}.new"));
        // One that a crash left could have another mode.
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&beside)?;
        file.write_all(text)?;
        file.sync_all()?;
        fs::rename(&beside, self.0.join(name))?;
        File::open(&self.0)?.sync_all()
    }
}

/// A folder's name that says whose it is.
fn name(directory: &Url) -> String {
    let rest = directory
        .as_str()
        .trim_start_matches("https://")
        .trim_end_matches('/');
    let plain = |letter: char| match letter {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '-' => letter,
        _ => '-',
    };
    rest.trim_start_matches('.').chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use tempfile::TempDir;

    use super::*;

    #[test]
    fn nobody_else_can_read_what_is_kept() {
        let home = TempDir::new().unwrap();
        let directory = "https://ca.example:14000/dir".parse().unwrap();
        let folder = Folder::open(&home.path().join("acme"), &directory).unwrap();
        folder.keep_certificate("key", "chain").unwrap();
        folder.keep_certificate("key", "chain").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let own = home.path().join("acme/ca.example-14000-dir");
        assert_eq!(mode(&own), 0o700);
        assert_eq!(mode(&own.join(CERTIFICATE)), 0o600);
        assert_eq!(Folder::at(&home.path().join("acme"), &directory).0, own);
        assert_eq!(fs::read_dir(&own).unwrap().count(), 1);
    }

    #[test]
    fn each_authority_has_its_own_folder() {
        let names = [
            "https://a.example/dir",
            "https://a.example/staging",
            "https://b.example/dir/",
        ]
        .map(|url| name(&url.parse().unwrap()));
        assert_eq!(names, ["a.example-dir", "a.example-staging", "b.example-dir"]);
    }
}
