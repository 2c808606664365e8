//! The rows of `call_counts`.

use db::{Conn, DbError, execute};

use super::Call;

pub(super) async fn add(conn: &mut Conn, call: &Call, calls: i64) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO call_counts (organisation_id, minute, api_key_id, endpoint, status, calls)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (organisation_id, minute, api_key_id, endpoint, status)
             DO UPDATE SET calls = call_counts.calls + excluded.calls"
        )
        .bind(call.organisation.to_string())
        .bind(call.minute)
        .bind(call.key.to_string())
        .bind(call.endpoint)
        .bind(i64::from(call.status))
        .bind(calls)
    )
    .map(|_| ())
}
