//! The rows of `signing_keys`.

use db::{Conn, DbError, execute, on};
use receipt::SigningKey;
use types::Timestamp;

pub(crate) async fn insert_signing_key(
    conn: &mut Conn,
    key: &SigningKey,
    sealed_seed: &[u8],
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO signing_keys (kid, public_key, sealed_seed, created_at) VALUES ($1, $2, $3, $4)"
        )
        .bind(key.kid())
        .bind(key.verifying_key().to_bytes().as_slice())
        .bind(sealed_seed)
        .bind(now.as_millis())
    )
    .map(|_| ())
}

pub(in crate::verification) async fn newest_signing_key(
    conn: &mut Conn,
) -> Result<Option<(String, Vec<u8>)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (String, Vec<u8>)>(
        "SELECT kid, sealed_seed FROM signing_keys ORDER BY created_at DESC, kid LIMIT 1"
    )
    .fetch_optional(c)
    .await)
}

pub(in crate::verification) async fn public_signing_keys(conn: &mut Conn) -> Result<Vec<Vec<u8>>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, Vec<u8>>(
        "SELECT public_key FROM signing_keys ORDER BY created_at DESC, kid"
    )
    .fetch_all(c)
    .await)
}
