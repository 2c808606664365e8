use leptos::prelude::*;
use types::{console::Page, team::OrganisationRow};

use crate::PageError;

#[server(prefix = "/fn", endpoint = "staff/organisations")]
pub async fn organisations(after: Option<String>) -> Result<Page<OrganisationRow>, PageError> {
    use platform::staff;

    use crate::server::ctx::{ctx, refuse};

    staff::organisations(&ctx()?, after.as_deref())
        .await
        .map_err(refuse)
}
