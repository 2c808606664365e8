//! Which keys are held to which named limits.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

/// The names of the limits of each working key that has any, parted by spaces.
pub(in crate::api_keys) async fn limits_of_working(
    conn: &mut Conn,
    tenant: &str,
    now: Timestamp,
) -> Result<Vec<String>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, String>(
        "SELECT limit_names FROM api_keys
         WHERE organisation_id = $1 AND limit_names <> '' AND revoked_at IS NULL AND disabled_at IS NULL
           AND (expires_at IS NULL OR expires_at > $2) AND (ends_at IS NULL OR ends_at > $2)"
    )
    .bind(tenant)
    .bind(now.as_millis())
    .fetch_all(c)
    .await)
}

/// Every key that has limits, whether it works or not, with their names.
pub(in crate::api_keys) async fn limited(
    conn: &mut Conn,
    tenant: &str,
) -> Result<Vec<(String, String)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (String, String)>(
        "SELECT id, limit_names FROM api_keys WHERE organisation_id = $1 AND limit_names <> ''"
    )
    .bind(tenant)
    .fetch_all(c)
    .await)
}

pub(in crate::api_keys) async fn set_limits(
    conn: &mut Conn,
    tenant: &str,
    id: &str,
    names: &str,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("UPDATE api_keys SET limit_names = $3 WHERE organisation_id = $1 AND id = $2")
            .bind(tenant)
            .bind(id)
            .bind(names)
    )
    .map(|_| ())
}
