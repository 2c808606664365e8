//! Signed notes as text (C2SP signed-note): what is signed, and who says that they signed it.
//! No signature is checked here.

use crate::text;

/// Longer notes are refused unread: ours have some hundred bytes for each witness.
const LONGEST: usize = 64 * 1024;
/// C2SP signed-note asks for 16 at least.
const MOST_SIGNATURES: usize = 64;
/// How a signature line begins: an em dash and a blank.
const MARK: &str = "\u{2014} ";

/// Why a note is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Not a text, a blank line and signature lines.
    #[error("this is not a signed note")]
    Malformed,
    /// Signed, but the text is not a tree head.
    #[error("the signed text is not a checkpoint: origin, size and root hash are expected")]
    NotACheckpoint,
    /// There is no signature by this key.
    #[error("{0} has not signed this")]
    Unsigned(String),
    /// There is one, and it is wrong.
    #[error("the signature by {0} is wrong: the text was changed, or another key made it")]
    WrongSignature(String),
    /// No key is known for this log.
    #[error("this checkpoint is of the log {0}, whose key was not given")]
    UnknownLog(String),
    /// The key of one log has signed for another.
    #[error("this checkpoint is of the log {found}, not of {expected}")]
    OtherLog {
        /// The log whose key was given.
        expected: String,
        /// The log that the checkpoint names.
        found: String,
    },
    /// The key is for logs and a witness's is needed, or the other way round.
    #[error("{0} is the wrong kind of key for this")]
    WrongKind(String),
    /// Fewer witnesses than asked for.
    #[error("{found} of the witnesses have signed this, and {wanted} are asked for")]
    TooFewWitnesses {
        /// How many have.
        found: usize,
        /// How many are asked for.
        wanted: usize,
    },
}

/// One signature line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    pub(crate) name: &'a str,
    pub(crate) whole: &'a str,
    base64: &'a str,
}

impl<'a> Line<'a> {
    /// From a line without its line feed.
    pub(crate) fn parse(line: &'a str) -> Result<Self, NoteError> {
        let (name, base64) = line
            .strip_prefix(MARK)
            .and_then(|rest| rest.split_once(' '))
            .ok_or(NoteError::Malformed)?;
        let parsed = Self {
            name,
            whole: line,
            base64,
        };
        let sound = sound_name(name) && parsed.bytes().is_some_and(|bytes| bytes.len() > 4);
        sound.then_some(parsed).ok_or(NoteError::Malformed)
    }

    fn bytes(&self) -> Option<Vec<u8>> {
        text::from_base64(self.base64)
    }

    /// The key's id, and the signature itself.
    pub(crate) fn content(&self) -> Option<([u8; 4], Vec<u8>)> {
        let bytes = self.bytes()?;
        let (id, signature) = bytes.split_first_chunk::<4>()?;
        Some((*id, signature.to_vec()))
    }
}

/// A note taken apart.
#[derive(Debug)]
pub(crate) struct Note<'a> {
    /// What is signed, the last line feed included.
    pub(crate) text: &'a str,
    pub(crate) lines: Vec<Line<'a>>,
}

impl<'a> Note<'a> {
    pub(crate) fn parse(note: &'a str) -> Result<Self, NoteError> {
        let control = note.bytes().any(|byte| byte < b' ' && byte != b'\n');
        if control || note.len() > LONGEST {
            return Err(NoteError::Malformed);
        }
        // The last empty line parts text and signatures.
        let blank = note.rfind("\n\n").ok_or(NoteError::Malformed)?;
        let (text, rest) = note.split_at(blank.saturating_add(1));
        let signatures = rest.strip_prefix('\n').and_then(|rest| rest.strip_suffix('\n'));
        let lines = parse_lines(signatures.ok_or(NoteError::Malformed)?)?;
        Ok(Self { text, lines })
    }

    /// The signatures that say they are by this key.
    pub(crate) fn by(&self, name: &str, id: [u8; 4]) -> Vec<Vec<u8>> {
        let lines = self.lines.iter().filter(|line| line.name == name);
        lines
            .filter_map(Line::content)
            .filter_map(|(found, signature)| (found == id).then_some(signature))
            .collect()
    }
}

/// Signature lines parted by line feeds, none behind the last.
pub(crate) fn parse_lines(lines: &str) -> Result<Vec<Line<'_>>, NoteError> {
    let lines: Vec<Line<'_>> = lines.split('\n').map(Line::parse).collect::<Result<_, _>>()?;
    if lines.len() > MOST_SIGNATURES {
        return Err(NoteError::Malformed);
    }
    Ok(lines)
}

/// A signature line, its line feed included.
pub(crate) fn line(name: &str, id: [u8; 4], signature: &[u8]) -> String {
    let content = [id.as_slice(), signature].concat();
    format!("{MARK}{name} {}\n", text::base64(&content))
}

/// Neither blanks nor `+`, which part a key's text, nor line feeds.
pub(crate) fn sound_name(name: &str) -> bool {
    let unsound = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    !name.is_empty() && !name.contains(unsound)
}
