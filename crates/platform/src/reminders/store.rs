//! The rows of `reminders`, and who one is due to. It belongs to the person, whatever the
//! organisation.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

/// When somebody is due: wants this kind, and was told neither it nor anything since.
pub(super) struct Due {
    pub(super) kind: &'static str,
    pub(super) told_before: i64,
    pub(super) any_before: i64,
}

/// Of a query that begins at `users u`: those who are due. Binds kind, the two times, and
/// `true`, as `$1` to `$4`.
macro_rules! due {
    ($($rest:literal),+) => {
        concat!(
            "SELECT u.id FROM users u WHERE NOT EXISTS (
                 SELECT 1 FROM reminders r WHERE r.user_id = u.id
                 AND (r.last_sent_at > $3
                      OR (r.kind = $1 AND (r.wanted <> $4 OR r.last_sent_at > $2)))) AND ",
            $($rest),+,
            " ORDER BY u.id LIMIT 101"
        )
    };
}

pub(super) async fn unwanted(conn: &mut Conn, user: &str) -> Result<Vec<String>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, String>(
        "SELECT kind FROM reminders WHERE user_id = $1 AND wanted = $2 ORDER BY kind"
    )
    .bind(user)
    .bind(false)
    .fetch_all(c)
    .await)
}

pub(super) async fn choose(conn: &mut Conn, user: &str, kind: &str, wanted: bool) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO reminders (user_id, kind, wanted) VALUES ($1, $2, $3)
             ON CONFLICT (user_id, kind) DO UPDATE SET wanted = excluded.wanted"
        )
        .bind(user)
        .bind(kind)
        .bind(wanted)
    )
    .map(|_| ())
}

pub(super) async fn told(conn: &mut Conn, user: &str, kind: &str, now: Timestamp) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO reminders (user_id, kind, wanted, last_sent_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (user_id, kind) DO UPDATE SET last_sent_at = excluded.last_sent_at"
        )
        .bind(user)
        .bind(kind)
        .bind(true)
        .bind(now.as_millis())
    )
    .map(|_| ())
}

/// Those whom a query of [`due!`] finds; the moment that it is about is `$5`.
async fn those(
    conn: &mut Conn,
    due: &Due,
    before: Timestamp,
    query: &'static str,
) -> Result<Vec<String>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, String>(query)
        .bind(due.kind)
        .bind(due.told_before)
        .bind(due.any_before)
        .bind(true)
        .bind(before.as_millis())
        .fetch_all(c)
        .await)
}

/// Of accounts that were made before this.
pub(super) async fn with_single_passkey(
    conn: &mut Conn,
    due: &Due,
    before: Timestamp,
) -> Result<Vec<String>, DbError> {
    let query = due!("u.created_at <= $5 AND (SELECT COUNT(*) FROM passkeys p WHERE p.user_id = u.id) = 1");
    those(conn, due, before, query).await
}

pub(super) async fn with_unused_passkey(
    conn: &mut Conn,
    due: &Due,
    before: Timestamp,
) -> Result<Vec<String>, DbError> {
    let query = due!(
        "EXISTS (SELECT 1 FROM passkeys p WHERE p.user_id = u.id
                 AND COALESCE(p.last_used_at, p.created_at) <= $5)"
    );
    those(conn, due, before, query).await
}

pub(super) async fn with_old_key(
    conn: &mut Conn,
    due: &Due,
    before: Timestamp,
) -> Result<Vec<String>, DbError> {
    let query = due!(
        "EXISTS (SELECT 1 FROM api_keys k
                 JOIN memberships m ON m.organisation_id = k.organisation_id AND m.user_id = u.id
                 WHERE k.created_by = u.id AND k.revoked_at IS NULL AND k.created_at <= $5)"
    );
    those(conn, due, before, query).await
}

/// Of accounts with an authenticator app, which the codes stand in for.
pub(super) async fn without_recovery_codes(
    conn: &mut Conn,
    due: &Due,
    before: Timestamp,
) -> Result<Vec<String>, DbError> {
    let query = due!(
        "u.created_at <= $5 AND EXISTS (SELECT 1 FROM totps t WHERE t.user_id = u.id)
             AND NOT EXISTS (SELECT 1 FROM recovery_codes c WHERE c.user_id = u.id AND c.used_at IS NULL)"
    );
    those(conn, due, before, query).await
}
