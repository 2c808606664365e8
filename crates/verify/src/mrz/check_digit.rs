//! Check digits (9303-3, 4.9): the sum of values times 7, 3, 1, 7, 3, 1 .., modulo 10.
//!
//! What it can see of one changed character: all weights are coprime to 10, so a change is
//! missed exactly if the two characters' values are equal modulo 10. These are the groups
//! within which it is blind: `<0AKU 1BLV 2CMW 3DNX 4EOY 5FPZ 6GQ 7HR 8IS 9JT`.

use std::fmt;

use super::format::Field;

/// A check digit of the document, and what it ought to be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CheckDigit {
    /// What it is computed over.
    pub field: Field,
    /// Its line, from 1.
    pub line: usize,
    /// Its position in the line, from 1.
    pub position: usize,
    /// What it ought to be.
    pub expected: char,
    /// What stands there.
    pub found: char,
    /// Whether that is right. It can be with `<` for an expected `0`, where the field of a
    /// passport's personal number is unused (9303-4, 4.2.2.2).
    pub agrees: bool,
}

impl fmt::Debug for CheckDigit {
    /// Without the digits, which are the document's.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckDigit")
            .field("field", &self.field)
            .field("line", &self.line)
            .field("position", &self.position)
            .field("agrees", &self.agrees)
            .finish_non_exhaustive()
    }
}

/// The check digit of a field; `None` if the text has a character other than `A`-`Z`, `0`-`9`
/// and `<`.
pub fn check_digit(field: &str) -> Option<char> {
    field
        .bytes()
        .all(super::inspect::is_allowed)
        .then(|| digit_over([field.as_bytes()]))
}

/// The check digit over pieces that are weighed as if they stood next to each other.
pub(super) fn digit_over<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> char {
    let bytes = pieces.into_iter().flatten();
    let sum: u32 = bytes
        .zip([7, 3, 1].into_iter().cycle())
        .map(|(byte, w)| value(*byte) * w)
        .sum();
    char::from_digit(sum % 10, 10).unwrap_or('0')
}

/// `0`-`9` count as themselves, `A`-`Z` as 10 to 35, the filler as 0.
const fn value(byte: u8) -> u32 {
    match byte {
        b'0'..=b'9' => (byte - b'0') as u32,
        b'A'..=b'Z' => (byte - b'A') as u32 + 10,
        _ => 0,
    }
}
