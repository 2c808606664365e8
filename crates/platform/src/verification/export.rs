//! Verifications as a file: everything that a filter finds, a page of rows at a time.

use types::{
    Permission, StepUp,
    console::{VerificationFilter, VerificationRow},
};

use super::{
    detail::in_words,
    list::{bounds, into_dto},
    store::lists::{self, Bounds, ListRow},
};
use crate::{
    Ctx, Result,
    audit::{Action, Event},
    search::given,
};

/// Rows of one step.
const STEP: i64 = 1000;

/// A verification in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportRow {
    /// What the list shows.
    pub row: VerificationRow,
    /// The id of the key that started it.
    pub key: String,
    /// How much the outcome rests on.
    pub assurance: Option<String>,
    /// Why it ended as it did, in words.
    pub reason: Option<String>,
}

/// An export under way.
pub struct Export {
    ctx: Ctx,
    bounds: Bounds,
    rows: u64,
    over: bool,
}

/// Begins an export. It is audited before the first row is given; its end, with the number of
/// rows, after the last.
///
/// # Errors
/// `Forbidden` without [`Permission::VerificationsRead`]; `StepUp`; `Invalid` for a filter that
/// cannot be read.
pub async fn export(ctx: &Ctx, filter: &VerificationFilter) -> Result<Export> {
    ctx.require(Permission::VerificationsRead).await?;
    ctx.require_fresh(StepUp::Export).await?;
    let bounds = bounds(ctx, filter).await?;
    let event = Event::new(Action::VerificationsExported).detail("filter", in_text(filter));
    ctx.record(event).await?;
    Ok(Export {
        ctx: ctx.clone(),
        bounds,
        rows: 0,
        over: false,
    })
}

impl Export {
    /// The next rows, newest first, never more than 1,000; `None` after the last. Each step
    /// reads on from the row before, so rows that come meanwhile do not shift it.
    ///
    /// # Errors
    /// If the database fails, or the end cannot be audited: then the file is not complete.
    pub async fn next(&mut self) -> Result<Option<Vec<ExportRow>>> {
        if self.over {
            return Ok(None);
        }
        let tenant = self.ctx.tenant()?.to_string();
        let found = lists::list_whole(&mut *self.ctx.read().await?, &tenant, &self.bounds, STEP).await?;
        let full = found.len() == usize::try_from(STEP).unwrap_or_default();
        let rows = found
            .into_iter()
            .map(into_row)
            .collect::<Result<Vec<ExportRow>>>()?;
        self.rows += rows.len() as u64;
        self.bounds.before = rows.last().map(|last| last.row.id).or(self.bounds.before);
        if !full {
            self.over = true;
            let event = Event::new(Action::ExportEnded).detail("rows", self.rows);
            self.ctx.record(event).await?;
        }
        Ok(Some(rows))
    }
}

fn into_row(row: lists::WholeRow) -> Result<ExportRow> {
    Ok(ExportRow {
        key: row.api_key_id,
        assurance: row.assurance,
        reason: row.reason.as_deref().map(in_words),
        row: into_dto(ListRow {
            id: row.id,
            environment: row.environment,
            status: row.status,
            reference: row.reference,
            created_at: row.created_at,
            completed_at: row.completed_at,
        })?,
    })
}

/// The filter as the log tells it.
fn in_text(filter: &VerificationFilter) -> String {
    let parts = [
        ("status", filter.status.map(|status| status.to_string())),
        ("environment", filter.environment.map(|e| e.to_string())),
        ("key", filter.key.map(|key| key.to_string())),
        ("reference", filter.reference.clone()),
        ("from", filter.from.clone()),
        ("to", filter.to.clone()),
        ("after", filter.after.clone()),
    ];
    let set: Vec<String> = parts
        .iter()
        .filter_map(|(name, value)| Some(format!("{name} {}", given(value.as_deref())?)))
        .collect();
    if set.is_empty() {
        "all".to_owned()
    } else {
        set.join(", ")
    }
}
