use leptos::prelude::*;
use types::support::DeskPage;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "support/desk")]
pub async fn desk() -> Result<DeskPage, PageError> {
    use platform::support;

    use crate::server::ctx::{ctx, refuse};

    support::desk(&ctx()?).await.map_err(refuse)
}
