//! The staff among `users`, and counts of organisations. They belong to the installation.

use db::{Conn, DbError, execute, on};
use types::{StaffRole, Timestamp};

use crate::{Result, audit::Tx};

/// Somebody who is staff.
#[derive(sqlx::FromRow)]
pub(crate) struct StaffRecord {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) email: String,
    staff_role: String,
    /// Whether they can sign in as staff at all.
    pub(crate) has_passkey: bool,
}

impl StaffRecord {
    pub(crate) fn role(&self) -> Result<StaffRole> {
        Ok(self.staff_role.parse()?)
    }
}

/// Makes changes of staff, and of their elevations, come one after the other on every database.
pub(crate) async fn hold(tx: &mut Tx) -> Result<(), DbError> {
    execute!(
        tx,
        sqlx::query(
            "INSERT INTO installation (name, value) VALUES ('staff_changes', 'held')
             ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        )
    )
    .map(|_| ())
}

/// Everybody who is staff, by name.
pub(crate) async fn all(conn: &mut Conn) -> Result<Vec<StaffRecord>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, StaffRecord>(
        "SELECT id, name, email, staff_role,
                EXISTS (SELECT 1 FROM passkeys WHERE user_id = users.id) AS has_passkey
         FROM users WHERE staff_role IS NOT NULL ORDER BY name, id"
    )
    .fetch_all(c)
    .await)
}

/// A user's staff role for good, as it is at this moment.
pub(crate) async fn role(conn: &mut Conn, user: &str) -> Result<Option<StaffRole>> {
    let word: Option<Option<String>> = on!(conn, |c| sqlx::query_scalar::<_, Option<String>>(
        "SELECT staff_role FROM users WHERE id = $1"
    )
    .bind(user)
    .fetch_optional(c)
    .await)?;
    Ok(word.flatten().map(|word| word.parse()).transpose()?)
}

/// Somebody who may become staff: the id, and whether they have a passkey.
pub(super) async fn by_email(conn: &mut Conn, email_key: &str) -> Result<Option<(String, bool)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (String, bool)>(
        "SELECT id, EXISTS (SELECT 1 FROM passkeys WHERE user_id = users.id) FROM users WHERE email_key = $1"
    )
    .bind(email_key)
    .fetch_optional(c)
    .await)
}

pub(super) async fn has_passkey(conn: &mut Conn, user: &str) -> Result<bool, DbError> {
    let found: Option<String> = on!(conn, |c| sqlx::query_scalar::<_, String>(
        "SELECT id FROM passkeys WHERE user_id = $1 LIMIT 1"
    )
    .bind(user)
    .fetch_optional(c)
    .await)?;
    Ok(found.is_some())
}

pub(super) async fn set_role(conn: &mut Conn, user: &str, role: Option<StaffRole>) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("UPDATE users SET staff_role = $2 WHERE id = $1")
            .bind(user)
            .bind(role.map(StaffRole::as_str))
    )
    .map(|_| ())
}

#[derive(sqlx::FromRow)]
pub(super) struct OrganisationRecord {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) created_at: i64,
    pub(super) members: i64,
    pub(super) keys: i64,
    pub(super) verifications: i64,
    pub(super) quota: Option<i64>,
}

/// Organisations with an id before this one, newest first; verifications of the quarters of an
/// hour from `since` on.
pub(super) async fn organisations(
    conn: &mut Conn,
    before: &str,
    since: i64,
    limit: i64,
) -> Result<Vec<OrganisationRecord>, DbError> {
    on!(conn, |c| {
        sqlx::query_as::<_, OrganisationRecord>(
        "SELECT o.id, o.name, o.created_at,
                (SELECT COUNT(*) FROM memberships m WHERE m.organisation_id = o.id) AS members,
                (SELECT COUNT(*) FROM api_keys k
                 WHERE k.organisation_id = o.id AND k.revoked_at IS NULL) AS keys,
                CAST(COALESCE((SELECT SUM(v.open + v.approved + v.denied + v.rejected)
                               FROM verification_counts v
                               WHERE v.organisation_id = o.id AND v.quarter >= $2), 0) AS BIGINT) AS verifications,
                (SELECT q.units FROM quotas q WHERE q.organisation_id = o.id) AS quota
         FROM organisations o WHERE o.id < $1 ORDER BY o.id DESC LIMIT $3"
    )
    .bind(before)
    .bind(since)
    .bind(limit)
    .fetch_all(c)
    .await
    })
}

/// Elevations that hold at this moment: whose, which role, until when.
pub(super) async fn elevated(conn: &mut Conn, now: Timestamp) -> Result<Vec<(String, String, i64)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (String, String, i64)>(
        "SELECT user_id, staff_role, ends_at FROM elevations
         WHERE state = 'approved' AND starts_at <= $1 AND ends_at > $1 ORDER BY id"
    )
    .bind(now.as_millis())
    .fetch_all(c)
    .await)
}
