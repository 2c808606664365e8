use leptos::prelude::*;
use types::{ApiKeyId, keys::KeyPage};

use crate::PageError;

#[server(prefix = "/fn", endpoint = "api_key/page")]
pub async fn page(id: ApiKeyId) -> Result<KeyPage, PageError> {
    use platform::api_keys;

    use crate::server::ctx::{ctx, refuse};

    api_keys::page(&ctx()?, id).await.map_err(refuse)
}
