//! The rows of `sessions`. A session is looked up by its secret's digest and not by tenant:
//! it is what tells the tenant.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

use super::{limits::Asked, place::SealedPlace};

/// Of a query with `users u`: the columns of [`Asked`].
macro_rules! asked {
    () => {
        "u.staff_role IS NOT NULL AS staff,
                (SELECT MIN(o.session_idle_minutes) FROM memberships n
                 JOIN organisations o ON o.id = n.organisation_id WHERE n.user_id = u.id) AS idle_minutes,
                (SELECT MIN(o.session_absolute_minutes) FROM memberships n
                 JOIN organisations o ON o.id = n.organisation_id WHERE n.user_id = u.id) AS absolute_minutes"
    };
}

#[derive(sqlx::FromRow)]
pub(super) struct SessionRow {
    pub(super) id: String,
    pub(super) user_id: String,
    pub(super) organisation_id: String,
    pub(super) last_seen_at: i64,
    pub(super) expires_at: i64,
    pub(super) method: String,
    pub(super) role: String,
    pub(super) staff_role: Option<String>,
    /// The permissions of the member's custom role, as its row has them.
    pub(super) custom: Option<String>,
    /// What the organisation asks of sign-ins.
    pub(super) requirement: String,
    pub(super) created_at: i64,
    /// The look that it is in.
    pub(super) look_id: Option<String>,
    #[sqlx(flatten)]
    pub(super) asked: Asked,
}

/// What is to be written of a session just made.
pub(super) struct NewRow {
    pub(super) id: String,
    pub(super) user_id: String,
    pub(super) organisation_id: String,
    pub(super) method: &'static str,
    pub(super) expires_at: i64,
    pub(super) place: SealedPlace,
}

pub(super) async fn insert(
    conn: &mut Conn,
    row: &NewRow,
    digest: &[u8],
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(conn, sqlx::query(
        "INSERT INTO sessions (id, digest, user_id, organisation_id, method, created_at, last_seen_at, expires_at,
                               data_key_id, place)
         VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9)"
    )
    .bind(&row.id)
    .bind(digest)
    .bind(&row.user_id)
    .bind(&row.organisation_id)
    .bind(row.method)
    .bind(now.as_millis())
    .bind(row.expires_at)
    .bind(&row.place.data_key_id)
    .bind(&row.place.sealed))
    .map(|_| ())
}

/// The session with the role that its user has now: a change of role, or its end, holds on
/// the next request.
pub(super) async fn by_digest(conn: &mut Conn, digest: &[u8]) -> Result<Option<SessionRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, SessionRow>(concat!(
        "SELECT s.id, s.user_id, s.organisation_id, s.last_seen_at, s.expires_at, s.method,
                o.mfa_requirement AS requirement,
                m.role, u.staff_role, r.permissions AS custom, s.created_at, s.look_id, ",
        asked!(),
        " FROM sessions s
         JOIN memberships m ON m.organisation_id = s.organisation_id AND m.user_id = s.user_id
         JOIN users u ON u.id = s.user_id
         JOIN organisations o ON o.id = s.organisation_id
         LEFT JOIN custom_roles r ON r.id = m.custom_role_id
         WHERE s.digest = $1"
    ))
    .bind(digest)
    .fetch_optional(c)
    .await)
}

/// Dangerous actions that the session has confirmed.
pub(super) async fn confirmed(
    conn: &mut Conn,
    session: &str,
    now: Timestamp,
) -> Result<Vec<(String, i64)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (String, i64)>(
        "SELECT action, expires_at FROM step_ups WHERE session_id = $1 AND expires_at > $2 ORDER BY action"
    )
    .bind(session)
    .bind(now.as_millis())
    .fetch_all(c)
    .await)
}

/// Notes a confirmation; a later one counts.
pub(super) async fn confirm(
    conn: &mut Conn,
    session: &str,
    action: &str,
    expires_at: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO step_ups (session_id, action, expires_at) VALUES ($1, $2, $3)
             ON CONFLICT (session_id, action) DO UPDATE SET expires_at = excluded.expires_at"
        )
        .bind(session)
        .bind(action)
        .bind(expires_at.as_millis())
    )
    .map(|_| ())
}

/// The higher staff role that the user has for a time, and its end.
pub(super) async fn elevation(
    conn: &mut Conn,
    user: &str,
    now: Timestamp,
) -> Result<Option<(String, i64, i64)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (String, i64, i64)>(
        "SELECT staff_role, starts_at, ends_at FROM elevations
         WHERE user_id = $1 AND state = 'approved' AND ends_at > $2 ORDER BY starts_at LIMIT 1"
    )
    .bind(user)
    .bind(now.as_millis())
    .fetch_optional(c)
    .await)
}

pub(super) async fn seen(
    conn: &mut Conn,
    id: &str,
    place: &SealedPlace,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("UPDATE sessions SET last_seen_at = $2, data_key_id = $3, place = $4 WHERE id = $1")
            .bind(id)
            .bind(now.as_millis())
            .bind(&place.data_key_id)
            .bind(&place.sealed)
    )
    .map(|_| ())
}

/// Changes what the session is found by; its end, if it is there.
pub(super) async fn set_digest(conn: &mut Conn, id: &str, digest: &[u8]) -> Result<Option<i64>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, i64>(
        "UPDATE sessions SET digest = $2 WHERE id = $1 RETURNING expires_at"
    )
    .bind(id)
    .bind(digest)
    .fetch_optional(c)
    .await)
}

pub(super) async fn set_organisation(conn: &mut Conn, id: &str, organisation: &str) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("UPDATE sessions SET organisation_id = $2 WHERE id = $1")
            .bind(id)
            .bind(organisation)
    )
    .map(|_| ())
}

/// Puts the session into a look, or out of the one that it is in.
pub(super) async fn set_look(conn: &mut Conn, id: &str, look: Option<&str>) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("UPDATE sessions SET look_id = $2 WHERE id = $1")
            .bind(id)
            .bind(look)
    )
    .map(|_| ())
}

pub(super) async fn delete(conn: &mut Conn, id: &str) -> Result<(), DbError> {
    execute!(conn, sqlx::query("DELETE FROM sessions WHERE id = $1").bind(id)).map(|_| ())
}

/// The confirmations go first: they know the session only by its id.
pub(super) async fn delete_of_member(conn: &mut Conn, tenant: &str, user: &str) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "DELETE FROM step_ups WHERE session_id IN
             (SELECT id FROM sessions WHERE organisation_id = $1 AND user_id = $2)"
        )
        .bind(tenant)
        .bind(user)
    )?;
    execute!(
        conn,
        sqlx::query("DELETE FROM sessions WHERE organisation_id = $1 AND user_id = $2")
            .bind(tenant)
            .bind(user)
    )
    .map(|_| ())
}

pub(super) async fn sweep(conn: &mut Conn, now: Timestamp, idle_since: Timestamp) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("DELETE FROM step_ups WHERE expires_at <= $1").bind(now.as_millis())
    )?;
    execute!(
        conn,
        sqlx::query("DELETE FROM sessions WHERE expires_at <= $1 OR last_seen_at <= $2")
            .bind(now.as_millis())
            .bind(idle_since.as_millis())
    )
    .map(|_| ())
}

/// What decides on the limits of this user's sessions.
pub(super) async fn asked(conn: &mut Conn, user: &str) -> Result<Option<Asked>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, Asked>(concat!(
        "SELECT ",
        asked!(),
        " FROM users u WHERE u.id = $1"
    ))
    .bind(user)
    .fetch_optional(c)
    .await)
}

/// A session as its user sees it.
#[derive(sqlx::FromRow)]
pub(super) struct OwnRow {
    pub(super) id: String,
    pub(super) method: String,
    pub(super) created_at: i64,
    pub(super) last_seen_at: i64,
    pub(super) expires_at: i64,
    pub(super) data_key_id: Option<String>,
    pub(super) place: Option<Vec<u8>>,
}

pub(super) async fn of_user(conn: &mut Conn, user: &str) -> Result<Vec<OwnRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, OwnRow>(
        "SELECT id, method, created_at, last_seen_at, expires_at, data_key_id, place
         FROM sessions WHERE user_id = $1 ORDER BY id"
    )
    .bind(user)
    .fetch_all(c)
    .await)
}

/// Removes the user's session; whether it was there.
pub(super) async fn delete_own(conn: &mut Conn, id: &str, user: &str) -> Result<bool, DbError> {
    let gone = execute!(
        conn,
        sqlx::query("DELETE FROM sessions WHERE id = $1 AND user_id = $2")
            .bind(id)
            .bind(user)
    )?;
    Ok(gone > 0)
}

/// Removes the user's sessions but this one, with what they have confirmed, and says how many.
pub(super) async fn delete_all(conn: &mut Conn, user: &str, except: &str) -> Result<u64, DbError> {
    execute!(
        conn,
        sqlx::query(
            "DELETE FROM step_ups WHERE session_id IN
                 (SELECT id FROM sessions WHERE user_id = $1 AND id <> $2)"
        )
        .bind(user)
        .bind(except)
    )?;
    execute!(
        conn,
        sqlx::query("DELETE FROM sessions WHERE user_id = $1 AND id <> $2")
            .bind(user)
            .bind(except)
    )
}

/// How many sessions are within the limits, and of how many people.
pub(super) async fn count(
    conn: &mut Conn,
    now: Timestamp,
    idle_since: Timestamp,
) -> Result<(i64, i64), DbError> {
    on!(conn, |c| sqlx::query_as::<_, (i64, i64)>(
        "SELECT COUNT(*), COUNT(DISTINCT user_id) FROM sessions
         WHERE expires_at > $1 AND last_seen_at > $2"
    )
    .bind(now.as_millis())
    .bind(idle_since.as_millis())
    .fetch_one(c)
    .await)
}

/// Removes every session but this one, with what they have confirmed, and says how many.
pub(super) async fn delete_everybodys(conn: &mut Conn, except: &str) -> Result<u64, DbError> {
    execute!(
        conn,
        sqlx::query("DELETE FROM step_ups WHERE session_id <> $1").bind(except)
    )?;
    execute!(
        conn,
        sqlx::query("DELETE FROM sessions WHERE id <> $1").bind(except)
    )
}
