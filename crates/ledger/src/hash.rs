//! The hashes of RFC 6962, section 2.1.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::{Digest as _, Sha256};

use crate::text;

/// How many bytes a hash has.
pub(crate) const LENGTH: usize = 32;

/// SHA-256 of a leaf, a node or an empty tree. Shown in hex; in JSON, notes and proofs base64.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; LENGTH]);

/// The root of a tree without leaves: the hash of an empty string.
pub const EMPTY_ROOT: Hash = Hash([
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27,
    0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
]);

/// A leaf's hash: behind a zero byte, so that no leaf can pass for a node.
pub fn leaf_hash(canonical: &[u8]) -> Hash {
    let digest = Sha256::new().chain_update([0]).chain_update(canonical);
    Hash(digest.finalize().into())
}

/// A node's hash: behind a one byte.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let digest = Sha256::new().chain_update([1]).chain_update(left.0);
    Hash(digest.chain_update(right.0).finalize().into())
}

/// The text is not 32 bytes in base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a hash: 32 bytes in base64 are expected")]
pub struct UnreadableHash;

impl Hash {
    /// From bytes, where there are 32 of them.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; LENGTH] {
        &self.0
    }

    /// As notes and proofs write it: standard base64 with padding (RFC 4648, section 4).
    pub fn to_base64(&self) -> String {
        text::base64(&self.0)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Hash {
    type Err = UnreadableHash;

    /// From base64.
    fn from_str(line: &str) -> Result<Self, UnreadableHash> {
        let bytes = text::from_base64(line).ok_or(UnreadableHash)?;
        Self::from_slice(&bytes).ok_or(UnreadableHash)
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_base64())
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let line = String::deserialize(deserializer)?;
        line.parse().map_err(D::Error::custom)
    }
}
