use leptos::prelude::*;
use types::accounts;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "account/profile")]
pub async fn profile() -> Result<accounts::Profile, PageError> {
    use platform::accounts::profile;

    use crate::server::ctx::{ctx, refuse};

    profile(&ctx()?).await.map_err(refuse)
}
