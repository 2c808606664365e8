//! The rows of `key_policies`, and keys that are past one.

use db::{Conn, DbError, execute, on};
use types::{
    Timestamp,
    keys::{KeyPolicy, LeakAnswer},
};

use super::KeyRow;
use crate::Result;

#[derive(sqlx::FromRow)]
pub(in crate::api_keys) struct PolicyRow {
    pub(in crate::api_keys) organisation_id: String,
    longest_days: Option<i64>,
    unused_days: Option<i64>,
    requires_expiry: bool,
    requires_networks: bool,
    disable_after_days: Option<i64>,
    leaked_live: String,
    leaked_test: String,
    pub(in crate::api_keys) changed_at: i64,
}

impl PolicyRow {
    pub(in crate::api_keys) fn read(&self) -> Result<KeyPolicy> {
        let days = |stored: Option<i64>| stored.and_then(|days| u32::try_from(days).ok());
        Ok(KeyPolicy {
            longest_days: days(self.longest_days),
            unused_days: days(self.unused_days),
            requires_expiry: self.requires_expiry,
            requires_networks: self.requires_networks,
            disable_after_days: days(self.disable_after_days),
            leaked_live: self.leaked_live.parse::<LeakAnswer>()?,
            leaked_test: self.leaked_test.parse::<LeakAnswer>()?,
        })
    }
}

/// Everything of a policy, with what follows `FROM key_policies`.
macro_rules! policies {
    ($rest:literal) => {
        concat!(
            "SELECT organisation_id, longest_days, unused_days, requires_expiry, requires_networks,
                    disable_after_days, leaked_live, leaked_test, changed_at FROM key_policies ",
            $rest
        )
    };
}

pub(in crate::api_keys) async fn policy(conn: &mut Conn, tenant: &str) -> Result<Option<PolicyRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, PolicyRow>(policies!(
        "WHERE organisation_id = $1"
    ))
    .bind(tenant)
    .fetch_optional(c)
    .await)
}

/// Policies of every organisation that has one, after this one by id.
pub(in crate::api_keys) async fn policies(
    conn: &mut Conn,
    after: &str,
    limit: i64,
) -> Result<Vec<PolicyRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, PolicyRow>(policies!(
        "WHERE organisation_id > $1 ORDER BY organisation_id LIMIT $2"
    ))
    .bind(after)
    .bind(limit)
    .fetch_all(c)
    .await)
}

pub(in crate::api_keys) async fn set_policy(
    conn: &mut Conn,
    tenant: &str,
    policy: &KeyPolicy,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO key_policies (organisation_id, longest_days, unused_days, requires_expiry,
             requires_networks, disable_after_days, leaked_live, leaked_test, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (organisation_id) DO UPDATE SET longest_days = excluded.longest_days,
             unused_days = excluded.unused_days, requires_expiry = excluded.requires_expiry,
             requires_networks = excluded.requires_networks,
             disable_after_days = excluded.disable_after_days, leaked_live = excluded.leaked_live,
             leaked_test = excluded.leaked_test, changed_at = excluded.changed_at"
        )
        .bind(tenant)
        .bind(policy.longest_days.map(i64::from))
        .bind(policy.unused_days.map(i64::from))
        .bind(policy.requires_expiry)
        .bind(policy.requires_networks)
        .bind(policy.disable_after_days.map(i64::from))
        .bind(policy.leaked_live.as_str())
        .bind(policy.leaked_test.as_str())
        .bind(now.as_millis())
    )
    .map(|_| ())
}

/// A working key, with what a policy judges it by beside.
#[derive(sqlx::FromRow)]
pub(in crate::api_keys) struct Judged {
    #[sqlx(flatten)]
    pub(in crate::api_keys) key: KeyRow,
    pub(in crate::api_keys) enabled_at: Option<i64>,
    pub(in crate::api_keys) told_policy_at: Option<i64>,
}

/// The working keys of an organisation, the oldest first; none from which another took over.
pub(in crate::api_keys) async fn judged(
    conn: &mut Conn,
    tenant: &str,
    now: Timestamp,
) -> Result<Vec<Judged>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, Judged>(keys!(
        ", k.enabled_at, k.told_policy_at
         FROM api_keys k JOIN users u ON u.id = k.created_by
         JOIN users o ON o.id = COALESCE(k.owner_id, k.created_by)
         LEFT JOIN api_keys s ON s.predecessor_id = k.id
         WHERE k.organisation_id = $1 AND k.revoked_at IS NULL AND k.disabled_at IS NULL
           AND k.ends_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $2)
         ORDER BY k.id LIMIT 1000"
    ))
    .bind(tenant)
    .bind(now.as_millis())
    .fetch_all(c)
    .await)
}

pub(in crate::api_keys) async fn told_policy(
    conn: &mut Conn,
    id: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("UPDATE api_keys SET told_policy_at = $2 WHERE id = $1")
            .bind(id)
            .bind(now.as_millis())
    )
    .map(|_| ())
}

pub(in crate::api_keys) async fn disable(
    conn: &mut Conn,
    tenant: &str,
    id: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("UPDATE api_keys SET disabled_at = $3 WHERE organisation_id = $1 AND id = $2")
            .bind(tenant)
            .bind(id)
            .bind(now.as_millis())
    )
    .map(|_| ())
}

/// Enables a key again: what a policy counts from begins anew.
pub(in crate::api_keys) async fn enable(
    conn: &mut Conn,
    tenant: &str,
    id: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE api_keys SET disabled_at = NULL, enabled_at = $3, told_policy_at = NULL
         WHERE organisation_id = $1 AND id = $2"
        )
        .bind(tenant)
        .bind(id)
        .bind(now.as_millis())
    )
    .map(|_| ())
}

/// Whose key this is: organisation and id. The digest is what tells the tenant.
pub(in crate::api_keys) async fn by_digest_for_leak(
    conn: &mut Conn,
    digest: &[u8],
) -> Result<Option<(String, String)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (String, String)>(
        "SELECT organisation_id, id FROM api_keys WHERE digest = $1"
    )
    .bind(digest)
    .fetch_optional(c)
    .await)
}
