//! Usage as a file: the report, and lines of the log of requests, a step at a time.
//!
//! Both are events before the first row is given, in a write that a look is refused.

use types::{
    Permission,
    usage::{EXPORTED_REQUESTS, RequestFilter, RequestRow, UsageQuery, UsageReport},
};

use super::{
    report,
    requests::{Narrow, narrow, read},
    store,
};
use crate::{
    Ctx, Result,
    audit::{Action, Event},
    search::given,
};

/// Rows of one step.
const STEP: u64 = 1000;

/// Notes what is taken away.
async fn tell(ctx: &Ctx, what: &str, filter: &[(&str, Option<String>)]) -> Result<()> {
    let set: Vec<String> = filter
        .iter()
        .filter_map(|(name, value)| Some(format!("{name} {}", given(value.as_deref())?)))
        .collect();
    let filter = if set.is_empty() {
        "all".to_owned()
    } else {
        set.join(", ")
    };
    let tx = ctx.begin().await?;
    let event = Event::new(Action::UsageExported)
        .detail("what", what)
        .detail("filter", filter);
    ctx.commit(tx, event).await
}

/// The report, to be taken away.
///
/// # Errors
/// As [`report`]; `Refused` in a look.
pub async fn export_report(ctx: &Ctx, query: &UsageQuery) -> Result<UsageReport> {
    let made = report(ctx, query).await?;
    let filter = [
        ("from", Some(made.from.clone())),
        ("to", Some(made.to.clone())),
        ("grouped by", Some(made.grouped_by.to_string())),
        (
            "environment",
            query.environment.map(|environment| environment.to_string()),
        ),
        ("key", query.key.map(|key| key.to_string())),
        ("endpoint", query.endpoint.clone()),
    ];
    tell(ctx, "the usage report", &filter).await?;
    Ok(made)
}

/// Lines of the log of requests on their way into a file.
pub struct RequestExport {
    ctx: Ctx,
    narrow: Narrow,
    rows: u64,
    over: bool,
}

/// Begins a file of requests, newest first: at most [`EXPORTED_REQUESTS`] of them. Its end, with
/// the number of rows, is an event too.
///
/// # Errors
/// `Forbidden` without [`Permission::UsageRead`]; `Invalid` for a filter that cannot be read;
/// `Refused` in a look.
pub async fn export_requests(ctx: &Ctx, filter: &RequestFilter) -> Result<RequestExport> {
    ctx.require(Permission::UsageRead).await?;
    let narrow = narrow(filter)?;
    let told = [
        ("id", filter.id.clone()),
        ("key", filter.key.map(|key| key.to_string())),
        ("endpoint", filter.endpoint.clone()),
        ("status", filter.status.clone()),
        ("after", filter.after.clone()),
    ];
    tell(ctx, "requests", &told).await?;
    Ok(RequestExport {
        ctx: ctx.clone(),
        narrow,
        rows: 0,
        over: false,
    })
}

impl RequestExport {
    /// The next rows, never more than 1,000; `None` after the last. Each step reads on from the row
    /// before, so that lines that come meanwhile do not shift it.
    ///
    /// # Errors
    /// If the database fails, or the end cannot be audited: then the file is not complete.
    pub async fn next(&mut self) -> Result<Option<Vec<RequestRow>>> {
        if self.over {
            return Ok(None);
        }
        let tenant = self.ctx.tenant()?.to_string();
        let limit = STEP.min(EXPORTED_REQUESTS.saturating_sub(self.rows));
        let wanted = i64::try_from(limit).unwrap_or_default();
        let found = store::requests(&mut *self.ctx.read().await?, &tenant, &self.narrow, wanted).await?;
        if let Some(last) = found.last() {
            self.narrow.before.clone_from(&last.id);
        }
        let rows = found.into_iter().map(read).collect::<Result<Vec<_>>>()?;
        let came = rows.len() as u64;
        self.rows += came;
        if came < limit || self.rows >= EXPORTED_REQUESTS {
            self.over = true;
            let event = Event::new(Action::RequestsGiven).detail("rows", self.rows);
            self.ctx.record(event).await?;
        }
        Ok(Some(rows))
    }
}
