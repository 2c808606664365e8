//! Calls of whole days: rows of `call_days`, and of `call_rollups` and `call_durations` until they are
//! packed.

use db::{Conn, on};
use sqlx::AssertSqlSafe;

use super::calls::{NARROWED, Scope};
use crate::{
    Result,
    metering::{self, Grain},
};

/// What calls are told apart by, beside their day: each further column makes many more rows.
#[derive(Clone, Copy)]
pub(in crate::usage) enum Of {
    Key,
    Endpoint,
    All,
}

impl Of {
    /// The column that tells them apart.
    const fn column(self) -> &'static str {
        match self {
            Self::Key => "api_key_id",
            Self::Endpoint => "endpoint",
            Self::All => "''",
        }
    }
}

impl Scope<'_> {
    fn grain(&self, of: Of) -> Grain {
        let keys = !self.key.is_empty() || !self.environment.is_empty() || matches!(of, Of::Key);
        let endpoints = !self.endpoint.is_empty() || matches!(of, Of::Endpoint);
        Grain::of(keys, endpoints)
    }
}

/// Calls of a day; there may be more rows of the same.
pub(in crate::usage) struct DayRow {
    /// Minutes since the epoch.
    pub(in crate::usage) begins: i64,
    /// A key, a route, or nothing.
    pub(in crate::usage) part: String,
    /// How many calls had which status; one may be there twice.
    pub(in crate::usage) statuses: Vec<(i64, i64)>,
    /// How many calls took so many microseconds; one may be there twice.
    pub(in crate::usage) durations: Vec<(i64, i64)>,
}

#[derive(sqlx::FromRow)]
struct Row {
    begins: i64,
    part: String,
    statuses: String,
    durations: String,
}

/// Calls of whole days, of a stretch of time (minutes since the epoch). One statement, so that what
/// is packed meanwhile is read on one side of it and only there. What is packed is read in the
/// coarsest way that tells apart what is asked for.
pub(in crate::usage) async fn days(
    conn: &mut Conn,
    scope: &Scope<'_>,
    of: Of,
    stretch: (i64, i64),
) -> Result<Vec<DayRow>> {
    let (part, grain) = (of.column(), scope.grain(of).as_str());
    // The text is made of constants.
    let text = format!(
        "SELECT begins, {part} AS part, ',[' || status || ',' || SUM(calls) || ']' AS statuses, '' AS durations
         FROM call_rollups WHERE span = 1440 AND {NARROWED}
         GROUP BY 1, 2, status
         UNION ALL
         SELECT begins, {part}, '', ',[' || duration || ',' || SUM(calls) || ']'
         FROM call_durations WHERE span = 1440 AND {NARROWED}
         GROUP BY 1, 2, duration
         UNION ALL
         SELECT begins, {part}, statuses, durations FROM call_days WHERE grain = '{grain}' AND {NARROWED}
         UNION ALL
         SELECT begins, {part}, '', durations FROM call_day_durations WHERE {NARROWED}"
    );
    let rows = on!(conn, |c| scope
        .narrow(sqlx::query_as::<_, Row>(AssertSqlSafe(text)), stretch)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Row::read).collect()
}

impl Row {
    fn read(self) -> Result<DayRow> {
        Ok(DayRow {
            begins: self.begins,
            part: self.part,
            statuses: metering::unpacked(&self.statuses)?,
            durations: metering::unpacked(&self.durations)?,
        })
    }
}
