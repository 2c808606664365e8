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

/// A name that is to stand for a start.
pub(in crate::verification) struct NewRow {
    pub(in crate::verification) organisation_id: String,
    pub(in crate::verification) environment: Environment,
    pub(in crate::verification) name: Vec<u8>,
    pub(in crate::verification) stands_for: Row,
    pub(in crate::verification) expires_at: Timestamp,
}

impl NewRow {
    /// Where it is, in the order in which several are claimed.
    pub(in crate::verification) fn place(&self) -> (&str, &str, &[u8]) {
        (&self.organisation_id, self.environment.as_str(), &self.name)
    }
}

/// Of which verifications the names were free, or their time over, and now stand for them. No name
/// is there twice. On PostgreSQL this waits for another that is just claiming one: all who claim
/// several give them in the same order.
pub(in crate::verification) async fn claim(
    conn: &mut Conn,
    rows: &[NewRow],
    now: Timestamp,
) -> Result<Vec<String>, DbError> {
    on!(conn, |c| sqlx::QueryBuilder::new(
        "INSERT INTO idempotency_keys (organisation_id, environment, key_digest, verification_id,
         data_key_id, sealed, expires_at) "
    )
    .push_values(rows, |mut values, row| {
        values
            .push_bind(&row.organisation_id)
            .push_bind(row.environment.as_str())
            .push_bind(row.name.as_slice())
            .push_bind(&row.stands_for.verification_id)
            .push_bind(&row.stands_for.data_key_id)
            .push_bind(row.stands_for.sealed.as_slice())
            .push_bind(row.expires_at.as_millis());
    })
    .push(
        " ON CONFLICT (organisation_id, environment, key_digest) DO UPDATE SET
             verification_id = excluded.verification_id, data_key_id = excluded.data_key_id,
             sealed = excluded.sealed, expires_at = excluded.expires_at
         WHERE idempotency_keys.expires_at <= "
    )
    .push_bind(now.as_millis())
    .push(" RETURNING verification_id")
    .build_query_scalar::<String>()
    .persistent(rows.len() == 1)
    .fetch_all(c)
    .await)
}

/// What the name stands for, if its time is not over.
pub(in crate::verification) async fn get(
    conn: &mut Conn,
    place: &Place<'_>,
    now: Timestamp,
) -> Result<Option<Row>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, Row>(
        "SELECT verification_id, data_key_id, sealed FROM idempotency_keys
         WHERE organisation_id = $1 AND environment = $2 AND key_digest = $3 AND expires_at > $4"
    )
    .bind(place.tenant)
    .bind(place.environment.as_str())
    .bind(place.name)
    .bind(now.as_millis())
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
