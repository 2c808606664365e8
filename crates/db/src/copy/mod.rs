//! Moving everything from one database to another, SQLite to PostgreSQL or back.
//!
//! Table by table in the order of the foreign keys, each by ascending primary key in batches,
//! one transaction each: what was killed goes on after the greatest key in the target. Which
//! tables there are is asked of the databases, so none can be forgotten.
//!
//! **Invariants**
//! - Nobody writes to the source meanwhile; the database itself keeps them out.
//! - A target that has rows of another source is refused before anything is written.
//! - The mark in the target goes only when every row was read back and found the same; while it
//!   stands no server starts there ([`Db::pending`]).

mod audit;
mod catalogue;
mod compare;
mod mark;
mod rows;
mod side;
mod write;

use crate::{Db, DbError};

pub use audit::Audit;
pub(crate) use mark::TABLE as MARK;

use catalogue::Table;
use rows::{Row, read_batch};
use side::Side;

/// How many rows share a transaction.
const BATCH: usize = 5_000;

/// How far a copy is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is done now.
    pub phase: Phase,
    /// The table.
    pub table: String,
    /// Its rows that are done, those of an interrupted copy included.
    pub done: u64,
    /// All its rows.
    pub total: u64,
}

/// What a copy does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Rows go from the source to the target.
    Copying,
    /// Rows are read from both and compared.
    Comparing,
}

/// What was copied, every row of it found the same on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Each table and its rows, in the order of copying.
    pub tables: Vec<(String, u64)>,
    /// Rows that an interrupted copy had brought over already.
    pub resumed: u64,
    /// The audit log, if the schema has one.
    pub audit: Option<Audit>,
}

impl Report {
    /// All rows.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|(_, rows)| rows).sum()
    }
}

/// Makes the target ready: with the schema of this program, as the source has it. One with half
/// a copy is left as it is.
pub async fn prepare(from: &Db, to: &Db) -> Result<(), DbError> {
    if !from.pending().await?.is_empty() {
        return Err(refusal(
            "The source's schema is not up to date: run `loomwire migrate` on it, then copy again".to_owned(),
        ));
    }
    if let Some(newer) = from.ahead().await?.first() {
        return Err(refusal(format!(
            "The source has {newer}, which this program does not know and would leave out: copy with \
             the version that made it"
        )));
    }
    let mut target = Side::open(to).await?;
    let begun = mark::is_marked(&mut target).await;
    target.close().await;
    if !begun? {
        to.migrate().await?;
    }
    Ok(())
}

/// Copies everything. Both have the same schema, and the target has no rows but those of an
/// interrupted copy of the same, unchanged source.
pub async fn copy(
    from: &Db,
    to: &Db,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Report, DbError> {
    let mut source = Side::open(from).await?;
    let result = guarded(&mut source, to, progress).await;
    source.close().await;
    result
}

async fn guarded(
    source: &mut Side,
    to: &Db,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Report, DbError> {
    mark::refuse_marked(source).await?;
    source.lock().await?;
    let mut target = Side::open(to).await?;
    let result = both(source, &mut target, progress).await;
    target.close().await;
    result
}

async fn both(
    source: &mut Side,
    target: &mut Side,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Report, DbError> {
    let tables = catalogue::shared(source, target).await?;
    let mut totals = Vec::new();
    for table in &tables {
        totals.push((table.name.clone(), rows::count(source, table).await?));
    }
    let resumed = mark::set(source, target, &tables, &totals).await?;
    for (table, (_, total)) in tables.iter().zip(&totals) {
        fill(source, target, table, *total, progress).await?;
    }
    let audit = compare::all(source, target, &tables, &totals, progress).await?;
    mark::clear(target).await?;
    Ok(Report {
        tables: totals,
        resumed,
        audit,
    })
}

/// Copies what the target lacks of one table: the next batch is read while one is written.
async fn fill(
    source: &mut Side,
    target: &mut Side,
    table: &Table,
    total: u64,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<(), DbError> {
    let mut done = rows::count(target, table).await?;
    let mut tell = |done| {
        progress(Progress {
            phase: Phase::Copying,
            table: table.name.clone(),
            done,
            total,
        });
    };
    tell(done);
    let last = rows::greatest_key(target, table).await?;
    let mut batch = read_batch(source, table, last.as_deref(), BATCH).await?;
    while let Some(last) = batch.last().map(|row| table.key_of(row)) {
        let written = batch.len() as u64;
        let (next, result) = tokio::join!(
            read_batch(source, table, Some(&last), BATCH),
            write::write_batch(target, table, &batch)
        );
        result?;
        done += written;
        tell(done);
        batch = next?;
    }
    Ok(())
}

/// In words that every file here uses.
fn refusal(text: String) -> DbError {
    DbError::Copy(text)
}
