use leptos::prelude::*;
use types::{WebhookId, webhooks::WebhookPage};

use crate::PageError;

#[server(prefix = "/fn", endpoint = "webhooks/one")]
pub async fn one(
    id: WebhookId,
    state: Option<String>,
    after: Option<String>,
) -> Result<WebhookPage, PageError> {
    use platform::webhooks;

    use crate::server::ctx::{ctx, refuse};

    webhooks::one(&ctx()?, id, state.as_deref(), after.as_deref())
        .await
        .map_err(refuse)
}
