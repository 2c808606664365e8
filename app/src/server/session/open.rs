use leptos::prelude::*;
use types::security::OpenSessions;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "session/open")]
pub async fn open() -> Result<OpenSessions, PageError> {
    use platform::sessions;

    use crate::server::ctx::{ctx, refuse};

    sessions::open(&ctx()?).await.map_err(refuse)
}
