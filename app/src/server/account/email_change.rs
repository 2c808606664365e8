use leptos::prelude::*;

use crate::PageError;

/// The new address that the link confirms.
#[server(prefix = "/fn", endpoint = "account/email_change")]
pub async fn email_change(secret: String) -> Result<String, PageError> {
    use platform::accounts;

    use crate::server::ctx::{ctx, refuse};

    accounts::email_change_of(&ctx()?, &secret).await.map_err(refuse)
}
