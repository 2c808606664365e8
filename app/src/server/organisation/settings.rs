use leptos::prelude::*;
use types::console::OrganisationSettings;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "organisation/settings")]
pub async fn settings() -> Result<OrganisationSettings, PageError> {
    use platform::access;

    use crate::server::ctx::{ctx, refuse};

    access::settings(&ctx()?).await.map_err(refuse)
}
