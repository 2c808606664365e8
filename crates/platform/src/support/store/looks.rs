//! The rows of `support_looks`.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

pub(in crate::support) struct NewLook<'a> {
    pub(in crate::support) id: &'a str,
    pub(in crate::support) consent: &'a str,
    pub(in crate::support) user: String,
    pub(in crate::support) session: String,
    pub(in crate::support) data_key_id: String,
    pub(in crate::support) reason: Vec<u8>,
}

pub(in crate::support) async fn insert(
    conn: &mut Conn,
    tenant: &str,
    new: &NewLook<'_>,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO support_looks (id, consent_id, organisation_id, user_id, session_id, data_key_id,
                                        reason, started_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        )
        .bind(new.id)
        .bind(new.consent)
        .bind(tenant)
        .bind(&new.user)
        .bind(&new.session)
        .bind(&new.data_key_id)
        .bind(&new.reason)
        .bind(now.as_millis())
    )
    .map(|_| ())
}

/// A look with what decides whether it holds.
#[derive(sqlx::FromRow)]
pub(in crate::support) struct LookRecord {
    pub(in crate::support) organisation_id: String,
    pub(in crate::support) ended_at: Option<i64>,
    pub(in crate::support) consent_state: String,
    /// When the consent ends.
    pub(in crate::support) until: Option<i64>,
    /// What the organisation asks of sign-ins.
    pub(in crate::support) requirement: String,
}

/// The look with this id, which its session's row has led to.
pub(in crate::support) async fn get(conn: &mut Conn, id: &str) -> Result<Option<LookRecord>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, LookRecord>(
        "SELECT l.organisation_id, l.ended_at, n.state AS consent_state, n.ends_at AS until,
                o.mfa_requirement AS requirement
         FROM support_looks l
         JOIN support_consents n ON n.id = l.consent_id
         JOIN organisations o ON o.id = l.organisation_id
         WHERE l.id = $1"
    )
    .bind(id)
    .fetch_optional(c)
    .await)
}

/// Ends it; whether it was open.
pub(in crate::support) async fn end(
    conn: &mut Conn,
    id: &str,
    how: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    let done = execute!(
        conn,
        sqlx::query("UPDATE support_looks SET ended_at = $2, ended = $3 WHERE id = $1 AND ended_at IS NULL")
            .bind(id)
            .bind(now.as_millis())
            .bind(how)
    )?;
    Ok(done > 0)
}

/// Ends those that rest on the consent; how many there were.
pub(in crate::support) async fn end_of_consent(
    conn: &mut Conn,
    consent: &str,
    how: &str,
    now: Timestamp,
) -> Result<u64, DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE support_looks SET ended_at = $2, ended = $3 WHERE consent_id = $1 AND ended_at IS NULL"
        )
        .bind(consent)
        .bind(now.as_millis())
        .bind(how)
    )
}

/// Ids and organisations of the looks that a staff member's sessions are in.
pub(in crate::support) async fn open_of_user(
    conn: &mut Conn,
    user: &str,
) -> Result<Vec<(String, String)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (String, String)>(
        "SELECT l.id, l.organisation_id FROM sessions s JOIN support_looks l ON l.id = s.look_id
         WHERE s.user_id = $1 AND l.ended_at IS NULL ORDER BY l.id"
    )
    .bind(user)
    .fetch_all(c)
    .await)
}

/// A look as the organisation sees it.
#[derive(sqlx::FromRow)]
pub(in crate::support) struct ListRecord {
    pub(in crate::support) id: String,
    pub(in crate::support) staff: String,
    pub(in crate::support) data_key_id: String,
    pub(in crate::support) reason: Vec<u8>,
    pub(in crate::support) started_at: i64,
    pub(in crate::support) ended_at: Option<i64>,
    pub(in crate::support) ended: Option<String>,
    /// Whether a session is in it.
    pub(in crate::support) in_session: bool,
    /// When the consent ends, or ended.
    pub(in crate::support) until: Option<i64>,
    pub(in crate::support) pages: i64,
}

/// The organisation's looks, newest first.
pub(in crate::support) async fn list(
    conn: &mut Conn,
    tenant: &str,
    limit: i64,
) -> Result<Vec<ListRecord>, DbError> {
    on!(conn, |c| {
        sqlx::query_as::<_, ListRecord>(
        "SELECT l.id, u.name AS staff, l.data_key_id, l.reason, l.started_at, l.ended_at, l.ended,
                EXISTS (SELECT 1 FROM sessions s WHERE s.id = l.session_id AND s.look_id = l.id) AS in_session,
                n.ends_at AS until,
                (SELECT COUNT(*) FROM audit_events e
                 WHERE e.organisation_id = l.organisation_id AND e.target_id = l.id
                   AND e.action = 'support.page_read') AS pages
         FROM support_looks l
         JOIN users u ON u.id = l.user_id
         JOIN support_consents n ON n.id = l.consent_id
         WHERE l.organisation_id = $1 ORDER BY l.id DESC LIMIT $2"
    )
    .bind(tenant)
    .bind(limit)
    .fetch_all(c)
    .await
    })
}
