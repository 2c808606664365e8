use leptos::prelude::*;
use types::limits::NamedLimit;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "api_key/limits")]
pub async fn limits() -> Result<Vec<NamedLimit>, PageError> {
    use platform::limits::named;

    use crate::server::ctx::{ctx, refuse};

    named::list(&ctx()?).await.map_err(refuse)
}

#[server(prefix = "/fn", endpoint = "api_key/limit")]
pub async fn limit(name: String) -> Result<NamedLimit, PageError> {
    use platform::limits::named;

    use crate::server::ctx::{ctx, refuse};

    named::get(&ctx()?, &name).await.map_err(refuse)
}
