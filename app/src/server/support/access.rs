use leptos::prelude::*;
use types::support::SupportAccess;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "support/access")]
pub async fn access() -> Result<SupportAccess, PageError> {
    use platform::support;

    use crate::server::ctx::{ctx, refuse};

    support::access(&ctx()?).await.map_err(refuse)
}
