//! The rows of `passwords`, `totps` and `recovery_codes`.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

/// A sealed value and the data key that opens it.
#[derive(Clone, Debug)]
pub(in crate::identity) struct Sealed {
    pub(in crate::identity) data_key_id: String,
    pub(in crate::identity) sealed: Vec<u8>,
}

/// An account as a sign-in with a password finds it.
#[derive(sqlx::FromRow)]
pub(in crate::identity) struct PasswordRow {
    pub(in crate::identity) user_id: String,
    pub(in crate::identity) staff_role: Option<String>,
    data_key_id: String,
    sealed: Vec<u8>,
    pub(in crate::identity) changed_at: i64,
    pub(in crate::identity) disabled_at: Option<i64>,
}

impl PasswordRow {
    pub(in crate::identity) fn sealed(&self) -> Sealed {
        Sealed {
            data_key_id: self.data_key_id.clone(),
            sealed: self.sealed.clone(),
        }
    }
}

/// The password of the account with this address in lower case.
pub(in crate::identity) async fn password_by_email(
    conn: &mut Conn,
    email_key: &str,
) -> Result<Option<PasswordRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, PasswordRow>(
        "SELECT p.user_id, u.staff_role, p.data_key_id, p.sealed, p.changed_at, p.disabled_at
         FROM users u JOIN passwords p ON p.user_id = u.id WHERE u.email_key = $1"
    )
    .bind(email_key)
    .fetch_optional(c)
    .await)
}

/// When a user's password was set, and since when it is not taken any more.
pub(in crate::identity) async fn password_state(
    conn: &mut Conn,
    user: &str,
) -> Result<Option<(i64, Option<i64>)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (i64, Option<i64>)>(
        "SELECT changed_at, disabled_at FROM passwords WHERE user_id = $1"
    )
    .bind(user)
    .fetch_optional(c)
    .await)
}

/// Sets a password; wrong answers before it are forgotten.
pub(in crate::identity) async fn replace_password(
    conn: &mut Conn,
    user: &str,
    sealed: &Sealed,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO passwords (user_id, data_key_id, sealed, changed_at, failures)
             VALUES ($1, $2, $3, $4, 0)
             ON CONFLICT (user_id) DO UPDATE SET data_key_id = excluded.data_key_id,
                 sealed = excluded.sealed, changed_at = excluded.changed_at, failures = 0,
                 disabled_at = NULL"
        )
        .bind(user)
        .bind(&sealed.data_key_id)
        .bind(&sealed.sealed)
        .bind(now.as_millis())
    )
    .map(|_| ())
}

/// Keeps the same password under another hash, if it is still the one that was set then.
pub(in crate::identity) async fn renew_hash(
    conn: &mut Conn,
    user: &str,
    sealed: &Sealed,
    changed_at: i64,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE passwords SET data_key_id = $2, sealed = $3 WHERE user_id = $1 AND changed_at = $4"
        )
        .bind(user)
        .bind(&sealed.data_key_id)
        .bind(&sealed.sealed)
        .bind(changed_at)
    )
    .map(|_| ())
}

/// Counts one more wrong answer, and disables with the one that is too many. The count; nothing
/// if the account has no password.
pub(in crate::identity) async fn count_failure(
    conn: &mut Conn,
    user: &str,
    most: i64,
    now: Timestamp,
) -> Result<Option<i64>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, i64>(
        "UPDATE passwords SET failures = failures + 1,
             disabled_at = CASE WHEN failures + 1 >= $2 THEN COALESCE(disabled_at, $3) ELSE disabled_at END
         WHERE user_id = $1 RETURNING failures"
    )
    .bind(user)
    .bind(most)
    .bind(now.as_millis())
    .fetch_optional(c)
    .await)
}

/// Forgets wrong answers, if the password is still the one that was checked and is still taken.
pub(in crate::identity) async fn forget_failures(
    conn: &mut Conn,
    user: &str,
    changed_at: i64,
) -> Result<bool, DbError> {
    let done = execute!(
        conn,
        sqlx::query(
            "UPDATE passwords SET failures = 0
             WHERE user_id = $1 AND changed_at = $2 AND disabled_at IS NULL"
        )
        .bind(user)
        .bind(changed_at)
    )?;
    Ok(done > 0)
}

/// An authenticator app's secret.
#[derive(sqlx::FromRow)]
pub(in crate::identity) struct TotpRow {
    data_key_id: String,
    sealed: Vec<u8>,
    pub(in crate::identity) last_step: i64,
    /// Too many wrong answers came in a row.
    pub(in crate::identity) disabled: bool,
}

impl TotpRow {
    pub(in crate::identity) fn sealed(&self) -> Sealed {
        Sealed {
            data_key_id: self.data_key_id.clone(),
            sealed: self.sealed.clone(),
        }
    }
}

pub(in crate::identity) async fn totp(conn: &mut Conn, user: &str) -> Result<Option<TotpRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, TotpRow>(
        "SELECT data_key_id, sealed, last_step,
                EXISTS (SELECT 1 FROM passwords p
                        WHERE p.user_id = totps.user_id AND p.disabled_at IS NOT NULL) AS disabled
         FROM totps WHERE user_id = $1"
    )
    .bind(user)
    .fetch_optional(c)
    .await)
}

/// Since when a user has an authenticator app.
pub(in crate::identity) async fn totp_since(conn: &mut Conn, user: &str) -> Result<Option<i64>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, i64>(
        "SELECT created_at FROM totps WHERE user_id = $1"
    )
    .bind(user)
    .fetch_optional(c)
    .await)
}

pub(in crate::identity) async fn replace_totp(
    conn: &mut Conn,
    user: &str,
    sealed: &Sealed,
    step: i64,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO totps (user_id, data_key_id, sealed, last_step, created_at)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (user_id) DO UPDATE SET data_key_id = excluded.data_key_id,
                 sealed = excluded.sealed, last_step = excluded.last_step,
                 created_at = excluded.created_at"
        )
        .bind(user)
        .bind(&sealed.data_key_id)
        .bind(&sealed.sealed)
        .bind(step)
        .bind(now.as_millis())
    )
    .map(|_| ())
}

/// Uses a step up; whether it was still to be used. Of two at once one wins.
pub(in crate::identity) async fn use_step(conn: &mut Conn, user: &str, step: i64) -> Result<bool, DbError> {
    let done = execute!(
        conn,
        sqlx::query("UPDATE totps SET last_step = $2 WHERE user_id = $1 AND last_step < $2")
            .bind(user)
            .bind(step)
    )?;
    Ok(done > 0)
}

pub(in crate::identity) async fn replace_recovery_codes(
    conn: &mut Conn,
    user: &str,
    digests: &[Vec<u8>],
    now: Timestamp,
) -> Result<(), DbError> {
    remove_recovery_codes(conn, user).await?;
    for digest in digests {
        execute!(
            conn,
            sqlx::query("INSERT INTO recovery_codes (digest, user_id, created_at) VALUES ($1, $2, $3)")
                .bind(digest)
                .bind(user)
                .bind(now.as_millis())
        )?;
    }
    Ok(())
}

async fn remove_recovery_codes(conn: &mut Conn, user: &str) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("DELETE FROM recovery_codes WHERE user_id = $1").bind(user)
    )
    .map(|_| ())
}

/// Uses a recovery code up; whether it was there to be used. Of two at once one wins.
pub(in crate::identity) async fn use_recovery_code(
    conn: &mut Conn,
    user: &str,
    digest: &[u8],
    now: Timestamp,
) -> Result<bool, DbError> {
    let done = execute!(
        conn,
        sqlx::query(
            "UPDATE recovery_codes SET used_at = $3
             WHERE digest = $2 AND user_id = $1 AND used_at IS NULL"
        )
        .bind(user)
        .bind(digest)
        .bind(now.as_millis())
    )?;
    Ok(done > 0)
}

/// How many recovery codes are left.
pub(in crate::identity) async fn recovery_codes_left(conn: &mut Conn, user: &str) -> Result<i64, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, i64>(
        "SELECT COUNT(*) FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL"
    )
    .bind(user)
    .fetch_one(c)
    .await)
}

/// Takes password, authenticator app and recovery codes away; whether there was a password.
pub(in crate::identity) async fn remove_password(conn: &mut Conn, user: &str) -> Result<bool, DbError> {
    remove_recovery_codes(conn, user).await?;
    execute!(
        conn,
        sqlx::query("DELETE FROM totps WHERE user_id = $1").bind(user)
    )?;
    let done = execute!(
        conn,
        sqlx::query("DELETE FROM passwords WHERE user_id = $1").bind(user)
    )?;
    Ok(done > 0)
}
