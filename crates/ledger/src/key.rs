//! Keys that sign notes and keys that check them.

use std::{fmt, str::FromStr};

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

use crate::{note, text};

/// What a key signs: C2SP signed-note's signature types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The text of a note: a log's key.
    Log,
    /// The text and a time: a witness's key.
    Witness,
}

impl Kind {
    const fn byte(self) -> u8 {
        match self {
            Self::Log => 1,
            Self::Witness => 4,
        }
    }
}

/// The text is not a key that we can use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is not a verifier key: `name+hash+base64` with an Ed25519 key of a log or a witness is expected"
)]
pub struct UnusableKey;

/// The first bytes of a hash over name, type and public key (C2SP signed-note).
fn key_id(name: &str, kind: Kind, public: &[u8; 32]) -> [u8; 4] {
    let digest = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n', kind.byte()])
        .chain_update(public)
        .finalize();
    let mut id = [0; 4];
    id.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    id
}

/// A key that checks signatures: a log's, or a witness's. Its text is C2SP signed-note's
/// verifier key, `name+hash+base64`.
#[derive(Clone, PartialEq, Eq)]
pub struct NoteKey {
    name: String,
    id: [u8; 4],
    kind: Kind,
    key: VerifyingKey,
}

impl NoteKey {
    fn new(name: &str, kind: Kind, key: VerifyingKey) -> Self {
        Self {
            name: name.to_owned(),
            id: key_id(name, kind, key.as_bytes()),
            kind,
            key,
        }
    }

    /// Whose key it is.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it checks cosignatures, not a log's own signatures.
    pub fn is_witness(&self) -> bool {
        self.kind == Kind::Witness
    }

    /// The 32 public bytes.
    pub fn public(&self) -> [u8; 32] {
        self.key.to_bytes()
    }

    pub(crate) const fn id(&self) -> [u8; 4] {
        self.id
    }

    pub(crate) fn is(&self, kind: Kind) -> bool {
        self.kind == kind
    }

    /// Strict: refuses what RFC 8032, section 5.1.7 lets pass for more than one text.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(message, &signature).is_ok())
    }
}

impl fmt::Display for NoteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut material = vec![self.kind.byte()];
        material.extend_from_slice(self.key.as_bytes());
        let (id, material) = (hex::encode(self.id), text::base64(&material));
        write!(f, "{}+{id}+{material}", self.name)
    }
}

impl fmt::Debug for NoteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for NoteKey {
    type Err = UnusableKey;

    fn from_str(line: &str) -> Result<Self, UnusableKey> {
        // Base64 may have further `+`.
        let mut parts = line.splitn(3, '+');
        let (Some(name), Some(_), Some(material)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(UnusableKey);
        };
        let material = text::from_base64(material).ok_or(UnusableKey)?;
        let (kind, public) = material.split_first().ok_or(UnusableKey)?;
        let kind = match kind {
            1 => Kind::Log,
            4 => Kind::Witness,
            _ => return Err(UnusableKey),
        };
        let public = public.try_into().map_err(|_| UnusableKey)?;
        let key = VerifyingKey::from_bytes(public).map_err(|_| UnusableKey)?;
        let read = Self::new(name, kind, key);
        // With a key of small order anybody could sign. One spelling only, the hash included.
        let sound = note::sound_name(name) && !key.is_weak() && read.to_string() == line;
        sound.then_some(read).ok_or(UnusableKey)
    }
}

/// The name cannot stand in a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key's name has no blanks and no plus sign, and is not empty")]
pub struct UnsoundName;

/// The secret half: wiped when dropped, never printed.
pub(crate) struct Secret {
    key: SigningKey,
    public: NoteKey,
}

impl Secret {
    pub(crate) fn from_seed(name: &str, kind: Kind, seed: &[u8; 32]) -> Result<Self, UnsoundName> {
        if !note::sound_name(name) {
            return Err(UnsoundName);
        }
        let key = SigningKey::from_bytes(seed);
        let public = NoteKey::new(name, kind, key.verifying_key());
        Ok(Self { key, public })
    }

    pub(crate) const fn public(&self) -> &NoteKey {
        &self.public
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.key.sign(message).to_bytes()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.public, f)
    }
}
