//! What a key has, and so can give.

use db::{Conn, DbError, on};
use types::{UserId, keys::Scopes};

use super::{Networks, networks, scopes};
use crate::Result;

/// What a key has, and so can give.
#[derive(sqlx::FromRow)]
pub(in crate::api_keys) struct Bounds {
    owner: String,
    scopes: Option<String>,
    allow_list: String,
    expires_at: Option<i64>,
    ends_at: Option<i64>,
    pub(in crate::api_keys) calls_per_minute: Option<i64>,
    limit_names: String,
}

impl Bounds {
    /// The names of the limits that it is held to.
    pub(in crate::api_keys) fn limits(&self) -> impl Iterator<Item = &str> {
        self.limit_names.split_whitespace()
    }

    pub(in crate::api_keys) fn owner(&self) -> Result<UserId> {
        Ok(self.owner.parse()?)
    }

    pub(in crate::api_keys) fn scopes(&self) -> Result<Scopes> {
        scopes(self.scopes.as_deref())
    }

    pub(in crate::api_keys) fn networks(&self) -> Result<Networks> {
        networks(&self.allow_list)
    }

    /// In milliseconds.
    pub(in crate::api_keys) fn until(&self) -> Option<i64> {
        self.expires_at.into_iter().chain(self.ends_at).min()
    }
}

pub(in crate::api_keys) async fn bounds(
    conn: &mut Conn,
    tenant: &str,
    id: &str,
) -> Result<Option<Bounds>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, Bounds>(
        "SELECT COALESCE(owner_id, created_by) AS owner, scopes, allow_list, expires_at, ends_at,
                calls_per_minute, limit_names
         FROM api_keys WHERE organisation_id = $1 AND id = $2"
    )
    .bind(tenant)
    .bind(id)
    .fetch_optional(c)
    .await)
}
