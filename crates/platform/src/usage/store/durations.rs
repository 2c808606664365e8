//! How long calls of whole days took: rows of `call_durations`, and of `call_day_durations`.

use db::{Conn, on};
use sqlx::AssertSqlSafe;

use super::calls::{NARROWED, Of, Scope};
use crate::{Result, metering};

/// Durations of calls of one kind; there may be more rows of it.
pub(in crate::usage) struct DurationRow {
    /// A key, a route, or nothing.
    pub(in crate::usage) part: String,
    /// Microseconds, and how many calls took as long. One may be there twice.
    pub(in crate::usage) took: Vec<(i64, i64)>,
}

#[derive(sqlx::FromRow)]
struct Row {
    part: String,
    duration: i64,
    calls: i64,
    packed: String,
}

/// How long calls of whole days took, of a stretch of time (minutes since the epoch). One
/// statement, so that what is packed meanwhile is read on one side of it and only there.
pub(in crate::usage) async fn durations(
    conn: &mut Conn,
    scope: &Scope<'_>,
    of: Of,
    stretch: (i64, i64),
) -> Result<Vec<DurationRow>> {
    let (row, by) = of.columns("duration");
    let part = of.column().unwrap_or("''");
    // The text is made of constants.
    let text = format!(
        "SELECT {row}, CAST(SUM(calls) AS BIGINT) AS calls, '' AS packed
         FROM call_durations WHERE span = 1440 AND {NARROWED}
         GROUP BY {by}
         UNION ALL
         SELECT {part}, 0, 0, durations
         FROM call_day_durations WHERE {NARROWED}"
    );
    let rows = on!(conn, |c| scope
        .narrow(sqlx::query_as::<_, Row>(AssertSqlSafe(text)), stretch)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Row::read).collect()
}

impl Row {
    fn read(self) -> Result<DurationRow> {
        let took = if self.packed.is_empty() {
            vec![(self.duration, self.calls)]
        } else {
            metering::unpacked(&self.packed)?
        };
        Ok(DurationRow {
            part: self.part,
            took,
        })
    }
}
