//! The rows of `named_limits`.

use db::{Conn, DbError, execute, on};
use types::{
    Timestamp,
    limits::{LimitTerms, NamedLimit},
};

use crate::{Error, Result};

#[derive(sqlx::FromRow)]
pub(super) struct LimitRow {
    pub(super) id: String,
    pub(super) name: String,
    units: i64,
    seconds: i64,
    per_key: bool,
    costs: String,
}

impl LimitRow {
    /// Without the keys.
    pub(super) fn read(self) -> Result<NamedLimit> {
        let number = |stored: i64| u32::try_from(stored).map_err(Error::internal);
        Ok(NamedLimit {
            id: self.id.parse()?,
            terms: LimitTerms {
                name: self.name,
                units: number(self.units)?,
                seconds: number(self.seconds)?,
                per_key: self.per_key,
                costs: self.costs.parse()?,
            },
            keys: 0,
        })
    }
}

/// By name.
pub(super) async fn all(conn: &mut Conn, tenant: &str) -> Result<Vec<LimitRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, LimitRow>(
        "SELECT id, name, units, seconds, per_key, costs FROM named_limits
         WHERE organisation_id = $1 ORDER BY name"
    )
    .bind(tenant)
    .fetch_all(c)
    .await)
}

pub(super) async fn set(
    conn: &mut Conn,
    tenant: &str,
    limit: &NamedLimit,
    now: Timestamp,
) -> Result<(), DbError> {
    let terms = &limit.terms;
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO named_limits (id, organisation_id, name, units, seconds, per_key, costs, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (organisation_id, name)
         DO UPDATE SET units = excluded.units, seconds = excluded.seconds, per_key = excluded.per_key,
                       costs = excluded.costs"
        )
        .bind(limit.id.to_string())
        .bind(tenant)
        .bind(&terms.name)
        .bind(i64::from(terms.units))
        .bind(i64::from(terms.seconds))
        .bind(terms.per_key)
        .bind(terms.costs.to_string())
        .bind(now.as_millis())
    )
    .map(|_| ())
}

pub(super) async fn remove(conn: &mut Conn, tenant: &str, id: &str) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("DELETE FROM named_limits WHERE organisation_id = $1 AND id = $2")
            .bind(tenant)
            .bind(id)
    )
    .map(|_| ())
}
