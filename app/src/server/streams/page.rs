use leptos::prelude::*;
use types::{retention::LogScope, streams::StreamsPage};

use crate::PageError;

#[server(prefix = "/fn", endpoint = "streams/page")]
pub async fn page(scope: LogScope) -> Result<StreamsPage, PageError> {
    use platform::streams;

    use crate::server::ctx::{ctx, refuse};

    streams::page(&ctx()?, scope).await.map_err(refuse)
}
