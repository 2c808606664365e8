//! The rows of `api_keys`.

use db::{Conn, DbError, execute, on};
use types::{ApiKeyId, Environment, Timestamp, console::ApiKeyRow, keys::Scopes};

use super::{moment, networks::Networks, terms::Checked};
use crate::{Error, Result};

/// Everything that a page shows of keys, with what follows `FROM`.
macro_rules! keys {
    ($($rest:literal),+) => {
        concat!(
            "SELECT k.id, k.name, k.environment, k.prefix, k.last_four, k.created_at,
                    u.name AS created_by, k.last_used_at, k.revoked_at, k.scopes, k.allow_list,
                    k.expires_at, k.ends_at, k.note, o.name AS owner, o.id AS owner_id,
                    k.calls_per_minute, k.generation, s.id AS successor, k.predecessor_id,
                    k.disabled_at, k.rotate_days, k.rotates_at, k.limit_names",
            $($rest),+
        )
    };
    (of: $($rest:literal),+) => {
        keys!(
            " FROM api_keys k JOIN users u ON u.id = k.created_by
              JOIN users o ON o.id = COALESCE(k.owner_id, k.created_by)
              LEFT JOIN api_keys s ON s.predecessor_id = k.id ",
            $($rest),+
        )
    };
}

mod attention;
mod bounds;
mod limits;
mod policy;
mod sources;
mod watch;

pub(super) use attention::{Since, attention, count, of_former_members};
pub(super) use bounds::{Bounds, bounds};
pub(super) use limits::{limited, limits_of_working, set_limits};
pub(super) use policy::{
    Judged, PolicyRow, by_digest_for_leak, disable, enable, judged, policies, policy, set_policy, told_policy,
};
pub(super) use sources::{Source, SourceRow, forget_sources, note_sources, sources};
pub(super) use watch::{Due, Ending, due, ending, told_days, told_rotation, told_used, used_near_end};

#[derive(Clone, sqlx::FromRow)]
pub(super) struct KeyRow {
    id: String,
    name: String,
    environment: String,
    prefix: String,
    last_four: String,
    created_at: i64,
    created_by: String,
    last_used_at: Option<i64>,
    revoked_at: Option<i64>,
    scopes: Option<String>,
    allow_list: String,
    expires_at: Option<i64>,
    ends_at: Option<i64>,
    note: String,
    owner: String,
    owner_id: String,
    calls_per_minute: Option<i64>,
    generation: i64,
    successor: Option<String>,
    predecessor_id: Option<String>,
    disabled_at: Option<i64>,
    rotate_days: Option<i64>,
    rotates_at: Option<i64>,
    limit_names: String,
}

/// Scopes as they are stored: none for a key from before there were any.
fn scopes(stored: Option<&str>) -> Result<Scopes> {
    Ok(match stored {
        Some(words) => words.parse()?,
        None => Scopes::before_scopes(),
    })
}

fn networks(stored: &str) -> Result<Networks> {
    Networks::read(stored.split_whitespace()).map_err(Error::internal)
}

/// Beyond what a count can be it is none.
fn calls(stored: Option<i64>) -> Option<u32> {
    stored.and_then(|calls| u32::try_from(calls).ok())
}

impl KeyRow {
    pub(super) fn into_dto(self) -> Result<ApiKeyRow> {
        let other = |id: Option<String>| id.map(|id| id.parse::<ApiKeyId>()).transpose();
        Ok(ApiKeyRow {
            id: self.id.parse()?,
            name: self.name,
            environment: self.environment.parse()?,
            prefix: self.prefix,
            last_four: self.last_four,
            created_at: Timestamp::from_millis(self.created_at),
            created_by: self.created_by,
            last_used_at: moment(self.last_used_at),
            revoked_at: moment(self.revoked_at),
            scopes: scopes(self.scopes.as_deref())?.list(),
            allow_list: networks(&self.allow_list)?.list(),
            expires_at: moment(self.expires_at),
            ends_at: moment(self.ends_at),
            note: self.note,
            owner: self.owner,
            owner_id: self.owner_id.parse()?,
            calls_per_minute: calls(self.calls_per_minute),
            generation: u32::try_from(self.generation).unwrap_or(1),
            successor: other(self.successor)?,
            predecessor: other(self.predecessor_id)?,
            disabled_at: moment(self.disabled_at),
            rotate_days: calls(self.rotate_days),
            rotates_at: moment(self.rotates_at),
            limits: self.limit_names.split_whitespace().map(str::to_owned).collect(),
        })
    }
}

/// A key that is not there yet.
pub(super) struct NewKey<'a> {
    pub(super) id: String,
    pub(super) environment: Environment,
    pub(super) prefix: String,
    pub(super) last_four: String,
    pub(super) digest: [u8; 32],
    pub(super) pepper_version: i64,
    pub(super) terms: &'a Checked,
    /// From which key it takes over.
    pub(super) line: Option<&'a Line>,
}

/// Where a key stands among those that took over one from another.
#[derive(sqlx::FromRow)]
pub(super) struct Line {
    pub(super) predecessor_id: String,
    pub(super) family_id: String,
    /// The new key's.
    pub(super) generation: i64,
}

/// The line in which a key's successor stands.
pub(super) async fn line(conn: &mut Conn, tenant: &str, id: &str) -> Result<Option<Line>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, Line>(
        "SELECT id AS predecessor_id, COALESCE(family_id, id) AS family_id, generation + 1 AS generation
         FROM api_keys WHERE organisation_id = $1 AND id = $2"
    )
    .bind(tenant)
    .bind(id)
    .fetch_optional(c)
    .await)
}

pub(super) async fn insert(
    conn: &mut Conn,
    tenant: &str,
    key: &NewKey<'_>,
    maker: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let terms = key.terms;
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO api_keys (id, organisation_id, name, environment, prefix, last_four, digest,
             pepper_version, created_by, created_at, scopes, allow_list, expires_at, note, owner_id,
             calls_per_minute, predecessor_id, family_id, generation, rotate_days, rotates_at,
             limit_names)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
                 $20, $21, $22)"
        )
        .bind(&key.id)
        .bind(tenant)
        .bind(&terms.name)
        .bind(key.environment.as_str())
        .bind(&key.prefix)
        .bind(&key.last_four)
        .bind(key.digest.as_slice())
        .bind(key.pepper_version)
        .bind(maker)
        .bind(now.as_millis())
        .bind(terms.scopes.to_string())
        .bind(terms.networks.to_string())
        .bind(terms.expires_at.map(Timestamp::as_millis))
        .bind(&terms.note)
        .bind(terms.owner.to_string())
        .bind(terms.calls_per_minute.map(i64::from))
        .bind(key.line.map(|line| line.predecessor_id.as_str()))
        .bind(key.line.map(|line| line.family_id.as_str()))
        .bind(key.line.map_or(1, |line| line.generation))
        .bind(terms.rotate_days.map(i64::from))
        .bind(terms.rotates_at(now).map(Timestamp::as_millis))
        .bind(terms.limits.join(" "))
    )
    .map(|_| ())
}

/// Puts other terms in the place of a key's.
pub(super) async fn change(
    conn: &mut Conn,
    tenant: &str,
    id: &str,
    terms: &Checked,
    made: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE api_keys SET name = $3, scopes = $4, allow_list = $5, expires_at = $6, note = $7,
             owner_id = $8, calls_per_minute = $9, rotate_days = $10, rotates_at = $11, limit_names = $12,
             told_days = NULL, told_rotation_at = NULL
         WHERE organisation_id = $1 AND id = $2"
        )
        .bind(tenant)
        .bind(id)
        .bind(&terms.name)
        .bind(terms.scopes.to_string())
        .bind(terms.networks.to_string())
        .bind(terms.expires_at.map(Timestamp::as_millis))
        .bind(&terms.note)
        .bind(terms.owner.to_string())
        .bind(terms.calls_per_minute.map(i64::from))
        .bind(terms.rotate_days.map(i64::from))
        .bind(terms.rotates_at(made).map(Timestamp::as_millis))
        .bind(terms.limits.join(" "))
    )
    .map(|_| ())
}

/// Says to when a key works that another took over from.
pub(super) async fn end_at(conn: &mut Conn, tenant: &str, id: &str, until: Timestamp) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE api_keys SET ends_at = $3, told_days = NULL, told_used_at = NULL
         WHERE organisation_id = $1 AND id = $2"
        )
        .bind(tenant)
        .bind(id)
        .bind(until.as_millis())
    )
    .map(|_| ())
}

/// The keys of both environments, or of one.
pub(super) async fn list(
    conn: &mut Conn,
    tenant: &str,
    environment: Option<Environment>,
) -> Result<Vec<KeyRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, KeyRow>(keys!(
        of: "WHERE k.organisation_id = $1 AND ($2 = '' OR k.environment = $2)
             ORDER BY k.id DESC LIMIT 500"
    ))
    .bind(tenant)
    .bind(environment.map_or("", Environment::as_str))
    .fetch_all(c)
    .await)
}

pub(super) async fn get(conn: &mut Conn, tenant: &str, id: &str) -> Result<Option<KeyRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, KeyRow>(keys!(
        of: "WHERE k.organisation_id = $1 AND k.id = $2"
    ))
    .bind(tenant)
    .bind(id)
    .fetch_optional(c)
    .await)
}

pub(super) async fn revoke(conn: &mut Conn, tenant: &str, id: &str, now: Timestamp) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE api_keys SET revoked_at = $3
         WHERE organisation_id = $1 AND id = $2 AND revoked_at IS NULL"
        )
        .bind(tenant)
        .bind(id)
        .bind(now.as_millis())
    )
    .map(|_| ())
}

#[derive(sqlx::FromRow)]
pub(super) struct AuthRow {
    pub(super) id: String,
    pub(super) organisation_id: String,
    pub(super) environment: String,
    pub(super) last_used_at: Option<i64>,
    pub(super) revoked_at: Option<i64>,
    pub(super) disabled_at: Option<i64>,
    scopes: Option<String>,
    allow_list: String,
    expires_at: Option<i64>,
    ends_at: Option<i64>,
    calls_per_minute: Option<i64>,
    pub(super) family_id: String,
    pub(super) limit_names: String,
}

impl AuthRow {
    pub(super) fn scopes(&self) -> Result<Scopes> {
        scopes(self.scopes.as_deref())
    }

    pub(super) fn networks(&self) -> Result<Networks> {
        networks(&self.allow_list)
    }

    pub(super) fn until(&self) -> Option<Timestamp> {
        moment(self.expires_at.into_iter().chain(self.ends_at).min())
    }

    pub(super) fn calls_per_minute(&self) -> Option<u32> {
        calls(self.calls_per_minute)
    }
}

/// The key with this digest, whosever it is: the key is what tells the tenant.
pub(super) async fn by_digest(conn: &mut Conn, digest: &[u8]) -> Result<Option<AuthRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, AuthRow>(
        "SELECT id, organisation_id, environment, last_used_at, revoked_at, disabled_at, scopes, allow_list,
                expires_at, ends_at, calls_per_minute, COALESCE(family_id, id) AS family_id,
                limit_names
         FROM api_keys WHERE digest = $1"
    )
    .bind(digest)
    .fetch_optional(c)
    .await)
}

/// Puts the digest under a newer pepper in the place of one under an older; nothing if somebody
/// else has done so.
pub(super) async fn redigest(
    conn: &mut Conn,
    (id, digest): (&str, &[u8]),
    newer: &[u8],
    pepper_version: i64,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("UPDATE api_keys SET digest = $3, pepper_version = $4 WHERE id = $1 AND digest = $2")
            .bind(id)
            .bind(digest)
            .bind(newer)
            .bind(pepper_version)
    )
    .map(|_| ())
}

/// Notes when keys were used last. A later use that another server has noted already stays.
pub(super) async fn used(conn: &mut Conn, uses: &[(String, i64)]) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::QueryBuilder::new("WITH uses (id, at) AS (")
            .push_values(uses, |mut values, (id, at)| {
                values.push_bind(id.as_str()).push_bind(*at);
            })
            .push(
                ") UPDATE api_keys SET last_used_at = uses.at FROM uses
                 WHERE api_keys.id = uses.id AND COALESCE(api_keys.last_used_at, 0) < uses.at"
            )
            .build()
    )
    .map(|_| ())
}
