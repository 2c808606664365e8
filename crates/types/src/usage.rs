//! What an organisation used: the same numbers for its pages and for `GET /usage`.

use serde::{Deserialize, Serialize};

use crate::{
    ApiKeyId, Environment, OrganisationId, RequestId, Timestamp, alerts::Currency, verification::words,
};

/// The calls that take a key, by their routes' templates.
pub const ENDPOINTS: [&str; 11] = [
    "/verify/start",
    "/verify/complete",
    "/verify/status",
    "/tokens/validate",
    "/usage",
    "/api-keys",
    "/api-keys/{id}",
    "/api-keys/{id}/rotate",
    "/api-keys/{id}/revoke",
    "/rate-limits",
    "/rate-limits/{name}",
];

/// How long a line of the log of requests is kept, in days.
pub const LOG_DAYS: i64 = 7;

/// Lines of one file of requests at most.
pub const EXPORTED_REQUESTS: u64 = 100_000;

words! {
    /// What figures are told apart by.
    UsageGrouping {
        /// API keys.
        Key = "key",
        /// The routes of the API.
        Endpoint = "endpoint",
        /// The status of the answers.
        Status = "status",
        /// Live and test.
        Environment = "environment",
    }
}

/// What is asked for; every part is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct UsageQuery {
    /// The first day (`YYYY-MM-DD`, UTC); left out: 29 days before the last.
    #[cfg_attr(feature = "openapi", param(format = Date, nullable = false, example = "2026-11-01"))]
    pub from: Option<String>,
    /// The last day, included; left out: today.
    #[cfg_attr(feature = "openapi", param(format = Date, nullable = false, example = "2026-11-30"))]
    pub to: Option<String>,
    /// Left out: by key.
    #[cfg_attr(feature = "openapi", param(nullable = false, example = "key"))]
    pub group_by: Option<UsageGrouping>,
    /// Only calls of this environment.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub environment: Option<Environment>,
    /// Only calls of this key.
    #[cfg_attr(feature = "openapi", param(nullable = false))]
    pub key: Option<ApiKeyId>,
    /// Only calls of this route's template, such as `/verify/start`.
    #[cfg_attr(feature = "openapi", param(schema_with = crate::openapi::endpoint))]
    pub endpoint: Option<String>,
}

/// How long calls took, in microseconds, to a sixteenth; from the request's head to the answer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Latency {
    /// Half of the calls took no longer.
    pub p50: u64,
    /// 95 of 100 took no longer.
    pub p95: u64,
    /// 99 of 100 took no longer.
    pub p99: u64,
}

/// Calls, by how they were answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CallFigures {
    /// All of them.
    pub requests: u64,
    /// Answered with 2xx or 3xx.
    pub succeeded: u64,
    /// Answered with 4xx, those over a rate limit left out.
    pub client_errors: u64,
    /// Answered with 5xx.
    pub server_errors: u64,
    /// Answered with 429.
    pub rate_limited: u64,
}

/// Verifications that were started, by where they stand now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VerificationFigures {
    /// All of them.
    pub started: u64,
    /// Ended well.
    pub approved: u64,
    /// Decided, and not well.
    pub denied: u64,
    /// Ended without a decision.
    pub rejected: u64,
    /// Still under way.
    pub open: u64,
}

/// The figures of a period.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct UsageTotals {
    /// Calls of the API.
    pub calls: CallFigures,
    /// Verifications; of the environment that was asked for, whatever the key and the route.
    pub verifications: VerificationFigures,
    /// Billable units: one a verification that a live key started, of that key if one was asked for.
    pub billable: u64,
    /// How long calls took; none if there was none.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub latency: Option<Latency>,
}

/// One stretch of the period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct UsagePoint {
    /// When it begins (RFC 3339, UTC).
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub begins: String,
    /// Calls of the API.
    pub calls: CallFigures,
}

/// The figures of one key, route, status or environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct UsageGroup {
    /// The key's id, the route's template, the status or the environment.
    pub group: String,
    /// What it is called; of a key, its name.
    pub name: String,
    /// Calls of the API.
    pub calls: CallFigures,
    /// How long they took; not told apart by status.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub latency: Option<Latency>,
}

/// What an organisation used in a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct UsageReport {
    /// The first day (`YYYY-MM-DD`, UTC).
    #[cfg_attr(feature = "openapi", schema(format = Date))]
    pub from: String,
    /// The last day, included.
    #[cfg_attr(feature = "openapi", schema(format = Date))]
    pub to: String,
    /// The length of a point: `hour` (of periods up to 3 days) or `day`.
    #[cfg_attr(feature = "openapi", schema(pattern = "^(hour|day)$", examples("day")))]
    pub resolution: String,
    /// The whole period.
    pub totals: UsageTotals,
    /// The period of the same length before it.
    pub before: UsageTotals,
    /// What the calendar month of today comes to, whatever was asked for; none while nothing was
    /// billed in it or in the week before.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub forecast: Option<UsageForecast>,
    /// How many billable units the organisation may start in that month; none if there is no limit.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub quota: Option<UsageQuota>,
    /// Every stretch in order, none left out.
    pub points: Vec<UsagePoint>,
    /// What the groups are of.
    pub grouped_by: UsageGrouping,
    /// At most 100, those with the most calls first.
    pub groups: Vec<UsageGroup>,
}

/// What the calendar month of today comes to, if it goes on as in the last 7 days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct UsageForecast {
    /// The month (`YYYY-MM`, UTC).
    #[cfg_attr(
        feature = "openapi",
        schema(pattern = r"^[0-9]{4}-[0-9]{2}$", examples("2026-11"))
    )]
    pub month: String,
    /// Billable units of it so far.
    pub so_far: u64,
    /// Billable units at its end.
    pub expected: u64,
}

/// How many billable units may be started in a calendar month (UTC), and how many are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UsageQuota {
    /// Beyond these, live starts are refused.
    pub limit: u64,
    /// Billable units of the month of today so far.
    pub used: u64,
}

/// An organisation's quota, as staff set it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotaPage {
    /// Whose it is.
    pub organisation: OrganisationId,
    /// What the organisation is called.
    pub name: String,
    /// Billable units a month; none if there is no limit.
    pub limit: Option<u64>,
    /// When that was set.
    pub set_at: Option<Timestamp>,
    /// Billable units of the month of today so far.
    pub used: u64,
    /// What a unit costs, if that was set.
    pub price: Option<UnitPrice>,
}

/// What a billable unit costs an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitPrice {
    /// Minor units of the currency.
    pub minor: u64,
    /// In what.
    pub currency: Currency,
    /// When it was set.
    pub set_at: Timestamp,
}

/// What to look for in the log of requests; every part is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RequestFilter {
    /// Only this request.
    pub id: Option<String>,
    /// Only calls of this key.
    pub key: Option<ApiKeyId>,
    /// Only calls of this route's template.
    pub endpoint: Option<String>,
    /// `success`, `client` (4xx) or `server` (5xx), or one status.
    pub status: Option<String>,
    /// Older than this: a `next` from the page before.
    pub after: Option<String>,
}

/// One call, as the log of requests has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestRow {
    /// Its id.
    pub id: RequestId,
    /// The key that called.
    pub key: ApiKeyId,
    /// What the key is called; none if there is no such key any more.
    pub key_name: Option<String>,
    /// Live or test.
    pub environment: Environment,
    /// `GET` or `POST`.
    pub method: String,
    /// The route's template.
    pub endpoint: String,
    /// The answer's status.
    pub status: u16,
    /// The error code, if it is an error.
    pub code: Option<String>,
    /// Microseconds to the answer.
    pub duration: u64,
    /// When it was answered.
    pub at: Timestamp,
}

/// A page of the log of requests, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestPage {
    /// Its rows.
    pub rows: Vec<RequestRow>,
    /// What to ask for as `after` to go on; none on the last page.
    pub next: Option<String>,
    /// How long a line is kept, in days.
    pub kept_days: u32,
}
