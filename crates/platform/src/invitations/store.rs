//! The rows of `invitations`, and of the roles that they offer. The one look-up without a
//! tenant is by the id that a link's secret has led to.

use db::{Conn, DbError, execute, on};
use types::{Permission, Timestamp};

pub(super) struct NewRow {
    pub(super) id: String,
    pub(super) role: &'static str,
    pub(super) custom_role_id: Option<String>,
    pub(super) data_key_id: String,
    pub(super) sealed: Vec<u8>,
    pub(super) address_hash: Vec<u8>,
    pub(super) invited_by: String,
    pub(super) expires_at: Timestamp,
}

/// Writes it, unless this address has an open one; whether it did.
pub(super) async fn insert(
    conn: &mut Conn,
    tenant: &str,
    row: &NewRow,
    now: Timestamp,
) -> Result<bool, DbError> {
    let made = on!(conn, |c| sqlx::query_scalar::<_, String>(
        "INSERT INTO invitations (id, organisation_id, role, custom_role_id, data_key_id, sealed,
                                  address_hash, invited_by, state, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10) ON CONFLICT DO NOTHING RETURNING id"
    )
    .bind(&row.id)
    .bind(tenant)
    .bind(row.role)
    .bind(&row.custom_role_id)
    .bind(&row.data_key_id)
    .bind(&row.sealed)
    .bind(&row.address_hash)
    .bind(&row.invited_by)
    .bind(now.as_millis())
    .bind(row.expires_at.as_millis())
    .fetch_optional(c)
    .await)?;
    Ok(made.is_some())
}

#[derive(Clone, sqlx::FromRow)]
pub(super) struct InvitationRow {
    pub(super) id: String,
    pub(super) organisation_id: String,
    pub(super) organisation: String,
    pub(super) role: String,
    pub(super) custom_role_id: Option<String>,
    pub(super) custom: Option<String>,
    pub(super) data_key_id: String,
    pub(super) sealed: Vec<u8>,
    pub(super) invited_by: String,
    pub(super) expires_at: i64,
}

/// An open invitation by the id that a link is for.
pub(super) async fn open_by_link(
    conn: &mut Conn,
    id: &str,
    now: Timestamp,
) -> Result<Option<InvitationRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, InvitationRow>(
        "SELECT i.id, i.organisation_id, o.name AS organisation, i.role, i.custom_role_id,
                r.name AS custom, i.data_key_id, i.sealed, u.name AS invited_by, i.expires_at
         FROM invitations i
         JOIN organisations o ON o.id = i.organisation_id
         JOIN users u ON u.id = i.invited_by
         LEFT JOIN custom_roles r ON r.id = i.custom_role_id
         WHERE i.id = $1 AND i.state = 'open' AND i.expires_at > $2"
    )
    .bind(id)
    .bind(now.as_millis())
    .fetch_optional(c)
    .await)
}

/// The open invitations of an organisation, those past their time too, newest first.
pub(super) async fn open(conn: &mut Conn, tenant: &str) -> Result<Vec<InvitationRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, InvitationRow>(
        "SELECT i.id, i.organisation_id, o.name AS organisation, i.role, i.custom_role_id,
                r.name AS custom, i.data_key_id, i.sealed, u.name AS invited_by, i.expires_at
         FROM invitations i
         JOIN organisations o ON o.id = i.organisation_id
         JOIN users u ON u.id = i.invited_by
         LEFT JOIN custom_roles r ON r.id = i.custom_role_id
         WHERE i.organisation_id = $1 AND i.state = 'open' ORDER BY i.id DESC LIMIT 200"
    )
    .bind(tenant)
    .fetch_all(c)
    .await)
}

/// Ends an open invitation of the organisation, and erases its address; whether it was open.
pub(super) async fn end(conn: &mut Conn, tenant: &str, id: &str, state: &str) -> Result<bool, DbError> {
    let ended: Option<String> = on!(conn, |c| sqlx::query_scalar::<_, String>(
        "UPDATE invitations SET state = $3, sealed = $4, address_hash = $4
         WHERE organisation_id = $1 AND id = $2 AND state = 'open' RETURNING id"
    )
    .bind(tenant)
    .bind(id)
    .bind(state)
    .bind(Vec::<u8>::new())
    .fetch_optional(c)
    .await)?;
    Ok(ended.is_some())
}

/// Gives an open invitation a new time; whether it is open.
pub(super) async fn renew(
    conn: &mut Conn,
    tenant: &str,
    id: &str,
    expires_at: Timestamp,
) -> Result<bool, DbError> {
    let renewed: Option<String> = on!(conn, |c| sqlx::query_scalar::<_, String>(
        "UPDATE invitations SET expires_at = $3
         WHERE organisation_id = $1 AND id = $2 AND state = 'open' RETURNING id"
    )
    .bind(tenant)
    .bind(id)
    .bind(expires_at.as_millis())
    .fetch_optional(c)
    .await)?;
    Ok(renewed.is_some())
}

/// The open invitation for this address.
pub(super) async fn open_for(
    conn: &mut Conn,
    tenant: &str,
    address_hash: &[u8],
) -> Result<Option<String>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, String>(
        "SELECT id FROM invitations
         WHERE organisation_id = $1 AND address_hash = $2 AND state = 'open'"
    )
    .bind(tenant)
    .bind(address_hash)
    .fetch_optional(c)
    .await)
}

pub(super) async fn sweep(conn: &mut Conn, before: Timestamp) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("DELETE FROM invitations WHERE expires_at <= $1").bind(before.as_millis())
    )
    .map(|_| ())
}

#[derive(sqlx::FromRow)]
pub(super) struct CustomRoleRow {
    pub(super) id: String,
    pub(super) name: String,
    permissions: String,
}

impl CustomRoleRow {
    /// A word that is not known here gives nothing.
    pub(super) fn permissions(&self) -> Vec<Permission> {
        let words = self.permissions.split(' ');
        words.filter_map(|word| word.parse().ok()).collect()
    }
}

pub(super) async fn custom_role(
    conn: &mut Conn,
    tenant: &str,
    id: &str,
) -> Result<Option<CustomRoleRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, CustomRoleRow>(
        "SELECT id, name, permissions FROM custom_roles WHERE organisation_id = $1 AND id = $2"
    )
    .bind(tenant)
    .bind(id)
    .fetch_optional(c)
    .await)
}

pub(super) async fn custom_roles(conn: &mut Conn, tenant: &str) -> Result<Vec<CustomRoleRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, CustomRoleRow>(
        "SELECT id, name, permissions FROM custom_roles WHERE organisation_id = $1 ORDER BY name, id"
    )
    .bind(tenant)
    .fetch_all(c)
    .await)
}

/// Gives a new member the organisation's own role.
pub(super) async fn set_custom_role(
    conn: &mut Conn,
    tenant: &str,
    user: &str,
    role: &str,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("UPDATE memberships SET custom_role_id = $3 WHERE organisation_id = $1 AND user_id = $2")
            .bind(tenant)
            .bind(user)
            .bind(role)
    )
    .map(|_| ())
}
