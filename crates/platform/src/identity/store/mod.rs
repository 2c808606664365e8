//! The rows of `users`, `ceremonies` and `setup_links`; in files of their own those of
//! `passkeys`, and of `passwords`, `totps` and `recovery_codes`.

mod members;
mod passkeys;
mod passwords;
mod sealed;

use db::{Conn, DbError, execute, on};
use types::Timestamp;

pub(super) use members::*;
pub(super) use passkeys::*;
pub(super) use passwords::*;
pub(super) use sealed::*;

#[derive(sqlx::FromRow)]
pub(crate) struct UserRow {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) staff_role: Option<String>,
}

pub(super) async fn any_user(conn: &mut Conn) -> Result<bool, DbError> {
    let found: Option<i64> = on!(conn, |c| sqlx::query_scalar::<_, i64>(
        "SELECT created_at FROM users LIMIT 1"
    )
    .fetch_optional(c)
    .await)?;
    Ok(found.is_some())
}

pub(crate) async fn user(conn: &mut Conn, id: &str) -> Result<Option<UserRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, UserRow>(
        "SELECT id, email, name, staff_role FROM users WHERE id = $1"
    )
    .bind(id)
    .fetch_optional(c)
    .await)
}

/// The account with this address, given in lower case.
pub(super) async fn user_by_email_key(conn: &mut Conn, key: &str) -> Result<Option<UserRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, UserRow>(
        "SELECT id, email, name, staff_role FROM users WHERE email_key = $1"
    )
    .bind(key)
    .fetch_optional(c)
    .await)
}

/// Removes every way in which the user can sign in.
pub(crate) async fn remove_credentials(conn: &mut Conn, user: &str) -> Result<(), DbError> {
    remove_enrolment_links(conn, user).await?;
    passwords::remove_password(conn, user).await?;
    execute!(
        conn,
        sqlx::query("DELETE FROM passkeys WHERE user_id = $1").bind(user)
    )
    .map(|_| ())
}

/// Whether a user has a passkey, and an authenticator app.
pub(crate) async fn means(conn: &mut Conn, id: &str) -> Result<(bool, bool), DbError> {
    on!(conn, |c| sqlx::query_as::<_, (bool, bool)>(
        "SELECT EXISTS (SELECT 1 FROM passkeys WHERE user_id = $1),
                EXISTS (SELECT 1 FROM totps WHERE user_id = $1)"
    )
    .bind(id)
    .fetch_one(c)
    .await)
}

/// The organisations of a user, by name, and what each asks of a sign-in.
pub(super) async fn doors(conn: &mut Conn, user: &str) -> Result<Vec<(String, String)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (String, String)>(
        "SELECT o.id, o.mfa_requirement FROM memberships m
         JOIN organisations o ON o.id = m.organisation_id
         WHERE m.user_id = $1 ORDER BY o.name, o.id"
    )
    .bind(user)
    .fetch_all(c)
    .await)
}

/// Takes a user's row for this transaction: of two changes at once to what the person signs in
/// with, one waits for the other, and sees it.
pub(super) async fn lock_user(conn: &mut Conn, id: &str) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("UPDATE users SET handle = handle WHERE id = $1").bind(id)
    )
    .map(|_| ())
}

/// A user's WebAuthn handle.
pub(super) async fn handle(conn: &mut Conn, id: &str) -> Result<Option<Vec<u8>>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, Vec<u8>>(
        "SELECT handle FROM users WHERE id = $1"
    )
    .bind(id)
    .fetch_optional(c)
    .await)
}

pub(crate) async fn insert_user(
    conn: &mut Conn,
    row: &UserRow,
    handle: &[u8],
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO users (id, email, email_key, name, staff_role, handle, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)"
        )
        .bind(&row.id)
        .bind(&row.email)
        .bind(row.email.to_lowercase())
        .bind(&row.name)
        .bind(&row.staff_role)
        .bind(handle)
        .bind(now.as_millis())
    )
    .map(|_| ())
}

pub(super) async fn insert_ceremony(
    conn: &mut Conn,
    digest: &[u8],
    kind: &str,
    state: &str,
    expires_at: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("INSERT INTO ceremonies (digest, kind, state, expires_at) VALUES ($1, $2, $3, $4)")
            .bind(digest)
            .bind(kind)
            .bind(state)
            .bind(expires_at.as_millis())
    )
    .map(|_| ())
}

/// Removes the ceremony and gives its state, if it is still good.
pub(super) async fn take_ceremony(
    conn: &mut Conn,
    digest: &[u8],
    kind: &str,
    now: Timestamp,
) -> Result<Option<String>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, String>(
        "DELETE FROM ceremonies WHERE digest = $1 AND kind = $2 AND expires_at > $3 RETURNING state"
    )
    .bind(digest)
    .bind(kind)
    .bind(now.as_millis())
    .fetch_optional(c)
    .await)
}

pub(super) async fn sweep_ceremonies(conn: &mut Conn, now: Timestamp) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("DELETE FROM ceremonies WHERE expires_at <= $1").bind(now.as_millis())
    )
    .map(|_| ())
}

/// There is one link for a first person at most.
pub(super) async fn replace_setup_link(
    conn: &mut Conn,
    digest: &[u8],
    expires_at: Timestamp,
) -> Result<(), DbError> {
    execute!(conn, sqlx::query("DELETE FROM setup_links WHERE user_id IS NULL"))?;
    execute!(
        conn,
        sqlx::query("INSERT INTO setup_links (digest, expires_at) VALUES ($1, $2)")
            .bind(digest)
            .bind(expires_at.as_millis())
    )
    .map(|_| ())
}

/// A link for somebody who is known.
pub(super) async fn insert_enrolment_link(
    conn: &mut Conn,
    digest: &[u8],
    user: &str,
    expires_at: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("INSERT INTO setup_links (digest, expires_at, user_id) VALUES ($1, $2, $3)")
            .bind(digest)
            .bind(expires_at.as_millis())
            .bind(user)
    )
    .map(|_| ())
}

pub(super) async fn remove_enrolment_links(conn: &mut Conn, user: &str) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("DELETE FROM setup_links WHERE user_id = $1").bind(user)
    )
    .map(|_| ())
}

/// Somebody who is known, as far as a first passkey needs it.
#[derive(sqlx::FromRow)]
pub(super) struct KnownRow {
    pub(super) email: String,
    pub(super) name: String,
    pub(super) handle: Vec<u8>,
    pub(super) has_passkey: bool,
}

pub(super) async fn known(conn: &mut Conn, user: &str) -> Result<Option<KnownRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, KnownRow>(
        "SELECT email, name, handle,
                EXISTS (SELECT 1 FROM passkeys WHERE user_id = users.id) AS has_passkey
         FROM users WHERE id = $1"
    )
    .bind(user)
    .fetch_optional(c)
    .await)
}

/// The first user with this staff role, if nobody at all has a passkey.
pub(super) async fn unenrolled_admin(conn: &mut Conn, role: &str) -> Result<Option<String>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, String>(
        "SELECT id FROM users
         WHERE staff_role = $1 AND NOT EXISTS (SELECT 1 FROM passkeys) ORDER BY id LIMIT 1"
    )
    .bind(role)
    .fetch_optional(c)
    .await)
}

/// Whom a link that works is for: `Some(None)` for the first person.
pub(super) async fn setup_link(
    conn: &mut Conn,
    digest: &[u8],
    now: Timestamp,
) -> Result<Option<Option<String>>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, Option<String>>(
        "SELECT user_id FROM setup_links WHERE digest = $1 AND expires_at > $2"
    )
    .bind(digest)
    .bind(now.as_millis())
    .fetch_optional(c)
    .await)
}

/// Removes the link; whether it was there to be removed.
pub(super) async fn use_setup_link(conn: &mut Conn, digest: &[u8], now: Timestamp) -> Result<bool, DbError> {
    let used: Option<i64> = on!(conn, |c| sqlx::query_scalar::<_, i64>(
        "DELETE FROM setup_links WHERE digest = $1 AND expires_at > $2 RETURNING expires_at"
    )
    .bind(digest)
    .bind(now.as_millis())
    .fetch_optional(c)
    .await)?;
    Ok(used.is_some())
}
