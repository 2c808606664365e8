//! Whose calls are asked for, and those of hours: rows of `call_rollups`.

use db::{Conn, DbError, on};
use sqlx::{AssertSqlSafe, Database, Encode, Type, query::QueryAs};

/// Whose calls, and which; an empty text is any. The range of time is what the indexes serve, and
/// these narrow it.
pub(in crate::usage) struct Scope<'a> {
    pub(in crate::usage) tenant: &'a str,
    pub(in crate::usage) key: String,
    pub(in crate::usage) endpoint: String,
    pub(in crate::usage) environment: &'static str,
}

impl<'a> Scope<'a> {
    /// Everything of the tenant's.
    pub(in crate::usage) const fn whole(tenant: &'a str) -> Self {
        Self {
            tenant,
            key: String::new(),
            endpoint: String::new(),
            environment: "",
        }
    }
}

/// Rows of a scope and of a stretch of time, bound by [`Scope::narrow`].
pub(super) const NARROWED: &str = "organisation_id = $1 AND begins >= $2 AND begins < $3
    AND ($4 = '' OR api_key_id = $4) AND ($5 = '' OR endpoint = $5)
    AND ($6 = '' OR api_key_id IN
         (SELECT id FROM api_keys WHERE organisation_id = $1 AND environment = $6))";

impl Scope<'_> {
    pub(super) fn narrow<'q, D, R>(
        &'q self,
        query: QueryAs<'q, D, R, D::Arguments>,
        (from, before): (i64, i64),
    ) -> QueryAs<'q, D, R, D::Arguments>
    where
        D: Database,
        i64: Encode<'q, D> + Type<D>,
        &'q str: Encode<'q, D> + Type<D>,
    {
        query
            .bind(self.tenant)
            .bind(from)
            .bind(before)
            .bind(self.key.as_str())
            .bind(self.endpoint.as_str())
            .bind(self.environment)
    }
}

#[derive(sqlx::FromRow)]
pub(in crate::usage) struct HourRow {
    pub(in crate::usage) begins: i64,
    pub(in crate::usage) status: i64,
    pub(in crate::usage) calls: i64,
}

/// Calls by hour (minutes since the epoch) and status.
pub(in crate::usage) async fn hours(
    conn: &mut Conn,
    scope: &Scope<'_>,
    stretch: (i64, i64),
) -> Result<Vec<HourRow>, DbError> {
    // The text is made of constants.
    let text = format!(
        "SELECT begins, status, CAST(SUM(calls) AS BIGINT) AS calls
         FROM call_rollups WHERE span = 60 AND {NARROWED}
         GROUP BY begins, status"
    );
    on!(conn, |c| scope
        .narrow(sqlx::query_as::<_, HourRow>(AssertSqlSafe(text)), stretch)
        .fetch_all(c)
        .await)
}
