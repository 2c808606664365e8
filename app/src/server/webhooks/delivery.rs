use leptos::prelude::*;
use types::{DeliveryId, WebhookId, webhooks::DeliveryPage};

use crate::PageError;

#[server(prefix = "/fn", endpoint = "webhooks/delivery")]
pub async fn delivery(id: WebhookId, delivery: DeliveryId) -> Result<DeliveryPage, PageError> {
    use platform::webhooks;

    use crate::server::ctx::{ctx, refuse};

    webhooks::delivery(&ctx()?, id, delivery).await.map_err(refuse)
}
