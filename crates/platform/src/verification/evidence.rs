//! What a person's document says, while it is looked at.

use std::fmt;

use zeroize::Zeroizing;

/// The machine-readable lines of a document, as given. Wiped when dropped, never printed,
/// never written.
pub struct Evidence(Vec<Zeroizing<String>>);

impl Evidence {
    /// Takes the lines over; the caller's own copies are the caller's to wipe.
    pub fn new(lines: impl IntoIterator<Item = String>) -> Self {
        Self(lines.into_iter().map(Zeroizing::new).collect())
    }

    pub(super) fn lines(&self) -> Vec<&str> {
        self.0.iter().map(|line| line.as_str()).collect()
    }
}

impl fmt::Debug for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Evidence({} lines)", self.0.len())
    }
}
