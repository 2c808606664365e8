//! The JSON of `/rate-limits`. Unknown body fields are refused.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::LimitedCall;

/// The body of `PUT /rate-limits/{name}`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct LimitBody {
    /// So many units: 1 to 1,000,000.
    pub units: u32,
    /// In so many seconds: 1 to 2,678,400 (31 days).
    pub seconds: u32,
    /// Whether each key has them for itself. Left out: all keys with the limit have them together.
    #[serde(default)]
    pub per_key: bool,
    /// What calls take, each 0 to `units`; 1 for those that are left out.
    #[serde(default)]
    pub costs: BTreeMap<LimitedCall, u32>,
}

/// A limit as the API tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
    pub costs: BTreeMap<LimitedCall, u32>,
    /// Working keys that are held to it.
    pub keys: u64,
}

/// The answer to `GET /rate-limits`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LimitsAnswer {
    /// By name; at most 20.
    pub limits: Vec<LimitAnswer>,
}
