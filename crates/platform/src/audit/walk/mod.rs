//! The whole log, checked where it lies: every row, tile, checkpoint and sealed value.
//!
//! It is for the operator at the host and for nobody's console: it reads every tenant's events,
//! shows none, and says only what is wrong. The checks themselves are `ledger::verify`'s; here
//! the database is read for them. Nothing is written.
//!
//! The log may grow meanwhile. It is checked up to the size that it had at the beginning; a row
//! has its place for ever, so what comes behind does not disturb.

mod store;

use std::collections::BTreeMap;

use db::Conn;
use ledger::{
    Hash,
    checkpoint::{NoteKey, add_signature},
    event::Plain,
    leaf_hash,
    verify::{Fault, Verdict, Walk, opens},
};
use serde_json::Value;
use store::PlacedRow;

use super::append::{personal_aad, personal_row};
use crate::{Ctx, Error, Result};

/// Rows a page: four tiles of them.
const PAGE: u64 = 1024;
/// A salt stands before each sealed value.
const SALT: usize = 32;

/// What the log is held against.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// The log's keys; without any, those that the database itself names.
    pub logs: Vec<NoteKey>,
    /// Witnesses.
    pub witnesses: Vec<NoteKey>,
    /// How many of them must have cosigned a checkpoint.
    pub quorum: usize,
    /// Checkpoints that somebody kept from earlier.
    pub remembered: Vec<String>,
}

/// What a log without a fault has.
#[derive(Clone, Debug)]
pub struct Sound {
    /// What the walk found.
    pub verdict: Verdict,
    /// The keys that the checkpoints were checked with.
    pub logs: Vec<NoteKey>,
    /// Events that wait for their place.
    pub waiting: u64,
    /// Sealed values that open their commitments; `None` if they were not looked at.
    pub opened: Option<u64>,
    /// Sealed values whose key is destroyed: they are erased.
    pub erased: u64,
}

/// Why a walk ended before its end.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    /// Something is wrong with the log.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The database could not be read.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<db::DbError> for Stop {
    fn from(error: db::DbError) -> Self {
        Self::Failed(error.into())
    }
}

/// Checks the log. With `ctx`, whose master key unwraps the data keys, sealed values are opened
/// too. `progress` hears how many rows are done, and of how many.
///
/// # Errors
/// The first [`Fault`]; or that the database cannot be read.
pub async fn walk(
    conn: &mut Conn,
    ctx: Option<&Ctx>,
    trust: Trust,
    progress: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<Sound, Stop> {
    let logs = if trust.logs.is_empty() {
        named_keys(conn).await?
    } else {
        trust.logs
    };
    let end = number(store::reach(conn).await?)?;
    let mut steps = Steps {
        conn,
        ctx,
        walk: Walk::new(logs.clone(), trust.witnesses, trust.quorum).with_tiles(),
        opened: 0,
        erased: 0,
    };
    for note in &trust.remembered {
        steps.walk.remembered(note)?;
    }
    steps.heads(None, 0).await?;
    let mut from = 0;
    while from < end {
        let before = from.saturating_add(PAGE).min(end);
        steps.heads(Some(from), before).await?;
        steps.page(from, before).await?;
        progress(before, end);
        from = before;
    }
    let waiting = steps.rest().await?;
    let (opened, erased) = (ctx.map(|_| steps.opened), steps.erased);
    Ok(Sound {
        verdict: steps.walk.finish()?,
        logs,
        waiting,
        opened,
        erased,
    })
}

async fn named_keys(conn: &mut Conn) -> Result<Vec<NoteKey>, Stop> {
    let keys = super::store::verifier_keys(conn).await?;
    let keys: Result<Vec<NoteKey>, _> = keys.iter().map(|key| key.parse()).collect();
    Ok(keys.map_err(Error::internal)?)
}

fn number(value: i64) -> Result<u64> {
    u64::try_from(value).map_err(Error::internal)
}

fn bound(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn hash(bytes: &[u8], row: u64) -> Result<Hash, Fault> {
    Hash::from_slice(bytes).ok_or(Fault::HashChanged { row })
}

struct Steps<'a> {
    conn: &'a mut Conn,
    ctx: Option<&'a Ctx>,
    walk: Walk,
    opened: u64,
    erased: u64,
}

impl Steps<'_> {
    /// Gives the walk the checkpoints above a size, up to another, with their cosignatures.
    async fn heads(&mut self, above: Option<u64>, up_to: u64) -> Result<(), Stop> {
        let (above, up_to) = (above.map_or(-1, bound), bound(up_to));
        let mut lines: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        for (size, line) in store::cosignatures(self.conn, above, up_to).await? {
            lines.entry(size).or_default().push(line);
        }
        for head in store::heads(self.conn, above, up_to).await? {
            let filed = number(head.tree_size)?;
            let mut note = head.note;
            for line in lines.remove(&head.tree_size).unwrap_or_default() {
                note = add_signature(&note, &line).map_err(|why| Fault::Checkpoint { size: filed, why })?;
            }
            let said = ledger::checkpoint::peek(&note)
                .ok()
                .map(|head| head.root.0.to_vec());
            self.walk.checkpoint(filed, &note)?;
            if said.as_deref() != Some(head.root_hash.as_slice()) {
                return Err(Fault::Misfiled { filed }.into());
            }
        }
        Ok(())
    }

    async fn page(&mut self, from: u64, before: u64) -> Result<(), Stop> {
        let rows = store::placed(self.conn, bound(from), bound(before)).await?;
        let mut events = BTreeMap::new();
        for row in rows {
            self.tiles().await?;
            let index = number(row.leaf_index)?;
            let stored = hash(&row.leaf_hash, index)?;
            if let Some(event) = &row.retired_by {
                self.walk.retired(index, &stored, event)?;
                continue;
            }
            let canonical = row.canonical.as_deref().unwrap_or_default();
            let parsed = self.walk.row(index, canonical, Some(&stored))?;
            columns(index, &row, &parsed)?;
            if self.ctx.is_some() {
                events.insert(row.leaf_index, parsed);
            }
        }
        // Rows may be missing at the page's end: the next one, or the end of the walk, tells.
        if let Some(ctx) = self.ctx {
            self.open_all(ctx, &events, (from, before)).await?;
        }
        Ok(())
    }

    /// Gives the walk the tiles that its next row begins.
    async fn tiles(&mut self) -> Result<(), Stop> {
        for (level, index) in self.walk.wants() {
            let Some(bytes) = store::tile(self.conn, i64::from(level), bound(index)).await? else {
                continue;
            };
            let hashes = bytes.chunks(32).filter_map(Hash::from_slice).collect();
            self.walk.tile(level, index, hashes);
        }
        Ok(())
    }

    /// Opens the sealed values of a page.
    async fn open_all(
        &mut self,
        ctx: &Ctx,
        events: &BTreeMap<i64, Value>,
        (from, before): (u64, u64),
    ) -> Result<(), Stop> {
        for row in store::sealed(self.conn, bound(from), bound(before)).await? {
            let place = number(row.leaf_index)?;
            let Some(event) = events.get(&row.leaf_index) else {
                continue;
            };
            let Some(key) = ctx.data_key_by_id(self.conn, &row.data_key_id).await? else {
                self.erased = self.erased.saturating_add(1);
                continue;
            };
            let sealed = || Fault::Sealed {
                row: place,
                field: row.field.clone(),
            };
            let name = personal_row(&row.event_id, &row.field);
            let plain = key
                .key
                .open(
                    &personal_aad(&row.organisation_id, &name, key.version),
                    &row.sealed,
                )
                .map_err(|_| sealed())?;
            let (salt, value) = plain.split_at_checked(SALT).ok_or_else(sealed)?;
            let salt: &[u8; SALT] = salt.try_into().map_err(|_| sealed())?;
            let value = std::str::from_utf8(value).map_err(|_| sealed())?;
            opens(place, event, &row.field, value, salt)?;
            self.opened = self.opened.saturating_add(1);
        }
        Ok(())
    }

    /// Events without a place: their hashes, and those that tell of retired rows.
    async fn rest(&mut self) -> Result<u64, Stop> {
        for event in self.walk.untold() {
            if let Some(canonical) = store::canonical(self.conn, &event).await? {
                let mut rows = Vec::new();
                for (index, leaf) in store::retired_by(self.conn, &event).await? {
                    let index = number(index)?;
                    rows.push((index, hash(&leaf, index)?));
                }
                self.walk.tell(&event, &canonical, rows);
            }
        }
        let (mut after, mut count) = (String::new(), 0_u64);
        loop {
            let page = store::waiting(self.conn, &after, bound(PAGE)).await?;
            let Some((last, ..)) = page.last() else {
                return Ok(count);
            };
            after.clone_from(last);
            for (id, canonical, stored) in page {
                if leaf_hash(canonical.as_bytes()).0.as_slice() != stored {
                    return Err(Fault::Waiting { id }.into());
                }
                count = count.saturating_add(1);
            }
        }
    }
}

/// What the log is searched by says what the event says.
fn columns(row: u64, placed: &PlacedRow, event: &Value) -> Result<(), Fault> {
    let said = Plain::of(event).ok_or(Fault::NotAnEvent {
        row,
        what: "it lacks what every event has",
    })?;
    let text = |column: &Option<String>| column.clone().unwrap_or_default();
    let beside = Plain {
        id: text(&placed.id),
        organisation: text(&placed.organisation_id),
        time: placed.occurred_at.unwrap_or_default(),
        action: text(&placed.action),
        result: text(&placed.result),
        actor_kind: text(&placed.actor_kind),
        actor_id: placed.actor_id.clone(),
        target: placed.target_id.clone(),
        request: placed.request_id.clone(),
    };
    match said.differs(&beside) {
        None => Ok(()),
        Some(column) => Err(Fault::Column { row, column }),
    }
}
