//! How the members of an organisation can sign in.

use db::{Conn, DbError, on};

/// The passkeys of an organisation's members: whose, and as they are stored.
pub(in crate::identity) async fn credentials_in(
    conn: &mut Conn,
    tenant: &str,
) -> Result<Vec<(String, String)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (String, String)>(
        "SELECT p.user_id, p.credential FROM passkeys p
         JOIN memberships m ON m.user_id = p.user_id
         WHERE m.organisation_id = $1 ORDER BY p.id"
    )
    .bind(tenant)
    .fetch_all(c)
    .await)
}

/// The organisation's members who have a password.
pub(in crate::identity) async fn passwords_in(conn: &mut Conn, tenant: &str) -> Result<Vec<String>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, String>(
        "SELECT p.user_id FROM passwords p
         JOIN memberships m ON m.user_id = p.user_id
         WHERE m.organisation_id = $1 ORDER BY p.user_id"
    )
    .bind(tenant)
    .fetch_all(c)
    .await)
}
