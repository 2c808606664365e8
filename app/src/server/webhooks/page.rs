use leptos::prelude::*;
use types::webhooks::WebhooksPage;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "webhooks/page")]
pub async fn page() -> Result<WebhooksPage, PageError> {
    use platform::webhooks;

    use crate::server::ctx::{ctx, refuse};

    webhooks::page(&ctx()?).await.map_err(refuse)
}
