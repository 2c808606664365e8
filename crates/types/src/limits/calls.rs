//! The JSON of `/rate-limits`. Unknown body fields are refused.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::LimitedCall;

/// The body of `PUT /rate-limits/{name}`.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LimitBody {
    /// So many units: 1 to 1,000,000.
    #[serde(deserialize_with = "crate::whole::whole")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1_000_000, examples(1000)))]
    pub units: u32,
    /// In so many seconds: 1 to 2,678,400 (31 days).
    #[serde(deserialize_with = "crate::whole::whole")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 2_678_400, examples(3600)))]
    pub seconds: u32,
    /// Whether each key has them for itself. Left out: all keys with the limit have them together.
    #[serde(default)]
    pub per_key: bool,
    /// What calls take, each 0 to `units`; 1 for those that are left out.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::openapi::costs))]
    pub costs: BTreeMap<LimitedCall, Units>,
}

/// A number of units.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Units(#[serde(deserialize_with = "crate::whole::whole")] pub u32);

/// A limit as the API tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct LimitAnswer {
    /// Its name.
    pub name: String,
    /// So many units.
    pub units: u32,
    /// In so many seconds.
    pub seconds: u32,
    /// Whether each key has them for itself.
    pub per_key: bool,
    /// What each call takes.
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::openapi::costs))]
    pub costs: BTreeMap<LimitedCall, u32>,
    /// Working keys that are held to it.
    pub keys: u64,
}

/// The answer to `GET /rate-limits`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LimitsAnswer {
    /// By name; at most 20.
    pub limits: Vec<LimitAnswer>,
}
