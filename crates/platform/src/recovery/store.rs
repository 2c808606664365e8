//! The rows of `recoveries`. They belong to accounts, and an account to no tenant alone: the
//! look-ups are by the account, or by the id that a link's secret has led to.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

#[derive(Clone, sqlx::FromRow)]
pub(super) struct RecoveryRow {
    pub(super) id: String,
    pub(super) user_id: String,
    pub(super) origin: String,
    pub(super) started_by: Option<String>,
    pub(super) second_way: Option<String>,
    pub(super) ready_at: Option<i64>,
    pub(super) started_at: i64,
    pub(super) expires_at: i64,
}

impl RecoveryRow {
    pub(super) fn ready_at(&self) -> Option<Timestamp> {
        self.ready_at.map(Timestamp::from_millis)
    }
}

/// Writes it, unless the account has an open one; whether it did.
pub(super) async fn insert(conn: &mut Conn, row: &RecoveryRow) -> Result<bool, DbError> {
    let made = on!(conn, |c| sqlx::query_scalar::<_, String>(
        "INSERT INTO recoveries (id, user_id, origin, started_by, state, second_way, approved_by,
                                 ready_at, started_at, expires_at)
         VALUES ($1, $2, $3, $4, 'open', $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING id"
    )
    .bind(&row.id)
    .bind(&row.user_id)
    .bind(&row.origin)
    .bind(&row.started_by)
    .bind(&row.second_way)
    .bind(row.second_way.as_ref().and(row.started_by.as_ref()))
    .bind(row.ready_at)
    .bind(row.started_at)
    .bind(row.expires_at)
    .fetch_optional(c)
    .await)?;
    Ok(made.is_some())
}

/// The open recovery of the account.
pub(super) async fn open_of(
    conn: &mut Conn,
    user: &str,
    now: Timestamp,
) -> Result<Option<RecoveryRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, RecoveryRow>(
        "SELECT id, user_id, origin, started_by, second_way, ready_at, started_at, expires_at
         FROM recoveries WHERE user_id = $1 AND state = 'open' AND expires_at > $2"
    )
    .bind(user)
    .bind(now.as_millis())
    .fetch_optional(c)
    .await)
}

/// The open recovery with this id.
pub(super) async fn open(conn: &mut Conn, id: &str, now: Timestamp) -> Result<Option<RecoveryRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, RecoveryRow>(
        "SELECT id, user_id, origin, started_by, second_way, ready_at, started_at, expires_at
         FROM recoveries WHERE id = $1 AND state = 'open' AND expires_at > $2"
    )
    .bind(id)
    .bind(now.as_millis())
    .fetch_optional(c)
    .await)
}

/// Notes the second way, once; whether this was the time.
pub(super) async fn show_second_way(
    conn: &mut Conn,
    id: &str,
    way: &str,
    approved_by: Option<&str>,
    ready_at: Timestamp,
    expires_at: Timestamp,
) -> Result<bool, DbError> {
    let shown: Option<String> = on!(conn, |c| sqlx::query_scalar::<_, String>(
        "UPDATE recoveries SET second_way = $2, approved_by = $3, ready_at = $4, expires_at = $5
         WHERE id = $1 AND state = 'open' AND second_way IS NULL RETURNING id"
    )
    .bind(id)
    .bind(way)
    .bind(approved_by)
    .bind(ready_at.as_millis())
    .bind(expires_at.as_millis())
    .fetch_optional(c)
    .await)?;
    Ok(shown.is_some())
}

/// A staff member stands behind what the person began.
pub(super) async fn adopt(conn: &mut Conn, id: &str, by: &str) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE recoveries SET origin = 'staff', started_by = $2
             WHERE id = $1 AND state = 'open' AND started_by IS NULL AND second_way IS NULL"
        )
        .bind(id)
        .bind(by)
    )
    .map(|_| ())
}

/// Ends an open recovery; whether it was open.
pub(super) async fn end(conn: &mut Conn, id: &str, state: &str, now: Timestamp) -> Result<bool, DbError> {
    let ended: Option<String> = on!(conn, |c| sqlx::query_scalar::<_, String>(
        "UPDATE recoveries SET state = $2, ended_at = $3 WHERE id = $1 AND state = 'open' RETURNING id"
    )
    .bind(id)
    .bind(state)
    .bind(now.as_millis())
    .fetch_optional(c)
    .await)?;
    Ok(ended.is_some())
}

/// Ends what is past its time.
pub(super) async fn expire(conn: &mut Conn, now: Timestamp) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE recoveries SET state = 'expired', ended_at = $1 WHERE state = 'open' AND expires_at <= $1"
        )
        .bind(now.as_millis())
    )
    .map(|_| ())
}

#[derive(sqlx::FromRow)]
pub(super) struct WaitingRow {
    pub(super) id: String,
    pub(super) user_id: String,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) staff_role: Option<String>,
    pub(super) started_by: Option<String>,
    pub(super) starter: Option<String>,
    pub(super) started_at: i64,
}

/// Open recoveries that a staff member's approval would let go on, oldest first.
pub(super) async fn waiting(conn: &mut Conn, now: Timestamp) -> Result<Vec<WaitingRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, WaitingRow>(
        "SELECT r.id, r.user_id, u.name, u.email, u.staff_role, r.started_by, s.name AS starter,
                r.started_at
         FROM recoveries r
         JOIN users u ON u.id = r.user_id
         LEFT JOIN users s ON s.id = r.started_by
         WHERE r.state = 'open' AND r.expires_at > $1 AND r.second_way IS NULL
           AND (u.staff_role IS NOT NULL OR r.origin = 'staff')
         ORDER BY r.started_at, r.id LIMIT 100"
    )
    .bind(now.as_millis())
    .fetch_all(c)
    .await)
}
