//! One event with all that it takes to check it: a line of an export, and what the browser gets.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A personal value laid open, with the salt of its commitment in hex.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The value.
    pub value: String,
    /// 32 bytes in hex.
    pub salt: String,
}

/// An event with its proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Bundle {
    /// The exact bytes whose hash is the leaf.
    pub canonical: String,
    /// Its place in the log.
    pub leaf_index: u64,
    /// Its personal values by field, as far as the reader may see them and they are not erased.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub opened: BTreeMap<String, Opened>,
    /// A C2SP tlog-proof.
    pub proof: String,
}
