//! A certificate in files that somebody else keeps fresh, read again when they change.

use std::{io, os::unix::fs::MetadataExt, path::Path};

use tokio::fs;
use types::Timestamp;
use zeroize::Zeroizing;

use super::{Certificate, Error, shown::Shown};
use crate::config::CertificateFiles;

/// What anybody on the machine may do with a file.
const OTHERS: u32 = 0o007;

/// Looks after two files.
pub(super) struct Files {
    paths: CertificateFiles,
    shown: Shown,
    hosts: Vec<String>,
    /// What was last tried, good or not.
    tried: Pair,
    /// What was different at the last look.
    fresh: Option<Pair>,
}

#[derive(Clone, PartialEq, Eq)]
struct Pair {
    chain: Vec<u8>,
    key: Zeroizing<Vec<u8>>,
}

/// What came of a look at the files.
#[derive(Debug)]
pub(super) enum Look {
    /// They are as they were.
    Same,
    /// They are different; should they still be so at the next look, they are taken. A pair is
    /// replaced one file after the other.
    Changing,
    /// The new certificate is shown.
    Taken,
    /// They cannot be used, and the old certificate is kept.
    Refused(Error),
}

impl Files {
    /// Reads them for the first time: what cannot be used is an error.
    pub(super) async fn open(
        paths: CertificateFiles,
        hosts: Vec<String>,
        shown: Shown,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let tried = read(&paths).await?;
        let files = Self {
            paths,
            shown,
            hosts,
            tried,
            fresh: None,
        };
        files.take(now)?;
        Ok(files)
    }

    /// Looks whether they have changed. If `asked`, what is there is taken at once.
    pub(super) async fn look(&mut self, asked: bool, now: Timestamp) -> Look {
        let found = match read(&self.paths).await {
            Ok(found) => found,
            Err(_) if !asked && self.fresh.is_none() => {
                // Between the old file and the new one there can be none, or one of another mode.
                self.fresh = Some(Pair::nothing());
                return Look::Changing;
            }
            Err(error) => return self.refuse_once(asked, error),
        };
        if found == self.tried && !asked {
            self.fresh = None;
            return Look::Same;
        }
        if !asked && self.fresh.as_ref() != Some(&found) {
            self.fresh = Some(found);
            return Look::Changing;
        }
        self.fresh = None;
        self.tried = found;
        match self.take(now) {
            Ok(()) => Look::Taken,
            Err(error) => Look::Refused(error),
        }
    }

    /// Files that cannot be read are a problem each time one asks, and else once.
    fn refuse_once(&mut self, asked: bool, error: Error) -> Look {
        if self.tried == Pair::nothing() && !asked {
            return Look::Same;
        }
        self.tried = Pair::nothing();
        self.fresh = None;
        Look::Refused(error)
    }

    fn take(&self, now: Timestamp) -> Result<(), Error> {
        let certificate = Certificate::from_pem(&self.tried.chain, &self.tried.key, now)?;
        for host in certificate.lacks(&self.hosts) {
            tracing::warn!(
                host,
                "the certificate is not for this host: browsers will refuse it"
            );
        }
        if now < certificate.not_before {
            tracing::warn!("the certificate is not valid yet: is this machine's clock right?");
        }
        self.shown.put(certificate);
        Ok(())
    }
}

impl Pair {
    fn nothing() -> Self {
        Self {
            chain: Vec::new(),
            key: Zeroizing::default(),
        }
    }
}

/// The certificate in them, if it can be used.
pub(super) async fn certificate(paths: &CertificateFiles, now: Timestamp) -> Result<Certificate, Error> {
    let pair = read(paths).await?;
    Certificate::from_pem(&pair.chain, &pair.key, now)
}

async fn read(paths: &CertificateFiles) -> Result<Pair, Error> {
    let chain = fs::read(&paths.certificate).await;
    let chain = chain.map_err(|source| unreadable(&paths.certificate, source))?;
    let refused = |source| unreadable(&paths.key, source);
    let mode = fs::metadata(&paths.key).await.map_err(refused)?.mode() & 0o7777;
    if mode & OTHERS != 0 {
        return Err(Error::Mode {
            path: paths.key.clone(),
            mode,
        });
    }
    let key = Zeroizing::new(fs::read(&paths.key).await.map_err(refused)?);
    Ok(Pair { chain, key })
}

fn unreadable(path: &Path, source: io::Error) -> Error {
    Error::File {
        path: path.to_owned(),
        source,
    }
}
