use leptos::prelude::*;
use types::retention::{LogScope, RetentionPage};

use crate::PageError;

#[server(prefix = "/fn", endpoint = "retention/page")]
pub async fn page(scope: LogScope) -> Result<RetentionPage, PageError> {
    use platform::retention;

    use crate::server::ctx::{ctx, refuse};

    retention::page(&ctx()?, scope).await.map_err(refuse)
}
