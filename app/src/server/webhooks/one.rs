use leptos::prelude::*;
use types::{WebhookId, webhooks::WebhookPage};

use crate::PageError;

#[server(prefix = "/fn", endpoint = "webhooks/one")]
pub async fn one(id: WebhookId, after: Option<String>) -> Result<WebhookPage, PageError> {
    use platform::webhooks;

    use crate::server::ctx::{ctx, refuse};

    webhooks::one(&ctx()?, id, after.as_deref()).await.map_err(refuse)
}
