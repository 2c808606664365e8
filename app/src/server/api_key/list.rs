use leptos::prelude::*;
use types::console::ApiKeyRow;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "api_key/list")]
pub async fn list() -> Result<Vec<ApiKeyRow>, PageError> {
    use platform::api_keys;

    use crate::server::ctx::{ctx, refuse};

    api_keys::list(&ctx()?).await.map_err(refuse)
}
