//! Checkpoints: the tree's size and root, signed by the log (C2SP tlog-checkpoint).
//!
//! A log must never sign two that contradict each other. Nothing here can see to that: who
//! publishes does, and witnesses and `ledger::verify` find out.

use crate::{
    Hash,
    key::{Kind, Secret},
    note::{self, Line, Note},
    text,
};

pub use crate::{
    key::{NoteKey, UnsoundName, UnusableKey},
    note::NoteError,
};

/// A tree's head, as a log states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: the name of its key, too.
    pub origin: String,
    /// How many leaves.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

impl Checkpoint {
    /// The text that is signed.
    pub fn to_text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, self.root.to_base64())
    }

    /// From the text. Extension lines are let pass and say nothing to us; ours have none.
    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        if origin.is_empty() || lines.any(str::is_empty) {
            return None;
        }
        Some(Self {
            origin: origin.to_owned(),
            size: text::from_decimal(size)?,
            root: root.parse().ok()?,
        })
    }
}

/// The key with which a log signs its checkpoints: Ed25519, C2SP signature type 0x01.
#[derive(Debug)]
pub struct NoteSigner(Secret);

impl NoteSigner {
    /// From the 32 secret bytes (RFC 8032, section 5.1.5). The name is the log's origin.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, UnsoundName> {
        Secret::from_seed(name, Kind::Log, seed).map(Self)
    }

    /// The log's name.
    pub fn name(&self) -> &str {
        self.0.public().name()
    }

    /// The public half.
    pub fn vkey(&self) -> NoteKey {
        self.0.public().clone()
    }
}

/// Signs a tree's head.
pub fn sign(checkpoint: &Checkpoint, signer: &NoteSigner) -> String {
    let text = checkpoint.to_text();
    let signature = signer.0.sign(text.as_bytes());
    let line = note::line(signer.name(), signer.0.public().id(), &signature);
    format!("{text}\n{line}")
}

/// Checks that the log whose key this is has signed the note, and gives what it says. Signatures
/// by others are passed over.
pub fn open(note: &str, key: &NoteKey) -> Result<Checkpoint, NoteError> {
    if !key.is(Kind::Log) {
        return Err(NoteError::WrongKind(key.name().to_owned()));
    }
    let note = Note::parse(note)?;
    let signatures = note.by(key.name(), key.id());
    if signatures.is_empty() {
        return Err(NoteError::Unsigned(key.name().to_owned()));
    }
    let sound = |signature: &Vec<u8>| key.verifies(note.text.as_bytes(), signature);
    if !signatures.iter().all(sound) {
        return Err(NoteError::WrongSignature(key.name().to_owned()));
    }
    let checkpoint = Checkpoint::parse(note.text).ok_or(NoteError::NotACheckpoint)?;
    if checkpoint.origin == key.name() {
        Ok(checkpoint)
    } else {
        Err(NoteError::OtherLog {
            expected: key.name().to_owned(),
            found: checkpoint.origin,
        })
    }
}

/// What a note says, **unverified**: to find out which log's key is needed, and for reports.
pub fn peek(note: &str) -> Result<Checkpoint, NoteError> {
    let note = Note::parse(note)?;
    Checkpoint::parse(note.text).ok_or(NoteError::NotACheckpoint)
}

/// Puts a signature line below those that are there. Whose key has signed already stays as it
/// is, so that nobody can push a sound signature out. The line is not verified here: see
/// [`crate::witness::accept`].
pub fn add_signature(note: &str, signature_line: &str) -> Result<String, NoteError> {
    let parsed = Note::parse(note)?;
    let line = Line::parse(signature_line.strip_suffix('\n').unwrap_or(signature_line))?;
    let id = line.content().map(|(id, _)| id).ok_or(NoteError::Malformed)?;
    if !parsed.by(line.name, id).is_empty() {
        return Ok(note.to_owned());
    }
    let longer = format!("{note}{}\n", line.whole);
    Note::parse(&longer)?;
    Ok(longer)
}
