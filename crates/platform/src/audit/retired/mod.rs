//! Taking events out whose time is over: what the domain calls retirement.
//!
//! Rows go, with their sealed fields, their blind index and whatever is searched by; their leaf
//! hashes stay in `audit_retired`, and one event tells how many, which places, and a digest over
//! them, so that whoever checks offline can tell what was retired from what was deleted.
//!
//! It is not the policy: how long events are kept, and what is held, is `crate::retention`.
//!
//! **Invariant**: only events that have their place are retired, and no event `audit.retired`:
//! it explains the places of the others.

mod store;

use db::Conn;
use ledger::{Hash, event::RetirementDigest};
use types::{AuditEventId, Timestamp};

use super::Tx;
use crate::Result;

/// An event whose time is over, and that nothing holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Due {
    /// Its id.
    pub(crate) id: String,
    /// Its place.
    pub(crate) leaf: i64,
    hash: Vec<u8>,
    canonical: String,
}

/// Somebody whose events are held: those that they did, and those that were done to them.
pub(crate) struct HeldPerson {
    /// Who.
    pub(crate) id: String,
    /// What happened within these times, half-open.
    pub(crate) times: (Timestamp, Timestamp),
}

/// What [`due`] looks for.
pub(crate) struct Search<'a> {
    /// Whose log; empty: the installation's own.
    pub(crate) tenant: &'a str,
    /// Events from before this id.
    pub(crate) before: AuditEventId,
    /// Ranges of ids that are held, half-open.
    pub(crate) held: &'a [(AuditEventId, AuditEventId)],
    /// People whose events are held.
    pub(crate) people: &'a [HeldPerson],
    /// At most so many.
    pub(crate) limit: usize,
}

/// Events that can go, oldest first, and whether some were passed over since they are held.
///
/// # Errors
/// If the database fails.
pub(crate) async fn due(conn: &mut Conn, search: &Search<'_>) -> Result<(Vec<Due>, bool)> {
    const PAGE: i64 = 1000;
    let ranges: Vec<(String, String)> = search
        .held
        .iter()
        .map(|(from, before)| (from.to_string(), before.to_string()))
        .collect();
    let end = search.before.to_string();
    let mut from = AuditEventId::from_u128(0).to_string();
    let (mut found, mut held) = (Vec::new(), false);
    while found.len() < search.limit {
        let rows = store::sequenced_before(conn, search.tenant, (&from, &end), PAGE).await?;
        let Some(last) = rows.last() else { break };
        let mut next = format!("{}~", last.id);
        for row in rows {
            let range = ranges.iter().find(|(start, end)| (start..end).contains(&&row.id));
            if let Some((_, after)) = range {
                // The whole range is passed over.
                held = true;
                next.clone_from(after);
                break;
            }
            if row.concerns(search.people) {
                held = true;
                continue;
            }
            if found.len() < search.limit {
                found.push(Due {
                    id: row.id,
                    leaf: row.leaf_index,
                    hash: row.leaf_hash,
                    canonical: row.canonical,
                });
            }
        }
        from = next;
    }
    Ok((found, held))
}

/// What an `audit.retired` event says of what it retires.
pub(crate) struct Retired {
    /// How many events.
    pub(crate) events: usize,
    /// The lowest place among them.
    pub(crate) first: i64,
    /// The highest.
    pub(crate) last: i64,
    /// The digest, in hex.
    pub(crate) digest: String,
}

/// Takes these events out, in the name of the event `by`, which is written in the same
/// transaction.
///
/// # Errors
/// If the database fails.
pub(crate) async fn retire(
    tx: &mut Tx,
    tenant: &str,
    mut events: Vec<Due>,
    by: AuditEventId,
) -> Result<Option<Retired>> {
    events.sort_by_key(|event| event.leaf);
    let (Some(first), Some(last)) = (events.first(), events.last()) else {
        return Ok(None);
    };
    let (first, last) = (first.leaf, last.leaf);
    let mut digest = RetirementDigest::new();
    for event in &events {
        let index = u64::try_from(event.leaf).map_err(crate::Error::internal)?;
        let hash = <[u8; 32]>::try_from(event.hash.as_slice()).map_err(crate::Error::internal)?;
        digest.add(index, &Hash(hash));
    }
    let by = by.to_string();
    for event in &events {
        super::forget(tx, &event.canonical).await?;
    }
    for some in events.chunks(store::ROWS) {
        store::keep_hashes(tx, tenant, &by, some).await?;
        let ids: Vec<&str> = some.iter().map(|event| event.id.as_str()).collect();
        store::remove(tx, &ids).await?;
    }
    Ok(Some(Retired {
        events: events.len(),
        first,
        last,
        digest: hex::encode(digest.finish()),
    }))
}

impl Due {
    pub(super) fn hash(&self) -> &[u8] {
        &self.hash
    }
}
