//! Witnesses: what a log sends them (C2SP tlog-witness) and what they answer (C2SP
//! tlog-cosignature, Ed25519).
//!
//! A cosignature says: of this log, as of this time, the greatest tree that I have seen has this
//! root, and it grew out of all those that I have seen before.

use crate::{
    Hash,
    checkpoint::{NoteError, NoteKey, UnsoundName, add_signature},
    key::{Kind, Secret},
    note::{self, Note, parse_lines},
    text,
};

/// C2SP tlog-witness: no proof has more lines.
const LONGEST_PROOF: usize = 63;

/// The body of an `add-checkpoint` request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The size that the witness cosigned last; 0 for none.
    pub old_size: u64,
    /// How the tree grew from there (RFC 6962, section 2.1.2).
    pub proof: Vec<Hash>,
    /// The checkpoint: a signed note.
    pub checkpoint: String,
}

impl Request {
    /// As it is sent.
    pub fn to_body(&self) -> String {
        let proof: String = self.proof.iter().map(|hash| hash.to_base64() + "\n").collect();
        format!("old {}\n{proof}\n{}", self.old_size, self.checkpoint)
    }

    /// As it arrives. The checkpoint is a note, but nobody's signature was checked yet.
    pub fn parse(body: &str) -> Result<Self, NoteError> {
        let (head, checkpoint) = body.split_once("\n\n").ok_or(NoteError::Malformed)?;
        let mut lines = head.split('\n');
        let old_size = lines
            .next()
            .and_then(|line| line.strip_prefix("old "))
            .and_then(text::from_decimal)
            .ok_or(NoteError::Malformed)?;
        let proof: Vec<Hash> = lines
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map_err(|_| NoteError::Malformed)?;
        Note::parse(checkpoint)?;
        if proof.len() > LONGEST_PROOF || (old_size == 0 && !proof.is_empty()) {
            return Err(NoteError::Malformed);
        }
        Ok(Self {
            old_size,
            proof,
            checkpoint: checkpoint.to_owned(),
        })
    }
}

/// The key with which a witness cosigns: Ed25519, C2SP signature type 0x04.
#[derive(Debug)]
pub struct CosignSigner(Secret);

impl CosignSigner {
    /// From the 32 secret bytes. A key is for one witness alone: the signed message does not
    /// have its name (C2SP tlog-cosignature).
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, UnsoundName> {
        Secret::from_seed(name, Kind::Witness, seed).map(Self)
    }

    /// The witness's name.
    pub fn name(&self) -> &str {
        self.0.public().name()
    }

    /// The public half.
    pub fn vkey(&self) -> NoteKey {
        self.0.public().clone()
    }
}

fn message(seconds: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {seconds}\n{text}")
}

/// The signature line by which a witness vouches for a checkpoint. Who calls has checked the
/// log's signature and that the tree grew out of the last one.
pub fn cosign(note: &str, key: &CosignSigner, unix_seconds: u64) -> Result<String, NoteError> {
    let note = Note::parse(note)?;
    let signature = key.0.sign(message(unix_seconds, note.text).as_bytes());
    let content = [unix_seconds.to_be_bytes().as_slice(), &signature].concat();
    Ok(note::line(key.name(), key.0.public().id(), &content))
}

/// Checks a witness's cosignature, and gives its time in seconds since 1970.
pub fn open_cosignature(note: &str, key: &NoteKey) -> Result<u64, NoteError> {
    if !key.is(Kind::Witness) {
        return Err(NoteError::WrongKind(key.name().to_owned()));
    }
    let note = Note::parse(note)?;
    let contents = note.by(key.name(), key.id());
    let times: Option<Vec<u64>> = contents
        .iter()
        .map(|content| timestamped(key, content, note.text))
        .collect();
    let times = times.ok_or_else(|| NoteError::WrongSignature(key.name().to_owned()))?;
    let latest = times.into_iter().max();
    latest.ok_or_else(|| NoteError::Unsigned(key.name().to_owned()))
}

/// `timestamped_signature` of C2SP tlog-cosignature.
fn timestamped(key: &NoteKey, content: &[u8], text: &str) -> Option<u64> {
    let (time, signature) = content.split_first_chunk::<8>()?;
    let seconds = u64::from_be_bytes(*time);
    let sound = i64::try_from(seconds).is_ok() && key.verifies(message(seconds, text).as_bytes(), signature);
    sound.then_some(seconds)
}

/// How many different witnesses have cosigned. A known witness's wrong signature condemns the
/// note (C2SP signed-note); one who has not signed does not.
pub fn count(note: &str, witnesses: &[NoteKey]) -> Result<usize, NoteError> {
    let mut seen = Vec::new();
    for key in witnesses {
        match open_cosignature(note, key) {
            // By key, not by name: one key under two names is one witness.
            Ok(_) if !seen.contains(&key.public()) => seen.push(key.public()),
            Ok(_) | Err(NoteError::Unsigned(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(seen.len())
}

/// Takes those lines of a witness's answer that are sound cosignatures by keys that we know, and
/// gives the note with them. Others are passed over (C2SP tlog-witness).
pub fn accept(note: &str, answer: &str, witnesses: &[NoteKey]) -> Result<String, NoteError> {
    let lines = parse_lines(answer.strip_suffix('\n').ok_or(NoteError::Malformed)?)?;
    let bare = Note::parse(note)?.text.to_owned();
    let mut grown = note.to_owned();
    for line in lines {
        let alone = format!("{bare}\n{}\n", line.whole);
        if witnesses.iter().any(|key| open_cosignature(&alone, key).is_ok()) {
            grown = add_signature(&grown, line.whole)?;
        }
    }
    Ok(grown)
}
