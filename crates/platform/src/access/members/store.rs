//! The rows of `memberships`, with who they are of.

use db::{Conn, DbError, execute, on};
use types::{Role, team::MemberRole};

use super::rules::{Member, permissions_of};
use crate::Result;

#[derive(sqlx::FromRow)]
pub(super) struct MemberRecord {
    pub(super) user_id: String,
    pub(super) name: String,
    pub(super) email: String,
    role: String,
    custom_role_id: Option<String>,
    custom_name: Option<String>,
    custom_permissions: Option<String>,
    pub(super) created_at: i64,
    pub(super) last_active: Option<i64>,
    pub(super) keys: i64,
}

impl MemberRecord {
    pub(super) fn member(&self) -> Result<Member> {
        let role: Role = self.role.parse()?;
        Ok(Member {
            role,
            word: self.custom_name.clone().unwrap_or_else(|| role.to_string()),
            permissions: permissions_of(role, self.custom_permissions.as_deref()),
        })
    }

    pub(super) fn role(&self) -> Result<MemberRole> {
        Ok(match (&self.custom_role_id, &self.custom_name) {
            (Some(id), Some(name)) => MemberRole::Custom(id.parse()?, name.clone()),
            _ => MemberRole::BuiltIn(self.role.parse()?),
        })
    }
}

/// Takes the organisation's row until the transaction ends.
pub(super) async fn hold(conn: &mut Conn, tenant: &str) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("UPDATE organisations SET name = name WHERE id = $1").bind(tenant)
    )
    .map(|_| ())
}

/// The members, by name.
pub(super) async fn list(conn: &mut Conn, tenant: &str) -> Result<Vec<MemberRecord>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, MemberRecord>(
        "SELECT m.user_id, u.name, u.email, m.role, m.custom_role_id, r.name AS custom_name,
                r.permissions AS custom_permissions, m.created_at,
                (SELECT MAX(s.last_seen_at) FROM sessions s
                 WHERE s.user_id = m.user_id AND s.organisation_id = m.organisation_id) AS last_active,
                (SELECT COUNT(*) FROM api_keys k
                 WHERE k.organisation_id = m.organisation_id AND k.created_by = m.user_id
                   AND k.revoked_at IS NULL) AS keys
         FROM memberships m
         JOIN users u ON u.id = m.user_id
         LEFT JOIN custom_roles r ON r.id = m.custom_role_id
         WHERE m.organisation_id = $1 ORDER BY u.name, u.id LIMIT 1000"
    )
    .bind(tenant)
    .fetch_all(c)
    .await)
}

pub(super) async fn member(
    conn: &mut Conn,
    tenant: &str,
    user: &str,
) -> Result<Option<MemberRecord>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, MemberRecord>(
        "SELECT m.user_id, u.name, u.email, m.role, m.custom_role_id, r.name AS custom_name,
                r.permissions AS custom_permissions, m.created_at, CAST(NULL AS BIGINT) AS last_active,
                (SELECT COUNT(*) FROM api_keys k
                 WHERE k.organisation_id = m.organisation_id AND k.created_by = m.user_id
                   AND k.revoked_at IS NULL) AS keys
         FROM memberships m
         JOIN users u ON u.id = m.user_id
         LEFT JOIN custom_roles r ON r.id = m.custom_role_id
         WHERE m.organisation_id = $1 AND m.user_id = $2"
    )
    .bind(tenant)
    .bind(user)
    .fetch_optional(c)
    .await)
}

/// The members' ids and names, by name.
pub(in crate::access) async fn names(
    conn: &mut Conn,
    tenant: &str,
) -> Result<Vec<(String, String)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (String, String)>(
        "SELECT u.id, u.name FROM memberships m JOIN users u ON u.id = m.user_id
         WHERE m.organisation_id = $1 ORDER BY u.name, u.id"
    )
    .bind(tenant)
    .fetch_all(c)
    .await)
}

pub(super) async fn owners(conn: &mut Conn, tenant: &str) -> Result<i64, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, i64>(
        "SELECT COUNT(*) FROM memberships WHERE organisation_id = $1 AND role = 'owner'"
    )
    .bind(tenant)
    .fetch_one(c)
    .await)
}

pub(super) async fn set_role(
    conn: &mut Conn,
    tenant: &str,
    user: &str,
    role: Role,
    custom: Option<&str>,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE memberships SET role = $3, custom_role_id = $4
             WHERE organisation_id = $1 AND user_id = $2"
        )
        .bind(tenant)
        .bind(user)
        .bind(role.as_str())
        .bind(custom)
    )
    .map(|_| ())
}

pub(super) async fn remove(conn: &mut Conn, tenant: &str, user: &str) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("DELETE FROM memberships WHERE organisation_id = $1 AND user_id = $2")
            .bind(tenant)
            .bind(user)
    )
    .map(|_| ())
}
