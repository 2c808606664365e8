//! The rows of `alert_channels`.

use db::{Conn, DbError, execute, on};
use types::{Timestamp, alerts::ChannelKind};

/// A channel as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::alerts) struct ChannelRecord {
    pub(in crate::alerts) id: String,
    pub(in crate::alerts) organisation_id: String,
    pub(in crate::alerts) kind: String,
    pub(in crate::alerts) name: String,
    pub(in crate::alerts) user_id: Option<String>,
    /// What that member is called, if they still are one.
    pub(in crate::alerts) member: Option<String>,
    pub(in crate::alerts) data_key_id: Option<String>,
    pub(in crate::alerts) sealed: Option<Vec<u8>>,
    pub(in crate::alerts) host: String,
    pub(in crate::alerts) tested_at: Option<i64>,
    pub(in crate::alerts) created_at: i64,
}

macro_rules! channels {
    ($($rest:literal),+) => {
        concat!(
            "SELECT a.id, a.organisation_id, a.kind, a.name, a.user_id, u.name AS member, a.data_key_id,
                    a.sealed, a.host, a.tested_at, a.created_at
             FROM alert_channels a
             LEFT JOIN memberships m ON m.organisation_id = a.organisation_id AND m.user_id = a.user_id
             LEFT JOIN users u ON u.id = m.user_id ",
            $($rest),+
        )
    };
}

/// The tenant's channels, by name.
pub(in crate::alerts) async fn list(conn: &mut Conn, tenant: &str) -> Result<Vec<ChannelRecord>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, ChannelRecord>(channels!(
        "WHERE a.organisation_id = $1 ORDER BY a.name, a.id"
    ))
    .bind(tenant)
    .fetch_all(c)
    .await)
}

pub(in crate::alerts) async fn get(
    conn: &mut Conn,
    tenant: &str,
    id: &str,
) -> Result<Option<ChannelRecord>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, ChannelRecord>(channels!(
        "WHERE a.organisation_id = $1 AND a.id = $2"
    ))
    .bind(tenant)
    .bind(id)
    .fetch_optional(c)
    .await)
}

pub(in crate::alerts) struct NewChannel<'a> {
    pub(in crate::alerts) id: &'a str,
    pub(in crate::alerts) kind: ChannelKind,
    pub(in crate::alerts) name: &'a str,
    pub(in crate::alerts) user_id: Option<&'a str>,
    pub(in crate::alerts) data_key_id: Option<&'a str>,
    pub(in crate::alerts) sealed: Option<Vec<u8>>,
    pub(in crate::alerts) host: &'a str,
    pub(in crate::alerts) created_by: &'a str,
}

pub(in crate::alerts) async fn insert(
    conn: &mut Conn,
    tenant: &str,
    new: &NewChannel<'_>,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO alert_channels (id, organisation_id, kind, name, user_id, data_key_id, sealed, host,
                 created_by, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        )
        .bind(new.id)
        .bind(tenant)
        .bind(new.kind.as_str())
        .bind(new.name)
        .bind(new.user_id)
        .bind(new.data_key_id)
        .bind(&new.sealed)
        .bind(new.host)
        .bind(new.created_by)
        .bind(now.as_millis())
    )
    .map(|_| ())
}

/// Notes that a test message was taken.
pub(in crate::alerts) async fn tested(
    conn: &mut Conn,
    tenant: &str,
    id: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("UPDATE alert_channels SET tested_at = $3 WHERE organisation_id = $1 AND id = $2")
            .bind(tenant)
            .bind(id)
            .bind(now.as_millis())
    )
    .map(|_| ())
}

/// With what was sent through it, and out of the rules that tell it.
pub(in crate::alerts) async fn delete(conn: &mut Conn, tenant: &str, id: &str) -> Result<(), DbError> {
    const TEXTS: [&str; 3] = [
        "DELETE FROM alert_deliveries WHERE organisation_id = $1 AND channel_id = $2",
        "DELETE FROM alert_routes WHERE organisation_id = $1 AND channel_id = $2",
        "DELETE FROM alert_channels WHERE organisation_id = $1 AND id = $2",
    ];
    for text in TEXTS {
        execute!(conn, sqlx::query(text).bind(tenant).bind(id))?;
    }
    Ok(())
}

/// The rules that tell a channel: channel, id and name.
pub(in crate::alerts) async fn rules(
    conn: &mut Conn,
    tenant: &str,
) -> Result<Vec<(String, String, String)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (String, String, String)>(
        "SELECT t.channel_id, r.id, r.name FROM alert_routes t JOIN alert_rules r ON r.id = t.rule_id
         WHERE t.organisation_id = $1 ORDER BY r.name, r.id"
    )
    .bind(tenant)
    .fetch_all(c)
    .await)
}

/// How the newest message of each channel stands.
pub(in crate::alerts) async fn last(conn: &mut Conn, tenant: &str) -> Result<Vec<(String, String)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (String, String)>(
        "SELECT d.channel_id, d.state FROM alert_deliveries d
         JOIN (SELECT channel_id, MAX(id) AS newest FROM alert_deliveries WHERE organisation_id = $1
               GROUP BY channel_id) n ON n.newest = d.id
         WHERE d.organisation_id = $1"
    )
    .bind(tenant)
    .fetch_all(c)
    .await)
}

/// The members of the tenant, by name: id and name.
pub(in crate::alerts) async fn members(
    conn: &mut Conn,
    tenant: &str,
) -> Result<Vec<(String, String)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (String, String)>(
        "SELECT u.id, u.name FROM memberships m JOIN users u ON u.id = m.user_id
         WHERE m.organisation_id = $1 ORDER BY u.name, u.id"
    )
    .bind(tenant)
    .fetch_all(c)
    .await)
}
