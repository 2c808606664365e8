//! The rows of `custom_roles`.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

#[derive(sqlx::FromRow)]
pub(super) struct RoleRow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) permissions: String,
    pub(super) updated_at: i64,
}

pub(super) async fn list(conn: &mut Conn, tenant: &str) -> Result<Vec<RoleRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, RoleRow>(
        "SELECT id, name, permissions, updated_at FROM custom_roles
         WHERE organisation_id = $1 ORDER BY name, id"
    )
    .bind(tenant)
    .fetch_all(c)
    .await)
}

pub(super) async fn get(conn: &mut Conn, tenant: &str, id: &str) -> Result<Option<RoleRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, RoleRow>(
        "SELECT id, name, permissions, updated_at FROM custom_roles
         WHERE organisation_id = $1 AND id = $2"
    )
    .bind(tenant)
    .bind(id)
    .fetch_optional(c)
    .await)
}

/// Who has a role of the organisation's own: its id, and the display name.
pub(super) async fn members(conn: &mut Conn, tenant: &str) -> Result<Vec<(String, String)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (String, String)>(
        "SELECT m.custom_role_id, u.name FROM memberships m JOIN users u ON u.id = m.user_id
         WHERE m.organisation_id = $1 AND m.custom_role_id IS NOT NULL ORDER BY u.name, u.id"
    )
    .bind(tenant)
    .fetch_all(c)
    .await)
}

pub(super) async fn insert(
    conn: &mut Conn,
    tenant: &str,
    id: &str,
    (name, permissions): (&str, &str),
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO custom_roles (id, organisation_id, name, permissions, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $5)"
        )
        .bind(id)
        .bind(tenant)
        .bind(name)
        .bind(permissions)
        .bind(now.as_millis())
    )
    .map(|_| ())
}

pub(super) async fn update(
    conn: &mut Conn,
    tenant: &str,
    id: &str,
    (name, permissions): (&str, &str),
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE custom_roles SET name = $3, permissions = $4, updated_at = $5
             WHERE organisation_id = $1 AND id = $2"
        )
        .bind(tenant)
        .bind(id)
        .bind(name)
        .bind(permissions)
        .bind(now.as_millis())
    )
    .map(|_| ())
}

pub(super) async fn delete(conn: &mut Conn, tenant: &str, id: &str) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("DELETE FROM custom_roles WHERE organisation_id = $1 AND id = $2")
            .bind(tenant)
            .bind(id)
    )
    .map(|_| ())
}
