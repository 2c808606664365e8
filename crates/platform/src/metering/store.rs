//! The rows of `call_counts`.

use db::{Conn, DbError, execute};

use super::Call;

/// Rows of one INSERT: 6 values each, and SQLite takes 32,766 of them.
pub(super) const ROWS: usize = 900;

/// At most [`ROWS`] at once, each of another call.
pub(super) async fn add(conn: &mut Conn, calls: &[(&Call, u64)]) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::QueryBuilder::new(
            "INSERT INTO call_counts (organisation_id, minute, api_key_id, endpoint, status, calls) "
        )
        .push_values(calls, |mut values, (call, count)| {
            values
                .push_bind(call.organisation.to_string())
                .push_bind(call.minute)
                .push_bind(call.key.to_string())
                .push_bind(call.endpoint)
                .push_bind(i64::from(call.status))
                .push_bind(i64::try_from(*count).unwrap_or(i64::MAX));
        })
        .push(
            " ON CONFLICT (organisation_id, minute, api_key_id, endpoint, status)
             DO UPDATE SET calls = call_counts.calls + excluded.calls"
        )
        .build()
    )
    .map(|_| ())
}
