//! Rows that are gone by policy: each is covered by an event that tells of it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Fault;
use crate::{Hash, event::RetirementDigest};

/// The code of the event that tells of retired rows, and where it has their digest.
const ACTION: &str = "audit.retired";
const DIGEST: &str = "digest";

#[derive(Debug)]
struct Covered {
    first: u64,
    digest: RetirementDigest,
}

/// What is claimed to be retired, and what events say was.
#[derive(Debug, Default)]
pub(super) struct Retirements {
    covered: BTreeMap<String, Covered>,
    told: BTreeMap<String, String>,
}

impl Retirements {
    /// A retired row, in order of its index.
    pub(super) fn row(&mut self, index: u64, leaf: &Hash, event: &str) {
        let covered = self.covered.entry(event.to_owned()).or_insert_with(|| Covered {
            first: index,
            digest: RetirementDigest::new(),
        });
        covered.digest.add(index, leaf);
    }

    /// An event that is there: it may be one that tells of retired rows.
    pub(super) fn event(&mut self, canonical: &Value) {
        if canonical.get("action").and_then(Value::as_str) != Some(ACTION) {
            return;
        }
        let id = canonical.get("id").and_then(Value::as_str);
        let digest = canonical
            .get("metadata")
            .and_then(|metadata| metadata.get(DIGEST));
        if let (Some(id), Some(digest)) = (id, digest.and_then(Value::as_str)) {
            self.told.insert(id.to_owned(), digest.to_owned());
        }
    }

    /// Events that rows name and that were not seen.
    pub(super) fn untold(&self) -> Vec<String> {
        let missing = self
            .covered
            .keys()
            .filter(|event| !self.told.contains_key(*event));
        missing.cloned().collect()
    }

    /// All the rows that an event retired.
    pub(super) fn recount(&mut self, event: &str, rows: impl IntoIterator<Item = (u64, Hash)>) {
        if let Some(covered) = self.covered.get_mut(event) {
            covered.digest = RetirementDigest::new();
            for (index, leaf) in rows {
                covered.digest.add(index, &leaf);
            }
        }
    }

    /// Whether each retired row is one of those that its event tells of.
    pub(super) fn settle(self) -> Result<(), Fault> {
        let mut faults = Vec::new();
        for (event, covered) in self.covered {
            let what = match self.told.get(&event) {
                None => "there is no such event",
                Some(digest) if *digest == hex::encode(covered.digest.finish()) => continue,
                Some(_) => "that event tells of other rows",
            };
            faults.push(Fault::Retirement {
                row: covered.first,
                event,
                what,
            });
        }
        faults.sort_by_key(Fault::row);
        faults.into_iter().next().map_or(Ok(()), Err)
    }
}
