use leptos::prelude::*;
use types::usage::{UsageQuery, UsageReport};

use crate::PageError;

#[server(prefix = "/fn", endpoint = "usage/report")]
pub async fn report(query: UsageQuery) -> Result<UsageReport, PageError> {
    use platform::usage;

    use crate::server::ctx::{ctx, refuse};

    usage::report(&ctx()?, &query).await.map_err(refuse)
}
