//! Writing: compressed, encrypted, hashed, in one pass.

use std::{
    fs::File,
    io::{self, BufWriter, Read, Write},
    path::Path,
};

use sha2::{Digest as _, Sha256};

use crate::{BackupError, Manifest, Recipient, Stop, error::at};

/// zstd's own default: much faster than any disk of a small server.
const LEVEL: i32 = 3;
const CHUNK: usize = 65_536;

/// The file as it was written.
pub(crate) struct Sealed {
    pub(crate) bytes: u64,
    pub(crate) sha256: String,
}

/// Writes manifest and database to the file at `path`, which is open.
pub(crate) fn seal(
    file: &File,
    path: &Path,
    recipients: &[Recipient],
    manifest: &Manifest,
    database: &mut dyn Read,
    stop: &Stop,
) -> Result<Sealed, BackupError> {
    let written = |error| at("write", path)(error);
    let encryptor = age::Encryptor::with_recipients(recipients.iter().map(Recipient::inner));
    let encryptor = encryptor.map_err(|error| BackupError::Configuration(error.to_string()))?;
    let mut counted = Counted::new(BufWriter::new(file));
    let encrypted = encryptor.wrap_output(&mut counted).map_err(written)?;
    let mut compressed = zstd::Encoder::new(encrypted, LEVEL).map_err(written)?;
    compressed.write_all(&manifest.line()?).map_err(written)?;
    copy(
        database,
        &mut compressed,
        path,
        |error| at("back up into", path)(error),
        stop,
    )?;
    let encrypted = compressed.finish().map_err(written)?;
    encrypted.finish().map_err(written)?;
    counted.flush().map_err(written)?;
    Ok(Sealed {
        bytes: counted.bytes,
        sha256: counted.sum(),
    })
}

/// Copies everything, and stops when told to.
pub(crate) fn copy(
    from: &mut (impl Read + ?Sized),
    to: &mut impl Write,
    to_path: &Path,
    read_failed: impl Fn(io::Error) -> BackupError,
    stop: &Stop,
) -> Result<(), BackupError> {
    let mut buffer = vec![0; CHUNK];
    loop {
        stop.check()?;
        let count = from.read(&mut buffer).map_err(&read_failed)?;
        let Some(chunk) = buffer.get(..count).filter(|chunk| !chunk.is_empty()) else {
            return Ok(());
        };
        to.write_all(chunk).map_err(at("write", to_path))?;
    }
}

/// Counts and hashes what goes through.
pub(crate) struct Counted<T> {
    inner: T,
    pub(crate) bytes: u64,
    hash: Sha256,
}

impl<T> Counted<T> {
    pub(crate) fn new(inner: T) -> Self {
        Self {
            inner,
            bytes: 0,
            hash: Sha256::new(),
        }
    }

    pub(crate) fn sum(&self) -> String {
        hex::encode(self.hash.clone().finalize())
    }

    fn note(&mut self, chunk: &[u8]) {
        self.bytes += chunk.len() as u64;
        self.hash.update(chunk);
    }
}

impl<T: Write> Write for Counted<T> {
    fn write(&mut self, chunk: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(chunk)?;
        self.note(chunk.get(..count).unwrap_or_default());
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<T: Read> Read for Counted<T> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.note(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Census;

    /// Linux gives a device that is always full.
    #[test]
    fn a_full_disk_says_so() {
        let folder = tempfile::TempDir::new().unwrap();
        let recipient = crate::keygen(&folder.path().join("key")).unwrap();
        let full = Path::new("/dev/full");
        let file = File::options().write(true).open(full).unwrap();
        let manifest = Manifest {
            format: 1,
            product: "loomwire".to_owned(),
            version: "1".to_owned(),
            made_at: types::Timestamp::from_millis(0),
            database: "sqlite".to_owned(),
            dumped_with: None,
            census: Census {
                schema: 1,
                needs: None,
                events: 0,
                events_hash: String::new(),
                wrong_events: 0,
            },
        };
        for length in [10_u64, 10_000_000] {
            let sealed = seal(
                &file,
                full,
                std::slice::from_ref(&recipient),
                &manifest,
                &mut io::repeat(7).take(length),
                &Stop::default(),
            );
            let error = sealed.err().unwrap();
            assert!(matches!(error, BackupError::Full { .. }), "{error}");
            assert!(error.to_string().contains("free space"), "{error}");
        }
    }
}
