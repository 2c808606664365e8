//! The audit log's own proof: each leaf hash is that of its event, before and after.
//!
//! The one place in this crate that knows a table of the product, for a copy that broke the
//! log unseen would be worth nothing.

use sha2::{Digest as _, Sha256};

use super::catalogue::Table;
use super::mark::hex;
use super::refusal;
use super::rows::{Row, Value};
use crate::DbError;

/// The audit log of a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// How many events.
    pub events: u64,
    /// SHA-256 over all their leaf hashes in the order of ids, in hex.
    pub leaves: String,
}

/// A running hash over the leaf hashes.
pub(super) struct Leaves {
    canonical: usize,
    leaf_hash: usize,
    events: u64,
    hash: Sha256,
}

impl Leaves {
    /// None for any other table.
    pub(super) fn of(table: &Table) -> Option<Self> {
        let place = |name| table.columns.iter().position(|column| column.name == name);
        let (canonical, leaf_hash) = (place("canonical")?, place("leaf_hash")?);
        (table.name == "audit_events").then(|| Self {
            canonical,
            leaf_hash,
            events: 0,
            hash: Sha256::new(),
        })
    }

    pub(super) fn add(&mut self, rows: &[Row]) -> Result<(), DbError> {
        for row in rows {
            let (Some(Value::Text(canonical)), Some(Value::Blob(leaf))) =
                (row.get(self.canonical), row.get(self.leaf_hash))
            else {
                return Err(broken(row));
            };
            // RFC 6962, section 2.1: a leaf is hashed behind a zero byte.
            let expected = Sha256::new().chain_update([0]).chain_update(canonical).finalize();
            if expected.as_slice() != leaf.as_slice() {
                return Err(broken(row));
            }
            self.hash.update(leaf);
            self.events += 1;
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Audit {
        Audit {
            events: self.events,
            leaves: hex(&self.hash.finalize()),
        }
    }
}

fn broken(row: &Row) -> DbError {
    let id = match row.first() {
        Some(Value::Text(id)) => id,
        _ => "without an id",
    };
    refusal(format!(
        "The audit event {id} does not fit its leaf hash, in the source already: it was changed \
         after it was written. Keep the source as it is and look into it"
    ))
}
