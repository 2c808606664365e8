//! The JSON of `/api-keys`. Unknown body fields are refused.

use serde::{Deserialize, Deserializer, Serialize};

use super::Scope;
use crate::{ApiKeyId, Environment, UserId};

/// A key as the API tells it; moments are RFC 3339, UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyAnswer {
    /// Its id.
    pub id: ApiKeyId,
    /// Its name.
    pub name: String,
    /// Live or test.
    pub environment: Environment,
    /// The beginning of the key.
    pub prefix: String,
    /// The end of the key.
    pub last_four: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// From which networks; empty: from everywhere.
    pub allow_list: Vec<String>,
    /// Calls in a minute; null: as many as any key.
    pub calls_per_minute: Option<u32>,
    /// Days from the making of a key to its rotation; null: none is planned.
    pub rotate_days: Option<u32>,
    /// When it is due to be rotated; null once another took over.
    pub rotates_at: Option<String>,
    /// The named limits that it is held to.
    pub limits: Vec<String>,
    /// What its people noted.
    pub note: String,
    /// The member who answers for it.
    pub owner: UserId,
    /// 1, and one more with each rotation.
    pub generation: u32,
    /// The key from which it took over.
    pub predecessor: Option<ApiKeyId>,
    /// The key that took over from it.
    pub successor: Option<ApiKeyId>,
    /// Whether it opens anything at this moment.
    pub works: bool,
    /// When it was made.
    pub created_at: String,
    /// When it was last used, within a minute.
    pub last_used_at: Option<String>,
    /// When it stops working by itself.
    pub expires_at: Option<String>,
    /// When it stops working because another took over.
    pub ends_at: Option<String>,
    /// When it was revoked.
    pub revoked_at: Option<String>,
}

/// The answer to `GET /api-keys`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeysAnswer {
    /// The keys of the caller's environment, newest first; at most 500.
    pub keys: Vec<KeyAnswer>,
}

/// The answer to `POST /api-keys` and `POST /api-keys/{id}/rotate`.
#[derive(Clone, Serialize)]
pub struct NewKeyAnswer {
    /// What can be seen later too.
    pub key: KeyAnswer,
    /// **Secret**: the key, shown this once.
    pub secret: String,
}

/// The body of `POST /api-keys`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NewKeyBody {
    /// 1 to 100 characters.
    pub name: String,
    /// At least one, and none that the caller has not itself.
    pub scopes: Vec<Scope>,
    /// Networks in CIDR notation, or addresses; at most 50. Left out: everywhere.
    #[serde(default)]
    pub allow_list: Vec<String>,
    /// RFC 3339. Left out: never.
    pub expires_at: Option<String>,
    /// From 1 to 100,000. Left out: as many as any key.
    pub calls_per_minute: Option<u32>,
    /// Days until it is to be rotated, from 1 to 3,650. Left out: no rotation is planned.
    pub rotate_days: Option<u32>,
    /// Named limits that it is held to; those of the caller at least.
    #[serde(default)]
    pub limits: Vec<String>,
    /// At most 500 characters.
    #[serde(default)]
    pub note: String,
}

/// The body of `PATCH /api-keys/{id}`: what is left out stays as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct ChangeKeyBody {
    /// As in [`NewKeyBody`].
    pub name: Option<String>,
    /// As in [`NewKeyBody`].
    pub scopes: Option<Vec<Scope>>,
    /// As in [`NewKeyBody`]; an empty list: everywhere.
    pub allow_list: Option<Vec<String>>,
    /// As in [`NewKeyBody`]; null: never.
    #[serde(deserialize_with = "present")]
    pub expires_at: Option<Option<String>>,
    /// As in [`NewKeyBody`]; null: as many as any key.
    #[serde(deserialize_with = "present")]
    pub calls_per_minute: Option<Option<u32>>,
    /// As in [`NewKeyBody`], counted from the making of the key; null: no rotation is planned.
    #[serde(deserialize_with = "present")]
    pub rotate_days: Option<Option<u32>>,
    /// As in [`NewKeyBody`].
    pub limits: Option<Vec<String>>,
    /// As in [`NewKeyBody`].
    pub note: Option<String>,
}

/// The body of `POST /api-keys/{id}/rotate`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct RotateKeyBody {
    /// For how many seconds the old key works on: from 0, which is what it is if it is left out,
    /// to 7,776,000 (90 days).
    pub overlap_seconds: u32,
}

/// Tells a null from what is left out.
#[expect(clippy::option_option, reason = "that is what it tells apart")]
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}
