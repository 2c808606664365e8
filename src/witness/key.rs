//! The witness's key: a file of mode 0600 with one line, as Go's signed notes have it:
//! `PRIVATE+KEY+<name>+<hash>+<base64 of type and seed>`.

use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ledger::{checkpoint::NoteKey, witness::CosignSigner};
use types::{Entropy, source::random};
use zeroize::Zeroizing;

use crate::start::Failure;

const PREFIX: &str = "PRIVATE+KEY+";
/// The type of a cosignature (C2SP tlog-cosignature).
const TYPE: u8 = 4;

/// Makes a key in a new file, and gives what checks its signatures.
pub(super) fn make(path: &Path, name: &str, entropy: &dyn Entropy) -> Result<NoteKey, Failure> {
    let seed = Zeroizing::new(random::<32>(entropy));
    let signer = from_seed(name, &seed)?;
    let verifier = signer.vkey();
    let bytes = Zeroizing::new([[TYPE].as_slice(), seed.as_slice()].concat());
    let secret = Zeroizing::new(STANDARD.encode(&*bytes));
    let line = Zeroizing::new(format!("{PREFIX}{name}+{}+{}\n", id(&verifier), &*secret));
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    let written = file.and_then(|mut file| {
        file.write_all(line.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|error| Failure::Witness(format!("{} cannot be written: {error}.", path.display())))?;
    Ok(verifier)
}

/// Reads it.
pub(super) fn open(path: &Path) -> Result<CosignSigner, Failure> {
    let text = fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(|error| Failure::Witness(format!("{} cannot be read: {error}.", path.display())))?;
    parse(text.trim_end()).ok_or_else(|| {
        Failure::Witness(format!(
            "{} is no key of a witness: make one with `loomwire witness keygen`.",
            path.display()
        ))
    })
}

fn parse(line: &str) -> Option<CosignSigner> {
    // Base64 may have further `+`.
    let mut parts = line.strip_prefix(PREFIX)?.splitn(3, '+');
    let (name, hash, secret) = (parts.next()?, parts.next()?, parts.next()?);
    let secret = Zeroizing::new(STANDARD.decode(secret).ok()?);
    let (kind, seed) = secret.split_first()?;
    let signer = from_seed(name, seed.try_into().ok()?).ok()?;
    (*kind == TYPE && id(&signer.vkey()) == hash).then_some(signer)
}

fn from_seed(name: &str, seed: &[u8; 32]) -> Result<CosignSigner, Failure> {
    CosignSigner::from_seed(name, seed)
        .map_err(|error| Failure::Witness(format!("The name {name:?} cannot be used: {error}.")))
}

/// The key's hash, as its text has it.
fn id(key: &NoteKey) -> String {
    let text = key.to_string();
    let hash = text.split('+').nth(1);
    hash.unwrap_or_default().to_owned()
}
