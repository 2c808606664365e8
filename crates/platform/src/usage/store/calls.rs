//! Calls by status: rows of `call_rollups`.

use db::{Conn, DbError, on};
use sqlx::{
    AssertSqlSafe, Database, Encode, FromRow, Type, postgres::PgRow, query::QueryAs, sqlite::SqliteRow,
};

use crate::metering::DAY;

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

/// Calls of a stretch of time (minutes since the epoch), added up by the columns of `by`, which are
/// read as those of `row`.
async fn sums<R>(
    conn: &mut Conn,
    scope: &Scope<'_>,
    (row, by): (&str, &str),
    span: i64,
    stretch: (i64, i64),
) -> Result<Vec<R>, DbError>
where
    R: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
{
    // The text is made of constants.
    let text = format!(
        "SELECT {row}, CAST(SUM(calls) AS BIGINT) AS calls
         FROM call_rollups WHERE span = {span} AND {NARROWED}
         GROUP BY {by}"
    );
    on!(conn, |c| scope
        .narrow(sqlx::query_as::<_, R>(AssertSqlSafe(text)), stretch)
        .fetch_all(c)
        .await)
}

/// What calls of whole days are told apart by, beside their status or duration: each further column
/// makes many more rows.
#[derive(Clone, Copy)]
pub(in crate::usage) enum Of {
    Key,
    Endpoint,
    All,
}

impl Of {
    /// The column that tells them apart.
    pub(super) const fn column(self) -> Option<&'static str> {
        match self {
            Self::Key => Some("api_key_id"),
            Self::Endpoint => Some("endpoint"),
            Self::All => None,
        }
    }

    /// The columns of a row whose last is this one, and those that are added up by.
    pub(super) fn columns(self, last: &str) -> (String, String) {
        match self.column() {
            Some(column) => (format!("{column} AS part, {last}"), format!("{column}, {last}")),
            None => (format!("'' AS part, {last}"), last.to_owned()),
        }
    }
}

#[derive(sqlx::FromRow)]
pub(in crate::usage) struct CallRow {
    /// A key, a route, or nothing.
    pub(in crate::usage) part: String,
    pub(in crate::usage) status: i64,
    pub(in crate::usage) calls: i64,
}

/// Calls of whole days by status.
pub(in crate::usage) async fn calls(
    conn: &mut Conn,
    scope: &Scope<'_>,
    of: Of,
    stretch: (i64, i64),
) -> Result<Vec<CallRow>, DbError> {
    let (row, by) = of.columns("status");
    sums(conn, scope, (&row, &by), DAY, stretch).await
}

#[derive(sqlx::FromRow)]
pub(in crate::usage) struct PointRow {
    pub(in crate::usage) begins: i64,
    pub(in crate::usage) status: i64,
    pub(in crate::usage) calls: i64,
}

/// Calls by stretch and status.
pub(in crate::usage) async fn points(
    conn: &mut Conn,
    scope: &Scope<'_>,
    span: i64,
    stretch: (i64, i64),
) -> Result<Vec<PointRow>, DbError> {
    let by = "begins, status";
    sums(conn, scope, (by, by), span, stretch).await
}
