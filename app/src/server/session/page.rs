use leptos::prelude::*;
use types::security::SessionsPage;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "session/page")]
pub async fn page() -> Result<SessionsPage, PageError> {
    use platform::sessions;

    use crate::server::ctx::{ctx, refuse};

    sessions::page(&ctx()?).await.map_err(refuse)
}
