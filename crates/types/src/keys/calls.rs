//! The JSON of `/api-keys`. Unknown body fields are refused.

use serde::{Deserialize, Deserializer, Serialize};

use super::Scope;
use crate::{ApiKeyId, Environment, UserId};

/// A key as the API tells it; moments are RFC 3339, UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct KeyAnswer {
    /// Its id.
    pub id: ApiKeyId,
    /// Its name.
    #[cfg_attr(feature = "openapi", schema(examples("Checkout")))]
    pub name: String,
    /// Live or test.
    pub environment: Environment,
    /// The beginning of the key.
    #[cfg_attr(feature = "openapi", schema(examples("lw_test_")))]
    pub prefix: String,
    /// The end of the key.
    #[cfg_attr(feature = "openapi", schema(min_length = 4, max_length = 4))]
    pub last_four: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// From which networks; empty: from everywhere.
    pub allow_list: Vec<String>,
    /// Calls in a minute; null: as many as any key.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub calls_per_minute: Option<u32>,
    /// Days from the making of a key to its rotation; null: none is planned.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub rotate_days: Option<u32>,
    /// When it is due to be rotated; null once another took over.
    #[cfg_attr(feature = "openapi", schema(required = true, format = DateTime))]
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
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub predecessor: Option<ApiKeyId>,
    /// The key that took over from it.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub successor: Option<ApiKeyId>,
    /// Whether it opens anything at this moment.
    pub works: bool,
    /// When it was made.
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub created_at: String,
    /// When it was last used, within a minute.
    #[cfg_attr(feature = "openapi", schema(required = true, format = DateTime))]
    pub last_used_at: Option<String>,
    /// When it stops working by itself.
    #[cfg_attr(feature = "openapi", schema(required = true, format = DateTime))]
    pub expires_at: Option<String>,
    /// When it stops working because another took over.
    #[cfg_attr(feature = "openapi", schema(required = true, format = DateTime))]
    pub ends_at: Option<String>,
    /// When it was revoked.
    #[cfg_attr(feature = "openapi", schema(required = true, format = DateTime))]
    pub revoked_at: Option<String>,
}

/// The answer to `GET /api-keys`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeysAnswer {
    /// The keys of the caller's environment, newest first; at most 500.
    pub keys: Vec<KeyAnswer>,
}

/// The answer to `POST /api-keys` and `POST /api-keys/{id}/rotate`.
#[derive(Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewKeyAnswer {
    /// What can be seen later too.
    pub key: KeyAnswer,
    /// **Secret**: the key, shown this once.
    #[cfg_attr(feature = "openapi", schema(pattern = "^lw_(live|test)_[0-9A-Za-z]{36}$"))]
    pub secret: String,
}

/// The body of `POST /api-keys`.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NewKeyBody {
    /// 1 to 100 characters.
    #[cfg_attr(
        feature = "openapi",
        schema(
            min_length = 1,
            max_length = 100,
            pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$",
            examples("Checkout")
        )
    )]
    pub name: String,
    /// At least one, and none that the caller has not itself.
    #[cfg_attr(feature = "openapi", schema(min_items = 1))]
    pub scopes: Vec<Scope>,
    /// Networks in CIDR notation, or addresses; at most 50. Left out: everywhere.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::openapi::networks))]
    pub allow_list: Vec<String>,
    /// RFC 3339. Left out: never.
    #[cfg_attr(feature = "openapi", schema(format = DateTime, examples("2030-03-31T12:00:00Z")))]
    pub expires_at: Option<String>,
    /// From 1 to 100,000. Left out: as many as any key.
    #[serde(default, deserialize_with = "crate::whole::optional")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 100_000, examples(30)))]
    pub calls_per_minute: Option<u32>,
    /// Days until it is to be rotated, from 1 to 3,650. Left out: no rotation is planned.
    #[serde(default, deserialize_with = "crate::whole::optional")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 3_650, examples(90)))]
    pub rotate_days: Option<u32>,
    /// Named limits that it is held to; those of the caller at least.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::openapi::limits))]
    pub limits: Vec<String>,
    /// At most 500 characters.
    #[serde(default)]
    #[cfg_attr(
        feature = "openapi",
        schema(
            max_length = 500,
            pattern = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$",
            examples("For the till in Porto")
        )
    )]
    pub note: String,
}

/// The body of `PATCH /api-keys/{id}`: what is left out stays as it is.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct ChangeKeyBody {
    /// 1 to 100 characters.
    #[cfg_attr(
        feature = "openapi",
        schema(
            min_length = 1,
            max_length = 100,
            pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$",
            examples("Checkout")
        )
    )]
    pub name: Option<String>,
    /// At least one, and none that the caller has not itself.
    #[cfg_attr(feature = "openapi", schema(min_items = 1))]
    pub scopes: Option<Vec<Scope>>,
    /// Networks in CIDR notation, or addresses; at most 50. An empty list: everywhere.
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::openapi::optional_networks))]
    pub allow_list: Option<Vec<String>>,
    /// RFC 3339. Null: never.
    #[serde(deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime, examples("2030-03-31T12:00:00Z")))]
    pub expires_at: Option<Option<String>>,
    /// From 1 to 100,000. Null: as many as any key.
    #[serde(deserialize_with = "crate::whole::present")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u32>, minimum = 1, maximum = 100_000, examples(60)))]
    pub calls_per_minute: Option<Option<u32>>,
    /// From 1 to 3,650, counted from the making of the key. Null: no rotation is planned.
    #[serde(deserialize_with = "crate::whole::present")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u32>, minimum = 1, maximum = 3_650, examples(90)))]
    pub rotate_days: Option<Option<u32>>,
    /// Named limits that it is held to; those of the caller at least.
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::openapi::optional_limits))]
    pub limits: Option<Vec<String>>,
    /// At most 500 characters.
    #[cfg_attr(
        feature = "openapi",
        schema(
            max_length = 500,
            pattern = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$",
            examples("For the till in Porto")
        )
    )]
    pub note: Option<String>,
}

/// The body of `POST /api-keys/{id}/rotate`.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct RotateKeyBody {
    /// For how many seconds the old key works on: from 0, which is what it is if it is left out,
    /// to 7,776,000 (90 days).
    #[serde(deserialize_with = "crate::whole::whole")]
    #[cfg_attr(feature = "openapi", schema(maximum = 7_776_000, examples(86_400)))]
    pub overlap_seconds: u32,
}

/// Tells a null from what is left out.
#[expect(clippy::option_option, reason = "that is what it tells apart")]
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}
