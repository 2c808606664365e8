//! `/usage`.

use axum::{Json, extract::Query};
use platform::usage;
use types::usage::{UsageQuery, UsageReport};

use super::{super::ApiError, super::caller::ApiCaller};

/// Read your usage
///
/// Calls, verifications and billable units of a period by day (by hour up to three days), against the
/// period before it. Days are UTC, both included, at most 366; without them, the 30 days to today.
#[utoipa::path(
    get, path = "/usage", operation_id = "getUsage", tag = "Usage",
    security(("x-tenant-api-key" = ["usage:read"])),
    params(UsageQuery),
    responses((status = 200, description = "What was used.", body = UsageReport)),
)]
pub(super) async fn report(
    ApiCaller(ctx): ApiCaller,
    query: Result<Query<UsageQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<UsageReport>, ApiError> {
    let Query(query) =
        query.map_err(|rejection| ApiError::invalid(vec![("query".to_owned(), rejection.body_text())]))?;
    // A page's form sends what was left open as an empty text; a program leaves it out.
    for (name, text) in [
        ("from", &query.from),
        ("to", &query.to),
        ("endpoint", &query.endpoint),
    ] {
        if text.as_deref() == Some("") {
            let message = format!("{name} is empty. Give a value, or leave it out.");
            return Err(ApiError::invalid(vec![(name.to_owned(), message)]));
        }
    }
    Ok(Json(usage::report(&ctx, &query).await?))
}
