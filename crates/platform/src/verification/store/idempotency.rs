//! The rows of `idempotency_keys`.

use db::{Conn, DbError, execute, on};
use types::{Environment, Timestamp};

/// Where a name is.
pub(in crate::verification) struct Place<'a> {
    pub(in crate::verification) tenant: &'a str,
    pub(in crate::verification) environment: Environment,
    pub(in crate::verification) name: &'a [u8],
}

/// What it stands for.
#[derive(sqlx::FromRow)]
pub(in crate::verification) struct Row {
    pub(in crate::verification) verification_id: String,
    pub(in crate::verification) data_key_id: String,
    pub(in crate::verification) sealed: Vec<u8>,
}

/// Whether the name was free, or its time over, and now stands for this. On PostgreSQL this waits
/// for another that is just claiming it.
pub(in crate::verification) async fn claim(
    conn: &mut Conn,
    place: &Place<'_>,
    row: &Row,
    (now, until): (Timestamp, Timestamp),
) -> Result<bool, DbError> {
    let rows = execute!(
        conn,
        sqlx::query(
            "INSERT INTO idempotency_keys (organisation_id, environment, key_digest, verification_id,
             data_key_id, sealed, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (organisation_id, environment, key_digest) DO UPDATE SET
                 verification_id = excluded.verification_id, data_key_id = excluded.data_key_id,
                 sealed = excluded.sealed, expires_at = excluded.expires_at
             WHERE idempotency_keys.expires_at <= $8"
        )
        .bind(place.tenant)
        .bind(place.environment.as_str())
        .bind(place.name)
        .bind(&row.verification_id)
        .bind(&row.data_key_id)
        .bind(&row.sealed)
        .bind(until.as_millis())
        .bind(now.as_millis())
    )?;
    Ok(rows > 0)
}

pub(in crate::verification) async fn get(conn: &mut Conn, place: &Place<'_>) -> Result<Option<Row>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, Row>(
        "SELECT verification_id, data_key_id, sealed FROM idempotency_keys
         WHERE organisation_id = $1 AND environment = $2 AND key_digest = $3"
    )
    .bind(place.tenant)
    .bind(place.environment.as_str())
    .bind(place.name)
    .fetch_optional(c)
    .await)
}

pub(in crate::verification) async fn sweep(conn: &mut Conn, now: Timestamp) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("DELETE FROM idempotency_keys WHERE expires_at <= $1").bind(now.as_millis())
    )
    .map(|_| ())
}
