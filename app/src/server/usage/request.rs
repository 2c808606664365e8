use leptos::prelude::*;
use types::{RequestId, usage::RequestRow};

use crate::PageError;

#[server(prefix = "/fn", endpoint = "usage/request")]
pub async fn request(id: RequestId) -> Result<RequestRow, PageError> {
    use platform::usage;

    use crate::server::ctx::{ctx, refuse};

    usage::request(&ctx()?, id).await.map_err(refuse)
}
