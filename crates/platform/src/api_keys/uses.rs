//! When keys were used last: gathered in memory, written in batches.

use std::collections::BTreeMap;

use types::{ApiKeyId, Timestamp};

use super::store;
use crate::{Result, audit::Tx};

/// Rows of one statement.
const ROWS: usize = 900;

/// Last uses that are not written yet. In one order on every server, so that no two wait for each
/// other's rows.
#[derive(Default)]
pub(crate) struct Uses(BTreeMap<ApiKeyId, Timestamp>);

impl Uses {
    pub(crate) fn note(&mut self, key: ApiKeyId, at: Timestamp) {
        let last = self.0.entry(key).or_insert(at);
        *last = at.max(*last);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn join(&mut self, others: Self) {
        for (key, at) in others.0 {
            self.note(key, at);
        }
    }

    pub(crate) async fn write(&self, tx: &mut Tx) -> Result<()> {
        let rows: Vec<(String, i64)> = self
            .0
            .iter()
            .map(|(key, at)| (key.to_string(), at.as_millis()))
            .collect();
        for some in rows.chunks(ROWS) {
            store::used(tx, some).await?;
        }
        Ok(())
    }
}
