//! What `passwords` and `totps` have in common: a value sealed under its person's key.

use db::{Conn, DbError, execute, on};

/// One of the two tables.
#[derive(Clone, Copy)]
pub(in crate::identity) struct Table {
    /// Its name.
    pub(in crate::identity) name: &'static str,
    select: &'static str,
    update: &'static str,
}

pub(in crate::identity) const PASSWORDS: Table = Table {
    name: "passwords",
    select: "SELECT data_key_id, sealed FROM passwords WHERE user_id = $1",
    update: "UPDATE passwords SET data_key_id = $2, sealed = $3 WHERE user_id = $1",
};

pub(in crate::identity) const TOTPS: Table = Table {
    name: "totps",
    select: "SELECT data_key_id, sealed FROM totps WHERE user_id = $1",
    update: "UPDATE totps SET data_key_id = $2, sealed = $3 WHERE user_id = $1",
};

pub(in crate::identity) async fn sealed_in(
    conn: &mut Conn,
    table: Table,
    user: &str,
) -> Result<Option<(String, Vec<u8>)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (String, Vec<u8>)>(table.select)
        .bind(user)
        .fetch_optional(c)
        .await)
}

pub(in crate::identity) async fn reseal(
    conn: &mut Conn,
    table: Table,
    user: &str,
    (key, sealed): (&str, &[u8]),
) -> Result<(), DbError> {
    execute!(conn, sqlx::query(table.update).bind(user).bind(key).bind(sealed)).map(|_| ())
}
