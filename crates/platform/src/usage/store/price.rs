//! The rows of `unit_prices`.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

#[derive(sqlx::FromRow)]
pub(in crate::usage) struct PriceRow {
    pub(in crate::usage) minor: i64,
    pub(in crate::usage) currency: String,
    pub(in crate::usage) set_at: i64,
}

pub(in crate::usage) async fn price(conn: &mut Conn, tenant: &str) -> Result<Option<PriceRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, PriceRow>(
        "SELECT minor, currency, set_at FROM unit_prices WHERE organisation_id = $1"
    )
    .bind(tenant)
    .fetch_optional(c)
    .await)
}

/// Minor units, and of which currency.
pub(in crate::usage) async fn set_price(
    conn: &mut Conn,
    tenant: &str,
    (minor, currency): (i64, &str),
    at: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO unit_prices (organisation_id, currency, minor, set_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (organisation_id) DO UPDATE SET
                 currency = excluded.currency, minor = excluded.minor, set_at = excluded.set_at"
        )
        .bind(tenant)
        .bind(currency)
        .bind(minor)
        .bind(at.as_millis())
    )
    .map(|_| ())
}

pub(in crate::usage) async fn lift_price(conn: &mut Conn, tenant: &str) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("DELETE FROM unit_prices WHERE organisation_id = $1").bind(tenant)
    )
    .map(|_| ())
}
