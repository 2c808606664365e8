use leptos::prelude::*;
use types::keys::KeyPolicyPage;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "api_key/policy")]
pub async fn policy() -> Result<KeyPolicyPage, PageError> {
    use platform::api_keys;

    use crate::server::ctx::{ctx, refuse};

    api_keys::policy(&ctx()?).await.map_err(refuse)
}
