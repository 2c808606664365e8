use leptos::prelude::*;
use types::usage::{RequestFilter, RequestPage};

use crate::PageError;

#[server(prefix = "/fn", endpoint = "usage/requests")]
pub async fn requests(filter: RequestFilter) -> Result<RequestPage, PageError> {
    use platform::usage;

    use crate::server::ctx::{ctx, refuse};

    usage::requests(&ctx()?, &filter).await.map_err(refuse)
}
