use leptos::prelude::*;
use types::{StreamId, retention::LogScope, streams::StreamsPage};

use crate::PageError;

#[server(prefix = "/fn", endpoint = "streams/one")]
pub async fn one(scope: LogScope, id: StreamId) -> Result<StreamsPage, PageError> {
    use platform::streams;

    use crate::server::ctx::{ctx, refuse};

    streams::stream(&ctx()?, scope, id).await.map_err(refuse)
}
