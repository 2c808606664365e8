//! One proof, and the check that an export's lines go through as well.

use std::{collections::BTreeMap, fs, path::Path};

use ledger::{
    Hash,
    bundle::Bundle,
    checkpoint::{self, Checkpoint, NoteError},
    leaf_hash,
    proof::{ProofError, TlogProof, verify_inclusion},
    verify::opens,
    witness,
};
use platform::audit::walk::Trust;

use super::{
    Unchecked, Verdict,
    bundles::Entry,
    report::{names, thousands},
};

/// Proofs checked one after the other: a checkpoint is opened once for all that hang on it.
pub(super) struct Checker<'a> {
    trust: &'a Trust,
    /// Opened checkpoints by their text.
    opened: BTreeMap<String, Checkpoint>,
    /// Roots by log and size: a second one is a fork.
    roots: BTreeMap<(String, u64), Hash>,
    /// Remembered checkpoints that one of the same size was found for.
    pub(super) recognised: usize,
}

impl<'a> Checker<'a> {
    /// # Errors
    /// If a remembered checkpoint is not sound itself.
    pub(super) fn new(trust: &'a Trust) -> Result<Self, Unchecked> {
        let mut checker = Self {
            trust,
            opened: BTreeMap::new(),
            roots: BTreeMap::new(),
            recognised: 0,
        };
        for note in &trust.remembered {
            let head = checker
                .open(note)
                .map_err(|why| Unchecked(format!("--checkpoint: {why}")))?;
            let before = checker.roots.insert((head.origin, head.size), head.root);
            if before.is_some_and(|root| root != head.root) {
                return Err(Unchecked::because("the given checkpoints contradict each other"));
            }
        }
        Ok(checker)
    }

    fn open(&self, note: &str) -> Result<Checkpoint, NoteError> {
        let origin = checkpoint::peek(note)?.origin;
        match self.trust.logs.iter().find(|key| key.name() == origin) {
            Some(key) => checkpoint::open(note, key),
            None => Err(NoteError::UnknownLog(origin)),
        }
    }

    /// The checkpoint under a proof, with its signatures checked.
    fn head(&mut self, note: &str) -> Result<Checkpoint, ProofError> {
        if let Some(head) = self.opened.get(note) {
            return Ok(head.clone());
        }
        let head = self.open(note)?;
        let found = witness::count(note, &self.trust.witnesses)?;
        if found < self.trust.quorum {
            let wanted = self.trust.quorum;
            return Err(NoteError::TooFewWitnesses { found, wanted }.into());
        }
        match self.roots.insert((head.origin.clone(), head.size), head.root) {
            Some(root) if root != head.root => return Err(ProofError::Forked),
            Some(_) => self.recognised = self.recognised.saturating_add(1),
            None => {}
        }
        self.opened.insert(note.to_owned(), head.clone());
        Ok(head)
    }

    /// Checks an event with its proof; gives the checkpoint that it hangs on.
    pub(super) fn check(&mut self, entry: &Entry) -> Result<Checkpoint, String> {
        let Bundle {
            canonical,
            leaf_index,
            opened,
            proof,
        } = &entry.bundle;
        let proof = TlogProof::parse(proof).map_err(|why| why.to_string())?;
        if proof.index != *leaf_index {
            return Err(format!(
                "it is said to be row {leaf_index}, and its proof is for row {}",
                proof.index
            ));
        }
        let head = self.head(&proof.checkpoint).map_err(|why| why.to_string())?;
        let leaf = leaf_hash(canonical.as_bytes());
        verify_inclusion(&leaf, proof.index, head.size, &proof.hashes, &head.root)
            .map_err(|why| why.to_string())?;
        let event = serde_json::from_str(canonical).map_err(|_| "its text is not JSON".to_owned())?;
        for (field, value) in opened {
            let salt = hex::decode(&value.salt)
                .ok()
                .and_then(|salt| salt.try_into().ok());
            let salt = salt.ok_or_else(|| format!("the salt of `{field}` is not 32 bytes in hex"))?;
            opens(*leaf_index, &event, field, &value.value, &salt).map_err(|why| why.to_string())?;
        }
        match entry.contradiction(&event) {
            None => Ok(head),
            Some(name) => Err(format!(
                "the `{name}` beside it says something else than the event itself"
            )),
        }
    }
}

/// One event's proof from a file.
pub(super) fn check(file: &Path, event: Option<&Path>, trust: &Trust) -> Result<Verdict, Unchecked> {
    let read =
        |path: &Path| fs::read_to_string(path).map_err(|why| Unchecked(format!("{}: {why}", path.display())));
    let text = read(file)?;
    let event = event.map(read).transpose()?;
    let mut checker = Checker::new(trust)?;
    Ok(match single(&text, event) {
        Err(why) => return Err(why),
        Ok(entry) => match checker.check(&entry) {
            Ok(head) => Verdict::Sound(sound(&entry.bundle, &head, trust)),
            Err(why) => Verdict::Bad(format!(
                "The proof does not hold.\nFirst bad row: {}\nRow {}: {why}.\n",
                entry.bundle.leaf_index, entry.bundle.leaf_index
            )),
        },
    })
}

/// What the console gives, or a C2SP tlog-proof and the event's text from another file.
pub(super) fn single(text: &str, event: Option<String>) -> Result<Entry, Unchecked> {
    let proof = TlogProof::parse(text);
    match (proof, event) {
        (Ok(proof), Some(canonical)) => {
            let line = serde_json::json!({
                // An editor ends a file with a line feed; an event's text has none.
                "canonical": canonical.strip_suffix('\n').unwrap_or(&canonical),
                "leafIndex": proof.index,
                "proof": text,
            });
            Entry::from_json(&line.to_string()).map_err(Unchecked)
        }
        (Ok(_), None) => Err(Unchecked::because(
            "a tlog-proof does not have the event itself: give its text with --event",
        )),
        (Err(_), Some(_)) => Err(Unchecked::because(
            "the file is no tlog-proof, and --event is for those",
        )),
        (Err(_), None) => Entry::from_json(text).map_err(Unchecked),
    }
}

fn sound(bundle: &Bundle, head: &Checkpoint, trust: &Trust) -> String {
    let witnessed = if trust.quorum == 0 {
        "no witness was asked for".to_owned()
    } else {
        format!(
            "at least {} of {} have signed it too",
            trust.quorum,
            names(&trust.witnesses)
        )
    };
    format!(
        "The event is row {} of the log {}, as it stands here.\n\
         The checkpoint is of {} rows; {witnessed}.\n",
        thousands(bundle.leaf_index),
        head.origin,
        thousands(head.size)
    )
}
