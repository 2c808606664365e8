use leptos::prelude::*;

use crate::PageError;

/// Whether the one-time link works.
#[server(prefix = "/fn", endpoint = "set_up/open")]
pub async fn open(token: String) -> Result<(), PageError> {
    use platform::identity;

    use crate::server::ctx::{ctx, refuse};

    identity::setup_open(&ctx()?, &token).await.map_err(refuse)
}
