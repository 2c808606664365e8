//! The rows of `passkeys`.

use db::{Conn, DbError, execute, on};
use types::Timestamp;
use webauthn_rs::prelude::Passkey;

use crate::{Error, Result, identity::passkey::Claims};

/// A passkey to be written.
pub(in crate::identity) struct NewPasskeyRow<'a> {
    pub(in crate::identity) id: String,
    pub(in crate::identity) user_id: String,
    pub(in crate::identity) name: &'a str,
    pub(in crate::identity) passkey: &'a Passkey,
    pub(in crate::identity) claims: &'a Claims,
}

pub(in crate::identity) async fn insert_passkey(
    conn: &mut Conn,
    row: &NewPasskeyRow<'_>,
    now: Timestamp,
) -> Result<()> {
    let credential = serde_json::to_string(row.passkey)?;
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO passkeys (id, user_id, credential_id, credential, name, created_at,
                                   aaguid, backup_eligible, backed_up)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        )
        .bind(&row.id)
        .bind(&row.user_id)
        .bind(row.passkey.cred_id().as_slice())
        .bind(&credential)
        .bind(row.name)
        .bind(now.as_millis())
        .bind(&row.claims.aaguid)
        .bind(row.claims.backup_eligible)
        .bind(row.claims.backed_up)
    )
    .map(|_| ())
    .map_err(Error::from)
}

/// A passkey, as far as a ceremony needs it.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::identity) struct PasskeyRow {
    pub(in crate::identity) id: String,
    pub(in crate::identity) user_id: String,
    pub(in crate::identity) credential: String,
    pub(in crate::identity) name: String,
}

/// The passkey with this credential id, if it belongs to the account with this handle.
pub(in crate::identity) async fn passkey_of_handle(
    conn: &mut Conn,
    handle: &[u8],
    credential_id: &[u8],
) -> Result<Option<PasskeyRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, PasskeyRow>(
        "SELECT p.id, p.user_id, p.credential, p.name FROM passkeys p JOIN users u ON u.id = p.user_id
         WHERE p.credential_id = $1 AND u.handle = $2"
    )
    .bind(credential_id)
    .bind(handle)
    .fetch_optional(c)
    .await)
}

/// The passkey with this credential id, if it is this user's.
pub(in crate::identity) async fn passkey_of_user(
    conn: &mut Conn,
    user: &str,
    credential_id: &[u8],
) -> Result<Option<PasskeyRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, PasskeyRow>(
        "SELECT id, user_id, credential, name FROM passkeys WHERE credential_id = $1 AND user_id = $2"
    )
    .bind(credential_id)
    .bind(user)
    .fetch_optional(c)
    .await)
}

/// The credential ids of a user's passkeys.
pub(in crate::identity) async fn credential_ids(
    conn: &mut Conn,
    user: &str,
) -> Result<Vec<Vec<u8>>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, Vec<u8>>(
        "SELECT credential_id FROM passkeys WHERE user_id = $1 ORDER BY id"
    )
    .bind(user)
    .fetch_all(c)
    .await)
}

/// Notes a use: counter, what the authenticator says of copies (eligible, made), time.
pub(in crate::identity) async fn passkey_used(
    conn: &mut Conn,
    id: &str,
    passkey: &Passkey,
    (backup_eligible, backed_up): (bool, bool),
    now: Timestamp,
) -> Result<()> {
    let credential = serde_json::to_string(passkey)?;
    execute!(
        conn,
        sqlx::query(
            "UPDATE passkeys SET credential = $2, last_used_at = $3, backup_eligible = $4, backed_up = $5
             WHERE id = $1"
        )
        .bind(id)
        .bind(&credential)
        .bind(now.as_millis())
        .bind(backup_eligible)
        .bind(backed_up)
    )
    .map(|_| ())
    .map_err(Error::from)
}

/// A passkey as its owner sees it.
#[derive(sqlx::FromRow)]
pub(in crate::identity) struct ListedRow {
    pub(in crate::identity) id: String,
    pub(in crate::identity) credential_id: Vec<u8>,
    pub(in crate::identity) name: String,
    pub(in crate::identity) created_at: i64,
    pub(in crate::identity) last_used_at: Option<i64>,
    pub(in crate::identity) aaguid: Option<String>,
    pub(in crate::identity) backup_eligible: Option<bool>,
}

/// A user's passkeys, oldest first.
pub(in crate::identity) async fn passkeys(conn: &mut Conn, user: &str) -> Result<Vec<ListedRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, ListedRow>(
        "SELECT id, credential_id, name, created_at, last_used_at, aaguid, backup_eligible
         FROM passkeys WHERE user_id = $1 ORDER BY created_at, id"
    )
    .bind(user)
    .fetch_all(c)
    .await)
}

/// Whether there was such a passkey of the user's.
pub(in crate::identity) async fn rename_passkey(
    conn: &mut Conn,
    user: &str,
    id: &str,
    name: &str,
) -> Result<bool, DbError> {
    let done = execute!(
        conn,
        sqlx::query("UPDATE passkeys SET name = $3 WHERE id = $2 AND user_id = $1")
            .bind(user)
            .bind(id)
            .bind(name)
    )?;
    Ok(done > 0)
}

/// Whether there was such a passkey of the user's.
pub(in crate::identity) async fn remove_passkey(
    conn: &mut Conn,
    user: &str,
    id: &str,
) -> Result<bool, DbError> {
    let done = execute!(
        conn,
        sqlx::query("DELETE FROM passkeys WHERE id = $2 AND user_id = $1")
            .bind(user)
            .bind(id)
    )?;
    Ok(done > 0)
}
