use leptos::prelude::*;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "recovery/cancel_view")]
pub async fn cancel_view(secret: String) -> Result<(), PageError> {
    use platform::recovery;

    use crate::server::ctx::{ctx, refuse};

    recovery::cancel_view(&ctx()?, &secret).await.map_err(refuse)
}
