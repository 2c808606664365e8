use leptos::prelude::*;
use types::team::SecurityPage;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "security/page")]
pub async fn page() -> Result<SecurityPage, PageError> {
    use platform::access::security;

    use crate::server::ctx::{ctx, refuse};

    security::page(&ctx()?).await.map_err(refuse)
}
