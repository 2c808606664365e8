//! Proofs checked (RFC 6962, section 2.1, in the algorithms of RFC 9162, section 2.1), and the
//! text that carries one (C2SP tlog-proof).

use crate::{
    EMPTY_ROOT, Hash,
    checkpoint::{self, Checkpoint, NoteError, NoteKey},
    node_hash, text, witness,
};

const HEADER: &str = "c2sp.org/tlog-proof@v1";
/// A tree of 2^64 leaves has no longer way to its root.
const LONGEST: usize = 64;

/// Why a proof does not convince.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The text is not a proof.
    #[error("this is not a proof in the form c2sp.org/tlog-proof@v1")]
    Malformed,
    /// The leaf cannot be in a tree of this size.
    #[error("leaf {index} is not in a tree of {size}")]
    NotInTree {
        /// Which leaf.
        index: u64,
        /// How many the tree has.
        size: u64,
    },
    /// The later tree is the smaller one.
    #[error("a tree of {new} cannot have grown out of one of {old}")]
    Shrunk {
        /// The size before.
        old: u64,
        /// The size that is said to be later.
        new: u64,
    },
    /// Hashes are missing or left over.
    #[error("the proof has the wrong number of hashes for these sizes")]
    WrongLength,
    /// The hashes lead elsewhere.
    #[error("the proof does not lead to the root: the event, its place or the tree was changed")]
    WrongRoot,
    /// Two trees of one size differ.
    #[error("two trees of the same size have different roots: the log was forked or rewritten")]
    Forked,
    /// The checkpoint is not believed.
    #[error(transparent)]
    Note(#[from] NoteError),
}

/// Whether `leaf` is number `index` in the tree of `size` with this `root` (RFC 9162, section
/// 2.1.3.2).
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::NotInTree { index, size });
    }
    let (mut here, mut last) = (index, size.saturating_sub(1));
    let mut hash = *leaf;
    for beside in proof {
        if last == 0 {
            return Err(ProofError::WrongLength);
        }
        if here & 1 == 1 || here == last {
            hash = node_hash(beside, &hash);
            climb(&mut here, &mut last);
        } else {
            hash = node_hash(&hash, beside);
        }
        here >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(ProofError::WrongLength);
    }
    if hash == *root {
        Ok(())
    } else {
        Err(ProofError::WrongRoot)
    }
}

/// Up to where the way turns from the left, where the tree's right edge has no neighbour.
const fn climb(here: &mut u64, last: &mut u64) {
    while *here & 1 == 0 && *here != 0 {
        *here >>= 1;
        *last >>= 1;
    }
}

/// Whether the `new` tree begins with the `old` one (RFC 9162, section 2.1.4.2). Every tree
/// begins with the empty one.
pub fn verify_consistency(old: (u64, &Hash), new: (u64, &Hash), proof: &[Hash]) -> Result<(), ProofError> {
    let ((old, old_root), (new, new_root)) = (old, new);
    if old > new {
        return Err(ProofError::Shrunk { old, new });
    }
    if old == new || old == 0 {
        return trivially_consistent((old, old_root), (new, new_root), proof);
    }
    let (mut here, mut last) = (old.saturating_sub(1), new.saturating_sub(1));
    while here & 1 == 1 {
        here >>= 1;
        last >>= 1;
    }
    // A perfect old tree is a node of the new one, so its root need not be in the proof.
    let (first, rest) = if old.is_power_of_two() {
        (*old_root, proof)
    } else {
        let (first, rest) = proof.split_first().ok_or(ProofError::WrongLength)?;
        (*first, rest)
    };
    let (mut before, mut after) = (first, first);
    for beside in rest {
        if last == 0 {
            return Err(ProofError::WrongLength);
        }
        if here & 1 == 1 || here == last {
            before = node_hash(beside, &before);
            after = node_hash(beside, &after);
            climb(&mut here, &mut last);
        } else {
            after = node_hash(&after, beside);
        }
        here >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(ProofError::WrongLength);
    }
    if before == *old_root && after == *new_root {
        Ok(())
    } else {
        Err(ProofError::WrongRoot)
    }
}

fn trivially_consistent(old: (u64, &Hash), new: (u64, &Hash), proof: &[Hash]) -> Result<(), ProofError> {
    if !proof.is_empty() {
        return Err(ProofError::WrongLength);
    }
    if old.0 == new.0 && old.1 != new.1 {
        return Err(ProofError::Forked);
    }
    if [old, new]
        .iter()
        .any(|(size, root)| *size == 0 && **root != EMPTY_ROOT)
    {
        return Err(ProofError::WrongRoot);
    }
    Ok(())
}

/// That an event is in the log, in one text that is checked without asking anybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlogProof {
    /// The leaf's number.
    pub index: u64,
    /// The way to the root, the leaf's neighbour first.
    pub hashes: Vec<Hash>,
    /// The signed checkpoint, with its cosignatures.
    pub checkpoint: String,
}

impl TlogProof {
    /// As it is handed out.
    pub fn to_text(&self) -> String {
        let hashes: String = self.hashes.iter().map(|hash| hash.to_base64() + "\n").collect();
        format!("{HEADER}\nindex {}\n{hashes}\n{}", self.index, self.checkpoint)
    }

    /// From its text. An `extra` line, which nobody signs, is passed over.
    pub fn parse(text: &str) -> Result<Self, ProofError> {
        let (head, checkpoint) = text.split_once("\n\n").ok_or(ProofError::Malformed)?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(HEADER) {
            return Err(ProofError::Malformed);
        }
        if let Some(extra) = lines.next_if(|line| line.starts_with("extra ")) {
            let opaque = extra.strip_prefix("extra ").and_then(text::from_base64);
            opaque.ok_or(ProofError::Malformed)?;
        }
        let index = lines
            .next()
            .and_then(|line| line.strip_prefix("index "))
            .and_then(text::from_decimal)
            .ok_or(ProofError::Malformed)?;
        let hashes: Vec<Hash> = lines
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map_err(|_| ProofError::Malformed)?;
        checkpoint::peek(checkpoint)?;
        if hashes.len() > LONGEST {
            return Err(ProofError::Malformed);
        }
        Ok(Self {
            index,
            hashes,
            checkpoint: checkpoint.to_owned(),
        })
    }

    /// Checks the log's signature, that at least `quorum` of the witnesses have cosigned, and
    /// that `leaf` is where the proof says. Gives the checkpoint that it hangs on.
    pub fn verify(
        &self,
        leaf: &Hash,
        log: &NoteKey,
        witnesses: &[NoteKey],
        quorum: usize,
    ) -> Result<Checkpoint, ProofError> {
        let checkpoint = checkpoint::open(&self.checkpoint, log)?;
        let found = witness::count(&self.checkpoint, witnesses)?;
        if found < quorum {
            return Err(NoteError::TooFewWitnesses {
                found,
                wanted: quorum,
            }
            .into());
        }
        verify_inclusion(leaf, self.index, checkpoint.size, &self.hashes, &checkpoint.root)?;
        Ok(checkpoint)
    }
}
