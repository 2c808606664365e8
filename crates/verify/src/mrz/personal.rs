//! Text about a person, which must not leak by accident.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::format::{Format, Span};

/// Text about a person: no `Display`, a `Debug` that shows nothing, wiped on drop.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Personal(String);

impl Personal {
    /// From pieces of the lines, with or without something between them.
    pub(super) fn join<'a>(pieces: impl Iterator<Item = &'a [u8]>, separator: Option<char>) -> Self {
        // No name or number is longer than a line, so the buffer never grows: growing would
        // leave the old one behind unwiped.
        let mut text = String::with_capacity(LONGEST_LINE);
        for (index, piece) in pieces.enumerate() {
            text.extend(separator.filter(|_| index > 0));
            text.extend(piece.iter().copied().map(char::from));
        }
        Self(text)
    }

    /// The text itself. Whoever asks is responsible for where it goes.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

const LONGEST_LINE: usize = 44;
/// Three lines of 30 characters.
const LONGEST_TEXT: usize = 90;

/// The lines, one after another, on the heap so that moving a reading copies nothing.
pub(super) struct Text {
    bytes: Box<Zeroizing<[u8; LONGEST_TEXT]>>,
    stride: usize,
}

impl Text {
    /// Takes lines whose number and length were found to be the format's.
    pub(super) fn new(format: Format, lines: &[&str]) -> Self {
        let mut bytes = Box::new(Zeroizing::new([b'<'; LONGEST_TEXT]));
        let stride = format.length();
        for (target, line) in bytes.chunks_exact_mut(stride).zip(lines) {
            for (place, byte) in target.iter_mut().zip(line.bytes()) {
                *place = byte;
            }
        }
        Self { bytes, stride }
    }

    /// The characters of a field; empty if it were outside, which no layout is.
    pub(super) fn get(&self, span: Span) -> &[u8] {
        let start = (span.line - 1) * self.stride + span.from - 1;
        self.bytes.get(start..start + span.length).unwrap_or_default()
    }

    /// The first character of a field.
    pub(super) fn first(&self, span: Span) -> u8 {
        self.get(span).first().copied().unwrap_or(b'<')
    }
}

/// Without the fillers at its end.
pub(super) fn trim_end(field: &[u8]) -> &[u8] {
    let kept = field
        .iter()
        .rposition(|byte| *byte != b'<')
        .map_or(0, |last| last + 1);
    field.get(..kept).unwrap_or_default()
}
