//! Where a sealed value belongs, as bytes that cannot be read two ways.

/// Separates these bytes from any other use of the same keys.
const LABEL: &[u8] = b"loomwire/vault";

/// What is being sealed: a secret and a wrapped key never stand in for one another.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    Secret = 1,
    DataKey = 2,
}

/// Where a sealed value belongs. It is authenticated with the value and stored nowhere: the
/// reader names the place that it reads from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aad<'a> {
    /// The organisation's id, or a fixed word for what belongs to the installation.
    pub tenant: &'a str,
    /// The table.
    pub table: &'a str,
    /// The row's primary key, as text.
    pub row: &'a str,
    /// The column.
    pub column: &'a str,
    /// The version of the key that seals.
    pub key_version: u32,
}

impl Aad<'_> {
    /// Every part with its length before it, so that no two places have the same bytes.
    pub(crate) fn to_bytes(self, format: u8, purpose: Purpose) -> Vec<u8> {
        let parts = [self.tenant, self.table, self.row, self.column];
        let length = parts.iter().map(|part| part.len() + 8).sum::<usize>();
        let mut bytes = Vec::with_capacity(LABEL.len() + 2 + length + 4);
        bytes.extend_from_slice(LABEL);
        bytes.push(format);
        bytes.push(purpose as u8);
        for part in parts {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
        bytes.extend_from_slice(&self.key_version.to_be_bytes());
        bytes
    }
}
