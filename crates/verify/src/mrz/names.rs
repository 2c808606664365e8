//! Names (9303-3, 4.6): primary identifier, `<<`, secondary identifier; components apart by `<`.

use std::fmt;

use super::{
    format::Span,
    personal::{Personal, trim_end},
    problem::{Fault, Reason},
};

/// A holder's name as the lines write it: no accents, no punctuation, perhaps cut short.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    primary: &'a [u8],
    secondary: &'a [u8],
    truncated: bool,
}

impl Names<'_> {
    /// The primary identifier, mostly the family name, its components apart by a space.
    pub fn primary(&self) -> Personal {
        Personal::join(components(self.primary), Some(' '))
    }

    /// The secondary identifier, mostly given names; empty if there is none.
    pub fn secondary(&self) -> Personal {
        Personal::join(components(self.secondary), Some(' '))
    }

    /// Whether the name must be treated as cut short: a letter stands in the last position of
    /// its field, even if the name happens to fit exactly (9303-4, 4.2.3).
    pub fn truncated(&self) -> bool {
        self.truncated
    }
}

impl fmt::Debug for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Names")
            .field("truncated", &self.truncated)
            .finish_non_exhaustive()
    }
}

fn components(identifier: &[u8]) -> impl Iterator<Item = &[u8]> {
    identifier
        .split(|byte| *byte == b'<')
        .filter(|component| !component.is_empty())
}

/// Takes a name field apart. `span` is where it stands, for the fault.
pub(super) fn parse(field: &[u8], span: Span) -> Result<Names<'_>, Fault> {
    let at = |offset, reason| Fault::at(span.char_at(offset), reason);
    let name = trim_end(field);
    if name.is_empty() {
        return Err(at(0, Reason::Missing));
    }
    if let Some(offset) = name.iter().position(u8::is_ascii_digit) {
        return Err(at(offset, Reason::DigitInName));
    }
    if name.starts_with(b"<") {
        return Err(at(0, Reason::NoPrimaryIdentifier));
    }
    let split = name
        .windows(2)
        .position(|pair| pair == b"<<")
        .unwrap_or(name.len());
    let (primary, rest) = name.split_at(split);
    let secondary = rest.strip_prefix(b"<<").unwrap_or_default();
    if secondary.starts_with(b"<") {
        return Err(at(split + 2, Reason::SurplusSeparator));
    }
    if let Some(offset) = secondary.windows(2).position(|pair| pair == b"<<") {
        return Err(at(split + 2 + offset, Reason::SurplusSeparator));
    }
    Ok(Names {
        primary,
        secondary,
        truncated: name.len() == field.len(),
    })
}
