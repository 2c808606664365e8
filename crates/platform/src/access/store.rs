//! The rows of `organisations`, `memberships` and `installation`.

use db::{Conn, DbError, execute, on};
use types::{Role, Timestamp};

/// An organisation as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct OrganisationRow {
    /// 1 to 100 characters.
    pub name: String,
    /// IANA name.
    pub time_zone: String,
    /// Whether live keys may reach an outcome on typed lines alone.
    pub accept_self_asserted_live: bool,
    /// Milliseconds since the Unix epoch.
    pub created_at: i64,
}

pub(crate) async fn organisation(conn: &mut Conn, tenant: &str) -> Result<Option<OrganisationRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, OrganisationRow>(
        "SELECT name, time_zone, accept_self_asserted_live, created_at
         FROM organisations WHERE id = $1"
    )
    .bind(tenant)
    .fetch_optional(c)
    .await)
}

pub(crate) async fn insert_organisation(
    conn: &mut Conn,
    id: &str,
    name: &str,
    time_zone: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO organisations (id, name, time_zone, accept_self_asserted_live, created_at)
         VALUES ($1, $2, $3, $4, $5)"
        )
        .bind(id)
        .bind(name)
        .bind(time_zone)
        .bind(false)
        .bind(now.as_millis())
    )
    .map(|_| ())
}

pub(crate) async fn update_organisation(
    conn: &mut Conn,
    tenant: &str,
    name: &str,
    time_zone: &str,
    accept_self_asserted_live: bool,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE organisations SET name = $2, time_zone = $3, accept_self_asserted_live = $4
         WHERE id = $1"
        )
        .bind(tenant)
        .bind(name)
        .bind(time_zone)
        .bind(accept_self_asserted_live)
    )
    .map(|_| ())
}

pub(crate) async fn insert_member(
    conn: &mut Conn,
    tenant: &str,
    user: &str,
    role: Role,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO memberships (organisation_id, user_id, role, created_at)
         VALUES ($1, $2, $3, $4)"
        )
        .bind(tenant)
        .bind(user)
        .bind(role.as_str())
        .bind(now.as_millis())
    )
    .map(|_| ())
}

/// The role of the user in the organisation, if any.
pub(crate) async fn member(conn: &mut Conn, tenant: &str, user: &str) -> Result<Option<String>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, String>(
        "SELECT role FROM memberships WHERE organisation_id = $1 AND user_id = $2"
    )
    .bind(tenant)
    .bind(user)
    .fetch_optional(c)
    .await)
}

#[derive(sqlx::FromRow)]
pub(crate) struct ChoiceRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) role: String,
    pub(crate) custom: Option<String>,
    pub(crate) time_zone: String,
}

/// The organisations of a user, by name.
pub(crate) async fn organisations_of(conn: &mut Conn, user: &str) -> Result<Vec<ChoiceRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, ChoiceRow>(
        "SELECT o.id, o.name, m.role, r.name AS custom, o.time_zone FROM memberships m
         JOIN organisations o ON o.id = m.organisation_id
         LEFT JOIN custom_roles r ON r.id = m.custom_role_id
         WHERE m.user_id = $1 ORDER BY o.name, o.id"
    )
    .bind(user)
    .fetch_all(c)
    .await)
}

pub(super) async fn installation(conn: &mut Conn, name: &str) -> Result<Option<String>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, String>(
        "SELECT value FROM installation WHERE name = $1"
    )
    .bind(name)
    .fetch_optional(c)
    .await)
}

pub(super) async fn note_installation(conn: &mut Conn, name: &str, value: &str) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("INSERT INTO installation (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
            .bind(name)
            .bind(value)
    )
    .map(|_| ())
}
