//! The rows of `sign_ins` and `signals`. A sign-in is its user's; signals are the
//! installation's, whose staff read them.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

pub(super) struct NewSignIn<'a> {
    pub(super) user_id: &'a str,
    pub(super) method: &'static str,
    pub(super) device: Option<&'a [u8]>,
    pub(super) network: Option<&'a [u8]>,
    pub(super) country: Option<&'a [u8]>,
    pub(super) data_key_id: String,
    pub(super) place: Vec<u8>,
}

pub(super) async fn insert_sign_in(
    conn: &mut Conn,
    id: &str,
    row: &NewSignIn<'_>,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO sign_ins (id, user_id, occurred_at, method, device_digest, network_digest,
             country_digest, data_key_id, place) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        )
        .bind(id)
        .bind(row.user_id)
        .bind(now.as_millis())
        .bind(row.method)
        .bind(row.device)
        .bind(row.network)
        .bind(row.country)
        .bind(&row.data_key_id)
        .bind(&row.place)
    )
    .map(|_| ())
}

#[derive(sqlx::FromRow)]
pub(super) struct SignInRow {
    pub(super) id: String,
    pub(super) occurred_at: i64,
    pub(super) method: String,
    pub(super) data_key_id: String,
    pub(super) place: Vec<u8>,
}

/// The user's last sign-in.
pub(super) async fn latest(
    conn: &mut Conn,
    user: &str,
    since: Timestamp,
) -> Result<Option<SignInRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, SignInRow>(
        "SELECT id, occurred_at, method, data_key_id, place FROM sign_ins
         WHERE user_id = $1 AND occurred_at > $2 ORDER BY id DESC LIMIT 1"
    )
    .bind(user)
    .bind(since.as_millis())
    .fetch_optional(c)
    .await)
}

pub(super) async fn knows_device(
    conn: &mut Conn,
    user: &str,
    device: &[u8],
    since: Timestamp,
) -> Result<bool, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, bool>(
        "SELECT EXISTS (SELECT 1 FROM sign_ins
         WHERE user_id = $1 AND device_digest = $2 AND occurred_at > $3) AS known"
    )
    .bind(user)
    .bind(device)
    .bind(since.as_millis())
    .fetch_one(c)
    .await)
}

pub(super) async fn knows_country(
    conn: &mut Conn,
    user: &str,
    country: &[u8],
    since: Timestamp,
) -> Result<bool, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, bool>(
        "SELECT EXISTS (SELECT 1 FROM sign_ins
         WHERE user_id = $1 AND country_digest = $2 AND occurred_at > $3) AS known"
    )
    .bind(user)
    .bind(country)
    .bind(since.as_millis())
    .fetch_one(c)
    .await)
}

pub(super) async fn knows_any_country(
    conn: &mut Conn,
    user: &str,
    since: Timestamp,
) -> Result<bool, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, bool>(
        "SELECT EXISTS (SELECT 1 FROM sign_ins
         WHERE user_id = $1 AND country_digest IS NOT NULL AND occurred_at > $2) AS known"
    )
    .bind(user)
    .bind(since.as_millis())
    .fetch_one(c)
    .await)
}

pub(super) async fn sweep_sign_ins(conn: &mut Conn, before: Timestamp) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("DELETE FROM sign_ins WHERE occurred_at <= $1").bind(before.as_millis())
    )
    .map(|_| ())
}

pub(super) struct NewSignal {
    pub(super) id: String,
    pub(super) kind: &'static str,
    pub(super) user_id: Option<String>,
    pub(super) cause: String,
    pub(super) data_key_id: String,
    pub(super) sealed: Vec<u8>,
}

/// Writes it, unless its cause has made one already; whether it did.
pub(super) async fn insert_signal(conn: &mut Conn, row: &NewSignal, now: Timestamp) -> Result<bool, DbError> {
    let written = execute!(
        conn,
        sqlx::query(
            "INSERT INTO signals (id, kind, user_id, cause, data_key_id, sealed, state, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, 'open', $7) ON CONFLICT (cause) DO NOTHING"
        )
        .bind(&row.id)
        .bind(row.kind)
        .bind(&row.user_id)
        .bind(&row.cause)
        .bind(&row.data_key_id)
        .bind(&row.sealed)
        .bind(now.as_millis())
    )?;
    Ok(written > 0)
}

/// A signal with the names that its ids stand for today.
#[derive(sqlx::FromRow)]
pub(super) struct StoredSignal {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) user_id: Option<String>,
    pub(super) email: Option<String>,
    pub(super) data_key_id: String,
    pub(super) sealed: Vec<u8>,
    pub(super) state: String,
    pub(super) created_at: i64,
    pub(super) handled_at: Option<i64>,
    pub(super) handled_by_name: Option<String>,
}

pub(super) async fn signals(
    conn: &mut Conn,
    state: &str,
    before: &str,
    limit: i64,
) -> Result<Vec<StoredSignal>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, StoredSignal>(
        "SELECT s.id, s.kind, s.user_id, u.email, s.data_key_id, s.sealed, s.state, s.created_at,
                s.handled_at, h.name AS handled_by_name
         FROM signals s
         LEFT JOIN users u ON u.id = s.user_id
         LEFT JOIN users h ON h.id = s.handled_by
         WHERE s.state = $1 AND s.id < $2 ORDER BY s.id DESC LIMIT $3"
    )
    .bind(state)
    .bind(before)
    .bind(limit)
    .fetch_all(c)
    .await)
}

/// Whether there was such an open one.
pub(super) async fn handle(conn: &mut Conn, id: &str, by: &str, now: Timestamp) -> Result<bool, DbError> {
    let done = execute!(
        conn,
        sqlx::query(
            "UPDATE signals SET state = 'handled', handled_at = $3, handled_by = $2
             WHERE id = $1 AND state = 'open'"
        )
        .bind(id)
        .bind(by)
        .bind(now.as_millis())
    )?;
    Ok(done > 0)
}

/// Ids and addresses of all accounts.
pub(super) async fn accounts(conn: &mut Conn) -> Result<Vec<(String, String)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (String, String)>(
        "SELECT id, email_key FROM users ORDER BY id"
    )
    .fetch_all(c)
    .await)
}

/// Ids and roles of the staff.
pub(super) async fn staff(conn: &mut Conn) -> Result<Vec<(String, String)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (String, String)>(
        "SELECT id, staff_role FROM users WHERE staff_role IS NOT NULL ORDER BY id"
    )
    .fetch_all(c)
    .await)
}
