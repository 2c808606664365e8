//! The rows of `retention_policies` and `legal_holds`, and what of other tables goes with time.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

#[derive(sqlx::FromRow)]
pub(super) struct PolicyRow {
    pub(super) kind: String,
    pub(super) days: i64,
    pub(super) days_before: i64,
    pub(super) holds_from: i64,
}

pub(super) async fn policies(conn: &mut Conn, tenant: &str) -> Result<Vec<PolicyRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, PolicyRow>(
        "SELECT kind, days, days_before, holds_from FROM retention_policies WHERE organisation_id = $1"
    )
    .bind(tenant)
    .fetch_all(c)
    .await)
}

pub(super) async fn set_policy(conn: &mut Conn, tenant: &str, row: &PolicyRow) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO retention_policies (organisation_id, kind, days, days_before, holds_from)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (organisation_id, kind) DO UPDATE SET days = excluded.days,
                 days_before = excluded.days_before, holds_from = excluded.holds_from"
        )
        .bind(tenant)
        .bind(&row.kind)
        .bind(row.days)
        .bind(row.days_before)
        .bind(row.holds_from)
    )
    .map(|_| ())
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct HoldRecord {
    pub(super) id: String,
    pub(super) owner_id: String,
    pub(super) organisation_id: String,
    pub(super) user_id: Option<String>,
    pub(super) from_at: Option<i64>,
    pub(super) before_at: Option<i64>,
    pub(super) reason: String,
    pub(super) placed_by: String,
    pub(super) placed_at: i64,
    pub(super) released_at: Option<i64>,
    pub(super) organisation_name: Option<String>,
    pub(super) user_name: Option<String>,
    pub(super) placer_name: Option<String>,
    pub(super) releaser_name: Option<String>,
}

pub(super) async fn insert_hold(conn: &mut Conn, hold: &HoldRecord) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO legal_holds (id, owner_id, organisation_id, user_id, from_at, before_at, reason,
                 placed_by, placed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        )
        .bind(&hold.id)
        .bind(&hold.owner_id)
        .bind(&hold.organisation_id)
        .bind(&hold.user_id)
        .bind(hold.from_at)
        .bind(hold.before_at)
        .bind(&hold.reason)
        .bind(&hold.placed_by)
        .bind(hold.placed_at)
    )
    .map(|_| ())
}

const HOLDS: &str = "SELECT h.id, h.owner_id, h.organisation_id, h.user_id, h.from_at, h.before_at, h.reason,
            h.placed_by, h.placed_at, h.released_at, o.name AS organisation_name,
            u.name AS user_name, p.name AS placer_name, r.name AS releaser_name
     FROM legal_holds h
     LEFT JOIN organisations o ON o.id = h.organisation_id
     LEFT JOIN users u ON u.id = h.user_id
     LEFT JOIN users p ON p.id = h.placed_by
     LEFT JOIN users r ON r.id = h.released_by ";

/// The holds on a log, those that hold first.
pub(super) async fn holds_on(conn: &mut Conn, tenant: &str) -> Result<Vec<HoldRecord>, DbError> {
    const REST: &str = "WHERE h.organisation_id = $1
         ORDER BY CASE WHEN h.released_at IS NULL THEN 0 ELSE 1 END, h.id DESC LIMIT 200";
    holds(conn, REST, tenant).await
}

/// The holds that this owner placed, those that hold first.
pub(super) async fn holds_of(conn: &mut Conn, owner: &str) -> Result<Vec<HoldRecord>, DbError> {
    const REST: &str = "WHERE h.owner_id = $1
         ORDER BY CASE WHEN h.released_at IS NULL THEN 0 ELSE 1 END, h.id DESC LIMIT 200";
    holds(conn, REST, owner).await
}

/// Everything that holds on a log.
pub(super) async fn active(conn: &mut Conn, tenant: &str) -> Result<Vec<HoldRecord>, DbError> {
    holds(
        conn,
        "WHERE h.organisation_id = $1 AND h.released_at IS NULL ORDER BY h.id",
        tenant,
    )
    .await
}

async fn holds(conn: &mut Conn, rest: &'static str, value: &str) -> Result<Vec<HoldRecord>, DbError> {
    let text = format!("{HOLDS}{rest}");
    on!(conn, |c| sqlx::query_as::<_, HoldRecord>(sqlx::AssertSqlSafe(
        text
    ))
    .bind(value)
    .fetch_all(c)
    .await)
}

/// Releases a hold of this owner's that holds; whether there was one.
pub(super) async fn release(
    conn: &mut Conn,
    owner: &str,
    id: &str,
    by: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    let done = execute!(
        conn,
        sqlx::query(
            "UPDATE legal_holds SET released_by = $3, released_at = $4
             WHERE owner_id = $1 AND id = $2 AND released_at IS NULL"
        )
        .bind(owner)
        .bind(id)
        .bind(by)
        .bind(now.as_millis())
    )?;
    Ok(done > 0)
}

/// The organisations behind this one, by id.
pub(super) async fn organisations_after(
    conn: &mut Conn,
    after: &str,
    limit: i64,
) -> Result<Vec<String>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, String>(
        "SELECT id FROM organisations WHERE id > $1 ORDER BY id LIMIT $2"
    )
    .bind(after)
    .bind(limit)
    .fetch_all(c)
    .await)
}

pub(super) async fn organisation_name(conn: &mut Conn, id: &str) -> Result<Option<String>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, String>(
        "SELECT name FROM organisations WHERE id = $1"
    )
    .bind(id)
    .fetch_optional(c)
    .await)
}

/// Ids of verifications with ids in `[from, before)` that have ended, and whose token's time is
/// over too; oldest first.
pub(super) async fn ended_verifications(
    conn: &mut Conn,
    tenant: &str,
    (from, before): (&str, &str),
    now: Timestamp,
    limit: i64,
) -> Result<Vec<String>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, String>(
        "SELECT id FROM verifications
         WHERE organisation_id = $1 AND id >= $2 AND id < $3
           AND (completed_at IS NOT NULL OR expires_at < $4)
           AND (token_expires_at IS NULL OR token_expires_at < $4)
         ORDER BY id LIMIT $5"
    )
    .bind(tenant)
    .bind(from)
    .bind(before)
    .bind(now.as_millis())
    .bind(limit)
    .fetch_all(c)
    .await)
}

pub(super) async fn remove_verifications(
    conn: &mut Conn,
    tenant: &str,
    ids: &[String],
) -> Result<(), DbError> {
    for some in ids.chunks(900) {
        on!(conn, |c| {
            let mut query = sqlx::QueryBuilder::new("DELETE FROM verifications WHERE organisation_id = ");
            query.push_bind(tenant.to_owned()).push(" AND id IN (");
            let mut values = query.separated(", ");
            for id in some {
                values.push_bind(id.clone());
            }
            query.push(")").build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// Minutes with counts of calls in `[from, before)`, at most so many rows.
pub(super) async fn old_calls(
    conn: &mut Conn,
    tenant: &str,
    (from, before): (i64, i64),
    limit: i64,
) -> Result<i64, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, i64>(
        "SELECT COUNT(*) FROM (SELECT 1 FROM call_counts
         WHERE organisation_id = $1 AND minute >= $2 AND minute < $3 LIMIT $4) AS found"
    )
    .bind(tenant)
    .bind(from)
    .bind(before)
    .bind(limit)
    .fetch_one(c)
    .await)
}

/// Removes the counts of the oldest minutes in `[from, before)`: about so many rows; how many
/// there were.
pub(super) async fn remove_calls(
    conn: &mut Conn,
    tenant: &str,
    (from, before): (i64, i64),
    limit: i64,
) -> Result<u64, DbError> {
    let last: Option<i64> = on!(conn, |c| sqlx::query_scalar::<_, Option<i64>>(
        "SELECT MAX(minute) FROM (SELECT minute FROM call_counts
         WHERE organisation_id = $1 AND minute >= $2 AND minute < $3 ORDER BY minute LIMIT $4) AS found"
    )
    .bind(tenant)
    .bind(from)
    .bind(before)
    .bind(limit)
    .fetch_one(c)
    .await)?;
    let Some(last) = last else { return Ok(0) };
    execute!(
        conn,
        sqlx::query("DELETE FROM call_counts WHERE organisation_id = $1 AND minute >= $2 AND minute <= $3")
            .bind(tenant)
            .bind(from)
            .bind(last)
    )
}
