use leptos::prelude::*;
use types::accounts::OutboxMail;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "mail/outbox")]
pub async fn outbox() -> Result<Vec<OutboxMail>, PageError> {
    use platform::mail;

    use crate::server::ctx::{ctx, refuse};

    mail::outbox(&ctx()?).await.map_err(refuse)
}
